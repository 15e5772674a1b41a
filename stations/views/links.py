"""Where names lead: the live page of a person's story, of a station."""

from collections.abc import Iterable
from typing import Any

from portal.visibility import open_to_all
from stations.models import IndustryPointPage, ProfilePage, StationPage

ENOUGH = ("url_path", "title", "content_type_id", "locale_id")  # what a link needs of a page


def stories_of(representatives: Iterable[int]) -> dict[int, Any]:
    """Return {representative pk: live story page} for who has one, with `excellent_year` (1 query)."""
    pages = open_to_all(ProfilePage.objects.filter(representative_id__in=list(representatives)))
    rows = pages.only(*ENOUGH, "representative_id", "excellent_year")
    return {page.representative_id: page for page in rows}


def pages_of_places(stations: Iterable[int] | None = None) -> dict[int, Any]:
    """Return {station pk: its live page} of all stations, or of those named (2 queries)."""
    pages: dict[int, Any] = {}
    wanted = None if stations is None else list(stations)
    for model in (StationPage, IndustryPointPage):
        rows = open_to_all(model.objects.all()).only(*ENOUGH, "station_id")
        if wanted is not None:
            rows = rows.filter(station_id__in=wanted)
        pages |= {page.station_id: page for page in rows}
    return pages
