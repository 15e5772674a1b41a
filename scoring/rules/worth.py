"""What one fact is worth under a rule, before others compete, and what an item can give at most."""

from fractions import Fraction
from typing import assert_never

from scoring.rules.exact import ZERO, Clamp, exact
from scoring.rules.fact import Fact
from scoring.rules.kinds import (
    Assessed,
    By,
    Constant,
    Count,
    Deduct,
    Rule,
    Shared,
    Table,
    Target,
    Threshold,
    Veto,
    Void,
)


def unit_price(rule: Count, fact: Fact) -> Fraction | None:
    """Return the points of one unit, or None when the table does not name the fact."""
    if rule.by is None:
        return ZERO if rule.points is None else exact(rule.points)
    return _row(rule.table, _word(fact, rule.by))


def deduction(rule: Deduct, fact: Fact) -> Fraction | None:
    """Return the deduction of one unit (positive), or None when the table does not name the event."""
    return _row(rule.table, fact.event)


def piece(rule: Shared, fact: Fact) -> Fraction:
    """Return the points of one piece for this mover: whole when alone, else the lead's or another's share."""
    people = fact.people or 1
    if people < 2:
        return Fraction(rule.points)
    if fact.role == "lead":
        return Fraction(rule.points) * Fraction(rule.lead)
    return Fraction(rule.points) * (1 - Fraction(rule.lead)) / (people - 1)


def worth(rule: Rule, fact: Fact) -> tuple[bool, Fraction]:
    """Return what makes one fact dearer than another of the same `ref`: compare with `>`.

    Points where a fact has points of its own (for a deduction: its size), otherwise the quantity; an event
    that zeroes the item outweighs every deduction.
    """
    match rule:
        case Count():
            return False, Fraction(fact.n) * (unit_price(rule, fact) or ZERO)
        case Deduct():
            return fact.event in rule.zero_when, Fraction(fact.n) * (deduction(rule, fact) or ZERO)
        case Shared():
            return False, Fraction(fact.n) * piece(rule, fact)
        case Assessed():
            return False, Fraction(fact.award or 0)
        case _:
            return False, Fraction(fact.n)


def ceiling(rule: Rule) -> Fraction | None:
    """Return the most an item can ever give, or None when the rule sets no bound."""
    match rule:
        case Constant(points=points):
            return Fraction(points)
        case Count():
            return _count_ceiling(rule)
        case Threshold():
            return _threshold_ceiling(rule)
        case Deduct(start=start, floor=floor):
            return Fraction(max(start, floor))
        case Target():
            return _target_ceiling(rule)
        case Shared(points=points):
            return None if points > 0 else ZERO
        case Assessed():
            return None
        case Veto() | Void():
            return ZERO
        case _:
            assert_never(rule)


def least_of(clamp: Clamp, bound: Fraction | None) -> Fraction | None:
    """Return a bound after a clamp; an open bound is whatever the clamp's upper side says."""
    if bound is None:
        return None if clamp.high is None else exact(clamp.high)
    return clamp.apply(bound)[0]


def _count_ceiling(rule: Count) -> Fraction | None:
    prices = [Fraction(points) for _word, points in rule.table] if rule.by else [Fraction(rule.points or 0)]
    best = max(prices, default=ZERO)
    if best <= 0:
        # No fact at all gives 0, and no clamp touches that.
        return max(ZERO, clamped) if (clamped := least_of(rule.clamp, ZERO)) is not None else ZERO
    return least_of(rule.clamp, None if rule.at_most is None else best * Fraction(rule.at_most))


def _threshold_ceiling(rule: Threshold) -> Fraction | None:
    if rule.steps:
        return max(ZERO, Fraction(rule.steps[-1].points))
    return None if rule.points is not None and rule.points > 0 else ZERO


def _target_ceiling(rule: Target) -> Fraction | None:
    if rule.per_unit > 0:
        return None
    fewest = Fraction(0 if rule.below else rule.target)
    best = Fraction(rule.base) + (fewest - Fraction(rule.target)) * Fraction(rule.per_unit)
    return max(ZERO, Fraction(rule.floor), best)


def _row(table: Table, word: str | None) -> Fraction | None:
    return next((exact(points) for name, points in table if name == word), None)


def _word(fact: Fact, by: By) -> str | None:
    word: str | None = getattr(fact, by)  # the words of `by` are names of the fact's fields
    return word
