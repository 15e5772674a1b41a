"""Reads of a roll: its sum (rule 10), its lines, who asks to be let in. A fixed number of queries at any length."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, TemporaryEntry
from stations.models import Mandate, Representative
from stations.permissions import READS_ROLLS, scope

Status = Attendance.Status
CAME = Attendance.CAME
PAGE = 50  # lines of a roll on one page
REQUESTS_SHOWN = 50
FOUND = 8  # people offered when somebody is looked up by name
FILTERS = {
    "": "全部",
    "none": "未登记",
    "claims": "待确认",
    "came": "已到",
    "leave": "请假",
    "absent": "缺席",
}


@dataclass(frozen=True, slots=True)
class RollSum:
    """The figures of a roll. `by_status` counts obliged people only; `unrecorded` of them have no row yet."""

    obliged: int
    by_status: dict[str, int]
    unrecorded: int
    expected: int  # everybody on the list
    came: int  # everybody who came, volunteers and visitors too
    visitors: int
    claims: int  # self check-ins that nobody has confirmed
    flagged: int  # of them, from a device that signed in several people

    @property
    def obliged_came(self) -> int:
        """Obliged people who are there, in whatever way."""
        return sum(self.by_status.get(status, 0) for status in CAME)

    @property
    def excused(self) -> int:
        """Obliged people on leave or exempt."""
        return self.by_status.get(Status.LEAVE, 0) + self.by_status.get(Status.EXEMPT, 0)

    @property
    def missing(self) -> int:
        """Obliged people who are not there and not excused."""
        return self.obliged - self.obliged_came - self.excused

    @property
    def terms(self) -> list[tuple[str, int]]:
        """The sum of rule 10 in words: (status, people), of what occurs, and always present, leave, absent."""
        always = {Status.PRESENT, Status.LEAVE, Status.ABSENT}
        counted = [s for s in Status if s != Status.VISITOR and (s in always or self.by_status.get(s))]
        terms = [(str(s.label), self.by_status.get(s, 0)) for s in counted]
        return [*terms, ("未登记", self.unrecorded)] if self.unrecorded else terms


def unit_of(mandate: Mandate) -> str:
    """Return the electing unit, else the area of a mandate."""
    return mandate.electing_unit or str(mandate.area)


def roll_sum(activity: Activity) -> RollSum:
    """Return the figures of the activity's roll as it stands (2 queries)."""
    row = Attendance.objects.filter(activity=activity, representative=OuterRef("representative"))
    listed = (
        Enrolment.objects.expected()
        .filter(activity=activity)
        .annotate(row_status=Subquery(row.values("status")[:1]))
        .order_by()
        .values_list("basis", "row_status")
        .annotate(n=Count("pk"))
    )
    by_status: dict[str, int] = {}
    expected = 0
    for basis, status, n in listed:
        expected += n
        if basis == Enrolment.Basis.OBLIGED:
            by_status[status or ""] = n
    rows = Attendance.objects.filter(activity=activity).aggregate(
        came=Count("pk", filter=Q(status__in=[*CAME, Status.VISITOR])),
        visitors=Count("pk", filter=Q(status=Status.VISITOR)),
        claims=Count("pk", filter=Q(confirmed_at__isnull=True)),
        flagged=Count("pk", filter=Q(confirmed_at__isnull=True, shared_device=True)),
    )
    unrecorded = by_status.pop("", 0)
    return RollSum(
        obliged=sum(by_status.values()) + unrecorded,
        by_status=by_status,
        unrecorded=unrecorded,
        expected=expected,
        **rows,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the roll: how they are listed (None: a visitor) and what is recorded (None: nothing yet)."""

    person: Representative
    enrolment: Enrolment | None
    row: Attendance | None

    @property
    def is_claim(self) -> bool:
        """Checked in by themselves and not confirmed yet."""
        return self.row is not None and self.row.confirmed_at is None

    @property
    def unit(self) -> str:
        """Where the person comes from, to tell two of one name apart."""
        listed = self.enrolment or self.row
        return unit_of(listed.mandate) if listed else ""


def people_of(activity: Activity, *, words: str = "", only: str = "") -> QuerySet[Any]:
    """Return who is on the roll, listed or entered, by 姓名笔画; `words` searches, `only` is a key of FILTERS."""
    listed = Enrolment.objects.expected().filter(activity=activity).values("representative_id")
    rows = Attendance.objects.filter(activity=activity)
    people = Representative.objects.filter(
        Q(pk__in=listed) | Q(pk__in=rows.values("representative_id"))
    ).by_strokes()
    if words:
        people = people.filter(matching(words))
    wanted = {
        "claims": rows.filter(confirmed_at__isnull=True),
        "came": rows.came(),
        "leave": rows.filter(status__in=[Status.LEAVE, Status.EXEMPT]),
        "absent": rows.filter(status=Status.ABSENT),
    }
    if only == "none":
        people = people.exclude(pk__in=rows.values("representative_id"))
    elif only in wanted:
        people = people.filter(pk__in=wanted[only].values("representative_id"))
    return people


def matching(words: str, prefix: str = "") -> Q:
    """Return the condition that a name, its pinyin or initials hold the typed words; `prefix` leads to the person."""
    latin = words.lower()
    ways = {"name__contains": words, "pinyin__startswith": latin, "pinyin__contains": f" {latin}"}
    condition = Q(**{f"{prefix}initials__startswith": latin})
    for way, value in ways.items():
        condition |= Q(**{prefix + way: value})
    return condition


def lines_of(activity: Activity, people: list[Representative]) -> list[Line]:
    """Return the lines of these people, in their order (2 queries)."""
    enrolments = {
        e.representative_id: e
        for e in Enrolment.objects.expected()
        .filter(activity=activity, representative__in=people)
        .select_related("mandate__area")
    }
    rows = {
        r.representative_id: r
        for r in Attendance.objects.filter(activity=activity, representative__in=people).select_related(
            "confirmed_by", "mandate__area"
        )
    }
    return [Line(p, enrolments.get(p.pk), rows.get(p.pk)) for p in people]


def mandates_found(activity: Activity, user: Any, words: str, *, all_people: bool = False) -> list[Mandate]:
    """Return mandates in force on the day, of the user's areas, whose name fits; at most FOUND (2 queries).

    Who is on the roll already is left out unless `all_people` are wanted.
    """
    if not words:
        return []
    day = timezone.localdate(activity.starts_at)
    mandates = Mandate.objects.on(day).filter(scope(user, READS_ROLLS))
    fitting = mandates.filter(matching(words, "representative__"))
    if not all_people:
        fitting = fitting.exclude(representative__in=people_of(activity).order_by().values("pk"))
    ordered = fitting.select_related("representative", "area")
    return list(ordered.order_by("representative__stroke_key", "pk")[:FOUND])


def unsettled(activity: Activity) -> list[TemporaryEntry]:
    """Return the unknown people written down here whom nobody has found yet, in the order they came (1 query)."""
    waiting = TemporaryEntry.objects.filter(activity=activity, settled_at=None)
    return list(waiting.select_related("recorded_by").order_by("arrived_at", "pk"))


def requests_of(activity: Activity) -> list[AttendanceEvent]:
    """Return who asks to be let in and has no row yet, the latest first, one line a person (1 query)."""
    asked = AttendanceEvent.objects.filter(activity=activity, kind=AttendanceEvent.Kind.REQUESTED)
    let_in = Attendance.objects.filter(activity=activity).values("representative_id")
    latest: dict[int | None, AttendanceEvent] = {}
    newest_first = asked.exclude(representative__in=let_in).select_related("representative")
    for event in newest_first.order_by("-received_at")[:REQUESTS_SHOWN]:
        latest.setdefault(event.representative_id, event)
    return list(latest.values())


def claims_of(activity: Activity) -> list[Attendance]:
    """Return the self check-ins that nobody has confirmed, with their people (1 query)."""
    claims = Attendance.objects.filter(activity=activity, confirmed_at__isnull=True)
    return list(claims.select_related("representative").order_by("representative__stroke_key", "pk"))


def absent_at_close(activity: Activity) -> QuerySet[Any]:
    """Return the obliged people without a row: whom closing now would enter as absent, by 姓名笔画 (rule 8)."""
    listed = Enrolment.objects.obliged().filter(activity=activity).values("representative_id")
    seen = Attendance.objects.filter(activity=activity).values("representative_id")
    return Representative.objects.filter(pk__in=listed).exclude(pk__in=seen).by_strokes()
