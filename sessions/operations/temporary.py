"""Unknown people at the door: written down, merged into a person once, or dropped (PRODUCT.md, rules 12, 20, 21)."""

from datetime import datetime

from django.db import transaction

from portal.models import User
from sessions.checkin.rules import status_at
from sessions.models import Activity, Attendance, AttendanceEvent, TemporaryEntry
from sessions.operations.roll import RollRefused, event_of, locked, record_status
from stations.models import Representative

Kind, Method, Status = AttendanceEvent.Kind, Attendance.Method, Attendance.Status


@transaction.atomic
def add_temporary(
    *, activity: Activity, name: str, unit: str, nonce: str, actor: User, moment: datetime
) -> TemporaryEntry:
    """Write down somebody whom nobody knows and return the entry; the same nonce is the same entry (rule 3).

    Raises RollRefused without a name, and when the roll is closed, locked or not kept: who turns up in a closed
    list is entered by a correction with a reason.
    """
    activity = locked(activity)
    if activity.state == Activity.State.CLOSED:
        raise RollRefused("名册已经收册，不能再临时登记；请查到本人后在名册里更正。")
    name, unit = " ".join(name.split()), " ".join(unit.split())
    if not name:
        raise RollRefused("请填写来人的姓名。")
    made = TemporaryEntry(
        activity=activity,
        name=name[:40],
        unit=unit[:80],
        nonce=nonce[:64],
        arrived_at=moment,
        recorded_by=actor,
        recorded_at=moment,
    )
    TemporaryEntry.objects.bulk_create([made], ignore_conflicts=True)
    entry: TemporaryEntry = TemporaryEntry.objects.get(activity=activity, nonce=nonce[:64])
    _line(entry, Kind.CREATED, actor, moment, f"临时登记：{entry}", nonce=f"temporary-{entry.pk}")
    return entry


@transaction.atomic
def merge_temporary(
    *, entry: TemporaryEntry, representative: Representative, actor: User, moment: datetime
) -> Attendance:
    """Find that the unknown person is `representative`: the entry becomes their row, once, and return the row.

    Who has come already keeps the row as it is, with one more line of history; a recorded leave or absence turns
    into presence, as they were seen. The time of arrival is the entry's. Works after the close, too, as the
    entry itself is the reason (rule 20). Raises RollRefused for an entry that is settled, and a locked roll.
    """
    activity = locked(entry.activity)
    entry = _open(entry)
    reason = f"由临时登记并入：{entry}"
    row = Attendance.objects.filter(activity=activity, representative=representative).first()
    if row and row.status in {*Attendance.CAME, Status.VISITOR}:
        event_of(row, Kind.ALREADY, row.status, Method.STAFF_TICK, actor, moment, reason).save(
            force_insert=True
        )
    else:
        row = record_status(
            activity=activity,
            representative=representative,
            status=status_at(activity, entry.arrived_at),
            actor=actor,
            moment=moment,
            reason=reason,
        )
        row.arrived_at = entry.arrived_at
        row.save(update_fields=["arrived_at"])
    entry.attendance = row
    _settle(entry, actor, moment)
    return row


@transaction.atomic
def drop_temporary(*, entry: TemporaryEntry, reason: str, actor: User, moment: datetime) -> None:
    """Take a mistaken entry off the roll; its lines stay. Raises RollRefused without a reason, and when it is settled."""
    locked(entry.activity)
    entry = _open(entry)
    if not reason.strip():
        raise RollRefused("请写明作废的原因，例如“重复登记”。")
    entry.dropped_because = reason.strip()[:200]
    _settle(entry, actor, moment)
    _line(entry, Kind.CHANGED, actor, moment, f"临时登记作废：{entry}。{entry.dropped_because}"[:200])


def _open(entry: TemporaryEntry) -> TemporaryEntry:
    """Take the entry's row for this transaction; raises RollRefused when somebody has settled it."""
    entry = TemporaryEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.settled_at:
        raise RollRefused(f"“{entry}”已经由{entry.settled_by}处理过，请刷新名册。")
    return entry


def _settle(entry: TemporaryEntry, actor: User, moment: datetime) -> None:
    entry.settled_by, entry.settled_at = actor, moment
    entry.save(update_fields=["attendance", "dropped_because", "settled_by", "settled_at"])


def _line(
    entry: TemporaryEntry, kind: str, actor: User, moment: datetime, reason: str, nonce: str = ""
) -> None:
    """Add a line to the history of the activity; it belongs to no representative."""
    event = AttendanceEvent(
        activity_id=entry.activity_id,
        kind=kind,
        method=Method.STAFF_TICK,
        reason=reason,
        nonce=nonce,
        actor=actor,
        happened_at=entry.arrived_at,
        received_at=moment,
    )
    AttendanceEvent.objects.bulk_create([event], ignore_conflicts=bool(nonce))
