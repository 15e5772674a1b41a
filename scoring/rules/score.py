"""One item: its facts become lines, the lines a raw figure, the figure the points of the item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import assert_never

from scoring.rules.exact import ONE, ZERO, Cut, CutKind, cut_to, exact
from scoring.rules.fact import Fact
from scoring.rules.kinds import (
    Assessed,
    Constant,
    Count,
    Deduct,
    Rule,
    Shared,
    Target,
    Threshold,
    Veto,
    Void,
)
from scoring.rules.sheet import Effect, Line, Omission, Reason
from scoring.rules.worth import deduction, piece, unit_price


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a rule makes of its facts: the figures of an ItemScore that the rule decides."""

    lines: tuple[Line, ...]
    units: Fraction
    opening: Fraction
    raw: Fraction
    points: Fraction
    cut: Cut | None = None


def reckon(
    rule: Rule, facts: Sequence[Fact], elsewhere: Sequence[Fact] | None = None, share: Fraction = ONE
) -> Reckoning:
    """Apply a rule to the facts that compete under it.

    `facts` are those of one item in order of date, each `ref` once, without what another item took;
    `elsewhere` are the facts of the item a threshold counts instead (`of`), likewise. `share` is the part of the
    period that was served: a quantity counts as much as quantity ÷ share of a whole period would, points that are
    given whatever was done (`start`, `constant`) and an assessor's award stay as they are.
    """
    match rule:
        case Constant():
            lines = tuple(_left_out(fact) for fact in facts)
            return _unclamped(lines, ZERO, opening=Fraction(rule.points))
        case Count():
            return _count(rule, facts, share)
        case Threshold():
            return _threshold(rule, facts, elsewhere, share)
        case Deduct():
            return _deduct(rule, facts, share)
        case Target():
            return _target(rule, facts, share)
        case Assessed():
            lines = tuple(Line(fact, _n(fact), Fraction(fact.award or 0)) for fact in facts)
            return _unclamped(lines, _units(lines))
        case Shared():
            lines = tuple(Line(fact, _n(fact), _n(fact) * piece(rule, fact) / share) for fact in facts)
            return _unclamped(lines, _units(lines))
        case Veto() | Void():
            effect = Effect.VETOES if isinstance(rule, Veto) else Effect.VOIDS
            lines = tuple(Line(fact, _n(fact), ZERO, effect=effect) for fact in facts)
            return _unclamped(lines, _units(lines))
        case _:
            assert_never(rule)


def _unclamped(lines: tuple[Line, ...], units: Fraction, opening: Fraction = ZERO) -> Reckoning:
    raw = sum((line.points for line in lines), opening)
    return Reckoning(lines, units, opening, raw, raw)


def _count(rule: Count, facts: Sequence[Fact], share: Fraction) -> Reckoning:
    prices = [None if (price := unit_price(rule, fact)) is None else price / share for fact in facts]
    skipped, over = _past_limits(rule, facts, prices, share)
    lines = tuple(
        _priced(fact, price, before_from=skipped[place], over_at_most=over[place])
        for place, (fact, price) in enumerate(zip(facts, prices, strict=True))
    )
    plain = _unclamped(lines, _units(lines))
    if not facts:  # no fact at all gives 0, whatever the clamp
        return plain
    points, cut = rule.clamp.apply(plain.raw)
    return Reckoning(lines, plain.units, ZERO, plain.raw, points, cut)


def _past_limits(
    rule: Count, facts: Sequence[Fact], prices: Sequence[Fraction | None], share: Fraction
) -> tuple[list[Fraction], list[Fraction]]:
    """Return how many units of each fact come before `from`, and how many past `at_most`: of a part, a part of both."""
    skipped = [ZERO] * len(facts)
    if rule.first == 1 and rule.at_most is None:  # most items: nothing to reckon
        return skipped, skipped
    to_skip = (exact(rule.first) - 1) * share
    earning = [ZERO] * len(facts)
    for place, price in enumerate(prices):
        if price is not None:
            skipped[place] = min(to_skip, _n(facts[place]))
            to_skip -= skipped[place]
            earning[place] = _n(facts[place]) - skipped[place]
    room = None if rule.at_most is None else exact(rule.at_most) * share
    return skipped, _over(room, earning, prices)


