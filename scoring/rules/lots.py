"""Totals of very many people: what a record adds is reckoned once and then only added.

`tally` explains one person's sheet; this says the same total for a hundred thousand people. A *lot* is what all records
that look alike to the standard add to a sheet: one whole number that holds a field for every item, all points scaled to
whole numbers by one common factor. Lots are added; what the sum of an item comes to is reckoned once by the arithmetic
of `score` and remembered. Items whose facts compete (`from`, `at_most`) keep their facts and are reckoned as they
stand, remembered by their pattern.

The caller sees to it that facts of one `ref` lie in one lot; a person for whom that cannot be is one for `tally`.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.rules.competition import Entry, enter, settle_exclusives
from scoring.rules.exact import ZERO, exact, rounded
from scoring.rules.fact import DECIMALS, Fact
from scoring.rules.kinds import Assessed, Count, Deduct, Rule, Shared, Threshold, Veto, Void
from scoring.rules.scale import scale_of
from scoring.rules.score import reckon
from scoring.rules.standard import Item, Standard
from scoring.rules.worth import deduction, piece, unit_price

FIELD: Final = 12  # bytes of one item: 8 for its sum (signed), 2 for its facts, 2 for those that zero it
HALF: Final = 1 << 63
FACT: Final = 1 << 64
ZEROING: Final = 1 << 80
LARGEST: Final = 1 << 46  # of one lot's part, so that MOST_LOTS of them stay within the field
MOST_LOTS: Final = 60_000

When = tuple[bool, dt.date, str]  # undated last, then by day, then by source
Apart = tuple[When, int, int]  # of a competing fact: when, place of the item, number in Totals
Grade = tuple[Decimal, str]


class NotWhole(ValueError):
    """A figure that the common factor does not make whole, or one too large: this person is one for `tally`."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What one record adds: `packed` to the fields of the plain items, `apart` its facts that compete."""

    packed: int
    apart: tuple[Apart, ...] = ()


@dataclass(slots=True)
class _Part:
    """One item on the way: whether its facts compete, and which sums of it were reckoned before."""

    item: Item
    applies: bool
    competes: bool
    known: dict[object, int] = field(default_factory=dict)


class Totals:
    """A standard made ready for the people who have the same member tags.

    `scale` is what all points are multiplied by.
    """

    def __init__(self, standard: Standard, tags: Collection[str] = frozenset()) -> None:
        self.standard = standard
        self.tags = frozenset(tags)
        self.scale = scale_of(standard)
        self._parts = [
            _Part(item, category.applies(tags) and item.applies(tags), _competes(item.rule))
            for category in standard.categories
            for item in category.items
        ]
        self._places = {part.item.code: place for place, part in enumerate(self._parts)}
        self._width = FIELD * len(self._parts)
        self._bias = sum(HALF << (8 * FIELD * place) for place in range(len(self._parts)))
        self._zero = HALF.to_bytes(FIELD, "little")
        self._facts: dict[Fact, int] = {}
        self._numbered: list[Fact] = []
        self._base = int(exact(standard.base) * self.scale)
        self._ranges = list(self._category_ranges())
        self._grades: dict[int, Grade] = {}
        self._hits = [
            place for place, part in enumerate(self._parts) if isinstance(part.item.rule, Veto | Void)
        ]

    def lift(self, facts: Iterable[Fact]) -> Lot:
        """Return what the facts of one record add. Raises FactRefused as `tally` does, NotWhole for odd figures."""
        entries = enter(self.standard, facts)
        packed, apart = 0, list[Apart]()
        for category in self.standard.categories:
            if not category.applies(self.tags):
                continue
            settled = settle_exclusives(category, entries, self.tags)
            for item in category.items:
                place = self._places[item.code]
                if self._parts[place].applies:
                    counted = _counted(item, settled, entries)
                    if self._parts[place].competes:
                        apart += [(_when(fact), place, self._number(fact)) for fact in counted]
                    else:
                        packed += sum(self._packed(item.rule, fact) for fact in counted) << (
                            8 * FIELD * place
                        )
        return Lot(packed, tuple(apart))

    def points(self, packed: int, lots: int, apart: Sequence[Apart] = ()) -> list[int]:
        """Return the points of every item × `scale`, in the order of the file; 0 where an item does not apply.

        `packed` is the sum of that many `lots`, `apart` their competing facts in any order: they are sorted by day,
        the undated last, and by `source` within a day.
        Raises NotWhole for more lots than the fields hold.
        """
        if lots > MOST_LOTS:
            raise NotWhole(f"{lots} lots")
        fields = self._fields(packed)
        apart = sorted(apart)
        points = []
        at = 0
        for place, part in enumerate(self._parts):
            key: object = fields[at : at + FIELD] if not part.competes else self._pattern(place, apart)
            at += FIELD
            value = part.known.get(key)
            if value is None:
                value = part.known[key] = self._reckoned(part, key)
            points.append(value)
        return points

    def grade(self, points: Sequence[int], packed: int = 0) -> Grade:
        """Return the rounded total and the name of the band for these points; `packed` tells vetoes and voids."""
        total = self._base
        for first, last, low, high in self._ranges:
            part = sum(points[first:last])
            if high is not None and part > high:
                part = high
            elif low is not None and part < low:
                part = low
            total += part
        known = self._grades.get(total)
        if known is None:
            known = self._grades[total] = self._graded(Fraction(total, self.scale))
        return self._forced(known, packed) if self._hits else known

    def _fields(self, packed: int) -> bytes:
        # With half a field added to each no field is negative, and no borrow runs into the next one.
        return (self._bias + packed).to_bytes(self._width, "little")

    def _number(self, fact: Fact) -> int:
        # What a rule does not read (which record, which day) would only keep alike facts apart.
        bare = Fact(fact.item, fact.n, fact.role, fact.level, fact.status, fact.event)
        if bare not in self._facts:
            self._facts[bare] = len(self._numbered)
            self._numbered.append(bare)
        return self._facts[bare]

    def _pattern(self, place: int, apart: Sequence[Apart]) -> tuple[int, ...]:
        return tuple(number for _, where, number in apart if where == place)

    def _packed(self, rule: Rule, fact: Fact) -> int:
        zeroing = isinstance(rule, Deduct) and fact.event in rule.zero_when
        return self._whole(_measure(rule, fact)) + FACT + (ZEROING if zeroing else 0)

    def _whole(self, value: Fraction) -> int:
        scaled = value * self.scale
        if scaled.denominator != 1 or abs(scaled.numerator) > LARGEST:
            raise NotWhole(str(value))
        return scaled.numerator

    def _reckoned(self, part: _Part, key: object) -> int:
        if not part.applies:
            return 0
        if isinstance(key, tuple):
            points = reckon(part.item.rule, [self._numbered[number] for number in key]).points
        else:
            assert isinstance(key, bytes)
            measure = Fraction(int.from_bytes(key[:8], "little") - HALF, self.scale)
            points = _points(part.item.rule, measure, key[8:10] != b"\0\0", key[10:] != b"\0\0")
        return self._whole(points)

    def _category_ranges(self) -> Iterable[tuple[int, int, int | None, int | None]]:
        """Return (first place, place after the last, least, most) of every category that applies."""
        first = 0
        for category in self.standard.categories:
            last = first + len(category.items)
            if category.applies(self.tags):
                low, high = category.clamp.low, category.clamp.high
                yield first, last, self._bound(low), self._bound(high)
            first = last

    def _bound(self, figure: Decimal | None) -> int | None:
        return None if figure is None else int(exact(figure) * self.scale)

    def _graded(self, before: Fraction) -> Grade:
        total = rounded(self.standard.clamp.apply(before)[0])
        return total, self.standard.band_at(total).name

    def _forced(self, grade: Grade, packed: int) -> Grade:
        fields = self._fields(packed)
        hit = [
            self._parts[place].item.rule
            for place in self._hits
            if fields[FIELD * place : FIELD * (place + 1)] != self._zero
        ]
        if any(isinstance(rule, Void) for rule in hit):
            total = rounded(ZERO)
            grade = total, self.standard.band_at(total).name
        names = {rule.band for rule in hit if isinstance(rule, Veto)}
        lowest = next((band.name for band in reversed(self.standard.bands) if band.name in names), None)
        return (grade[0], lowest) if lowest else grade


