"""The nine kinds of rule a standard is written in, as values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from scoring.rules.exact import OPEN, Clamp

By = Literal["role", "level", "status", "event"]
Table = tuple[tuple[str, Decimal], ...]
"""Rows (word, points) in the order of the file."""

NOUGHT: Final = Decimal(0)
ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Constant:
    """Points everybody to whom the item applies is given."""

    points: Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """So many points a unit: `points` for every unit, or `table` looked up by the fact's field `by`.

    `first` is the first unit that earns (the file's `from`), `at_most` how many units earn; both count Σ n.
    """

    points: Decimal | None = None
    by: By | None = None
    table: Table = ()
    first: Decimal = ONE
    at_most: Decimal | None = None
    clamp: Clamp = OPEN


@dataclass(frozen=True, slots=True)
class Step:
    """Points given once the quantity reaches `at`."""

    at: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """The highest step reached, or `points` for each whole `every`; `of` counts another item's facts."""

    steps: tuple[Step, ...] = ()
    every: Decimal | None = None
    points: Decimal | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Deduct:
    """Full marks at the start, less a deduction an event, never under the floor; some events zero it."""

    start: Decimal
    table: Table
    floor: Decimal = NOUGHT
    zero_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Points around a target quantity; `below` says whether falling short deducts or gives nothing."""

    target: Decimal
    base: Decimal
    per_unit: Decimal
    floor: Decimal = NOUGHT
    below: bool = True


@dataclass(frozen=True, slots=True)
class AwardRange:
    """The awards allowed from this rate (percent, inclusive) upwards."""

    rate: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Assessed:
    """The sum of figures given by assessors, each inside the range, or inside the range of its rate."""

    low: Decimal | None = None
    high: Decimal | None = None
    ranges: tuple[AwardRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """Points a piece, divided between a lead mover (`lead`, a share of 0—1) and the others."""

    points: Decimal
    lead: Decimal = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Veto:
    """Any fact forces the band of this name."""

    band: str


@dataclass(frozen=True, slots=True)
class Void:
    """Any fact makes the total 0."""


Rule = Constant | Count | Threshold | Deduct | Target | Assessed | Shared | Veto | Void
