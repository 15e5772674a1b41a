"""What a sheet asks for next: the next band, the short items, what one more fact would move."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.rules.exact import ONE
from scoring.rules.fact import Fact
from scoring.rules.sheet import CategoryScore, ItemScore, Sheet
from scoring.rules.standard import Band, Standard
from scoring.rules.tally import tally

SHORT_UNDER: Final = Fraction(72, 100)
"""A figure under this share of its most is a short item (短板), as the score card draws it."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next band up and the points still wanting."""

    band: Band
    distance: Decimal


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A category or item that is short: its points, the most it gives, and the gap between them."""

    score: CategoryScore | ItemScore
    points: Fraction
    ceiling: Fraction
    gap: Fraction

    @property
    def name(self) -> str:
        """The name of the category or item."""
        return self.score.category.name if isinstance(self.score, CategoryScore) else self.score.item.name


def next_band(standard: Standard, total: Decimal) -> Ahead | None:
    """Return the nearest band above a rounded total and the distance to it; None in the highest band."""
    above = [band for band in standard.bands if band.minimum is not None and band.minimum > total]
    if not above or above[-1].minimum is None:
        return None
    return Ahead(above[-1], above[-1].minimum - total)


def shortfalls(sheet: Sheet) -> tuple[Shortfall, ...]:
    """Return the regular categories and items under 72 % of the most they give, the largest gap first.

    Bonus and deduction categories are no duty, so they are never short; nor is what has no known most.
    On equal gaps a category stands before its items, and the order of the standard decides the rest.
    """
    regular = [score for score in sheet.categories if score.applies and score.category.kind == "regular"]
    scores: list[CategoryScore | ItemScore] = []
    for category in regular:
        scores += [category, *(item for item in category.items if item.applies)]
    short = (
        Shortfall(score, score.points, score.ceiling, score.ceiling - score.points)
        for score in scores
        if score.ceiling is not None and score.ceiling > 0 and score.points < SHORT_UNDER * score.ceiling
    )
    return tuple(sorted(short, key=lambda shortfall: -shortfall.gap))


def marginal(
    standard: Standard,
    facts: Iterable[Fact],
    tags: Collection[str],
    new_fact: Fact,
    share: Fraction = ONE,
) -> Decimal:
    """Return how far the rounded total would move if `new_fact` came after `facts`; may be negative.

    Raises FactRefused as `tally` does.
    """
    known = tuple(facts)
    return tally(standard, (*known, new_fact), tags, share).total - tally(standard, known, tags, share).total
