"""What is recorded of a meeting's sittings: rows, lists, leave, locks. Seven queries, however many people and sittings."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sessions.meetings.headings import Heading, heading_at
from sessions.models import Activity, Attendance, Enrolment, LeaveRequest, LockedPeriod, Meeting, RollConflict
from stations.models import Mandate


@dataclass(slots=True)
class Roll:
    """The roll of one sitting, by person."""

    statuses: dict[int, str] = field(default_factory=dict)
    mandates: dict[int, int] = field(default_factory=dict)  # of rows and of the list
    listed: set[int] = field(default_factory=set)
    obliged: set[int] = field(default_factory=set)
    leave: dict[int, LeaveRequest] = field(default_factory=dict)  # the live ones
    in_conflict: bool = False

    def granted(self, person: int) -> bool:
        """Whether leave was approved."""
        return person in self.leave and self.leave[person].state == LeaveRequest.State.APPROVED

    def waiting(self, person: int) -> LeaveRequest | None:
        """Return the request that waits for a decision."""
        asked = self.leave.get(person)
        return asked if asked and asked.state == LeaveRequest.State.PENDING else None


class Records:
    """The sittings of a meeting, called-off ones aside, with their rolls."""

    def __init__(self, meeting: Meeting) -> None:
        held = meeting.sittings.exclude(state=Activity.State.CANCELLED)
        self.sittings: list[Activity] = list(held.order_by("starts_at", "pk"))
        self.headings: dict[int, Heading] = {
            each.pk: heading_at(each.starts_at, each.ends_at, each.title) for each in self.sittings
        }
        self.rolls: dict[int, Roll] = defaultdict(Roll)
        keys = list(self.headings)
        rows = Attendance.objects.filter(activity__in=keys).order_by()
        for activity, person, mandate, status in rows.values_list(
            "activity_id", "representative_id", "mandate_id", "status"
        ):
            self.rolls[activity].statuses[person] = status
            self.rolls[activity].mandates[person] = mandate
        entries = Enrolment.objects.expected().filter(activity__in=keys).order_by()
        for activity, person, mandate, basis in entries.values_list(
            "activity_id", "representative_id", "mandate_id", "basis"
        ):
            roll = self.rolls[activity]
            roll.listed.add(person)
            roll.mandates.setdefault(person, mandate)
            if basis == Enrolment.Basis.OBLIGED:
                roll.obliged.add(person)
        asked = LeaveRequest.objects.live().filter(activity__in=keys).select_related("representative")
        for request in asked.order_by("pk"):
            self.rolls[request.activity_id].leave[request.representative_id] = request
        conflicts = RollConflict.objects.filter(activity__in=keys, state=RollConflict.State.OPEN)
        for activity in conflicts.order_by().values_list("activity_id", flat=True):
            self.rolls[activity].in_conflict = True
        self.locks = list(LockedPeriod.objects.values_list("area__path", "starts_on", "ends_on"))

    def shut(self, path: str, day: date) -> bool:
        """Whether the area at `path` has handed up that day (rule 21)."""
        return any(path.startswith(above) and first <= day <= last for above, first, last in self.locks)

    def mandates(self, people: dict[int, list[Mandate]]) -> dict[int, Mandate]:
        """Return {number: mandate} of all rows and lists; one query for those that are not among `people`."""
        known = {mandate.pk: mandate for held in people.values() for mandate in held}
        used = {number for roll in self.rolls.values() for number in roll.mandates.values()}
        if others := used - known.keys():
            known |= Mandate.objects.select_related("representative", "area").in_bulk(others)
        return known
