"""The sheet a tally answers with: every figure, what it is the sum of, and what cut it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from scoring.rules.exact import ONE, ZERO, Cut
from scoring.rules.fact import Fact
from scoring.rules.kinds import Target, Threshold
from scoring.rules.standard import Band, Category, Item, Standard


class Reason(StrEnum):
    """Why units of a fact were left out."""

    NOT_IN_TABLE = "not_in_table"
    BEFORE_FROM = "before_from"
    OVER_AT_MOST = "over_at_most"
    DUPLICATE_REF = "duplicate_ref"
    EXCLUSIVE_ELSEWHERE = "exclusive_elsewhere"
    NOT_APPLICABLE = "not_applicable"
    NOT_COUNTED = "not_counted"

    @property
    def label(self) -> str:
        """The words a reader sees."""
        return _REASON_LABELS[self]


_REASON_LABELS: Final = {
    Reason.NOT_IN_TABLE: "不在计分表内",
    Reason.BEFORE_FROM: "未到起计数",
    Reason.OVER_AT_MOST: "已满计分数量",
    Reason.DUPLICATE_REF: "同一事项只计一次",
    Reason.EXCLUSIVE_ELSEWHERE: "已在得分更高的小项计分",
    Reason.NOT_APPLICABLE: "这一项不适用",
    Reason.NOT_COUNTED: "这一项不按记录计分",
}


class Effect(StrEnum):
    """What a fact does beyond adding points."""

    ZEROES = "zeroes"
    VETOES = "vetoes"
    VOIDS = "voids"

    @property
    def label(self) -> str:
        """The words a reader sees."""
        return _EFFECT_LABELS[self]


_EFFECT_LABELS: Final = {
    Effect.ZEROES: "本项清零",
    Effect.VETOES: "一票否决",
    Effect.VOIDS: "总分清零",
}


@dataclass(frozen=True, slots=True)
class Omission:
    """Units of a fact that do not count; `item` is where they count instead (exclusive_elsewhere only)."""

    reason: Reason
    units: Fraction
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One fact on the sheet: `units` + Σ `omissions` is its n; `points` is what it adds before the clamp."""

    fact: Fact
    units: Fraction
    points: Fraction
    omissions: tuple[Omission, ...] = ()
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item: `opening` + Σ `lines` is `raw` where `additive`; `points` is `raw` after `cut`.

    `units` is the quantity its rule measured, `ceiling` the most it can ever give (None: no bound follows
    from the standard).
    """

    item: Item
    applies: bool
    units: Fraction
    opening: Fraction
    raw: Fraction
    points: Fraction
    cut: Cut | None
    ceiling: Fraction | None
    lines: tuple[Line, ...]

    @property
    def additive(self) -> bool:
        """Say whether the lines' own points add up to the raw points."""
        return not isinstance(self.item.rule, Threshold | Target)


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One category: `before` is the sum of its items, `points` what is left after its own clamp."""

    category: Category
    applies: bool
    items: tuple[ItemScore, ...]
    before: Fraction
    points: Fraction
    cut: Cut | None
    ceiling: Fraction | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A person's score: `before` is base + Σ categories, `exact` after clamp and void, `total` rounded.

    `earned_band` is the band of the total; `band` is the same unless a veto forced another. `share` is the part of
    the period that was served.
    """

    standard: Standard
    categories: tuple[CategoryScore, ...]
    before: Fraction
    exact: Fraction
    total: Decimal
    cut: Cut | None
    band: Band
    earned_band: Band
    share: Fraction = ONE

    @property
    def items(self) -> Iterator[ItemScore]:
        """Every item's score, in the order of the standard."""
        return (score for category in self.categories for score in category.items)

    @property
    def lines(self) -> Iterator[Line]:
        """Every fact's line, item by item."""
        return (line for score in self.items for line in score.lines)

    def points_of(self, code: str) -> Fraction:
        """Return the clamped points of an item, 0 where it does not apply; KeyError for an unknown code."""
        for score in self.items:
            if score.item.code == code:
                return score.points if score.applies else ZERO
        raise KeyError(code)
