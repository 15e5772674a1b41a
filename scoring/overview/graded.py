"""Everybody's figures of a year in one shape, frozen or live: what the overview and its spreadsheet are made of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.models import FrozenSheet, Year
from scoring.sheets import Content, mandates_of, rules_of
from scoring.whole.scores import scores
from stations.models import Area
from stations.permissions import within

CONFIRMED = (Year.State.CONFIRMED, Year.State.NOTIFIED)


@dataclass(frozen=True, slots=True)
class Graded:
    """One person: total, band, and the points of every item that applies, by its code."""

    mandate: int
    path: str  # of the area
    total: Decimal
    band: str
    points: Mapping[str, Fraction]


def graded(year: Year, roots: Iterable[Area]) -> Iterator[Graded]:
    """Return everybody of these branches, as confirmed once the year is, else as the records stand.

    A fixed number of queries for everybody.
    """
    return _frozen(year, roots) if year.state in CONFIRMED else _live(year, roots)


def _frozen(year: Year, roots: Iterable[Area]) -> Iterator[Graded]:
    sheets = FrozenSheet.objects.filter(within(roots, "mandate__area"), year=year).order_by()
    rows = sheets.values_list("mandate_id", "mandate__area__path", "total", "band", "content")
    for mandate, path, total, band, content in rows.iterator(chunk_size=500):
        yield Graded(mandate, path, total, band, _points(content))


def _points(content: Content) -> dict[str, Fraction]:
    items = [item for category in content["categories"] for item in category["items"]]
    return {item["code"]: Fraction(item["points"]) for item in items}


def _live(year: Year, roots: Iterable[Area]) -> Iterator[Graded]:
    mandates = mandates_of(year).filter(within(roots))
    paths = dict(mandates.order_by().values_list("pk", "area__path"))
    codes = [item.code for item in rules_of(year.standard).items]
    for score in scores(year, mandates):
        points = dict(zip(codes, score.points, strict=True))
        yield Graded(score.mandate, paths[score.mandate], score.total, score.band, points)
