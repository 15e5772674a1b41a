"""Which stations have a calendar of their own to follow."""

from typing import NamedTuple

from portal.visibility import open_to_all
from stations.models import IndustryPointPage, StationPage


class CalendarOfPlace(NamedTuple):
    """A station by its name and the slug of its page."""

    name: str
    slug: str


def places_with_calendar() -> list[CalendarOfPlace]:
    """Return stations, then industry points, that have a public page, by area code (2 queries)."""
    return [
        CalendarOfPlace(*row)
        for model in (StationPage, IndustryPointPage)
        for row in open_to_all(model.objects.all())
        .order_by("station__area__code", "station__name", "pk")
        .values_list("station__name", "slug")
    ]
