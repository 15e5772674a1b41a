"""What a rule sees of one person, and the facts it must refuse."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scoring.rules.exact import exact
from scoring.rules.kinds import ONE, Assessed
from scoring.rules.standard import Item

DECIMALS: Final = 100
"""Quantities, awards and rates are whole hundredths."""


class FactRefused(ValueError):
    """A fact no sheet may be made of; the text is a Chinese sentence naming the item and the fact."""

    def __init__(self, message: str, fact: "Fact") -> None:
        super().__init__(message)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. `n` is a quantity, `rate` a percentage, `award` points given by an assessor.

    `source` is an opaque key of the caller's ("attendance:12") by which a line leads back to its record,
    `label` what a reader may see of that record; the arithmetic reads neither.
    """

    item: str
    n: Decimal = ONE
    role: str | None = None
    level: str | None = None
    status: str | None = None
    event: str | None = None
    people: int | None = None
    rate: Decimal | None = None
    award: Decimal | None = None
    ref: str | None = None
    date: dt.date | None = None
    source: str = ""
    label: str = ""


def examine(fact: Fact, item: Item | None) -> None:
    """Raise FactRefused when the fact breaks FORMAT.md: unknown item, bad figure, award out of range."""
    if item is None:
        raise FactRefused(f"{_named(fact)}写的小项「{fact.item}」不在这份标准里。", fact)
    for word, figure in (("数量", fact.n), ("评分", fact.award), ("比率", fact.rate)):
        if figure is not None and not _whole_hundredths(figure):
            raise FactRefused(
                f"「{item.name}」：{_named(fact)}的{word} {figure} 要写成至多两位小数的数。", fact
            )
    if fact.n < 0:
        raise FactRefused(f"「{item.name}」：{_named(fact)}的数量 {fact.n} 小于 0。", fact)
    if isinstance(item.rule, Assessed):
        _examine_award(fact, item, item.rule)


def _examine_award(fact: Fact, item: Item, rule: Assessed) -> None:
    if fact.award is None:
        raise FactRefused(f"「{item.name}」：{_named(fact)}没有写评分。", fact)
    low, high = rule.low, rule.high
    if rule.ranges:
        if fact.rate is None:
            raise FactRefused(f"「{item.name}」：{_named(fact)}没有写比率，评分的范围按比率定。", fact)
        reached = next((step for step in rule.ranges if fact.rate >= step.rate), None)
        if reached is None:
            raise FactRefused(f"「{item.name}」：{_named(fact)}的比率 {fact.rate}% 低于各档。", fact)
        low, high = reached.low, reached.high
    if (low is not None and fact.award < low) or (high is not None and fact.award > high):
        raise FactRefused(
            f"「{item.name}」：{_named(fact)}的评分 {fact.award} 不在 {low}—{high} 分之内。", fact
        )


def _whole_hundredths(figure: Decimal) -> bool:
    return figure.is_finite() and DECIMALS % exact(figure).denominator == 0


def _named(fact: Fact) -> str:
    word = fact.label or fact.ref or fact.source or (fact.date.isoformat() if fact.date else "")
    return f"记录「{word}」" if word else "一条记录"
