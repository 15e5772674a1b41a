"""Reads of one representative: what comes, what is open to sign up for, how the year's attendance stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from sessions.checkin.online import link_for
from sessions.checkin.visits import leaves, takes_arrival, told_of
from sessions.models import Activity, Attendance, Enrolment, LeaveRequest, Notice
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
State = Enrolment.State
SHOWN = 20
TOLD = 5  # notices on 我的履职


@dataclass(frozen=True, slots=True)
class Coming:
    """An activity ahead, and how the person stands on its list (None: not on it)."""

    activity: Activity
    enrolment: Enrolment | None
    link: str = ""  # of the online meeting, while the person may see it
    leave: LeaveRequest | None = None  # the live one; off the list the latest, which says why it ended
    row: Attendance | None = None  # what the roll says already
    arrives: bool = False  # may check in now
    leaves: bool = False  # may check out now

    @property
    def told(self) -> str:
        """That the person is there, or left, with the time; "" for who did not come."""
        return told_of(self.row)

    @property
    def waits_as(self) -> int:
        """The person's place in the queue; 0 when they do not wait."""
        entry = self.enrolment
        return getattr(entry, "place", 0) or 0 if entry and entry.state == Enrolment.State.WAITING else 0

    @property
    def full(self) -> bool:
        """Whether signing up comes to a place in the queue: whom the office has listed never waits (rule 22)."""
        entry, limit = self.enrolment, self.activity.capacity
        if limit is None or (entry and entry.called):
            return False
        return bool(self.activity.taken >= limit)  # type: ignore[attr-defined]  # by coming_for

    @property
    def may_ask_leave(self) -> bool:
        """Called to it by the office, not signed up of one's own accord, and not there."""
        entry = self.enrolment
        return bool(
            entry
            and (self.row is None or self.row.status == Attendance.Status.ABSENT)
            and entry.basis != Enrolment.Basis.VOLUNTARY
            and entry.state in {Enrolment.State.LISTED, Enrolment.State.SIGNED_UP}
        )

    @property
    def may_withdraw(self) -> bool:
        """Signed up or waiting of their own accord and not there; who must come asks for leave instead."""
        entry = self.enrolment
        return bool(
            entry
            and not self.told
            and entry.basis != Enrolment.Basis.OBLIGED
            and entry.state != Enrolment.State.WITHDRAWN
        )


def open_to(person: Representative) -> Q:
    """Return the condition of activities the person may sign up for: of an open kind, or listed there."""
    listed = Enrolment.objects.filter(representative=person).values("activity_id")
    return Q(kind__in=OPEN_KINDS) | Q(pk__in=listed)


def coming_for(person: Representative, moment: datetime) -> list[Coming]:
    """Return the next activities not over at `moment`, with the person's place on each, leave and row (4 queries)."""
    ahead = Activity.objects.filter(open_to(person), state=Activity.State.OPEN, ends_at__gt=moment)
    seated = Enrolment.objects.seated().filter(activity=OuterRef("pk")).order_by().values("activity")
    ahead = ahead.annotate(taken=Coalesce(Subquery(seated.annotate(n=Count("pk")).values("n")), 0))
    activities = list(ahead.select_related("area").order_by("starts_at", "pk")[:SHOWN])
    entries = Enrolment.objects.filter(representative=person, activity__in=activities).with_place()
    mine = {e.activity_id: e for e in entries}
    asked = LeaveRequest.objects.filter(representative=person, activity__in=activities).order_by("filed_at")
    excused: dict[int, LeaveRequest] = {}
    for request in asked:
        entry = mine.get(request.activity_id)
        if request.is_live or entry is None or entry.state == State.WITHDRAWN:
            excused[request.activity_id] = request
    rows = Attendance.objects.filter(representative=person, activity__in=activities)
    there = {row.activity_id: row for row in rows}
    return [_coming(a, mine.get(a.pk), excused.get(a.pk), there.get(a.pk), moment) for a in activities]


def _coming(
    activity: Activity,
    enrolment: Enrolment | None,
    leave: LeaveRequest | None,
    row: Attendance | None,
    moment: datetime,
) -> Coming:
    expected = enrolment is not None and enrolment.state not in {State.WITHDRAWN, State.WAITING}
    window = activity.opens_at <= moment <= activity.late_until
    return Coming(
        activity=activity,
        enrolment=enrolment,
        link=link_for(activity, enrolment, moment),
        leave=leave,
        row=row,
        arrives=expected and window and takes_arrival(row),
        leaves=leaves(activity, row, moment),
    )


def told_to(person: Representative, moment: datetime) -> list[Notice]:
    """Return what the person was told and still matters, the latest of each activity, newest first (1 query)."""
    rows = Notice.objects.told(moment).filter(representative=person).select_related("activity")
    latest: dict[int, Notice] = {}
    for notice in rows.order_by("-sent_at", "-pk")[:SHOWN]:
        latest.setdefault(notice.activity_id, notice)
    return list(latest.values())[:TOLD]


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
