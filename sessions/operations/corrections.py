"""Many rows of one roll changed at once, each with its history: what record_status does for one (rules 7, 9, 20, 21)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.models import User
from portal.pagecache import forget_pages
from sessions.checkin.conflicts import open_conflicts
from sessions.leave.policy import approves
from sessions.models import Activity, Attendance, AttendanceEvent, LeaveRequest
from sessions.operations.roll import (
    CAME,
    EXCUSES,
    OWN_EXCUSE,
    Entry,
    RollRefused,
    event_of,
    locked,
    refuse_handed_up,
)
from stations.models import Mandate

Method, Status = Attendance.Method, Attendance.Status
AT_ONCE = 200


@transaction.atomic
def change_rows(
    *,
    activity: Activity,
    entries: Iterable[Entry],
    actor: User,
    moment: datetime,
    method: str = Method.IMPORT,
) -> int:
    """Change rows that stand, all or nothing, and return how many; who has approved leave is on leave, not absent.

    Every entry needs a reason (rule 20). The time of arrival is kept only where the person still came. Raises
    RollRefused without a reason, for a person without a row, in an open contradiction, for an excuse that the
    actor may not grant (rule 9), for a locked roll, and after the close for somebody whose own area has handed up the
    day (rule 21).
    """
    activity = locked(activity)
    wanted = {entry.representative.pk: entry for entry in entries}
    if not wanted:
        return 0
    closed = activity.state == Activity.State.CLOSED
    found = Attendance.objects.select_for_update().filter(activity=activity).order_by("pk")
    rows = [row for row in found if row.representative_id in wanted]
    if len(rows) < len(wanted):
        raise RollRefused("有的代表在名册上还没有记录，请刷新后再试。")
    if closed:
        held = Mandate.objects.filter(pk__in=[row.mandate_id for row in rows])
        refuse_handed_up(activity, held)
    if open_conflicts(activity).filter(representative__in=wanted).exists():
        raise RollRefused("名册上有两处登记不一致的记录，请先核定。")
    granted = LeaveRequest.objects.granted().filter(activity=activity)
    on_leave = set(granted.values_list("representative_id", flat=True))
    _excusable(activity, [e for e in wanted.values() if e.representative.pk not in on_leave], actor)
    events = []
    for row in rows:
        entry = wanted[row.representative_id]
        if not entry.reason.strip():
            raise RollRefused("更改已有记录要写明原因，例如“据会议签到册核对”。")
        old, status = row.status, entry.status
        if status == Status.ABSENT and row.representative_id in on_leave:
            status = Status.LEAVE
        row.status, row.method = status, Method.CORRECTION if closed else method
        row.confirmed_at, row.confirmed_by = moment, actor
        if status not in CAME or old not in CAME:  # nobody knows from a list when they came
            row.arrived_at = row.left_at = None
        kind = AttendanceEvent.Kind.CHANGED
        events.append(event_of(row, kind, old, row.method, actor, moment, entry.reason.strip()[:200]))
    columns = ["status", "method", "confirmed_at", "confirmed_by", "arrived_at", "left_at"]
    Attendance.objects.bulk_update(rows, columns, batch_size=AT_ONCE)
    AttendanceEvent.objects.bulk_create(events, batch_size=AT_ONCE)
    if closed:
        forget_pages()
    return len(rows)


def _excusable(activity: Activity, entries: list[Entry], actor: User) -> None:
    """Refuse excuses that the actor may not grant: their own, or of a kind that others decide on (rule 9)."""
    excused = [entry for entry in entries if entry.status in EXCUSES]
    if any(entry.representative.user_id == actor.pk for entry in excused):
        raise RollRefused(OWN_EXCUSE)
    if any(entry.status == Status.LEAVE for entry in excused) and not approves(actor, activity):
        raise RollRefused(f"{activity.get_kind_display()}的请假由代表工作委员会来批。")
