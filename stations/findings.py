"""What this floor lends to the search: people in office, stories, stations. Nothing private is read."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from portal.search.lent import Found, Hit, Leads, Lent, Reader, page_hit, pages
from portal.visibility import open_to_all
from stations.models import (
    GroupMembership,
    IndustryPointPage,
    Mandate,
    ProfilePage,
    Representative,
    Station,
    StationIndexPage,
    StationPage,
)
from stations.views.links import stories_of

DIRECTORY = "/daibiao/minglu/"
PLACES = "/lianluozhan/"
PLACE_PAGES = (StationPage, IndustryPointPage)


def in_office(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from a person's entry to the person, when a mandate is in force on the reader's day."""
    return Mandate.objects.on(reader.day).filter(representative=key).order_by().values("representative")


def show_people(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
    """Return the hits of people: group and occupation, leading to their story, else to the directory (2 queries)."""
    stories = stories_of(found)
    groups = GroupMembership.objects.on(reader.day).filter(mandate__representative=OuterRef("pk"))
    people = Representative.objects.filter(pk__in=found).annotate(
        group_now=Subquery(groups.order_by("-starts_on", "-pk").values("group__name")[:1])
    )
    rows = people.values_list("pk", "name", "occupation", "group_now")
    return {
        key: Hit(
            name,
            stories[key].url if key in stories else f"{DIRECTORY}?{urlencode({'q': name})}",
            "代表",
            line=" · ".join(filter(None, (group, occupation))),
            texts=list(filter(None, (occupation,))),
            person=key,
        )
        for key, name, occupation, group in rows
    }


def place_of(page: type[Any]) -> Leads:
    """Return what leads from the entry of a place's page to the place, when the page is open to all."""

    def leads(key: Any, reader: Reader) -> QuerySet[Any]:
        shown = open_to_all(page.objects.filter(pk=key, path__startswith=reader.root))
        return shown.order_by().values("station")  # type: ignore[no-any-return]

    return leads


def listed(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from a place's own entry to the place, when the list that shows every place is open to all."""
    lists = open_to_all(StationIndexPage.objects.filter(path__startswith=reader.root))
    return Station.objects.filter(Exists(lists), pk=key).order_by().values("pk")


def show_places(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
    """Return the hits of places: the page, else the place as the list shows it, which is where it leads (3 queries)."""
    hits = {
        page.station_id: page_hit(page)
        for model in PLACE_PAGES
        for page in open_to_all(model.objects.filter(station__in=found, path__startswith=reader.root))
    }
    return hits | {
        place.pk: Hit(
            place.name,
            f"{PLACES}?{urlencode({'q': place.name})}",
            place.get_kind_display(),
            line=place.address,
            texts=list(filter(None, (place.industry, place.address))),
        )
        for place in Station.objects.filter(pk__in=found.keys() - hits.keys())
    }


LENT = [
    Lent("person", "代表", {Representative: in_office}, show_people, order=10),
    pages("story", "代表事迹", ProfilePage, order=20),
    Lent(
        "station",
        "联络站点",
        {Station: listed} | {page: place_of(page) for page in PLACE_PAGES},
        show_places,
        order=50,
    ),
]
