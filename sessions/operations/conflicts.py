"""A person settles what two entries say differently (PRODUCT.md, rules 18 and 20)."""

from datetime import datetime

from django.db import transaction

from portal.audit import record
from portal.models import User
from sessions.checkin.conflicts import earliest_coming
from sessions.checkin.merging import CAME
from sessions.models import Attendance, AttendanceEvent, Enrolment, RollConflict
from sessions.operations.roll import RollRefused, event_of, fitting, locked

Status = Attendance.Status


@transaction.atomic
def settle_conflict(
    *, conflict: RollConflict, status: str, reason: str, actor: User, moment: datetime
) -> Attendance:
    """Let `status` stand for `reason` and return the row; both entries stay in the history.

    Settling twice changes nothing when it says the same. Raises RollRefused without a reason, for a status the
    person cannot have, and when somebody else has settled it otherwise meanwhile.
    """
    activity = locked(conflict.activity)
    conflict = RollConflict.objects.select_related("first", "second").get(pk=conflict.pk)
    row: Attendance = Attendance.objects.select_related("confirmed_by").get(
        activity=activity, representative=conflict.representative_id
    )
    reason = reason.strip()
    if status not in Status.values:
        raise RollRefused("请选择以哪一处登记为准。")
    if conflict.state == RollConflict.State.SETTLED:
        if row.status == status:
            return row
        raise RollRefused(
            f"这一条刚由{row.confirmed_by}核定为“{row.get_status_display()}”。要再改，请在名册上更改记录。"
        )
    if not reason:
        raise RollRefused("请写明核定的原因，例如“当场向本人核实”。")
    enrolment = (
        Enrolment.objects.expected()
        .filter(activity=activity, representative=conflict.representative_id)
        .first()
    )
    old, row.status = row.status, fitting(status, enrolment)
    came = earliest_coming(conflict) if row.status in CAME else None
    row.arrived_at = came.happened_at if came else None
    row.confirmed_at, row.confirmed_by = moment, actor
    row.save(update_fields=["status", "arrived_at", "confirmed_at", "confirmed_by"])
    method = Attendance.Method.STAFF_TICK
    event_of(row, AttendanceEvent.Kind.SETTLED, old, method, actor, moment, reason[:200]).save(
        force_insert=True
    )
    conflict.state, conflict.reason = RollConflict.State.SETTLED, reason[:200]
    conflict.settled_by, conflict.settled_at = actor, moment
    conflict.save()
    record("sharing.settle_conflict", activity, actor=actor, status=row.status)
    return row
