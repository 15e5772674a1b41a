"""Reads of one representative: what comes, what is open to sign up for, how the year's attendance stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from sessions.models import Activity, Attendance, Enrolment
from sessions.querysets import AttendanceQuerySet
from stations.models import Representative

# What any representative may join of their own accord; to the rest (a congress, an inspection) one is called.
OPEN_KINDS = (
    Activity.Kind.TRAINING,
    Activity.Kind.LECTURE,
    Activity.Kind.SHARING,
    Activity.Kind.BRIGHT_IDEAS,
    Activity.Kind.SEMINAR,
    Activity.Kind.FIELD_VISIT,
    Activity.Kind.TOUR,
)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Coming:
    """An activity ahead, and how the person stands on its list (None: not on it)."""

    activity: Activity
    enrolment: Enrolment | None

    @property
    def may_withdraw(self) -> bool:
        """Signed up or waiting of their own accord; who must come asks for leave instead."""
        entry = self.enrolment
        return bool(
            entry and entry.basis != Enrolment.Basis.OBLIGED and entry.state != Enrolment.State.WITHDRAWN
        )


def open_to(person: Representative) -> Q:
    """Return the condition of activities the person may sign up for: of an open kind, or listed there."""
    listed = Enrolment.objects.filter(representative=person).values("activity_id")
    return Q(kind__in=OPEN_KINDS) | Q(pk__in=listed)


def coming_for(person: Representative, moment: datetime) -> list[Coming]:
    """Return the next activities not over at `moment`, with the person's place on each list (2 queries)."""
    ahead = Activity.objects.filter(open_to(person), state=Activity.State.OPEN, ends_at__gt=moment)
    activities = list(ahead.select_related("area").order_by("starts_at", "pk")[:SHOWN])
    entries = Enrolment.objects.filter(representative=person, activity__in=activities)
    mine = {e.activity_id: e for e in entries}
    return [Coming(a, mine.get(a.pk)) for a in activities]


def attendance_of(person: Representative, year: int) -> AttendanceQuerySet:
    """Return the person's rows of activities held in `year` (local), the latest first."""
    held = Activity.objects.held_between(date(year, 1, 1), date(year, 12, 31))
    rows = Attendance.objects.filter(representative=person, activity__in=held)
    latest_first: AttendanceQuerySet = rows.select_related("activity__area", "certificate").order_by(
        "-activity__starts_at", "-pk"
    )
    return latest_first


def years_of(person: Representative, moment: datetime) -> list[int]:
    """Return the years in which the person has rows, and the current one, the latest first (1 query)."""
    held = Attendance.objects.filter(representative=person).datetimes("activity__starts_at", "year")
    years = {timezone.localtime(at).year for at in held}
    return sorted(years | {timezone.localtime(moment).year}, reverse=True)
