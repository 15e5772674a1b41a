"""Which public pages carry a tag: each floor brings its shelves (`<app>.tagged.SHELVES`), this floor names none of them."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import CharField, Count, Value
from django.utils.module_loading import module_has_submodule

from portal.models import NoticePage, NoticeTag, Tag
from portal.visibility import open_to_all

MOST = 500  # words that the list of all shows


class Shelf(NamedTuple):
    """One sort of page with tags: `pages` gives the public ones, newest first; `day` the date of one of them."""

    key: str
    label: str
    words: type[Any]  # the table of its tags, a PageTag
    pages: Callable[[], Any]
    day: Callable[[Any], Any]


class Word(NamedTuple):
    """A tag in use: its name, its address, how many public pages carry it."""

    name: str
    slug: str
    pages: int


def notices() -> Any:
    """Return the public notices, newest first, without their text."""
    return open_to_all(NoticePage.objects.all()).defer("body").order_by("-date", "-pk")


SHELVES = (Shelf("tongzhi", "通知公告", NoticeTag, notices, lambda page: page.date),)


def shelves() -> list[Shelf]:
    """Return the shelves of all floors: people, then what they did, then what was announced."""
    found: list[Shelf] = []
    for config in reversed(list(apps.get_app_configs())):  # the upper floors come first there
        if config.name != "portal" and module_has_submodule(config.module, "tagged"):
            found += import_module(f"{config.name}.tagged").SHELVES
    return [*found, *SHELVES]


def words_in_use() -> list[Word]:
    """Return the words that public pages carry, the most used first (1 query). An unused word is not shown."""
    counted: dict[tuple[str, str], int] = {}
    for _, name, slug, number in _counts(shelves()):
        counted[name, slug] = counted.get((name, slug), 0) + number
    words = [Word(name, slug, number) for (name, slug), number in counted.items()]
    return sorted(words, key=lambda word: (-word.pages, word.slug))[:MOST]


def numbers_of(tag: Tag) -> dict[str, int]:
    """Return {shelf: how many of its public pages carry `tag`}, shelves without any left out (1 query)."""
    return {key: number for key, *_, number in _counts(shelves(), tag=tag)}


def carrying(shelf: Shelf, tag: Tag) -> Any:
    """Return the public pages of a shelf that carry `tag`, newest first."""
    return shelf.pages().filter(pk__in=shelf.words.objects.filter(tag=tag).values("content_object_id"))


def _counts(among: Iterable[Shelf], **narrowed: Any) -> Any:
    """Return rows (shelf, name, slug, number of public pages) of all shelves as one union."""
    rows = []
    for shelf in among:
        public = shelf.words.objects.filter(
            content_object__in=shelf.pages().order_by().values("pk"), **narrowed
        )
        named = public.annotate(shelf=Value(shelf.key, CharField())).values("shelf", "tag__name", "tag__slug")
        rows.append(
            named.annotate(number=Count("pk"))
            .order_by()
            .values_list("shelf", "tag__name", "tag__slug", "number")
        )
    return rows[0].union(*rows[1:], all=True)
