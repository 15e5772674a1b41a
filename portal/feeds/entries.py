"""What stands in a feed: entries and the channels that give them. Values only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from wagtail.models import Page

from portal.conventions.addresses import path_of
from portal.conventions.told import touched
from portal.conventions.words import gist, plain

LATEST = 30  # entries of a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item. `key` never changes, whatever becomes of title, address or host; `updated` is never before `published`."""

    key: UUID
    title: str
    path: str
    published: datetime
    updated: datetime
    words: str = ""
    authors: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed of its own: `read` returns at most so many of its newest entries, the newest first."""

    name: str
    title: str
    words: str
    section: str  # the path of the page that readers open beside it
    read: Callable[[int], list[Entry]] = field(compare=False)


def entry_of(
    page: Any,
    *,
    day: date | None = None,
    published: datetime | None = None,
    moved: datetime | None = None,
    **more: Any,
) -> Entry:
    """Return the entry of a public page; `day` is its own date, `moved` when something outside the page changed.

    It counts as published when it was first seen here; a page that came with the first content, which never passed
    an editor, on its own date.
    """
    published = published or page.first_published_at or midnight(day) or touched(page)
    assert published is not None, "a page without a day of its own is in no channel"
    updated = max(moment for moment in (published, touched(page), moved) if moment is not None)
    told = {"title": plain(page.title), "words": gist(page)} | more
    return Entry(key=page.translation_key, path=path_of(page), published=published, updated=updated, **told)


def midnight(day: date | None) -> datetime | None:
    """Return the beginning of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def newest_first(entries: Iterable[Entry], most: int) -> list[Entry]:
    """Return the newest entries; those of one moment keep an order of their own."""
    return sorted(entries, key=lambda entry: (entry.published, str(entry.key)), reverse=True)[:most]


def root_key() -> UUID:
    """Return the random key of this site's home page: what makes keys of two installations differ (1 query)."""
    keys = Page.objects.filter(sites_rooted_here__is_default_site=True).values_list(
        "translation_key", flat=True
    )
    return keys.first() or UUID(int=0)


def key_of(name: str, root: UUID) -> UUID:
    """Return the lasting key of something that is no page, by a name that never changes."""
    return uuid5(root, name)
