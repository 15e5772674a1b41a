"""Wagtail's search on PostgreSQL: tsvector over pairs, ranked in one pass by ts_rank.

Vectors and questions are written out by us and cast: neither the parser nor the locale of the server has a say.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import Case, F, FloatField, QuerySet, When, Window
from django.db.models.functions import RowNumber
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

from portal.search.indexing import Entry, PairIndex
from portal.search.syntax import EVERYTHING, NOTHING, TSQUERY, Asked, Syntax, read
from portal.search.words import MOST_PIECES, Word

BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
# The index knows no places: looking whether pieces follow each other reads the whole vector of each candidate.
ROUGHLY = replace(TSQUERY, follows="' & '")
# Reading a long vector costs more than finding it: so many are ranked by their bodies, of the best titles first.
RANKED_BODIES = 300


class Question(SearchQuery):
    """A tsquery as it stands; to_tsquery would parse it again."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        """Write the cast of the one parameter."""
        return super().as_sql(compiler, connection, template="%(expressions)s::tsquery")


def question(asked: Asked) -> Question:
    """Return the expression of what is asked."""
    return Question(f"!({asked.text})" if asked.negated else asked.text, search_type="raw")


def _asked(typed: list[Word], syntax: Syntax, *, loose: bool) -> Question:
    return Question(syntax.any_of(typed) if loose else syntax.all_of(typed), search_type="raw")


class PairCompiler(PostgresSearchQueryCompiler):
    """A search in a queryset: the words in pairs. The query of modelsearch for Not(Phrase) forgets its Not."""

    def build_tsquery(self, query: Any, config: Any = None) -> Question:
        """Return the question for the whole query; there is no other than ours."""
        return question(read(query, TSQUERY))

    def build_tsrank(self, vector: Any, query: Any, config: Any = None, boost: float = 1.0) -> Any:
        """Return one rank for the whole query."""
        return SearchRank(vector, self.build_tsquery(query))

    def search(
        self, config: Any, start: int, stop: int | None, score_field: str | None = None, backend: Any = None
    ) -> Any:
        """Return the rows of the queryset that answer the query, from `start` to `stop`, the best first."""
        asked = read(self.query, TSQUERY)
        if asked == NOTHING:
            return self.queryset.none()
        if asked == EVERYTHING:
            return self.queryset[start:stop]
        vectors = self.get_index_vectors(question(asked))  # of pairs; a field by itself holds none
        queryset = self.queryset.annotate(_vector_=vectors[-1][0]).filter(_vector_=question(asked))
        rank = self._build_rank_expression(vectors, config)
        return self._apply_ordering_and_scoring(queryset, rank, start, stop, score_field)


class PairAutocompleteCompiler(PairCompiler, PostgresAutocompleteQueryCompiler):
    """The same in titles and what else is completed."""


class PairPostgresIndex(PairIndex, PostgresIndex):
    """Pieces as the text of a tsvector: each with its places. The body holds the title too: one index answers for both."""

    def columns(self, entry: Entry) -> dict[str, str]:
        """Return the vectors as they are written: 'piece':place,place …"""
        whole = entry._replace(body=(entry.title + entry.body)[:MOST_PIECES])
        return {name: _vector(found) for name, found in whole._asdict().items()}


def _vector(found: list[str]) -> str:
    places: dict[str, list[str]] = {}
    for place, piece in enumerate(found, start=1):
        places.setdefault(piece, []).append(str(place))
    return " ".join(f"'{piece}':{','.join(at)}" for piece, at in places.items())


class PairBackend(PostgresSearchBackend):
    """The backend of WAGTAILSEARCH_BACKENDS on PostgreSQL."""

    query_compiler_class = PairCompiler
    autocomplete_query_compiler_class = PairAutocompleteCompiler
    index_class = PairPostgresIndex

    def best(
        self,
        typed: list[Word],
        columns: list[str],
        most: int,
        *,
        loose: bool = False,
        hidden: Sequence[int] = (),
    ) -> list[int]:
        """Return the keys of at most `most` entries that hold all the words, or any where `loose`, the best first.

        Entries of the content types `hidden` are passed over.

        They hold all pairs of a word; whether these follow each other is asked of those alone, by `exact` (1 query).
        Titles are ranked by each word by itself; bodies by nearness, the first of them only.
        """
        asked = _asked(typed, ROUGHLY, loose=loose)
        first, *rest = map(F, columns)
        shown = IndexEntry.objects.exclude(content_type__in=hidden)
        found: QuerySet[Any] = shown.annotate(_vector_=F(columns[-1]))
        found = found.filter(_vector_=asked).annotate(
            rank=SearchRank(first, _asked(typed, TSQUERY, loose=True))
        )
        order: list[Any] = ["-rank", "-pk"]
        if rest:
            place = Window(RowNumber(), order_by=[F("rank").desc(), F("pk").desc()])
            near = When(place__lte=RANKED_BODIES, then=SearchRank(rest[0], asked))
            found = found.annotate(place=place, near=Case(near, output_field=FloatField()))
            order.insert(1, F("near").desc(nulls_last=True))
        return list(found.order_by(*order).values_list("pk", flat=True)[:most])

    def exact(
        self, entries: QuerySet[Any], typed: list[Word], columns: list[str], *, loose: bool = False
    ) -> Any:
        """Return those of `entries` in which the pairs of each word follow each other."""
        if all(len(word.pieces) == 1 for word in typed):
            return entries
        vector = F(columns[-1])
        return entries.annotate(_vector_=vector).filter(_vector_=_asked(typed, TSQUERY, loose=loose))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read within this: the planner takes reading every long vector for cheap, and it is not (1 setting)."""
        with transaction.atomic(savepoint=False):
            with connection.cursor() as cursor:
                cursor.execute(BY_INDEX)
            yield
