"""What the first floor lends to templates: who receives today, stories for the home page, names in columns."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from stations.receptions import Reception
from stations.views.facets import Facet
from stations.views.links import pages_of_places
from stations.views.places import WEEK, day_start, receptions_between
from stations.views.stories import published_stories, with_bylines, with_quote

register = template.Library()

SPACE = "\u3000"
TWO = 2


@register.filter
def aligned(name: str) -> str:
    """Return the name as it stands in columns: two characters get a full-width space between (never stored so)."""
    return SPACE.join(name) if len(name) == TWO else name


@register.filter
def dialled(number: str) -> str:
    """Return a telephone number as a phone dials it: digits and a leading plus only."""
    return "".join(mark for mark in number if mark.isascii() and (mark.isdigit() or mark == "+"))


@register.filter
def any_chosen(boxes: Iterable[Facet]) -> bool:
    """Whether one of the boxes is ticked: what is folded then stands open."""
    return any(box.chosen for box in boxes)


@register.inclusion_tag("stations/components/stations_today.html", takes_context=True)
def stations_today(context: template.Context, limit: int = 4) -> dict[str, Any]:
    """Show who receives today, the running ones first (3 queries); else the next one of the coming week (5)."""
    now = timezone.now()
    start = day_start(now)
    tomorrow = start + timedelta(days=1)
    order = {"open": 0, "soon": 1, "over": 2}
    days = receptions_between(start, tomorrow, now)
    today = sorted((day for day in days if day.phase in order), key=lambda day: order[day.phase])
    later = [] if today else receptions_between(tomorrow, start + timedelta(days=WEEK + 1), now)
    pages = pages_of_places(reception.station.pk for reception in today[:limit])

    def linked(receptions: list[Reception]) -> list[tuple[Reception, Any]]:
        return [(reception, pages.get(reception.station.pk)) for reception in receptions]

    return {
        "receptions": linked(today[:limit]),
        "coming": linked(later[:1]),
        "request": context.get("request"),
    }


@register.inclusion_tag("stations/components/story_highlights.html", takes_context=True)
def story_highlights(context: template.Context, limit: int = 4) -> dict[str, Any]:
    """Show the newest stories: one large, the others in rows."""
    pages = list(published_stories(texts=True)[:limit])
    stories = with_quote(with_bylines(pages, timezone.localdate()))
    return {"stories": stories, "request": context.get("request")}
