"""From a day and its part, as a representative tells them, to the times of an activity. Pure."""

from datetime import date, datetime, time

from django.utils import timezone

from sessions.models import Declaration

Part = Declaration.Part
HOURS = {
    Part.MORNING: (time(8, 30), time(11, 30)),
    Part.AFTERNOON: (time(14, 30), time(17, 30)),
    Part.EVENING: (time(19), time(21)),
    Part.DAY: (time(8, 30), time(17, 30)),
}
NOON, DUSK = 12, 18


def span_of(day: date, part: str) -> tuple[datetime, datetime]:
    """Return the local times that stand for a part of a day; for a day without one, the whole of it."""
    first, last = HOURS[Part(part or Part.DAY)]
    return tuple(timezone.make_aware(datetime.combine(day, at)) for at in (first, last))  # type: ignore[return-value]


def part_of(moment: datetime) -> Part:
    """Return the part of the local day in which `moment` lies."""
    hour = timezone.localtime(moment).hour
    return Part.MORNING if hour < NOON else Part.AFTERNOON if hour < DUSK else Part.EVENING
