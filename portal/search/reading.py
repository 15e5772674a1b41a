"""What a query finds on the public site: every answer of the index once, the best first, with what it leads to.

One statement ranks the entries of the index, a second asks of the best whether everybody may see what they lead to.
Whatever is unpublished, restricted or out of office is gone at that moment, whatever the index still holds.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, OuterRef, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from wagtail.models import Site

from portal.search.lent import Found, Hit, Reader, content_types, hidden_types, lent
from portal.search.snippets import marked, pattern, snippet
from portal.search.words import Word, fragments, words

EVERYWHERE = ["title", "body"]
TITLES = ["autocomplete"]
MOST = 500  # entries of which more is asked than their rank; nobody reads further
RELATED, LOOKED_AT = 12, 200  # shown of what holds some words, and entries looked at for that
SUGGESTED = 8
KEY = Cast("object_id", BigIntegerField())  # of what an entry stands for


class Match(NamedTuple):
    """One thing that was found."""

    kind: str
    key: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a query finds, the best first. With `related` nothing holds every word: it holds some of `marks`.

    With `many` there is more than is listed. `entries` are those of the index, as (kind, key of what they lead to, entry).
    """

    matches: list[Match]
    marks: list[Word]
    entries: list[tuple[Match, Found]]
    related: bool = False
    many: bool = False

    def sizes(self) -> dict[str, int]:
        """Return {kind: number of matches}."""
        return Counter(match.kind for match in self.matches)


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

    Two statements where something is found; at most eight where nothing is.
    """
    typed = words(query)
    results = _found(typed, reader, MOST)
    readings = () if results.matches else fragments(typed)
    for loose in readings:
        related = _found(loose, reader, LOOKED_AT, loose=True)
        if related.matches:
            return replace(related, matches=related.matches[:RELATED], related=True, many=False)
    return results


def suggest(query: str, reader: Reader) -> Results:
    """Return at most eight titles and people that begin with or hold what has been typed so far (2 queries)."""
    found = _found(words(query), reader, LOOKED_AT, columns=TITLES)
    return replace(found, matches=found.matches[:SUGGESTED])


def _found(
    typed: list[Word], reader: Reader, most: int, *, loose: bool = False, columns: list[str] = EVERYWHERE
) -> Results:
    """Return what holds all the words, or with `loose` any of them, each thing once."""
    if not typed:
        return Results([], [], [])
    backend = get_search_backend()
    with backend.reading():
        keys = backend.best(typed, columns, most, loose=loose, hidden=hidden_types())
        rows = _index_entries().filter(pk__in=keys)
        entries = _entries(keys, backend.exact(rows, typed, columns, loose=loose), reader) if keys else []
    return Results(list(dict.fromkeys(match for match, _ in entries)), typed, entries, many=len(keys) == most)


def _index_entries() -> Any:
    return get_app_config().get_model("IndexEntry").objects.all()


def _entries(keys: list[int], rows: Any, reader: Reader) -> list[tuple[Match, Found]]:
    """Return what `rows` of the index lead to, in the order of `keys`, as far as everybody may see it (1 query)."""
    kinds = content_types()
    rows = rows.filter(content_type__in=list(kinds)).annotate(key=KEY, leads=_leads(tuple(kinds), reader))
    known = {pk: row for pk, *row in rows.values_list("pk", "content_type_id", "key", "leads")}
    found = []
    for pk in keys:
        kind, key, target = known.get(pk, (None, None, None))
        if target is not None:
            each, model = kinds[kind]
            found.append((Match(each.kind, target), Found(model, key)))
    return found


@lru_cache(maxsize=4)  # writing it takes longer than running it; it holds nothing but conditions
def _leads(kinds: tuple[int, ...], reader: Reader) -> RawSQL:
    """Return the expression of what an entry leads to, written once; `kinds` are the keys of content_types()."""
    ways: dict[Any, list[int]] = {}
    for kind, (each, model) in content_types().items():
        ways.setdefault(each.entries[model], []).append(kind)
    cases = [
        When(content_type__in=those, then=Subquery(leads(OuterRef("key"), reader)[:1]))
        for leads, those in ways.items()
    ]
    case = Case(*cases, default=None, output_field=BigIntegerField())
    entries = _index_entries().annotate(key=KEY).annotate(leads=case)
    sql, params = entries.query.get_compiler(entries.db).compile(entries.query.annotations["leads"])
    return RawSQL(sql, params, output_field=BigIntegerField())  # noqa: S611 -- the ORM's own writing


def show(found: Sequence[Match], results: Results, reader: Reader) -> list[Shown]:
    """Return some matches of `results` as they are shown, in their order; a few queries for each kind among them."""
    by_kind: dict[str, dict[int, list[Found]]] = {}
    for match in found:
        by_kind.setdefault(match.kind, {})[match.key] = []
    for match, entry in results.entries:
        entries = by_kind.get(match.kind, {}).get(match.key)
        if entries is not None:
            entries.append(entry)
    hits = {
        Match(kind, key): hit
        for kind, entries in by_kind.items()
        for key, hit in lent()[kind].show(entries, reader).items()
    }
    wanted = pattern(results.marks)
    return [
        Shown(hit, marked(hit.title, wanted), snippet(hit.texts, hit.line, wanted))
        for match in found
        if (hit := hits.get(match))
    ]
