"""The roll is closed and, once its area has submitted, locked (PRODUCT.md, rules 6–11, 21)."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.checkin.conflicts import open_conflicts
from sessions.checkin.rolls import without_check_out
from sessions.checkin.rules import EARLY, status_at
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, LeaveRequest
from sessions.operations.periods import refuse_locked
from sessions.operations.roll import (
    RollRefused,
    append,
    confirm,
    event_of,
    locked,
    refuse_handed_up,
    row_of,
)
from stations.models import Mandate, Suspension

Kind = AttendanceEvent.Kind
Method, Status = Attendance.Method, Attendance.Status


class PendingLeave(RollRefused):
    """Requests for leave wait that the recorder has not seen: nobody is excused or passed over in silence (rule 9)."""


@transaction.atomic
def close_roll(*, activity: Activity, actor: User, moment: datetime, pending_seen: int = 0) -> Activity:
    """Close the roll: every obliged person gets a row, every claim counts. Closing twice changes nothing.

    After it obliged = present + late + left_early + late_left + leave + absent + exempt (rule 10); who has no
    row is `exempt` when suspended on that day, `leave` when that was approved (rule 7), else `absent` (rule 8). `pending_seen` is how many requests
    without a decision the recorder has seen; their people become `absent` and can still be excused by a late
    decision. Where check-out is demanded, who was not seen leaving has left early (rule 6).
    Raises PendingLeave when another number waits, RollRefused before the start, for a draft, while entries
    contradict each other (rule 18), and on a day whose year was handed up meanwhile, by its area or that of one of
    its people: the facts stand (rule 21).
    """
    activity = locked(activity)
    if activity.state == Activity.State.CLOSED:
        return activity
    if moment < activity.starts_at:
        raise RollRefused("活动还没有开始，开始以后才能收册。")
    elsewhere = refuse_locked(activity.area, timezone.localdate(activity.starts_at))
    if open_conflicts(activity).exists():
        raise RollRefused("还有两处登记不一致的记录，请先逐一核定，再收册。")
    leave = LeaveRequest.objects.live().filter(activity=activity).values_list("representative_id", "state")
    asked: dict[int, str] = dict(leave)  # at most one live request of a person
    waiting = sum(state == LeaveRequest.State.PENDING for state in asked.values())
    if waiting != pending_seen:
        raise PendingLeave(f"有 {waiting} 条请假还没有批，请先处理，或看过后再收册。")
    rows = _rows(activity)
    listed = list(Enrolment.objects.filter(activity=activity).exclude(state=Enrolment.State.WITHDRAWN))
    if elsewhere:
        held = {each.mandate_id for each in (*rows, *listed)}
        refuse_handed_up(activity, Mandate.objects.filter(pk__in=held))
    confirm([row for row in rows if row.confirmed_at is None], actor, moment)
    _settle_obliged(activity, rows, listed, actor, moment)
    left = _settle_leaving(activity, actor, moment)
    seen = {row.representative_id for row in rows}
    missing = [each for each in listed if each.representative_id not in seen]
    entered = _enter_missing(activity, missing, asked, actor, moment)
    activity.state, activity.closed_at, activity.closed_by = Activity.State.CLOSED, moment, actor
    activity.save(update_fields=["state", "closed_at", "closed_by"])
    counts = {
        "absent": entered[Status.ABSENT],
        "leave": entered[Status.LEAVE],
        "exempt": entered[Status.EXEMPT],
        "not_seen_leaving": left,
        "leave_pending": waiting,
    }
    record("sharing.close_roll", activity, actor=actor, **counts)
    forget_pages()
    return activity


def _rows(activity: Activity) -> list[Attendance]:
    """Take the rows of the roll as they stand: the close reads them once and writes only what changes."""
    columns = (
        "activity_id",
        "representative_id",
        "mandate_id",
        "status",
        "method",
        "obliged",
        "arrived_at",
        "confirmed_at",
    )
    return list(Attendance.objects.select_for_update().filter(activity=activity).only(*columns))


def _enter_missing(
    activity: Activity, missing: list[Enrolment], asked: dict[int, str], actor: User, moment: datetime
) -> Counter[str]:
    """Of who is on the list and has no row enter who needs one, and return how many as what (3 queries).

    `asked` says who has a live request for leave, and its state.
    """
    if not missing:
        return Counter()
    day = Suspension.objects.on(timezone.localdate(activity.starts_at))
    suspended = set(day.values_list("mandate__representative_id", flat=True))
    rows, reasons = [], {}
    for each in missing:
        person, obliged = each.representative_id, each.basis == Enrolment.Basis.OBLIGED
        leave = asked.get(person)
        if obliged and person in suspended:
            status, reason = Status.EXEMPT, "当天暂停执行代表职务"
        elif leave == LeaveRequest.State.APPROVED and each.state != Enrolment.State.WAITING:
            status, reason = Status.LEAVE, "请假已批准"
        elif obliged:
            status = Status.ABSENT
            reason = "收册时请假还没有批" if leave == LeaveRequest.State.PENDING else "收册时没有记录"
        else:
            continue
        rows.append(row_of(activity, each, status, Method.ROLL_CLOSE, None, actor, moment))
        reasons[person] = reason
    append(rows, Method.ROLL_CLOSE, actor, moment, "", told=reasons)
    return Counter(row.status for row in rows)


def _settle_leaving(activity: Activity, actor: User, moment: datetime) -> int:
    """Where check-out is demanded, enter who was not seen leaving as having left early; return how many (rule 6)."""
    if not activity.check_out_required:
        return 0
    rows, events = list(without_check_out(activity)), []
    for row in rows:
        old, row.status = row.status, EARLY[row.status]
        events.append(
            event_of(row, Kind.CHANGED, old, Method.ROLL_CLOSE, actor, moment, "要求签退，收册时没有签退")
        )
    Attendance.objects.bulk_update(rows, ["status"], batch_size=200)
    AttendanceEvent.objects.bulk_create(events, batch_size=200)
    return len(rows)


def _settle_obliged(
    activity: Activity, rows: list[Attendance], listed: list[Enrolment], actor: User, moment: datetime
) -> None:
    """Let the rows agree with the list of this moment.

    Who was put on the list after arriving counts as obliged; a visitor who turns out to be obliged came. Only so does
    the sum of rule 10 hold for every closed roll.
    """
    obliged = {each.representative_id for each in listed if each.basis == Enrolment.Basis.OBLIGED}
    changed, events = [], []
    for row in rows:
        due = row.representative_id in obliged
        came = due and row.status == Status.VISITOR
        if came:
            row.status = status_at(activity, row.arrived_at) if row.arrived_at else Status.PRESENT
            why = "收册时已在应到名单"
            events.append(event_of(row, Kind.CHANGED, Status.VISITOR, row.method, actor, moment, why))
        if came or row.obliged != due:
            row.obliged = due
            changed.append(row)
    Attendance.objects.bulk_update(changed, ["status", "obliged"], batch_size=200)
    AttendanceEvent.objects.bulk_create(events, batch_size=200)


def lock_rolls(*, activities: Any) -> int:
    """Lock the closed rolls of a queryset when their area has submitted its year (rule 21); return how many."""
    return int(activities.filter(state=Activity.State.CLOSED, locked=False).update(locked=True))


def unlock_rolls(*, activities: Any) -> int:
    """Unlock the rolls of a queryset when their area was sent back, so that they may be corrected; return how many."""
    return int(activities.filter(locked=True).update(locked=False))
