"""The common factor that makes every figure a standard can come to a whole number."""

from collections.abc import Iterator
from decimal import Decimal
from math import lcm
from typing import Final

from scoring.rules.exact import Clamp, exact
from scoring.rules.fact import DECIMALS
from scoring.rules.kinds import Constant, Count, Deduct, Rule, Shared, Target, Threshold
from scoring.rules.standard import Standard

MOVERS: Final = 13
"""Up to so many joint movers share a piece in whole scaled points."""


def scale_of(standard: Standard) -> int:
    """Return the factor: of every figure of the file times a quantity in hundredths, and of shares of MOVERS people."""
    factor = lcm(*(_grain(figure) for figure in _clamps(standard)), _grain(standard.base))
    for item in standard.items:
        factor = lcm(factor, _rule_grain(item.rule))
    return lcm(factor, DECIMALS)


def _clamps(standard: Standard) -> Iterator[Decimal | None]:
    for clamp in (standard.clamp, *(category.clamp for category in standard.categories)):
        yield from _ends(clamp)


def _ends(clamp: Clamp) -> tuple[Decimal | None, ...]:
    return clamp.low, clamp.high


def _grain(figure: Decimal | None) -> int:
    return 1 if figure is None else exact(figure).denominator


def _rule_grain(rule: Rule) -> int:
    """Return what makes the points of one hundredth of a unit whole, and the figures that stand beside them."""
    match rule:
        case Constant(points=points):
            return _grain(points)
        case Count():
            prices = (rule.points, *(points for _, points in rule.table))
            return lcm(DECIMALS * lcm(*map(_grain, prices)), *map(_grain, _ends(rule.clamp)))
        case Threshold():
            return lcm(_grain(rule.points), *(_grain(step.points) for step in rule.steps))
        case Deduct():
            prices = tuple(points for _, points in rule.table)
            return lcm(DECIMALS * lcm(*map(_grain, prices)), _grain(rule.start), _grain(rule.floor))
        case Target():
            # base + (n - target) x per_unit
            steps = lcm(DECIMALS, _grain(rule.target)) * _grain(rule.per_unit)
            return lcm(steps, _grain(rule.base), _grain(rule.floor))
        case Shared():
            each = lcm(*range(1, MOVERS))
            return DECIMALS * _grain(rule.points) * _grain(rule.lead) * each
        case _:  # awards have two decimals, vetoes and voids no points
            return DECIMALS
