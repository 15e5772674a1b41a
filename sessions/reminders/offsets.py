"""How long before the start people are reminded: the activity's own offsets, else the installation's (rule 23)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from sessions.models import Activity

SLACK = timedelta(minutes=10)  # a reminder that fell due so recently is not "already past" when planning runs
AHEAD = timedelta(days=1)  # rows stand in the outbox at least so long before they are due


def usual() -> tuple[int, ...]:
    """Return the installation's offsets in minutes, the longest first."""
    return tuple(sorted((hours * 60 for hours in settings.REMINDER_HOURS), reverse=True))


def offsets_of(activity: Activity) -> tuple[int, ...]:
    """Return the offsets of an activity in minutes, the longest first; its rules should be prefetched."""
    if not activity.own_reminders:
        return usual()
    return tuple(sorted((rule.offset_minutes for rule in activity.reminder_rules.all()), reverse=True))


def still_ahead(activity: Activity, offsets: Iterable[int], moment: datetime) -> list[tuple[int, datetime]]:
    """Return (offset, moment due) of those offsets that are not past at `moment`: late planning skips the rest."""
    due = [(offset, activity.starts_at - timedelta(minutes=offset)) for offset in offsets]
    return [(offset, at) for offset, at in due if at > moment - SLACK and activity.starts_at > moment]


def in_words(minutes: int) -> str:
    """Return 提前 3 天, 提前 2 小时, 提前 90 分钟."""
    if minutes % 1440 == 0:
        return f"提前 {minutes // 1440} 天"
    return f"提前 {minutes // 60} 小时" if minutes % 60 == 0 else f"提前 {minutes} 分钟"
