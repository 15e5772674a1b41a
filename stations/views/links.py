"""Where names lead: the live page of a person's story, of a station."""

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Coalesce
from wagtail.models import Page

from portal.visibility import open_to_all
from stations.models import ProfilePage

ENOUGH = ("url_path", "title", "content_type_id", "locale_id")  # what a link needs of a page


def stories_of(representatives: Iterable[int]) -> dict[int, Any]:
    """Return {representative pk: live story page} for who has one, with `excellent_year` (1 query)."""
    pages = open_to_all(ProfilePage.objects.filter(representative_id__in=list(representatives)))
    rows = pages.only(*ENOUGH, "representative_id", "excellent_year")
    return {page.representative_id: page for page in rows}


def pages_of_places(stations: Iterable[int] | None = None) -> dict[int, Any]:
    """Return {station pk: its live page} of all stations, or of those named (1 query)."""
    place = Coalesce("stationpage__station", "industrypointpage__station")
    rows = open_to_all(Page.objects.annotate(place=place)).filter(place__isnull=False).only(*ENOUGH)
    if stations is not None:
        rows = rows.filter(place__in=list(stations))
    return {page.place: page for page in rows}
