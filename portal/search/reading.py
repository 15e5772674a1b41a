"""What a query finds on the public site: every answer of the index once, the best first, with what it leads to.

One statement reads the index, asks of each entry whether everybody may see what it leads to, and ranks. Whatever is
unpublished, restricted or out of office is gone at that moment, whatever the index still holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from modelsearch.backends import get_search_backend
from wagtail.models import Site

from portal.search.lent import Found, Hit, Lent, Reader, content_types
from portal.search.snippets import marked, pattern, snippet
from portal.search.words import Word, fragments, words

EVERYWHERE = ["title", "body"]
TITLES = ["autocomplete"]
RELATED = 12
SUGGESTED = 8


@dataclass(slots=True)
class Match:
    """One thing that was found, with the entries of the index that lead to it, the best first."""

    lent: Lent
    key: int
    entries: list[Found] = field(default_factory=list)


class Results(NamedTuple):
    """What a query finds. With `related` nothing holds every word: what holds some of `marks`, a few of them."""

    matches: list[Match]
    marks: list[Word]
    related: bool

    def sizes(self) -> dict[str, int]:
        """Return {kind: number of matches}."""
        sizes: dict[str, int] = {}
        for match in self.matches:
            sizes[match.lent.kind] = sizes.get(match.lent.kind, 0) + 1
        return sizes


class Shown(NamedTuple):
    """One match ready to be shown."""

    hit: Hit
    title: SafeString
    snippet: SafeString


def reader_of(request: HttpRequest) -> Reader | None:
    """Return on which pages and on which day the request searches; None without a site."""
    site = Site.find_for_request(request)
    return Reader(timezone.localdate(), site.root_page.path) if site else None


def search(query: str, reader: Reader) -> Results:
    """Return what holds every word of `query` (what clean_query returned), else what holds some of it.

    One statement where something is found; at most four where nothing is.
    """
    typed = words(query)
    if not typed:
        return Results([], [], related=False)
    found = matches(typed, reader)
    if found:
        return Results(found, typed, related=False)
    for loose in fragments(typed):
        found = matches(loose, reader, loose=True)
        if found:
            return Results(found[:RELATED], loose, related=True)
    return Results([], typed, related=False)


def suggest(query: str, reader: Reader) -> list[Match]:
    """Return at most eight titles and people that begin with or hold what has been typed so far (1 query)."""
    typed = words(query)
    return matches(typed, reader, columns=TITLES)[:SUGGESTED] if typed else []


def matches(
    typed: Sequence[Word], reader: Reader, *, loose: bool = False, columns: list[str] = EVERYWHERE
) -> list[Match]:
    """Return what holds all the words, or with `loose` any of them, each thing once (1 query)."""
    backend = get_search_backend()
    either = backend.syntax.any_of(typed)
    found = backend.hits(either if loose else backend.syntax.all_of(typed), either, columns)
    kinds = content_types()
    rows = backend.rows(_leading(found, kinds, reader))
    seen: dict[tuple[str, int], Match] = {}
    for kind, key, target in rows:
        if target is not None:
            lent, model = kinds[kind]
            match = seen.setdefault((lent.kind, target), Match(lent, target))
            match.entries.append(Found(model, key))
    return list(seen.values())


def _leading(found: QuerySet[Any], kinds: dict[int, Any], reader: Reader) -> QuerySet[Any]:
    """Return rows (content type, key, key of what it leads to or None) of hits, in their order."""
    ways: dict[Any, list[int]] = {}
    for kind, (lent, model) in kinds.items():
        ways.setdefault(lent.entries[model], []).append(kind)
    cases = [
        When(kind__in=those, then=Subquery(leads(OuterRef("key"), reader)[:1]))
        for leads, those in ways.items()
    ]
    target = Case(*cases, default=None, output_field=BigIntegerField())
    rows: QuerySet[Any] = found.filter(kind__in=list(kinds)).annotate(target=target)
    return rows.values_list("kind", "key", "target")


def show(found: Sequence[Match], marks: Sequence[Word], reader: Reader) -> list[Shown]:
    """Return matches as they are shown, in their order; a few queries for each kind among them."""
    by_kind: dict[str, tuple[Lent, dict[int, list[Found]]]] = {}
    for match in found:
        by_kind.setdefault(match.lent.kind, (match.lent, {}))[1][match.key] = match.entries
    hits = {
        (kind, key): hit
        for kind, (lent, entries) in by_kind.items()
        for key, hit in lent.show(entries, reader).items()
    }
    wanted = pattern(marks)
    return [
        Shown(hit, marked(hit.title, wanted), snippet(hit.texts, hit.line, wanted))
        for match in found
        if (hit := hits.get((match.lent.kind, match.key)))
    ]
