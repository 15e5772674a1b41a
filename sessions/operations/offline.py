"""The recorder's device brings its entries, in any order and as often as it likes (PRODUCT.md, rules 3, 17–19)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from portal.audit import record
from portal.models import User
from sessions.checkin.merging import CAME, Standing, is_decision, meaning, standing
from sessions.checkin.rules import state_reason, status_at, status_leaving
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, RollConflict
from sessions.operations.attempts import ATTEMPTS
from sessions.operations.roll import RollRefused, fitting, new_row
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
Method, Status = Attendance.Method, Attendance.Status
AT_ONCE = timedelta(
    minutes=1
)  # an entry that took longer to arrive was kept offline, whatever its page thought
FARTHEST = timedelta(days=366)  # a clock further off is none
TICKABLE = (Status.PRESENT, Status.LATE, Status.LEAVE, Status.ABSENT)


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """One entry of a recorder's device. `offset` is how far its clock was ahead of the server's, as measured.

    `representative` is None where nobody was found; `refused` says why (a reason code).
    """

    nonce: str
    representative: Representative | None
    status: str
    device_at: datetime
    offset: timedelta
    queued: bool = False
    scanned: bool = False
    reason: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What became of one entry: `outcome` is created, changed, confirmed, already, disputed or a reason code."""

    nonce: str
    outcome: str
    representative: Representative | None
    row: Attendance | None
    taken: bool


@transaction.atomic
def take_entries(
    *, activity: Activity, entries: Iterable[DeskEntry], actor: User, moment: datetime, device: str = ""
) -> list[DeskAnswer]:
    """Take the entries of one device and return an answer for each, in their order.

    Every entry counts once, by its nonce; the same nonce with other content is `conflict` (rule 3). All entries
    of a person, of whatever device and order, come to one row: the earliest plausible time wins, and entries that
    cannot both be true open a RollConflict (rule 18). What cannot be taken is an answer with a reason code and
    stands in the history: `locked`, `revoked`, `not_eligible`, `window_closed` (a reason is wanted after the late
    limit, rule 4), `invalid`.
    """
    # The activity's row orders all that happens to its roll, as in check_in: what is read below stays true.
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    desk = _Desk(activity, list(entries), actor, moment, device)
    answers = [desk.take(entry) for entry in desk.entries]
    desk.write()
    queued = sum(event.method == Method.OFFLINE_DEVICE for event in desk.events)
    if queued:
        record("sharing.take_entries", activity, actor=actor, entries=queued, device=device[:8])
    return answers


