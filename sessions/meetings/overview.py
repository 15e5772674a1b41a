"""The figures of a meeting: people down, sittings across, half-days by status. A fixed number of queries at any size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q

from sessions.meetings.headings import Heading, heading_at
from sessions.meetings.people import seats_of
from sessions.models import Activity, Attendance, Enrolment, Meeting
from stations.models import Area, Mandate
from stations.querysets import MandateQuerySet

Status = Attendance.Status
PAGE = 50  # people on one page
AT_ONCE = 200
SHORT = {
    Status.PRESENT: "到", Status.LATE: "迟到", Status.LEFT_EARLY: "早退", Status.LATE_LEFT: "迟到并早退",
    Status.LEAVE: "请假", Status.ABSENT: "缺席", Status.EXEMPT: "免出席", Status.VISITOR: "来访",
}  # fmt: skip
TONES = {Status.LEAVE: "sky", Status.ABSENT: "err", Status.EXEMPT: "line", Status.VISITOR: "line"}


@dataclass(slots=True)
class Sums:
    """应到 = 实到 + 请假 + 缺席 + 免出席 + 未登记, in half-days for a person, in people for a sitting."""

    obliged: Decimal = Decimal(0)
    came: Decimal = Decimal(0)
    leave: Decimal = Decimal(0)
    absent: Decimal = Decimal(0)
    exempt: Decimal = Decimal(0)
    open: Decimal = Decimal(0)

    def add(self, status: str, n: Decimal) -> None:
        """Count `n` of an obliged person's status, "" for none yet."""
        self.obliged += n
        if status in Attendance.CAME:
            self.came += n
        else:
            part = {Status.LEAVE: "leave", Status.ABSENT: "absent", Status.EXEMPT: "exempt"}.get(
                status, "open"
            )  # type: ignore[call-overload]
            setattr(self, part, getattr(self, part) + n)

    @property
    def rest(self) -> Decimal:
        """Exempt, or not recorded yet."""
        return self.exempt + self.open


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting with its heading and how many people came."""

    activity: Activity
    heading: Heading
    sums: Sums = field(default_factory=Sums)


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands of a person at a sitting: a status, "" for on the list without one, None for not concerned."""

    activity: Activity
    status: str | None

    @property
    def word(self) -> str:
        """The status in a word."""
        return SHORT[Status(self.status)] if self.status else ""

    @property
    def tone(self) -> str:
        """The tag's colour; the word says the same."""
        return (
            TONES.get(Status(self.status), "ok" if self.status == Status.PRESENT else "warn")
            if self.status
            else ""
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One person at all sittings."""

    mandate: Mandate
    marks: list[Mark]
    sums: Sums


def sittings_of(meeting: Meeting) -> list[Sitting]:
    """Return the sittings, called-off ones aside, with the figures of each (3 queries)."""
    held = meeting.sittings.exclude(state=Activity.State.CANCELLED).order_by("starts_at", "pk")
    found = {
        each.pk: Sitting(each, heading_at(each.starts_at, each.ends_at, each.title))
        for each in held.select_related("area")
    }
    rows = Attendance.objects.filter(activity__in=list(found), obliged=True)
    counted = rows.order_by().values_list("activity_id", "status").annotate(n=Count("pk"))
    for activity, status, n in counted:
        found[activity].sums.add(status, Decimal(n))
    row = Attendance.objects.filter(activity=OuterRef("activity"), representative=OuterRef("representative"))
    waiting = Enrolment.objects.obliged().filter(~Exists(row), activity__in=list(found)).order_by()
    for activity, n in waiting.values_list("activity_id").annotate(n=Count("pk")):
        found[activity].sums.add("", Decimal(n))
    return list(found.values())


def members_of(meeting: Meeting, sittings: Sequence[Sitting]) -> MandateQuerySet:
    """Return everybody on the list or the roll of a sitting, by area and 姓名笔画; who could come, before there is one."""
    if not sittings:
        return seats_of(meeting).select_related("representative", "area")
    keys = [each.activity.pk for each in sittings]
    listed = Enrolment.objects.expected().filter(activity__in=keys).values("mandate_id")
    entered = Attendance.objects.filter(activity__in=keys).values("mandate_id")
    people = Mandate.objects.filter(Q(pk__in=listed) | Q(pk__in=entered))
    assert isinstance(people, MandateQuerySet)
    ordered = people.order_by("area__path", "representative__stroke_key", "pk")
    return ordered.select_related("representative", "area")


def areas_of(members: MandateQuerySet) -> list[Area]:
    """Return the areas these people come from: what the list is filtered by (1 query)."""
    return list(Area.objects.filter(pk__in=members.order_by().values("area_id")).order_by("path"))


def rows_of(sittings: Sequence[Sitting], mandates: Iterable[Mandate]) -> list[Row]:
    """Return these people at all sittings, in their order (2 queries)."""
    people = list(mandates)
    numbers = [mandate.representative_id for mandate in people]
    which = {"activity__in": [each.activity.pk for each in sittings]}
    if len(numbers) <= AT_ONCE:  # a page of them; for all no condition is the shorter one
        which["representative__in"] = numbers
    entered: dict[tuple[int, int], tuple[str, bool, Decimal]] = {
        (activity, person): (status, obliged, units)
        for activity, person, status, obliged, units in Attendance.objects.filter(**which)
        .order_by()
        .values_list("activity_id", "representative_id", "status", "obliged", "units")
    }
    listed = Enrolment.objects.expected().filter(**which).order_by()
    bases = {
        (activity, person): basis
        for activity, person, basis in listed.values_list("activity_id", "representative_id", "basis")
    }
    return [_row(mandate, sittings, entered, bases) for mandate in people]


def _row(
    mandate: Mandate,
    sittings: Sequence[Sitting],
    entered: dict[tuple[int, int], tuple[str, bool, Decimal]],
    bases: dict[tuple[int, int], str],
) -> Row:
    marks, sums = [], Sums()
    for sitting in sittings:
        key = (sitting.activity.pk, mandate.representative_id)
        basis = bases.get(key)
        status, obliged, units = entered.get(
            key, (None if basis is None else "", basis == Enrolment.Basis.OBLIGED, sitting.activity.units)
        )
        if obliged:
            sums.add(status or "", units)
        marks.append(Mark(sitting.activity, status))
    return Row(mandate, marks, sums)
