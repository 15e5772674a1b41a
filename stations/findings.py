"""What this floor lends to the search: people in office, stories, stations. Nothing private is read."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, QuerySet, Subquery

from portal.search.lent import Found, Hit, Lent, Reader, pages
from stations.models import (
    GroupMembership,
    IndustryPointPage,
    Mandate,
    ProfilePage,
    Representative,
    StationPage,
)
from stations.views.links import stories_of

DIRECTORY = "/daibiao/minglu/"


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


LENT = [
    Lent("person", "代表", {Representative: in_office}, show_people, order=10),
    pages("story", "代表事迹", ProfilePage, order=20),
    pages("station", "联络站点", StationPage, IndustryPointPage, order=50),
]
