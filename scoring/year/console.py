"""Reads of the review console: the areas with their bands, the five steps, what is in the way, the result lists."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from scoring.models import AreaReview, FrozenSheet, Objection, Year, YearEvent
from scoring.sheets import live_sheets, mandates_of, rules_of
from scoring.supplements import holding
from scoring.year.confirmed import CONFIRMED
from scoring.year.levels import Levels
from scoring.year.steps import AREA_STEPS
from sessions.models import Activity
from stations.models import Area, AreaGrant
from stations.permissions import READS_SCORES, Someone, granted_areas, within
from stations.querysets import MandateQuerySet

State, Review = Year.State, AreaReview.State
NAMED = 5  # areas or activities named in one sentence
RANKS = 4  # colours of grades there are


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many people of an area are in one band; `rank` chooses its colour, 1 the best."""

    name: str
    rank: int
    people: int


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of the year: where it stands, how its people stand, what the reader may do with it."""

    area: Area
    review: AreaReview | None
    people: int
    bands: tuple[BandCount, ...]
    actions: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One of the five steps: `status` is done, current, begun (beside the current) or ahead; `count` is areas, or empty."""

    name: str
    status: str
    count: str = ""
    unit: str = ""


def areas_of(year: Year) -> list[Area]:
    """Return the areas that review the year by code: those that were named, else where its people are (1 query).

    After the confirmation also those that nobody reviewed, where a supplement put somebody on the list.
    """
    areas = Area.objects.order_by("path")
    if year.state in {State.DRAFT, State.OPEN}:
        return list(areas.filter(pk__in=mandates_of(year).order_by().values("area")))
    reviewed = Q(pk__in=AreaReview.objects.filter(year=year).values("area"))
    if year.state not in CONFIRMED:
        return list(areas.filter(reviewed))
    added = FrozenSheet.objects.filter(year=year, added_in__isnull=False)
    found = areas.filter(reviewed | Q(pk__in=added.values("mandate__area")))
    rows = list(found.annotate(named=Exists(AreaReview.objects.filter(year=year, area=OuterRef("pk")))))
    named = [area for area in rows if area.named]
    return [area for area in rows if area.named or not _lies_in(area, named)]


def rows_of(year: Year, user: Someone) -> list[AreaRow]:
    """Return the areas that `user` may see, by code (a fixed number of queries)."""
    roots = granted_areas(user, READS_SCORES)
    areas = [area for area in areas_of(year) if _lies_in(area, roots)]
    reviews = {review.area_id: review for review in AreaReview.objects.filter(year=year)}
    bands = _bands_by_area(year, areas, roots)
    rights = _rights(year, user)
    ranks = ranks_of(year)
    return [
        AreaRow(
            area=area,
            review=(review := reviews.get(area.pk)),
            people=sum(bands[area.path].values()),
            bands=tuple(
                BandCount(name, rank, bands[area.path][name])
                for name, rank in ranks.items()
                if bands[area.path][name]
            ),
            actions=_actions(area, review, rights),
        )
        for area in areas
    ]


def ranks_of(year: Year) -> dict[str, int]:
    """Return {band: rank}, the best band first with rank 1; ranks end where the colours do."""
    return {band.name: min(n, RANKS) for n, band in enumerate(rules_of(year.standard).bands, start=1)}


def _lies_in(area: Area, roots: Iterable[Area]) -> bool:
    return any(area.path.startswith(root.path) for root in roots)


def _bands_by_area(year: Year, areas: list[Area], roots: list[Area]) -> dict[str, Counter[str]]:
    """Count bands by reviewing area: what holds once the year is confirmed, live sheets before."""
    paths = {area.path for area in areas}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for path, band in _bands(year, roots):
        home = next((path[:end] for end in range(len(path), 0, -Area.steplen) if path[:end] in paths), None)
        if home:
            counted[home][band] += 1
    return counted


def _bands(year: Year, roots: list[Area]) -> Iterable[tuple[str, str]]:
    if year.state in CONFIRMED:
        sheets = holding(FrozenSheet.objects.filter(within(roots, "mandate__area"), year=year))
        return sheets.values_list("mandate__area__path", "now_band")
    mandates = mandates_of(year).filter(within(roots))
    return ((live.mandate.area.path, live.sheet.band.name) for live in live_sheets(year, mandates))


def _rights(year: Year, user: Someone) -> dict[str, list[Area]]:
    """Return {step of an area: branches in which the reader may take it}; nothing outside the time of review."""
    if year.state != State.REVIEWING:
        return {}
    roles = AreaGrant.Role
    of_role = {role: granted_areas(user, [role]) for role in (roles.REVIEWER, roles.OFFICE)}
    return {name: of_role[roles(step.roles[0])] for name, step in AREA_STEPS.items()}


def _actions(area: Area, review: AreaReview | None, rights: dict[str, list[Area]]) -> frozenset[str]:
    if review is None:
        return frozenset()
    return frozenset(
        name
        for name, roots in rights.items()
        if review.state in AREA_STEPS[name].before and _lies_in(area, roots)
    )


