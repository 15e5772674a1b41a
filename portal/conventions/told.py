"""What a page says of itself to machines: dates, source, keywords, and its JSON-LD (schema.org). Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from portal.conventions.words import plain

Thing = Mapping[str, Any]
LANGUAGE = "zh-CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a page: its own address and picture, the site and who publishes it."""

    url: str
    title: str
    description: str
    image: str  # empty where there is none
    home: str
    site_name: str
    host_name: str

    @property
    def publisher(self) -> dict[str, Any]:
        """Who publishes, as schema.org writes it."""
        return {"@type": "GovernmentOrganization", "name": self.host_name or self.site_name, "url": self.home}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page tells. `published` makes it an article; `structured` are JSON-LD objects without @context."""

    column_type: str = ""
    published: date | datetime | None = None
    source: str = ""
    author: str = ""
    keywords: tuple[str, ...] = ()
    structured: tuple[Thing, ...] = field(default=())


def stamp(moment: date | datetime | None) -> str:
    """Return a moment as ISO 8601 in local time to the second, a day as such; empty for None."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""


def touched(page: Any) -> datetime | None:
    """Return when a page was last published; for one that came without a revision, when it was first seen."""
    moment: datetime | None = (
        page.last_published_at or page.latest_revision_created_at or page.first_published_at
    )
    return moment


def filled(thing: dict[str, Any]) -> dict[str, Any]:
    """Return `thing` without what is empty: a checker takes an empty word for a mistake."""
    return {name: value for name, value in thing.items() if value not in ("", None, [], {})}


def person(name: str) -> dict[str, Any]:
    """Return somebody by name alone."""
    return {"@type": "Person", "name": plain(name)} if plain(name) else {}


def organisation(name: str) -> dict[str, Any]:
    """Return a body by name alone."""
    return {"@type": "Organization", "name": plain(name)} if plain(name) else {}


def article(page: Any, around: Around, *, day: date, author: Thing, **more: Any) -> dict[str, Any]:
    """Return a story or notice as schema.org writes it; without an author the publisher wrote it."""
    seen = touched(page)
    changed = seen if seen and timezone.localdate(seen) >= day else day
    return filled(
        {
            "@type": "Article",
            "headline": around.title,
            "description": around.description,
            "datePublished": stamp(day),
            "dateModified": stamp(changed),
            "author": author or around.publisher,
            "publisher": around.publisher,
            "mainEntityOfPage": around.url,
            "image": around.image,
            "inLanguage": LANGUAGE,
            **more,
        }
    )


def website(around: Around) -> dict[str, Any]:
    """Return the site with its search, from which engines may offer a search box."""
    return {
        "@type": "WebSite",
        "name": around.site_name,
        "url": around.home,
        "inLanguage": LANGUAGE,
        "publisher": around.publisher,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{around.home}sousuo/?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def trail_of(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the way from the home page to here, (name, whole address) each."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(steps, start=1)
        ],
    }
