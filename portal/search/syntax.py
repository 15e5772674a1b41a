"""A question as the two databases understand it: FTS5 of SQLite and tsquery of PostgreSQL, from one reading.

Pieces hold letters, digits and Han alone (portal/search/words.py), so nothing typed can be read as a sign of either.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from portal.search.words import Word, words


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a database writes a word, and three ways to join."""

    follows: str
    opening: str
    closing: str
    begins: str
    both: str
    either: str
    without: str  # the one and not the other

    def word(self, word: Word) -> str:
        """Return one word: its pieces one after another, the last perhaps a beginning."""
        inner = self.follows.join(word.pieces)
        return f"{self.opening}{inner}{self.closing}{self.begins if word.prefix else ''}"

    def all_of(self, typed: Iterable[Word]) -> str:
        """Return the question for every one of the words; there is at least one."""
        return self.both.join(f"({self.word(word)})" for word in typed)

    def any_of(self, typed: Iterable[Word]) -> str:
        """Return the question for at least one of the words; there is at least one."""
        return self.either.join(f"({self.word(word)})" for word in typed)


FTS5 = Syntax(" ", '"', '"', "*", " AND ", " OR ", " NOT ")
TSQUERY = Syntax("' <-> '", "'", "'", ":*", " & ", " | ", " & !")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or with `negated` its opposite; without text it asks for everything, negated for nothing."""

    text: str
    negated: bool = False


EVERYTHING, NOTHING = Asked(""), Asked("", negated=True)


def read(query: SearchQuery, syntax: Syntax) -> Asked:
    """Return what a query of Wagtail's search asks for. A boost weighs nothing here, a fuzzy query is a plain one."""
    if isinstance(query, MatchAll):
        return EVERYTHING
    if isinstance(query, Not):
        inner = read(query.subquery, syntax)
        return Asked(inner.text, not inner.negated)
    if isinstance(query, Boost):
        return read(query.subquery, syntax)
    if isinstance(query, And | Or):
        parts = [read(each, syntax) for each in query.subqueries]
        if isinstance(query, And):
            return _all(parts, syntax)
        opposite = _all([Asked(part.text, not part.negated) for part in parts], syntax)
        return Asked(opposite.text, not opposite.negated)
    if isinstance(query, PlainText | Phrase | Fuzzy):
        typed = words(query.query_string)
        if not typed:
            return NOTHING
        loose = getattr(query, "operator", "and") == "or"
        return Asked(syntax.any_of(typed) if loose else syntax.all_of(typed))
    raise TypeError(f"no search knows {type(query).__name__}")


def _all(parts: list[Asked], syntax: Syntax) -> Asked:
    """Join questions of which each is to be met; FTS5 knows no "not" that stands alone."""
    if NOTHING in parts:
        return NOTHING
    held = [part.text for part in parts if part.text and not part.negated]
    barred = [part.text for part in parts if part.text and part.negated]
    unwanted = syntax.either.join(f"({text})" for text in barred)
    if not held:
        return Asked(unwanted, negated=True) if barred else EVERYTHING
    wanted = syntax.both.join(f"({text})" for text in held)
    return Asked(f"({wanted}){syntax.without}({unwanted})" if barred else wanted)