class _Desk:
    """One upload: everything about its people is read once (5 queries), judged in memory, written at the end."""

    def __init__(
        self, activity: Activity, entries: list[DeskEntry], actor: User, moment: datetime, device: str
    ) -> None:
        self.activity, self.entries, self.actor = activity, entries, actor
        self.moment, self.device = moment, device
        people = {e.representative.pk for e in entries if e.representative}
        of_people = {"activity": activity, "representative__in": people}
        self.enrolments = {e.representative_id: e for e in Enrolment.objects.expected().filter(**of_people)}
        self.rows = {r.representative_id: r for r in Attendance.objects.filter(**of_people)}
        self.conflicts = {
            c.representative_id: c for c in RollConflict.objects.filter(**of_people, state="open")
        }
        self.past: dict[int | None, list[AttendanceEvent]] = defaultdict(list)
        for event in AttendanceEvent.objects.filter(**of_people):
            self.past[event.representative_id].append(event)
        nonces = [e.nonce for e in entries]
        known = AttendanceEvent.objects.filter(activity=activity, nonce__in=nonces).select_related(
            "representative"
        )
        self.known = {event.nonce: event for event in known}
        self.events: list[AttendanceEvent] = []
        self.new: dict[int, Attendance] = {}
        self.changed: dict[int, Attendance] = {}
        self.disputed: dict[int, RollConflict] = {}

    def take(self, entry: DeskEntry) -> DeskAnswer:
        """Judge one entry and remember what is to be written."""
        first, identity = self.known.get(entry.nonce), self._identity(entry)
        if first and first.pk != identity:
            self.events.append(self._event(entry, Kind.REFUSED, reason_code=Reason.CONFLICT))
            return self._answer(entry, Reason.CONFLICT)
        if first:
            return self._answer(entry, first.reason_code if first.kind == Kind.REFUSED else first.kind)
        event = self._event(entry, Kind.CREATED, nonce=entry.nonce, pk=identity, new_status=entry.status)
        refusal = self._refusal(entry, event)
        if refusal:
            event.kind, event.reason_code = Kind.REFUSED, refusal
        else:
            self._merge(event)
        self.known[entry.nonce] = event
        self.events.append(event)
        return self._answer(entry, refusal or event.kind)

    def _answer(self, entry: DeskEntry, outcome: str) -> DeskAnswer:
        person = entry.representative
        row = self.rows.get(person.pk) if person else None
        taken = outcome in {Kind.CREATED, Kind.CHANGED, Kind.CONFIRMED, Kind.ALREADY, Kind.DISPUTED}
        return DeskAnswer(entry.nonce, str(outcome), person, row, taken)

    def _identity(self, entry: DeskEntry) -> uuid.UUID:
        """The event's id is a name of all that was entered, so that other content under one nonce shows."""
        person = entry.representative.pk if entry.representative else ""
        said = (
            self.activity.pk,
            entry.nonce,
            person,
            entry.status,
            entry.device_at.isoformat(),
            entry.reason,
        )
        return uuid.uuid5(ATTEMPTS, "\n".join(map(str, said)))

    def _event(
        self, entry: DeskEntry, kind: str, *, pk: uuid.UUID | None = None, **more: str
    ) -> AttendanceEvent:
        happened_at = self._plausible(entry)
        late = entry.queued or self.moment - happened_at > AT_ONCE
        at_once = Method.STAFF_SCAN if entry.scanned else Method.STAFF_TICK
        return AttendanceEvent(
            id=pk or uuid.uuid4(),
            activity=self.activity,
            representative=entry.representative,
            kind=kind,
            method=Method.OFFLINE_DEVICE if late else at_once,
            reason=entry.reason,
            actor=self.actor,
            device=self.device[:32],
            happened_at=happened_at,
            received_at=self.moment,
            device_at=entry.device_at,
            clock_offset_ms=round(entry.offset / timedelta(milliseconds=1)),
            **more,
        )

    def _plausible(self, entry: DeskEntry) -> datetime:
        """Return when it happened by the server's clock: not before the doors opened, not after now (rule 19)."""
        offset = entry.offset if abs(entry.offset) < FARTHEST else timedelta(0)
        return min(max(entry.device_at - offset, self.activity.opens_at), self.moment)

    def _refusal(self, entry: DeskEntry, event: AttendanceEvent) -> str:
        """Return why the entry cannot be taken, else "" after giving the event its status and the person a row."""
        person, when = entry.representative, event.happened_at
        reason = state_reason(self.activity) or entry.refused
        if reason or person is None or entry.status not in TICKABLE:
            return reason or Reason.INVALID
        if entry.status in CAME and when > self.activity.late_until and not entry.reason:
            return Reason.WINDOW_CLOSED
        enrolment = self.enrolments.get(person.pk)
        if enrolment is None and entry.status not in CAME:
            return Reason.NOT_ELIGIBLE
        try:
            status = fitting(entry.status, enrolment)
            row = self.rows.get(person.pk) or new_row(self.activity, person, enrolment)
        except RollRefused:
            return Reason.NOT_ELIGIBLE
        # A tick says that they are there; whether that is in time is the clock's to say (rule 4).
        if status == Status.PRESENT:
            status = status_at(self.activity, when)
        event.new_status, event.old_status = status, row.status if row.pk or person.pk in self.new else ""
        if person.pk not in self.rows:
            self.rows[person.pk] = self.new[person.pk] = row
        return ""

    def _merge(self, event: AttendanceEvent) -> None:
        """Let the row follow all entries of its person, and say which kind of event this one is."""
        person = event.representative_id
        assert person is not None
        row, events = self.rows[person], self.past[person]
        before = (row.status, row.arrived_at, row.confirmed_by_id)
        events.append(event)
        stands = standing(events)
        assert stands is not None
        self._apply(row, stands, decided=stands.winner.device_at is None)
        if stands.rival:
            self._dispute(person, stands)
        if not event.old_status:
            return
        if person not in self.new:
            self.changed[person] = row
        event.kind = self._kind(event, stands, before, row)
        event.reason_code = Reason.ALREADY if event.kind == Kind.ALREADY else ""

    @staticmethod
    def _kind(event: AttendanceEvent, stands: Standing, before: tuple[object, ...], row: Attendance) -> str:
        if stands.rival and (event in {stands.winner, stands.rival} or _differ(event, stands.winner)):
            return Kind.DISPUTED
        if before[:2] != (row.status, row.arrived_at):
            return Kind.CHANGED
        return Kind.CONFIRMED if before[2] is None and row.confirmed_by_id else Kind.ALREADY

    def _apply(self, row: Attendance, stands: Standing, *, decided: bool) -> None:
        """Set the row from the entry that wins; what the roll page set keeps its time and method."""
        winner, witness = stands.winner, stands.witness
        if not decided:
            row.status, row.method = winner.new_status, winner.method
            if row.left_at:  # who was seen leaving early stays that (rule 6)
                row.status = status_leaving(self.activity, row.status, row.left_at)
            row.arrived_at = winner.happened_at if winner.new_status in CAME else None
        by_page = any(
            e.kind == Kind.CONFIRMED and e.device_at is None for e in self.past[row.representative_id]
        )
        settled = is_decision(winner) or by_page
        if witness and (row.confirmed_at is None or (witness.device_at is not None and not settled)):
            row.confirmed_at, row.confirmed_by_id = witness.received_at, witness.actor_id

    def _dispute(self, person: int, stands: Standing) -> None:
        conflict = self.conflicts.get(person) or RollConflict(
            activity=self.activity, representative_id=person
        )
        assert stands.rival is not None
        conflict.first, conflict.second = stands.winner, stands.rival
        self.conflicts[person] = self.disputed[person] = conflict

    def write(self) -> None:
        """Write events, rows and conflicts; the unique constraints stand behind the lock."""
        AttendanceEvent.objects.bulk_create(self.events, batch_size=100)
        Attendance.objects.bulk_create(self.new.values(), batch_size=100)
        columns = ["status", "method", "arrived_at", "confirmed_at", "confirmed_by"]
        Attendance.objects.bulk_update(self.changed.values(), columns, batch_size=100)
        for conflict in self.disputed.values():
            conflict.save()


def _differ(one: AttendanceEvent, other: AttendanceEvent) -> bool:
    return meaning(one.new_status) != meaning(other.new_status)