def _over(
    room: Fraction | None, earning: Sequence[Fraction], prices: Sequence[Fraction | None]
) -> list[Fraction]:
    """Return how many units of each fact find no room (None: endless), the dearest units being taken first."""
    over = [ZERO] * len(earning)
    if room is None:
        return over
    for place in sorted(range(len(earning)), key=lambda index: -(prices[index] or ZERO)):
        taken = min(room, earning[place])
        room -= taken
        over[place] = earning[place] - taken
    return over


def _priced(fact: Fact, price: Fraction | None, *, before_from: Fraction, over_at_most: Fraction) -> Line:
    if price is None:
        return _left_out(fact, Reason.NOT_IN_TABLE)
    if not (before_from or over_at_most):
        return Line(fact, _n(fact), _n(fact) * price)
    left_out = ((Reason.BEFORE_FROM, before_from), (Reason.OVER_AT_MOST, over_at_most))
    units = _n(fact) - before_from - over_at_most
    omissions = tuple(Omission(reason, amount) for reason, amount in left_out if amount)
    return Line(fact, units, units * price, omissions)


def _threshold(
    rule: Threshold, facts: Sequence[Fact], elsewhere: Sequence[Fact] | None, share: Fraction
) -> Reckoning:
    counted = facts if elsewhere is None else elsewhere
    if elsewhere is None:
        lines = tuple(Line(fact, _n(fact), ZERO) for fact in facts)
    else:
        lines = tuple(_left_out(fact) for fact in facts)
    quantity = sum(map(_n, counted), ZERO)
    reached = quantity / share
    points = ZERO
    if counted and rule.every is not None:
        points = Fraction(rule.points or 0) * floor(reached / Fraction(rule.every))
    elif counted:
        points = max((Fraction(step.points) for step in rule.steps if reached >= step.at), default=ZERO)
    return Reckoning(lines, quantity, ZERO, points, points)


def _deduct(rule: Deduct, facts: Sequence[Fact], share: Fraction) -> Reckoning:
    lines = tuple(_deducted(rule, fact, share) for fact in facts)
    start = Fraction(rule.start)
    plain = _unclamped(lines, _units(lines), start)
    if any(line.effect is Effect.ZEROES for line in lines):
        points, cut = cut_to(plain.raw, ZERO, CutKind.ZEROED)
    elif facts and plain.raw < rule.floor:
        points, cut = cut_to(plain.raw, Fraction(rule.floor), CutKind.FLOOR)
    else:
        points, cut = plain.raw, None
    return Reckoning(lines, plain.units, start, plain.raw, points, cut)


def _deducted(rule: Deduct, fact: Fact, share: Fraction) -> Line:
    price = deduction(rule, fact)
    if fact.event in rule.zero_when:
        return Line(fact, _n(fact), -_n(fact) * (price or ZERO) / share, effect=Effect.ZEROES)
    if price is None:
        return _left_out(fact, Reason.NOT_IN_TABLE)
    return Line(fact, _n(fact), -_n(fact) * price / share)


def _target(rule: Target, facts: Sequence[Fact], share: Fraction) -> Reckoning:
    lines = tuple(Line(fact, _n(fact), ZERO) for fact in facts)
    quantity = _units(lines)
    if not facts:
        return Reckoning(lines, quantity, ZERO, ZERO, ZERO)
    reached = quantity / share
    raw = Fraction(rule.base) + (reached - Fraction(rule.target)) * Fraction(rule.per_unit)
    if reached < rule.target and not rule.below:
        points, cut = cut_to(raw, ZERO, CutKind.SHORT_OF_TARGET)
    elif raw < rule.floor:
        points, cut = cut_to(raw, Fraction(rule.floor), CutKind.FLOOR)
    else:
        points, cut = raw, None
    return Reckoning(lines, quantity, ZERO, raw, points, cut)


def _left_out(fact: Fact, reason: Reason = Reason.NOT_COUNTED) -> Line:
    return Line(fact, ZERO, ZERO, (Omission(reason, _n(fact)),))


def _units(lines: Iterable[Line]) -> Fraction:
    return sum((line.units for line in lines), ZERO)


def _n(fact: Fact) -> Fraction:
    return exact(fact.n)
