"""What of a year is still to come, and until when its publicity would last: told before a step that is hard to take back."""

from datetime import date, datetime, timedelta

from scoring.models import Year
from sessions.models import Activity

FRIDAY = 4


def still_to_come(year: Year, moment: datetime) -> list[Activity]:
    """Return the announced activities of the year that are not over at `moment`, the next one first (1 query)."""
    held = Activity.objects.held_between(year.starts_on, year.ends_on)
    ahead = held.filter(state=Activity.State.OPEN, ends_at__gte=moment)
    return list(ahead.only("title", "starts_at").order_by("starts_at", "pk"))


def working_days_after(day: date, count: int) -> date:
    """Return the day `count` working days after `day`; public holidays are not known and not skipped."""
    while count:
        day += timedelta(days=1)
        if day.weekday() <= FRIDAY:
            count -= 1
    return day
