"""Exact arithmetic: clamps that say what they cut, and the one rounding of a total."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)


@lru_cache(maxsize=4096)
def exact(figure: Decimal) -> Fraction:
    """Return a figure of a file or a record as a fraction; the few that there are recur for everybody."""
    return Fraction(figure)


class CutKind(StrEnum):
    """Why a figure is not the plain sum of what stands under it."""

    CEILING = "ceiling"
    FLOOR = "floor"
    ZEROED = "zeroed"
    SHORT_OF_TARGET = "short_of_target"
    VOIDED = "voided"

    @property
    def label(self) -> str:
        """The word a reader sees."""
        return _CUT_LABELS[self]


_CUT_LABELS: Final = {
    CutKind.CEILING: "封顶",
    CutKind.FLOOR: "保底",
    CutKind.ZEROED: "清零",
    CutKind.SHORT_OF_TARGET: "未达目标",
    CutKind.VOIDED: "总分清零",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """What moved a figure: `limit` is where it ended, `by` how far it went (negative: points lost)."""

    kind: CutKind
    limit: Fraction
    by: Fraction


@dataclass(frozen=True, slots=True)
class Clamp:
    """A closed range in points; None leaves that side open."""

    low: Decimal | None = None
    high: Decimal | None = None

    def apply(self, value: Fraction) -> tuple[Fraction, Cut | None]:
        """Return `value` moved into the range, and the cut when it had to move."""
        if self.high is not None and value > (high := exact(self.high)):
            return cut_to(value, high, CutKind.CEILING)
        if self.low is not None and value < (low := exact(self.low)):
            return cut_to(value, low, CutKind.FLOOR)
        return value, None


OPEN: Final = Clamp()


def cut_to(value: Fraction, limit: Fraction, kind: CutKind) -> tuple[Fraction, Cut | None]:
    """Return `limit` with the cut that explains it, or no cut when `value` stands there already."""
    if value == limit:
        return value, None
    return limit, Cut(kind, limit, limit - value)


def rounded(value: Fraction | Decimal) -> Decimal:
    """Round to two decimals, half away from zero (FORMAT.md, Arithmetic); the result always has two places.

    The digits are counted as integers: `Decimal.quantize` would round or refuse past the context's 28 digits.
    """
    numerator, denominator = value.as_integer_ratio()
    hundredths = (2 * abs(numerator) * 100 + denominator) // (2 * denominator)
    sign = 1 if numerator < 0 and hundredths else 0
    return Decimal((sign, tuple(map(int, str(hundredths))), -2))
