"""历年得分: a person's totals and bands of all years and mandates, and where the columns of their chart stand.

Confirmed years say what was frozen or decided since, running ones what was reckoned last; of the year on the page the sheet itself speaks.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils import timezone

from scoring.models import FrozenSheet, Year, YearTotal
from scoring.rules import Band
from scoring.supplements import holding
from sessions.figures.charts import BASE, HEAD, share
from stations.models import Area, Mandate
from stations.permissions import within

CONFIRMED = (Year.State.CONFIRMED, Year.State.NOTIFIED)
RUNNING = (Year.State.OPEN, Year.State.REVIEWING, Year.State.PUBLICISED)
DRAWN = 6  # of the latest columns; more would run into each other on a phone
ROOMY = 4  # columns up to which every figure has its place on a phone in large type
FILLED = Fraction(1, 2)  # of the room of a column
RANKS = 4  # tints of bands
COLUMNS = (
    "year__label", "year__state", "year__reckoned_at", "year__standard_id", "year__standard__title",
    "year__standard__version", "mandate_id", "mandate__starts_on",
)  # fmt: skip


class Stored(NamedTuple):
    """One total that the database holds: what holds in a confirmed year, reckoned in a running one."""

    label: int
    state: str
    reckoned_at: datetime | None
    standard: int
    title: str
    version: int
    mandate: int
    since: date
    total: Decimal
    band: str

    @property
    def final(self) -> bool:
        """Whether the year was confirmed."""
        return self.state in CONFIRMED


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one mandate. `rank` counts bands from the best, 0 under another standard; `apart` from its forerunner."""

    label: int
    mandate: int
    since: date
    total: Decimal
    band: str
    final: bool
    here: bool
    reckoned: date | None
    standard: str
    standard_key: int
    rank: int = 0
    apart: bool = False
    shared: bool = False  # the year has a second mandate of the person


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart; places are shares of the drawing, so that letters keep their size."""

    point: Point
    left: str
    middle: str
    width: str
    top: str
    height: str
    edge: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The years of a person in their order, and the chart of the latest ones."""

    points: tuple[Point, ...]
    columns: tuple[Column, ...]
    base: str

    @property
    def mixed(self) -> bool:
        """Whether the years lie under several standards."""
        return len({point.standard_key for point in self.points}) > 1

    @property
    def tight(self) -> bool:
        """Whether a small screen writes the figure of the year on the page alone."""
        return len(self.columns) > ROOMY


def stored_of(person: int, roots: Iterable[Area] | None = None) -> list[Stored]:
    """Return every stored total of a person's mandates, in all areas or those of `roots` (1 query).

    A year in preparation has none; nor has a confirmed one for who was registered after it.
    """
    frozen = FrozenSheet.objects.filter(mandate__representative=person, year__state__in=CONFIRMED)
    reckoned = YearTotal.objects.filter(mandate__representative=person, year__state__in=RUNNING)
    if roots is not None:
        reach = within(roots, "mandate__area")
        frozen, reckoned = frozen.filter(reach), reckoned.filter(reach)
    both: Any = holding(frozen).order_by().values_list(*COLUMNS, "now_total", "now_band")
    rows = both.union(reckoned.order_by().values_list(*COLUMNS, "total", "band"), all=True)
    return [Stored(*row) for row in rows]


def former(stored: Iterable[Stored], year: Year) -> Stored | None:
    """Return the notified total of the year before, of the latest mandate where there are several."""
    before = [one for one in stored if one.label == year.label - 1 and one.state == str(Year.State.NOTIFIED)]
    return max(before, key=lambda one: one.since, default=None)


def own_of(stored: Iterable[Stored], year: Year, mandate: Mandate) -> Stored | None:
    """Return what is stored of the year and mandate on the page."""
    return next((one for one in stored if (one.label, one.mandate) == (year.label, mandate.pk)), None)


def trend_of(
    stored: Iterable[Stored],
    year: Year,
    mandate: Mandate,
    shown: tuple[Decimal, str, bool],
    bands: Sequence[Band],
) -> Trend:
    """Return the years in their order; `shown` is (total, band, final) of the sheet on the page, `bands` its standard's."""
    points = [_point(one) for one in stored if (one.label, one.mandate) != (year.label, mandate.pk)]
    total, band, final = shown
    points.append(
        Point(
            label=year.label,
            mandate=mandate.pk,
            since=mandate.starts_on,
            total=total,
            band=band,
            final=final,
            here=True,
            reckoned=None,
            standard=str(year.standard),
            standard_key=year.standard_id,
        )
    )
    points.sort(key=lambda point: (point.label, point.since, point.mandate))
    ranks = {band.name: min(place, RANKS) for place, band in enumerate(bands, start=1)}
    told = tuple(_placed(points, place, year.standard_id, ranks) for place in range(len(points)))
    top = max((band.minimum for band in bands if band.minimum is not None), default=Decimal(0))
    base, columns = _columns(told[-DRAWN:], top)
    return Trend(told, tuple(columns), base)


def _point(one: Stored) -> Point:
    reckoned = timezone.localdate(one.reckoned_at) if one.reckoned_at and not one.final else None
    return Point(
        label=one.label,
        mandate=one.mandate,
        since=one.since,
        total=one.total,
        band=one.band,
        final=one.final,
        here=False,
        reckoned=reckoned,
        standard=f"{one.title}（第 {one.version} 版）",
        standard_key=one.standard,
    )


def _placed(points: Sequence[Point], place: int, standard: int, ranks: dict[str, int]) -> Point:
    """Return a point with what only its neighbours and the page's standard can tell."""
    point = points[place]
    before = points[place - 1] if place else point
    return replace(
        point,
        rank=ranks.get(point.band, 0) if point.standard_key == standard else 0,
        apart=before.standard_key != point.standard_key,
        shared=sum(other.label == point.label for other in points) > 1,
    )


def _columns(points: Sequence[Point], top: Decimal) -> tuple[str, Iterator[Column]]:
    """Lay the columns out between the least and the greatest total, nought and the highest band among them."""
    totals = [Fraction(point.total) for point in points]
    low, high = min(Fraction(0), *totals), max(Fraction(top), Fraction(1), *totals)
    scale = (BASE - HEAD) / (high - low)
    base = HEAD + high * scale
    room = Fraction(100, len(points))

    def drawn() -> Iterator[Column]:
        for place, (point, total) in enumerate(zip(points, totals, strict=True)):
            level = HEAD + (high - total) * scale
            yield Column(
                point=point,
                left=share(room * place + room * (1 - FILLED) / 2),
                middle=share(room * place + room / 2),
                width=share(room * FILLED),
                top=share(min(level, base)),
                height=share(abs(level - base)),
                edge=share(room * place),
            )

    return share(base), drawn()
