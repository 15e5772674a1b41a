"""Where things stand on the ruler of points: a broken scale, in percent of its length."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, sqrt

FIRST = 22.0  # percent of the length for everything below the first threshold: nobody reads differences there
FULL = 100

Number = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class Band:
    """One grade on the ruler: `rank` counts from the best (1); `left` and `width` in percent."""

    name: str
    least: Decimal
    rank: int
    left: float
    width: float

    @property
    def middle(self) -> float:
        """The place of the band's name, in percent."""
        return self.left + self.width / 2


@dataclass(frozen=True, slots=True)
class Ruler:
    """A total among its bands, worst first; `pin` in percent."""

    total: Decimal
    top: int
    bands: tuple[Band, ...]
    pin: float

    @property
    def band(self) -> Band:
        """The band the total lies in; a total below all thresholds lies in the lowest."""
        reached = [band for band in self.bands if self.total >= band.least]
        return reached[-1] if reached else self.bands[0]

    @property
    def goal(self) -> Band | None:
        """The next better band, or None in the best one."""
        above = [band for band in self.bands if band.rank == self.band.rank - 1]
        return above[0] if above else None


def exact(value: Number) -> Decimal:
    """Return points as a decimal; a fraction that does not end is cut, never rounded up, at two places."""
    if isinstance(value, Fraction):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_DOWN)
    return Decimal(value)


def written(value: Number) -> str:
    """Return points as people write them: 87.00 → "87", 87.50 → "87.5", 1/3 → "0.33"; a true minus sign."""
    number = exact(value).quantize(Decimal("0.01"), ROUND_DOWN)
    text = f"{number:f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def lay_out(total: Number, thresholds: Iterable[tuple[str, Number]]) -> Ruler:
    """Place `total` among `thresholds`, pairs of a grade's name and its least points, in any order.

    The lowest band takes a fixed share, broken; the others share the rest by the square root of their
    span, so that a narrow one still holds its name. The end is 100, or the total when that is higher.
    Raises ValueError without thresholds.
    """
    points = exact(total)
    steps = sorted(((exact(least), name) for name, least in thresholds), key=lambda step: step[0])
    if not steps:
        raise ValueError("a ruler needs at least one grade")
    top = max(FULL, ceil(points), ceil(steps[-1][0]))
    edges = [least for least, _ in steps[1:]] + [Decimal(top)]
    shares = _shares(edges)
    bands, left = [], 0.0
    for index, ((least, name), width) in enumerate(zip(steps, shares, strict=True)):
        bands.append(Band(name, least, len(steps) - index, left, width))
        left += width
    return Ruler(points, top, tuple(bands), _place(points, bands, edges))


def _shares(edges: list[Decimal]) -> list[float]:
    if len(edges) == 1:
        return [100.0]
    roots = [sqrt(float(high - low)) for low, high in pairwise(edges)]
    return [FIRST, *((100 - FIRST) * root / (sum(roots) or 1) for root in roots)]


def _place(points: Decimal, bands: list[Band], edges: list[Decimal]) -> float:
    lows = [min(bands[0].least, Decimal(0)), *(band.least for band in bands[1:])]
    for low, high, band in zip(lows, edges, bands, strict=True):
        if points < high or band is bands[-1]:
            part = (points - low) / (high - low) if high > low else Decimal(1)
            return min(band.left + band.width * float(min(max(part, Decimal(0)), Decimal(1))), 100.0)
    raise AssertionError
