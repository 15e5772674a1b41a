"""The figures of the overview: how totals are spread, bands by area, what each item gave, what is still missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from statistics import median

from scoring.models import Honour, MediaReport, Year
from scoring.overview.graded import Graded
from scoring.rules import rounded
from scoring.rules.worth import ceiling
from scoring.sheets import rules_of
from sessions.figures.charts import Columns, columns, share, told
from sessions.models import Activity, Declaration
from stations.models import Area
from stations.permissions import within

RANKS = 4  # tints of bands there are
BINS = 10  # columns of the distribution
Bands = tuple[tuple[str, int], ...]  # people in each band, in the order of the standard
NEAR = Decimal(3)  # points under the next band within which a person is near it


@dataclass(frozen=True, slots=True)
class Spread:
    """A handful of figures in two decimals."""

    people: int
    mean: Decimal
    middle: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area: how many people in each band and their mean."""

    area: Area
    bands: Bands
    spread: Spread
    near: int  # people close under a higher band

    @property
    def pieces(self) -> Iterable[tuple[int, str, str]]:
        """The bands as pieces of one bar: (rank for its tint, where it begins, how wide it is), in shares."""
        begin = Fraction(0)
        for rank, (_, people) in enumerate(self.bands, start=1):
            width = Fraction(100 * people, max(self.spread.people, 1))
            if people:
                yield min(rank, RANKS), share(begin), share(width)
            begin += width


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: how many people it applies to, how many earned or lost by it, and what it gave on average."""

    category: str
    name: str
    most: Decimal | None
    people: int
    moved: int
    mean: Decimal

    @property
    def nobody(self) -> bool:
        """Whether it gave nobody anything."""
        return not self.moved


@dataclass(frozen=True, slots=True)
class Gap:
    """Records that do not count yet: how many, and of what sort."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A year of some branches at a glance."""

    spread: Spread
    bands: Bands
    bins: tuple[tuple[str, int], ...]
    chart: Columns
    told: str
    areas: tuple[AreaLine, ...]
    items: tuple[ItemLine, ...]


def overview(year: Year, people: Iterable[Graded], areas: Sequence[Area]) -> Overview | None:
    """Return the figures of these people, by the area of `areas` that each lies in; None for nobody (no query)."""
    everybody = list(people)
    if not everybody:
        return None
    bands = tuple(band.name for band in rules_of(year.standard).bands)
    bins = _bins([person.total for person in everybody])
    labels, values = [label for label, _ in bins], [count for _, count in bins]
    return Overview(
        spread=_spread(everybody),
        bands=_counts(everybody, bands),
        bins=bins,
        chart=columns(labels, {"人数": values}),
        told=told(labels, values, "人"),
        areas=tuple(_areas(year, everybody, areas, bands)),
        items=tuple(_items(year, everybody)),
    )


def gaps(year: Year, roots: Sequence[Area], moment: datetime) -> list[Gap]:
    """Return what does not count yet although it was entered, or held before `moment`, in these branches (4 queries)."""
    first, last = year.starts_on, year.ends_on
    reports = MediaReport.objects.filter(state=MediaReport.State.SUBMITTED, published_on__range=(first, last))
    about = reports.filter(within(roots, "subjects__mandate__area")).distinct()
    rolls = Activity.objects.held_between(first, last).filter(within(roots), state=Activity.State.OPEN)
    deeds = Declaration.objects.waiting().filter(within(roots), happened_on__range=(first, last))
    honours = Honour.objects.filter(within(roots, "mandate__area"), state=Honour.State.SUBMITTED)
    found = [
        Gap(about.count(), "篇专题报道待核实"),
        Gap(honours.filter(awarded_on__range=(first, last)).count(), "项荣誉待核实"),
        Gap(deeds.count(), "条履职申报待审核"),
        Gap(rolls.filter(ends_at__lt=moment).count(), "场已结束的活动还没有收册"),
    ]
    return [gap for gap in found if gap.count]


def _spread(people: Sequence[Graded]) -> Spread:
    totals = [person.total for person in people]
    if not totals:
        nought = rounded(Decimal(0))
        return Spread(0, nought, nought, nought, nought)
    mean = rounded(Fraction(sum(totals)) / len(totals))
    return Spread(len(totals), mean, rounded(median(totals)), min(totals), max(totals))


def _counts(people: Iterable[Graded], bands: Sequence[str]) -> Bands:
    counted = Counter(person.band for person in people)
    return tuple((band, counted[band]) for band in bands)


def _bins(totals: Sequence[Decimal]) -> tuple[tuple[str, int], ...]:
    """Return at most a dozen even ranges of whole points from the least total to the greatest, with their people."""
    low, high = int(min(totals) // 1), int(max(totals) // 1) + 1
    step = next(step for step in _steps() if (high - low) <= step * BINS)
    start = low // step * step
    counted = Counter((int(total // 1) - start) // step for total in totals)
    last = max(counted)
    return tuple((f"{start + place * step}", counted[place]) for place in range(last + 1))


def _steps() -> Iterable[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def _areas(
    year: Year, people: Sequence[Graded], areas: Sequence[Area], bands: Sequence[str]
) -> Iterable[AreaLine]:
    by_path: dict[str, list[Graded]] = defaultdict(list)
    paths = {area.path for area in areas}
    for person in people:
        ends = range(len(person.path), 0, -Area.steplen)
        home = next((person.path[:end] for end in ends if person.path[:end] in paths), None)
        if home:
            by_path[home].append(person)
    floors = [band.minimum for band in rules_of(year.standard).bands if band.minimum is not None]
    for area in areas:
        own = by_path[area.path]
        near = sum(any(floor - NEAR <= person.total < floor for floor in floors) for person in own)
        yield AreaLine(area, _counts(own, bands), _spread(own), near)


def _items(year: Year, people: Sequence[Graded]) -> Iterable[ItemLine]:
    for category in rules_of(year.standard).categories:
        for item in category.items:
            points = [person.points[item.code] for person in people if item.code in person.points]
            most = ceiling(item.rule)
            yield ItemLine(
                category.name,
                item.name,
                None if most is None else rounded(most),
                len(points),
                sum(1 for value in points if value),
                rounded(sum(points, Fraction(0)) / len(points)) if points else rounded(Decimal(0)),
            )
