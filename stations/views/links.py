"""Where names lead: the live page of a person's story, of a station."""

from collections.abc import Iterable
from typing import Any

from stations.models import IndustryPointPage, ProfilePage, StationPage

ENOUGH = ("url_path", "title", "content_type_id", "locale_id")  # what a link needs of a page


def stories_of(representatives: Iterable[int]) -> dict[int, Any]:
    """Return {representative pk: live story page} for who has one, with `excellent_year` (2 queries)."""
    pages = ProfilePage.objects.live().public().filter(representative_id__in=list(representatives))
    return {
        page.representative_id: page for page in pages.only(*ENOUGH, "representative_id", "excellent_year")
    }


def pages_of_places(stations: Iterable[int] | None = None) -> dict[int, Any]:
    """Return {station pk: its live page} of all stations, or of those named (2 queries)."""
    pages: dict[int, Any] = {}
    wanted = None if stations is None else list(stations)
    for model in (StationPage, IndustryPointPage):
        rows = model.objects.live().only(*ENOUGH, "station_id")
        if wanted is not None:
            rows = rows.filter(station_id__in=wanted)
        pages |= {page.station_id: page for page in rows}
    return pages