def steps_of(year: Year, rows: list[AreaRow], levels: Levels) -> list[StepRow]:
    """Return the five steps of the year with what the reader's areas have done."""
    states = Counter(row.review.state for row in rows if row.review)
    pending = states[Review.PENDING] + states[Review.RETURNED]
    waiting, passed = states[Review.SUBMITTED], states[Review.RECHECKED]
    current = _current(year, pending, waiting)
    days = f"{year.publicised_until:%m-%d}" if year.publicised_until else ""
    texts = [
        ("区域审核", str(pending), "个区域待审"),
        (f"报送{levels.above}", str(waiting + passed), "个区域已报送"),
        (f"{levels.above}复核", str(passed), "个区域已通过"),
        ("公示", days or "—", "截止" if days else ""),
        (
            "确认与通报",
            f"{year.decided_on:%m-%d}" if year.decided_on else "—",
            "确认" if year.decided_on else "",
        ),
    ]
    begun = year.state not in {State.DRAFT, State.OPEN}
    # What some areas are through already while others are not there yet.
    counts = {2: waiting + passed, 3: passed} if year.state == State.REVIEWING else {}
    later = {number: "begun" for number, areas in counts.items() if areas}
    return [
        StepRow(
            name,
            "done" if number < current else "current" if number == current else later.get(number, "ahead"),
            count if begun else "—",
            unit if begun else "",
        )
        for number, (name, count, unit) in enumerate(texts, start=1)
    ]


def _current(year: Year, pending: int, waiting: int) -> int:
    """Return the number of the current step: 0 before the review, 6 when all is done."""
    if year.state == State.REVIEWING:
        return 1 if pending else 3 if waiting else 4
    return {State.PUBLICISED: 4, State.CONFIRMED: 5, State.NOTIFIED: 6}.get(State(year.state), 0)


def in_the_way(year: Year, rows: list[AreaRow], moment: datetime, levels: Levels) -> list[str]:
    """Return what must happen before the next step of the whole year, in words; empty when it may be taken."""
    if year.state == State.OPEN:
        held = Activity.objects.held_between(year.starts_on, year.ends_on).filter(state=Activity.State.OPEN)
        titles = list(
            held.filter(ends_at__lt=moment).order_by("starts_at", "pk").values_list("title", flat=True)
        )
        return [f"还有 {len(titles)} 场已结束的活动没有收册：{_names(titles)}。"] if titles else []
    if year.state == State.REVIEWING:
        open_parts = [row for row in rows if row.review and row.review.state in AREA_STEPS["submit"].before]
        waiting = [row for row in rows if row.review and row.review.state == Review.SUBMITTED]
        return [
            f"还有 {len(part)} 个区域{words}：{_names([row.area.name for row in part])}。"
            for part, words in ((open_parts, "没有报送"), (waiting, f"等待{levels.above}复核"))
            if part
        ]
    if year.state == State.PUBLICISED:
        return list(_before_confirming(year, moment))
    return []


def _before_confirming(year: Year, moment: datetime) -> Iterator[str]:
    until = year.publicised_until
    if until and timezone.localdate(moment) <= until:
        yield f"公示到 {until:%Y-%m-%d} 为止，期满后登记主任会议的决定。"
    waiting = Objection.objects.waiting().filter(year=year).count()
    if waiting:
        yield f"还有 {waiting} 条异议没有答复，请先逐条答复。"


def withdrawn_of(year: Year) -> YearEvent | None:
    """Return how the publicity was taken back last, with its reason; None when it never was (1 query)."""
    events = YearEvent.objects.filter(year=year, action="withdraw").select_related("actor")
    return events.order_by("-happened_at").first()


def _names(names: list[str]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def people_of(year: Year, area: Area) -> MandateQuerySet:
    """Return whose sheets one area reviews, by 姓名笔画: its branch without what a deeper area reviews."""
    people = mandates_of(year).filter(area__path__startswith=area.path)
    deeper = [each for each in areas_of(year) if each.path != area.path and each.path.startswith(area.path)]
    mandates = people.exclude(within(deeper)) if deeper else people
    return mandates.by_strokes()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of an area with the sheet in short."""

    mandate: Any
    total: str
    band: str
    rank: int
    short: tuple[str, ...]
    supplemented: bool = False  # the figure is not the confirmed one any more
    added: bool = False  # put on the list by a supplement


def people_rows(year: Year, mandates: list[Any]) -> list[PersonRow]:
    """Return total, band and short items of these people, in their order (a fixed number of queries)."""
    ids = [mandate.pk for mandate in mandates]
    now: dict[int, tuple[str, str]] = {}
    added: set[int] = set()
    if year.state in CONFIRMED:
        sheets = list(holding(FrozenSheet.objects.filter(year=year, mandate__in=ids)))
        contents = {sheet.mandate_id: sheet.content for sheet in sheets}
        now = {sheet.mandate_id: (f"{sheet.now_total:.2f}", sheet.now_band) for sheet in sheets}
        added = {sheet.mandate_id for sheet in sheets if sheet.added_in}
    else:
        graded = live_sheets(year, mandates_of(year).filter(pk__in=ids))
        contents = {live.mandate.pk: live.content for live in graded}
    ranks = ranks_of(year)
    rows = []
    for mandate in mandates:
        if content := contents.get(mandate.pk):
            confirmed = (content["total"], content["band"])
            total, band = now.get(mandate.pk, confirmed)
            short = tuple(short["name"] for short in content["short"])
            moved = Decimal(total) != Decimal(confirmed[0]) or band != confirmed[1]
            rank = ranks.get(band, RANKS)
            rows.append(PersonRow(mandate, total, band, rank, short, moved, mandate.pk in added))
    return rows
