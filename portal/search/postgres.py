"""Wagtail's search on PostgreSQL: tsvector over pairs, ranked in one pass by ts_rank.

Vectors and questions are written out by us and cast: neither the parser nor the locale of the server has a say.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, F, FloatField, QuerySet, When, Window
from django.db.models.functions import Cast, RowNumber
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

from portal.search.indexing import PairIndex
from portal.search.syntax import EVERYTHING, NOTHING, TSQUERY, Asked, read

RANKED_BODIES = (
    300  # reading a long vector costs more than finding it: so many of the best titles' rest are ranked
)


class Question(SearchQuery):
    """A tsquery as it stands; to_tsquery would parse it again."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        """Write the cast of the one parameter."""
        return super().as_sql(compiler, connection, template="%(expressions)s::tsquery")


def question(asked: Asked) -> Question:
    """Return the expression of what is asked."""
    return Question(f"!({asked.text})" if asked.negated else asked.text, search_type="raw")


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
        vectors = self.get_search_vectors(question(asked))
        whole = vectors[0][0]
        for vector, _ in vectors[1:]:
            whole = whole._combine(vector, "||", False)
        queryset = self.queryset.annotate(_vector_=whole).filter(_vector_=question(asked))
        rank = self._build_rank_expression(vectors, config)
        return self._apply_ordering_and_scoring(queryset, rank, start, stop, score_field)


class PairAutocompleteCompiler(PairCompiler, PostgresAutocompleteQueryCompiler):
    """The same in titles and what else is completed."""


class PairPostgresIndex(PairIndex, PostgresIndex):
    """Pieces as the text of a tsvector: each with its places."""

    def column(self, found: list[str]) -> str:
        """Return the vector's own writing: 'piece':place,place …"""
        places: dict[str, list[str]] = {}
        for place, piece in enumerate(found, start=1):
            places.setdefault(piece, []).append(str(place))
        return " ".join(f"'{piece}':{','.join(at)}" for piece, at in places.items())


class PairBackend(PostgresSearchBackend):
    """The backend of WAGTAILSEARCH_BACKENDS on PostgreSQL."""

    query_compiler_class = PairCompiler
    autocomplete_query_compiler_class = PairAutocompleteCompiler
    index_class = PairPostgresIndex
    syntax = TSQUERY

    def hits(self, text: str, loose: str, columns: list[str]) -> QuerySet[Any]:
        """Return the entries that answer `text`, the best first, with `kind` (content type) and `key`.

        Titles are ranked by `loose`, so that each word in a title counts; bodies by nearness, the first of them only.
        """
        asked, (first, *rest) = Question(text, search_type="raw"), map(F, columns)
        whole: Any = first
        for column in rest:
            whole = whole._combine(column, "||", False)
        found: QuerySet[Any] = (
            self.get_index_for_model(None).entries.annotate(_vector_=whole).filter(_vector_=asked)
        )
        found = found.annotate(
            kind=F("content_type_id"),
            key=Cast("object_id", BigIntegerField()),
            rank=SearchRank(first, Question(loose, search_type="raw")),
        )
        if not rest:
            return found.order_by("-rank", "-pk")
        place = Window(RowNumber(), order_by=[F("rank").desc(), F("pk").desc()])
        near = Case(
            When(place__lte=RANKED_BODIES, then=SearchRank(rest[0], asked)), output_field=FloatField()
        )
        found = found.annotate(place=place, near=near)
        return found.order_by("-rank", F("near").desc(nulls_last=True), "-pk")

    def rows(self, found: QuerySet[Any]) -> list[Any]:
        """Read a queryset of hits by the index: the planner takes reading every long vector for cheap, and it is not."""
        with transaction.atomic(savepoint=False):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
            return list(found)
