"""Wagtail's search on SQLite: FTS5 over pairs, ranked in one pass by bm25()."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db.models import BigIntegerField, Expression, F, FloatField, Func, QuerySet, Value
from django.db.models.functions import Cast
from modelsearch.backends.database.sqlite.query import MatchExpression
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.utils import get_descendants_content_types_pks

from portal.search.indexing import PairIndex
from portal.search.syntax import EVERYTHING, FTS5, NOTHING, read
from portal.search.words import Word

TABLE = SQLiteFTSIndexEntry._meta.db_table
TITLE_WEIGHT = 1000  # so much that any title comes before any body; columns: autocomplete, body, title


class Rank(Func):
    """How well a row of the full-text table fits, the higher the better: bm25 itself counts downwards."""

    output_field = FloatField()
    template = f"(-bm25({TABLE}, 1, 1, {TITLE_WEIGHT}))"


class RankOf(Expression):
    """The rank of the outer row among `hits`, a query of `key` and `rank` that is run once for all rows."""

    output_field = FloatField()

    def __init__(self, hits: QuerySet[Any], key: Expression | F) -> None:
        super().__init__(output_field=FloatField())
        self.hits, self.key = hits, key

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Write the hits as a table of its own; LIMIT keeps SQLite from merging it and running it for each row."""
        inner, params = self.hits.values("key", "rank").query.sql_with_params()
        outer, more = compiler.compile(self.key)
        sql = f"(SELECT found.rank FROM ({inner} LIMIT -1) AS found WHERE found.key = {outer} LIMIT 1)"  # noqa: S608
        return sql, [*params, *more]


def matching(text: str, columns: list[str]) -> Any:
    """Return the rows of the full-text table whose `columns` answer an FTS5 question, with `rank`."""
    return SQLiteFTSIndexEntry.objects.filter(MatchExpression(columns, Value(text))).annotate(rank=Rank())


class PairCompiler(SQLiteSearchQueryCompiler):
    """A search in a queryset: the words in pairs, one ranking for all rows."""

    def search(self, config: Any, start: int, stop: int | None, score_field: str | None = None) -> Any:
        """Return the rows of the queryset that answer the query, from `start` to `stop`, the best first."""
        asked = read(self.query, FTS5)
        if asked == NOTHING:
            return self.queryset.none()
        if asked == EVERYTHING:
            return self.queryset[start:stop]
        kinds = get_descendants_content_types_pks(self.queryset.model)
        found = matching(asked.text, self.FTS_TABLE_FIELDS).filter(index_entry__content_type__in=kinds)
        found = found.annotate(key=Cast("index_entry__object_id", BigIntegerField()))
        if asked.negated:
            queryset = self.queryset.exclude(pk__in=found.values("key"))
        else:
            queryset = self.queryset.filter(pk__in=found.values("key"))
            if score_field or self.order_by_relevance:
                score_field = score_field or "_score"
                queryset = queryset.annotate(**{score_field: RankOf(found, F("pk"))})
        if self.order_by_relevance and not asked.negated:
            queryset = queryset.order_by(f"-{score_field}", "-pk")
        elif not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]


class PairAutocompleteCompiler(PairCompiler, SQLiteAutocompleteQueryCompiler):
    """The same in titles and what else is completed."""


class PairSQLiteIndex(PairIndex, SQLiteIndex):
    """Pieces with spaces between them: FTS5 takes each for a word."""


class PairBackend(SQLiteSearchBackend):
    """The backend of WAGTAILSEARCH_BACKENDS on SQLite."""

    query_compiler_class = PairCompiler
    autocomplete_query_compiler_class = PairAutocompleteCompiler
    index_class = PairSQLiteIndex

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

        Entries of the content types `hidden` are passed over. bm25 weighs each word by itself (1 query).
        """
        found = matching(FTS5.any_of(typed) if loose else FTS5.all_of(typed), columns)
        # Not by a join: for each row of the full-text table it would read a long one of the index.
        passed_over = IndexEntry.objects.filter(content_type__in=hidden).values("pk")
        found = found.exclude(pk__in=passed_over) if hidden else found
        return list(found.order_by("-rank", "-pk").values_list("pk", flat=True)[:most])

    def exact(
        self, entries: QuerySet[Any], typed: list[Word], columns: list[str], *, loose: bool = False
    ) -> Any:
        """Return `entries`: FTS5 has already looked whether the pairs of a word follow each other."""
        return entries

    def reading(self) -> AbstractContextManager[None]:
        """Read within this: nothing is to be set here."""
        return nullcontext()
