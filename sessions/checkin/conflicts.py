"""Reads of what a recorder must look at: contradicting entries, several people on one phone (rules 15, 18)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from sessions.checkin.merging import CAME, SELF_MADE
from sessions.models import Activity, Attendance, AttendanceEvent, RollConflict

Kind, Status = AttendanceEvent.Kind, Attendance.Status
SETTLED_AS = (Status.PRESENT, Status.LATE, Status.LEAVE, Status.ABSENT)


def open_conflicts(activity: Activity) -> QuerySet[Any]:
    """Return the contradictions of this roll that nobody has settled yet, by 姓名笔画."""
    return RollConflict.objects.filter(activity=activity, state=RollConflict.State.OPEN).order_by(
        "representative__stroke_key", "pk"
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two entries: what it says, when, by whom, in words for the page."""

    event: AttendanceEvent
    status: str
    label: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A conflict as the page shows it: both sides, and the statuses it can be settled as."""

    conflict: RollConflict
    sides: tuple[Side, Side]
    choices: list[tuple[str, str]]


def disputes_of(activity: Activity) -> list[Dispute]:
    """Return the open conflicts with both entries and who made them (1 query)."""
    both = ("representative", "first__actor", "second__actor")
    return [_dispute(each) for each in open_conflicts(activity).select_related(*both)]


def _dispute(conflict: RollConflict) -> Dispute:
    sides = tuple(
        Side(event, event.new_status, str(Status(event.new_status).label))
        for event in (conflict.first, conflict.second)
    )
    offered = dict.fromkeys([side.status for side in sides]) | dict.fromkeys(SETTLED_AS)
    if Status.VISITOR in offered:  # who is not on the list came as a visitor, or did not come
        offered = dict.fromkeys([Status.VISITOR, Status.ABSENT])
    return Dispute(conflict, (sides[0], sides[1]), [(s, str(Status(s).label)) for s in offered])


def phones_of(activity: Activity) -> dict[int, list[str]]:
    """Return {representative: names of the others who checked in on the same phone} (1 query)."""
    claims = AttendanceEvent.objects.filter(
        activity=activity, method__in=SELF_MADE, kind__in=[Kind.CREATED, Kind.CHANGED]
    ).exclude(device="")
    shared = (
        claims.order_by().values("device").annotate(n=Count("representative", distinct=True)).filter(n__gt=1)
    )
    people: dict[str, dict[int, str]] = defaultdict(dict)
    used = claims.filter(device__in=shared.values("device")).order_by("received_at", "id")
    for device, person, name in used.values_list("device", "representative_id", "representative__name"):
        people[device][person] = name
    others: dict[int, list[str]] = defaultdict(list)
    for there in people.values():
        for person in there:
            others[person] += [name for each, name in there.items() if each != person]
    return dict(others)


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone that signed in several people at one activity, with what stands of each now."""

    activity: Activity
    claims: list[AttendanceEvent]
    rows: dict[int, Attendance]

    @property
    def people(self) -> list[tuple[AttendanceEvent, Attendance | None]]:
        """Each check-in, the first one first, with the person's row as it stands."""
        return [(claim, self.rows.get(claim.representative_id or 0)) for claim in self.claims]


def shared_phones(activities: QuerySet[Any]) -> QuerySet[Any]:
    """Return (activity, device) of phones that signed in several people, the latest activity first."""
    claims = AttendanceEvent.objects.filter(
        activity__in=activities, method__in=SELF_MADE, kind__in=[Kind.CREATED, Kind.CHANGED]
    ).exclude(device="")
    groups = claims.order_by().values("activity", "activity__starts_at", "device")
    shared = groups.annotate(n=Count("representative", distinct=True)).filter(n__gt=1)
    return shared.order_by("-activity__starts_at", "activity", "device")


def phones_shown(groups: Iterable[dict[str, Any]]) -> list[Phone]:
    """Return the phones of these groups with their people (2 queries)."""
    wanted = [(group["activity"], group["device"]) for group in groups]
    claims: dict[tuple[int, str], list[AttendanceEvent]] = defaultdict(list)
    found = AttendanceEvent.objects.filter(
        activity__in=[activity for activity, _ in wanted],
        device__in=[device for _, device in wanted],
        method__in=SELF_MADE,
        kind__in=[Kind.CREATED, Kind.CHANGED],
    )
    for event in found.select_related("activity", "representative").order_by("received_at", "id"):
        claims[event.activity_id, event.device].append(event)
    people = {event.representative_id for events in claims.values() for event in events}
    rows: dict[int, dict[int, Attendance]] = defaultdict(dict)
    for row in Attendance.objects.filter(
        activity__in=[activity for activity, _ in wanted], representative__in=people
    ).select_related("confirmed_by"):
        rows[row.activity_id][row.representative_id] = row
    return [Phone(claims[each][0].activity, claims[each], rows[each[0]]) for each in wanted]


def earliest_coming(conflict: RollConflict) -> AttendanceEvent | None:
    """Return the earlier of the two entries that says they came, None when neither does (no query)."""
    came = [event for event in (conflict.first, conflict.second) if event.new_status in CAME]
    return min(came, key=lambda event: event.happened_at, default=None)
