"""Moving an activity in time, and calling it off; everything that is an offset from its start moves with it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Attendance, Notice
from sessions.operations.activities import ActivityRefused, refuse_handed_up, refuse_outside
from sessions.operations.telling import tell
from sessions.reminders.people import listed_people
from stations.operations import hold_areas

State = Activity.State


@transaction.atomic
def reschedule_activity(
    *,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    grace_minutes: int | None = None,
    late_minutes: int | None = None,
    with_rows: bool = False,
    quietly: bool = False,
    seen_start: datetime | None = None,
) -> Activity:
    """Give an activity other times, and other limits for coming late where they are named; return it.

    Reminders that have not gone out move with the start; who is on the list of a published activity is told once.
    `quietly` tells nobody and shows no 已改期: for a demonstration that follows the clock. Raises ActivityRefused
    when it would end before it starts, on another day whose year was handed up, when its roll is closed or it was called off, and, unless `with_rows`,
    when somebody has checked in: those rows were judged by the old start; also when `seen_start`, the start that
    the planner had before their eyes, is no longer the start.
    """
    hold_areas(activity.area)
    known, activity = activity, Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state in {State.CLOSED, State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改时间。")
    if activity.area_id != known.area_id:
        raise ActivityRefused("这场活动的区域刚被别人改了。请看过再改。")
    if seen_start is not None and seen_start != activity.starts_at:
        raise ActivityRefused("这场活动刚被别人改期。请看过现在的时间再改。")
    if ends_at <= starts_at:
        raise ActivityRefused("结束时间要晚于开始时间，请改一下时间。")
    refuse_outside(activity.meeting, starts_at, ends_at)
    moved = starts_at != activity.starts_at
    if timezone.localdate(starts_at) != timezone.localdate(activity.starts_at):
        refuse_handed_up(activity.area, starts_at)
    if moved and not with_rows and Attendance.objects.filter(activity=activity).exists():
        raise ActivityRefused("已经有人签到，不能再改期；确有需要请在名册里逐条更正。")
    before = (activity.starts_at, activity.ends_at)
    activity.starts_at, activity.ends_at = starts_at, ends_at
    activity.grace_minutes = activity.grace_minutes if grace_minutes is None else grace_minutes
    activity.late_minutes = activity.late_minutes if late_minutes is None else late_minutes
    announced = activity.state == State.OPEN and before != (starts_at, ends_at)
    if announced and not quietly:
        activity.moves += 1
        original = activity.moved_from or before[0]
        activity.moved_from = None if original == starts_at else original
    activity.sequence += 1
    columns = ["starts_at", "ends_at", "grace_minutes", "late_minutes", "moves", "moved_from", "sequence"]
    activity.save(update_fields=columns)
    _move_reminders(activity)
    if announced and not quietly:
        tell(activity=activity, people=listed_people(activity), kind=Notice.Kind.MOVED)
    record("sharing.change_activity", activity, actor=actor, starts_at=starts_at.isoformat())
    forget_pages()
    return activity


def _move_reminders(activity: Activity) -> None:
    """Let reminders that wait speak of the new start; the sender passes over one whose time lies behind a later."""
    waiting = Notice.objects.filter(activity=activity, kind=Notice.Kind.REMINDER, state=Notice.State.PENDING)
    for offset in waiting.order_by().values_list("offset_minutes", flat=True).distinct():
        due_at = activity.starts_at - timedelta(minutes=offset)
        waiting.filter(offset_minutes=offset).update(
            due_at=due_at, about=activity.starts_at, round=activity.moves
        )


@transaction.atomic
def cancel_activity(*, activity: Activity, reason: str, actor: User) -> Activity:
    """Call an activity off; who is on the list of a published one is told once, with the reason, and not reminded.

    A closed roll stays: raises ActivityRefused for it, for what was called off before, and without a reason.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state in {State.CLOSED, State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改。")
    reason = reason.strip()
    if not reason:
        raise ActivityRefused("请写明取消的原因，报名的代表会看到。")
    announced = activity.state == State.OPEN
    activity.state, activity.cancel_reason = State.CANCELLED, reason[:200]
    activity.sequence += 1
    activity.save(update_fields=["state", "cancel_reason", "sequence"])
    waiting = Notice.objects.filter(activity=activity, state=Notice.State.PENDING)
    waiting.update(state=Notice.State.SKIPPED)
    if announced:
        tell(activity=activity, people=listed_people(activity), kind=Notice.Kind.CANCELLED)
    record("sharing.cancel_activity", activity, actor=actor, reason=reason)
    forget_pages()
    return activity
