"""Everybody's figures of a year in one shape, frozen or live: what the overview and its spreadsheet are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.models import FrozenSheet, SupplementLine, Year
from scoring.sheets import Content, mandates_of, rules_of
from scoring.supplements import adjusted, holding
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
    """Return everybody of these branches, as confirmed or decided since once the year is, else as the records stand.

    A fixed number of queries for everybody.
    """
    return _frozen(year, roots) if year.state in CONFIRMED else _live(year, roots)


def _frozen(year: Year, roots: Iterable[Area]) -> Iterator[Graded]:
    sheets = FrozenSheet.objects.filter(within(roots, "mandate__area"), year=year).order_by()
    moved: dict[int, list[dict[str, str]]] = defaultdict(list)
    for sheet, adjustment in adjusted(SupplementLine.objects.filter(sheet__in=sheets)):
        moved[sheet].append(adjustment)
    columns = ("pk", "mandate_id", "mandate__area__path", "now_total", "now_band", "content")
    for pk, mandate, path, total, band, content in holding(sheets).values_list(*columns).iterator(500):
        yield Graded(mandate, path, total, band, _points(content, moved.get(pk, ())))


def _points(content: Content, adjustments: Iterable[Mapping[str, str]]) -> dict[str, Fraction]:
    items = [item for category in content["categories"] for item in category["items"]]
    points = {item["code"]: Fraction(item["points"]) for item in items}
    for each in adjustments:
        points[each["item"]] = points.get(each["item"], Fraction(0)) + Fraction(each["points"])
    return points


def _live(year: Year, roots: Iterable[Area]) -> Iterator[Graded]:
    mandates = mandates_of(year).filter(within(roots))
    paths = dict(mandates.order_by().values_list("pk", "area__path"))
    codes = [item.code for item in rules_of(year.standard).items]
    for score in scores(year, mandates):
        points = dict(zip(codes, score.points, strict=True))
        yield Graded(score.mandate, paths[score.mandate], score.total, score.band, points)