def competing(standard: Standard) -> bool:
    """Say whether the standard holds an item, for whomever, whose facts compete for units (`from`, `at_most`)."""
    return any(_competes(item.rule) for item in standard.items)


def _when(fact: Fact) -> When:
    return fact.date is None, fact.date or dt.date.min, fact.source


def _competes(rule: Rule) -> bool:
    return isinstance(rule, Count) and (rule.first != 1 or rule.at_most is not None)


def _counted(
    item: Item, settled: dict[str, tuple[Entry, ...]], entries: dict[str, tuple[Entry, ...]]
) -> list[Fact]:
    """Return the facts that the item measures: its own, or for a threshold with `of` those of that item."""
    elsewhere = item.rule.of if isinstance(item.rule, Threshold) else None
    rows = settled[item.code] if elsewhere is None else entries[elsewhere]
    return [entry.fact for entry in rows if entry.barred is None]


def _measure(rule: Rule, fact: Fact) -> Fraction:
    """Return what one fact adds to the sum that its rule looks at."""
    match rule:
        case Count():
            return exact(fact.n) * (unit_price(rule, fact) or ZERO)
        case Deduct():
            return exact(fact.n) * (deduction(rule, fact) or ZERO)
        case Shared():
            return exact(fact.n) * piece(rule, fact)
        case Assessed():
            return exact(fact.award or Decimal(0))
        case _:
            return exact(fact.n)


def _points(rule: Rule, measure: Fraction, facts: bool, zeroed: bool) -> Fraction:
    """Return the points of an item whose facts come to `measure`; the rules themselves are those of `score`."""
    match rule:
        case Count():
            return rule.clamp.apply(measure)[0] if facts else ZERO
        case Assessed() | Shared():
            return measure
        case Deduct():
            raw = exact(rule.start) - measure
            floor = exact(rule.floor)
            return ZERO if zeroed else floor if facts and raw < floor else raw
        case _:
            # Threshold and target look at nothing but the sum: one fact of it stands for all.
            whole = Decimal(int(measure * DECIMALS)) / DECIMALS
            stand_in = [Fact("", n=whole)] if facts else []
            return reckon(rule, stand_in, stand_in if isinstance(rule, Threshold) else None).points
