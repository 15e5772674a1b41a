"""Where the columns of a chart stand and what is written on them. Pure: numbers in, places in per cent out.

Places are shares of the drawing, not of a fixed view box: letters keep their size at 390 px and in 大字版.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

HEAD, BASE = (
    Fraction(14),
    Fraction(86),
)  # per cent from the top: where the tallest column ends, where all stand
FILLED = Fraction(7, 10)  # of the room of a column
WAN = 10_000
SNUG, WIDE = (
    3,
    4,
)  # letters above a column from which on large type, and any phone, has room for the tallest alone


@dataclass(frozen=True, slots=True)
class Segment:
    """One coloured piece of a column; `kind` is the number of its series, from 1."""

    kind: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column with what stands below and above it."""

    label: str
    value: int
    written: str
    left: str
    middle: str
    width: str
    top: str
    segments: tuple[Segment, ...]
    peak: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """A whole chart; `fit` is "wide" or "snug" when a small screen labels the tallest column alone, else empty."""

    columns: tuple[Column, ...]
    base: str
    fit: str


def columns(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Columns:
    """Return one column a label, the series standing on each other in their order. No number may be negative."""
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    most = max(totals, default=0)
    peak = totals.index(most) if most else None  # the first, when there are several
    room = Fraction(100, max(len(labels), 1))
    drawn = tuple(
        _column(place, label, [values[place] for values in series.values()], most, room, peak=place == peak)
        for place, label in enumerate(labels)
    )
    letters = max((len(column.written) for column in drawn), default=0)
    return Columns(drawn, share(BASE), "wide" if letters >= WIDE else "snug" if letters >= SNUG else "")


def _column(place: int, label: str, values: list[int], most: int, room: Fraction, *, peak: bool) -> Column:
    segments, top = [], BASE
    for kind, value in enumerate(values, start=1):
        height = (BASE - HEAD) * value / most if most else Fraction(0)
        top -= height
        if height:
            segments.append(Segment(kind, share(top), share(height)))
    left = room * place + room * (1 - FILLED) / 2
    return Column(
        label=label,
        value=sum(values),
        written=written(sum(values)),
        left=share(left),
        middle=share(room * place + room / 2),
        width=share(room * FILLED),
        top=share(top),
        segments=tuple(segments),
        peak=peak,
    )


def share(number: Fraction) -> str:
    """Return a share as SVG takes it: 8.333%."""
    return f"{float(number):.4g}%"


def written(value: int) -> str:
    """Return a number as it stands above a column: whole up to 9999, then in 万 with one decimal, rounded down."""
    if value < WAN:
        return str(value)
    tenths = value * 10 // WAN
    return f"{tenths // 10}万" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}万"


def told(labels: Sequence[str], values: Sequence[int], unit: str) -> str:
    """Return the chart in a sentence for who does not see it: what is not nought, and where the most is."""
    named = [f"{label} {value} {unit}" for label, value in zip(labels, values, strict=True) if value]
    if not named:
        return "全部为零。"
    most = max(values)
    peaks = "、".join(label for label, value in zip(labels, values, strict=True) if value == most)
    return "，".join(named) + f"。最多的是 {peaks}。"
