"""Moving an activity in time; everything that is an offset from its start moves with it."""

from datetime import datetime

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity
from sessions.operations.activities import ActivityRefused


@transaction.atomic
def reschedule_activity(
    *,
    activity: Activity,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    grace_minutes: int | None = None,
    late_minutes: int | None = None,
) -> Activity:
    """Give an activity other times, and other limits for coming late where they are named.

    Raises ActivityRefused when it would end before it starts, when its roll is closed or it was called off.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state in {Activity.State.CLOSED, Activity.State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改时间。")
    if ends_at <= starts_at:
        raise ActivityRefused("结束时间要晚于开始时间，请改一下时间。")
    activity.starts_at, activity.ends_at = starts_at, ends_at
    activity.grace_minutes = activity.grace_minutes if grace_minutes is None else grace_minutes
    activity.late_minutes = activity.late_minutes if late_minutes is None else late_minutes
    activity.sequence += 1
    activity.save(update_fields=["starts_at", "ends_at", "grace_minutes", "late_minutes", "sequence"])
    record("sharing.change_activity", activity, actor=actor, starts_at=starts_at.isoformat())
    forget_pages()
    return activity
