"""What the floors lend to the search: each has a module `findings` with a list LENT, found by name.

This floor knows how pages are found and shown; which pages there are, and what else, the floors above say.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils import timezone
from modelsearch.index import get_indexed_models
from wagtail.models import Page

from portal.models.pages import kinds_of_pages
from portal.search.indexing import FORCED_BREAK
from portal.serve import FLOORS
from portal.visibility import open_to_all

SECTION = "（栏目）"
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches: anybody, on a day, on the pages below `root` (a path)."""

    day: date
    root: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, as it is shown. `texts` are looked through for the words, the first first."""

    title: str
    href: str
    label: str
    day: date | None = None
    line: str = ""  # shown where none of the texts holds a word
    texts: Sequence[str] = ()
    person: int | None = None  # the key of a person, who has a tile instead of a date
    source: str = ""  # where the text stands, when it is not the page itself


# The key of what an entry of the index leads to, as a query of one value; of nothing, where not everybody may see it.
Leads = Callable[[Any, Reader], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of the index that answered."""

    model: type[Model]
    key: int


# From what is to be shown, by its key, with the entries that led to it, to how it is shown; a constant number of queries.
Shows = Callable[[Mapping[int, Sequence[Found]], Reader], dict[int, Hit]]


@dataclass(frozen=True, slots=True)
class Lent:
    """One kind of findings: which entries of the index lead to it, and how it is shown."""

    kind: str  # the word of ?kind=
    label: str
    entries: Mapping[type[Model], Leads]
    show: Shows
    order: int = 50  # of the kinds in the filter


@cache
def lent() -> dict[str, Lent]:
    """Return what all floors lend, by kind, in the order of the filter; pages that nobody names are sections."""
    found: list[Lent] = []
    for floor in FLOORS:
        if find_spec(f"{floor}.findings"):
            found += import_module(f"{floor}.findings").LENT
    named = {model for each in found for model in each.entries}
    others = [model for model in kinds_of_pages() if model not in named]
    found.append(pages("section", "栏目与说明", *others, order=90, label_of_all="栏目"))
    return {each.kind: each for each in sorted(found, key=lambda each: each.order)}


def content_types() -> dict[int, tuple[Lent, type[Model]]]:
    """Return {content type: (kind, model)} of every model that is found; content types are remembered by Django."""
    return {
        ContentType.objects.get_for_model(model).pk: (each, model)
        for each in lent().values()
        for model in each.entries
    }


def hidden_types() -> list[int]:
    """Return the content types that are indexed for the admin alone: pictures, documents."""
    shown = {model for each in lent().values() for model in each.entries}
    others = [model for model in get_indexed_models() if model not in shown]
    return [kind.pk for kind in ContentType.objects.get_for_models(*others).values()]


def open_page(key: Any, reader: Reader) -> QuerySet[Any]:
    """Lead from a page's entry to the page, when it is open to all."""
    pages = open_to_all(Page.objects.filter(pk=key, path__startswith=reader.root))
    return pages.order_by().values("pk")  # type: ignore[no-any-return]


def pages(
    kind: str,
    label: str,
    *models: type[Any],
    order: int = 50,
    leads: Leads = open_page,
    label_of_all: str = "",
) -> Lent:
    """Return a kind of findings that are pages of `models`; each has the name of its model, else `label_of_all`."""
    same = {"label": label_of_all} if label_of_all else {}

    def show(found: Mapping[int, Sequence[Found]], reader: Reader) -> dict[int, Hit]:
        keys = keys_by_model(found)
        return {
            page.pk: page_hit(page, **same)
            for model in models
            for page in (model.objects.filter(pk__in=keys[model]) if model in keys else ())
        }

    return Lent(kind, label, dict.fromkeys(models, leads), show, order)


def keys_by_model(found: Mapping[int, Sequence[Found]]) -> dict[type[Any], list[int]]:
    """Return {model: keys of its entries} of what is to be shown."""
    keys: dict[type[Any], list[int]] = {}
    for entries in found.values():
        for entry in entries:
            keys.setdefault(entry.model, []).append(entry.key)
    return keys


def page_hit(page: Any, **more: Any) -> Hit:
    """Return how a page is shown: its own date, else the day it was first published."""
    published = page.first_published_at
    texts = list(filter(None, own_texts(page)))
    about: dict[str, Any] = {
        "title": page.title.replace(FORCED_BREAK, ""),
        "href": page.url or "",
        "label": str(page._meta.verbose_name).removesuffix(SECTION),
        "day": getattr(page, "date", None) or (timezone.localdate(published) if published else None),
        "line": page.summary or (texts[0] if texts else ""),
        "texts": texts,
    }
    return Hit(**about | more)


def own_texts(page: Any) -> Iterable[str]:
    """Yield the texts of a page's own search fields but the title; long texts as they are stored, without a query."""
    for known in page.get_searchable_search_fields():
        if not known.boost:
            value = getattr(page, known.field_name)
            stored = hasattr(value, "raw_data")
            yield (
                unescape(TAG.sub(" ", " ".join(stored_text(value.raw_data)))) if stored else str(value or "")
            )


def stored_text(value: Any) -> Iterable[str]:
    """Yield the strings of a stored StreamField that are seen: no names of blocks, no ids, no words for pictures."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        whole = {"type", "value"} <= value.keys()
        inner = [value["value"]] if whole else [each for name, each in value.items() if name != "alt"]
        for each in inner:
            yield from stored_text(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from stored_text(each)
