"""Several entries of one person become one standing: the earliest counts, contradictions show (rule 18). Pure.

What stands depends on the set of entries alone, never on the order in which they arrived.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions.models import Attendance, AttendanceEvent

Kind = AttendanceEvent.Kind
Method, Status = Attendance.Method, Attendance.Status
SELF_MADE = (Method.SELF_QR, Method.SELF_CODE, Method.SELF_ONLINE)
BY_HAND = (Kind.CREATED, Kind.CHANGED, Kind.SETTLED)  # what sets a row, apart from the recorder's devices
CAME = (*Attendance.CAME, Status.VISITOR)
RANK = {status: place for place, status in enumerate(Status.values)}


@dataclass(frozen=True, slots=True)
class Standing:
    """`winner` says what the row shows; `rival` is the earliest entry that cannot be true beside it, if any."""

    winner: AttendanceEvent
    rival: AttendanceEvent | None
    witness: AttendanceEvent | None  # the first entry of a recorder that agrees with the winner


def meaning(status: str) -> str:
    """Return what two statuses must share not to contradict each other: every way of being there is one."""
    return "came" if status in CAME else status


def standing(events: Iterable[AttendanceEvent]) -> Standing | None:
    """Return what stands after all that happened to one person's row; None when nothing set it yet.

    `events` are those of one person and activity, in any order. What a person decided on the roll page stands
    over everything received before it; entries of devices that came later are only held against it.
    """
    everything = list(events)
    by_hand = [e for e in everything if e.device_at is None and e.kind in BY_HAND]
    anchor = max(by_hand, key=lambda e: (e.received_at, e.kind != Kind.CREATED, str(e.pk)), default=None)
    entries = [e for e in everything if e.device_at is not None and e.kind != Kind.REFUSED]
    if anchor and anchor.kind != Kind.CREATED:
        entries = [e for e in entries if e.received_at > anchor.received_at]
    values = sorted([*entries, *([anchor] if anchor else [])], key=_order)
    if not values:
        return None
    winner = anchor if anchor and is_decision(anchor) else values[0]
    rivals = [e for e in values if meaning(e.new_status) != meaning(winner.new_status)]
    witnesses = [
        e for e in values if e.method not in SELF_MADE and meaning(e.new_status) == meaning(winner.new_status)
    ]
    return Standing(winner, rivals[0] if rivals else None, witnesses[0] if witnesses else None)


def is_decision(event: AttendanceEvent) -> bool:
    """Whether a person changed or settled the row with a reason; one's own coming despite leave is none (rule 7)."""
    return event.kind in {Kind.CHANGED, Kind.SETTLED} and event.method not in SELF_MADE


def _order(event: AttendanceEvent) -> tuple[object, ...]:
    return event.happened_at, RANK.get(event.new_status, len(RANK)), event.nonce, str(event.pk)
