"""What the pages of people and places tell machines: the story as an article about a person, the place as an office."""

from collections.abc import Mapping
from typing import Any

from portal.conventions.told import Around, Told, article, filled, organisation, person
from portal.conventions.words import plain


def story(page: Any, around: Around, context: Mapping[str, Any]) -> Told:
    """Return what a story tells: of its person name, group and that they are a representative, nothing else."""
    who = page.representative
    group = context.get("group")
    of = {"memberOf": organisation(group)} if group else {}
    about = {**person(who.name), "jobTitle": "人大代表", **of}
    return Told(
        column_type=page.column_type,
        published=page.date,
        author=page.byline,
        keywords=(who.name, *context.get("story_tags", ())),
        structured=(
            article(page, around, day=page.date, author=person(page.byline), about=about),
            filled({**about, "url": around.url, "description": around.description}),
        ),
    )


def place(page: Any, around: Around) -> Told:
    """Return what the page of a station tells: its name and address; no telephone, which is for people."""
    station = page.station
    office = {
        "@type": "GovernmentOffice",
        "name": plain(station.name),
        "description": around.description,
        "address": plain(station.address),
        "url": around.url,
        "parentOrganization": around.publisher,
    }
    return Told(
        column_type=page.column_type, keywords=(station.name, station.industry), structured=(filled(office),)
    )
