"""Every public address: for engines as sitemaps of at most 5,000, for people as sections with their pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber, Substr
from wagtail.models import Page

from portal.conventions.addresses import absolute
from portal.conventions.discovery import lent
from portal.conventions.told import stamp
from portal.conventions.words import plain
from portal.visibility import open_to_all

A_FILE = 5_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
IN_SECTION = 24  # pages that the map for people names below a section; the others stand in the section itself


class Address(NamedTuple):
    """One public address of a plain view; `title` puts it on the map for people, `touched` is when it changed."""

    path: str
    title: str = ""
    touched: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the map: its page, all pages below it or the newest, and how many there are in all."""

    title: str
    path: str
    pages: list[Any]
    number: int

    @property
    def more(self) -> bool:
        """Whether the section holds more than is named here."""
        return self.number > len(self.pages)


def public_pages(root: Page) -> Any:
    """Return the pages at and below `root` that everybody may read, in the order of their making."""
    return (
        open_to_all(Page.objects.descendant_of(root, inclusive=True))
        .filter(alias_of__isnull=True)
        .order_by("pk")
    )


def named_addresses() -> list[Address]:
    """Return those of the plain views that have a title, for the map for people (no query)."""
    return [address for offered in lent("sitemaps", "named") for address in offered()]


def view_addresses(moment: datetime) -> list[Address]:
    """Return the public addresses of plain views that the floors lend by their modules `sitemaps`."""
    return [address for offered in lent("sitemaps", "addresses") for address in offered(moment)]


def all_addresses(root: Page, moment: datetime) -> list[tuple[str, str]]:
    """Return (whole address, lastmod or empty) of everything public, pages before views (1 query and the views')."""
    changed = Coalesce("last_published_at", "latest_revision_created_at", "first_published_at")
    rows = public_pages(root).annotate(changed=changed).values_list("url_path", "changed")
    pages = [(absolute(below(root, url_path)), stamp(touched)) for url_path, touched in rows.iterator()]
    return pages + [(absolute(address.path), stamp(address.touched)) for address in view_addresses(moment)]


def below(root: Page, url_path: str) -> str:
    """Return the path of a page whose tree path is `url_path` on the site that begins at `root`."""
    return "/" + url_path.removeprefix(root.url_path)


def number_of_files(rows: list[tuple[str, str]]) -> int:
    """Return how many files the sitemap of these addresses has; with one there is no index."""
    return -(-len(rows) // A_FILE)


def sitemap(rows: list[tuple[str, str]], number: int = 1) -> str:
    """Return file `number` of the sitemap, counted from 1."""
    entries = "".join(
        f"<url><loc>{escape(address)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>\n"
        for address, changed in rows[(number - 1) * A_FILE : number * A_FILE]
    )
    return f"{HEAD}<urlset {SPACE}>\n{entries}</urlset>\n"


def index(files: int, path_of: Any) -> str:
    """Return the index of so many files; `path_of` gives the path of each."""
    rows = (f"<sitemap><loc>{escape(absolute(path_of(n)))}</loc></sitemap>\n" for n in range(1, files + 1))
    return f"{HEAD}<sitemapindex {SPACE}>\n{''.join(rows)}</sitemapindex>\n"


def sections(root: Page) -> list[Section]:
    """Return the sections of the site in their order, each with its pages and the number of all (2 queries).

    A section of more than IN_SECTION names the newest, the latest first; a smaller one all, in the editors' order.
    """
    length = len(root.path) + Page.steplen
    heads = list(open_to_all(root.get_children()).order_by("path"))
    parent = Substr("path", 1, length)
    below_heads = (
        open_to_all(
            Page.objects.descendant_of(root).filter(path__startswith=root.path, depth__gt=root.depth + 1)
        )
        .annotate(parent=parent)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("parent")],
                order_by=[
                    F("depth").asc(),
                    F("first_published_at").desc(nulls_last=True),
                    F("pk").desc(),
                ],
            ),
            number=Window(Count("pk"), partition_by=[F("parent")]),
        )
        .filter(place__lte=IN_SECTION)
        .order_by("place")
    )
    rows: dict[str, list[Any]] = {}
    for page in below_heads.values("parent", "title", "url_path", "number", "path"):
        named = {
            "title": plain(page["title"]),
            "path": below(root, page["url_path"]),
            "number": page["number"],
            "in_tree": page["path"],
        }
        rows.setdefault(page["parent"], []).append(named)
    return [_section(root, head, rows.get(head.path, [])) for head in heads]


def _section(root: Page, head: Page, pages: list[Any]) -> Section:
    number = pages[0]["number"] if pages else 0
    if number <= IN_SECTION:
        pages.sort(key=lambda page: page["in_tree"])
    return Section(plain(head.title), below(root, head.url_path), pages, number)
