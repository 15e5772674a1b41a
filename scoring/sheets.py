"""成绩单: live ones are derived here from standard and facts; frozen ones are the same content, stored.

`content` turns a tallied sheet into plain JSON (points as decimal strings), the one shape that the page, the review
console, the frozen row and the digest of the year share.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import F

from scoring.eligibility import Service, graded, service_of
from scoring.facts import gather
from scoring.models import FrozenSheet, Standard, Year
from scoring.rules import (
    CategoryScore,
    Cut,
    Fact,
    ItemScore,
    Line,
    Sheet,
    next_band,
    rounded,
    shortfalls,
    tally,
)
from scoring.rules import Standard as Rules
from scoring.rules.exact import exact
from scoring.standard_file import load
from stations.models import Mandate
from stations.querysets import MandateQuerySet

Content = dict[str, Any]
_loaded: dict[str, Rules] = {}


@dataclass(frozen=True, slots=True)
class LiveSheet:
    """One mandate's sheet as it follows from the records of this moment."""

    mandate: Mandate
    sheet: Sheet
    tags: frozenset[str]
    service: Service
    left_out: tuple[Fact, ...] = ()  # of suspended days

    @property
    def content(self) -> Content:
        """The sheet as plain JSON, with what of the year it is about where that is not the whole."""
        plain, served = content(self.sheet), self.service
        if served.suspended or served.share != 1:
            plain["service"] = {
                "months": served.months,
                "of": served.of,
                "part": served.share != 1,
                "suspended": [
                    [str(first), "" if last == date.max else str(last)] for first, last in served.suspended
                ],
                "left_out": _left_out(self.left_out),
            }
        return plain


def rules_of(standard: Standard) -> Rules:
    """Return the values of a stored standard; the text of a version never changes, so it is read once."""
    if standard.digest not in _loaded:
        _loaded[standard.digest] = load(standard.text).standard
    return _loaded[standard.digest]


def mandates_of(year: Year) -> MandateQuerySet:
    """Return the mandates that the year grades (scoring/eligibility.py)."""
    return graded(year)


def live_sheet(year: Year, mandate: Mandate) -> LiveSheet:
    """Return one mandate's sheet of the moment (≤ 6 queries)."""
    return next(live_sheets(year, mandates_of(year).filter(pk=mandate.pk)))


def live_sheets(year: Year, mandates: MandateQuerySet) -> Iterator[LiveSheet]:
    """Return the sheets of the moment of many mandates, in their order; the number of queries is fixed."""
    rules = rules_of(year.standard)
    facts = gather(rules, mandates, year.starts_on, year.ends_on)
    people: dict[int, Mandate] = {}
    tags: dict[int, set[str]] = defaultdict(set)
    suspended: dict[int, set[tuple[date, date | None]]] = defaultdict(set)
    # One row a tag and suspension, so that they cost no query of their own; the first row of a mandate keeps its
    # place in the order.
    for mandate in mandates.select_related("representative", "area", "term").annotate(
        tag=F("tags__code"), off_from=F("suspensions__starts_on"), off_until=F("suspensions__ends_on")
    ):
        people.setdefault(mandate.pk, mandate)
        if mandate.tag:
            tags[mandate.pk].add(mandate.tag)
        if mandate.off_from:
            suspended[mandate.pk].add((mandate.off_from, mandate.off_until))
    for mandate in people.values():
        own = frozenset(tags.get(mandate.pk, ()))
        service = service_of(year, mandate, suspended.get(mandate.pk, ()))
        known, left_out = service.parted(facts.get(mandate.pk, ()))
        yield LiveSheet(mandate, tally(rules, known, own, service.share), own, service, tuple(left_out))


def sheet_content(year: Year, mandate: Mandate) -> tuple[Content, bool]:
    """Return a mandate's sheet and whether it is frozen; a frozen sheet is never computed again."""
    frozen = frozen_content(year, mandate)
    return (frozen, True) if frozen else (live_sheet(year, mandate).content, False)


def frozen_content(year: Year, mandate: Mandate) -> Content | None:
    """Return a mandate's sheet as it was confirmed; None before that, and for who was not in the confirmed list."""
    if year.state not in {Year.State.CONFIRMED, Year.State.NOTIFIED}:
        return None
    frozen = FrozenSheet.objects.filter(year=year, mandate=mandate).first()
    return frozen.content if frozen else None


def content(sheet: Sheet) -> Content:
    """Return a sheet as plain JSON: every figure a decimal string, every fact with the way to its record."""
    ahead = next_band(sheet.standard, sheet.total)
    return {
        "standard": sheet.standard.code,
        "total": str(sheet.total),
        "band": sheet.band.name,
        "earned_band": sheet.earned_band.name,
        "base": str(sheet.standard.base),
        "cut": _cut(sheet.cut),
        "bands": [{"name": band.name, "min": _text(band.minimum)} for band in sheet.standard.bands],
        "next": {"band": ahead.band.name, "distance": str(ahead.distance)} if ahead else None,
        "short": [
            {"name": s.name, "gap": _points(s.gap)}
            for s in shortfalls(sheet)
            if isinstance(s.score, CategoryScore)
        ],
        "categories": [_category(score) for score in sheet.categories if score.applies],
    }


def _left_out(facts: Iterable[Fact]) -> list[Content]:
    """Return each record once, whatever items it would have fed."""
    told = {
        fact.source: {"source": fact.source, "label": fact.label, "date": str(fact.date)} for fact in facts
    }
    return list(told.values())


def _category(score: CategoryScore) -> Content:
    return {
        "code": score.category.code,
        "name": score.category.name,
        "kind": score.category.kind,
        "before": _points(score.before),
        "points": _points(score.points),
        "max": _points(score.ceiling),
        "short": bool(score.ceiling and score.points < Fraction(72, 100) * score.ceiling),
        "cut": _cut(score.cut),
        "items": [_item(item) for item in score.items if item.applies],
    }


def _item(score: ItemScore) -> Content:
    return {
        "code": score.item.code,
        "name": score.item.name,
        "unit": score.item.unit or "",
        "units": _points(score.units),
        "opening": _points(score.opening),
        "raw": _points(score.raw),
        "points": _points(score.points),
        "max": _points(score.ceiling),
        "cut": _cut(score.cut),
        "lines": [_line(line, additive=score.additive) for line in score.lines],
    }


def _line(line: Line, *, additive: bool) -> Content:
    fact = line.fact
    return {
        "source": fact.source,
        "label": fact.label,
        "date": fact.date.isoformat() if fact.date else "",
        "what": fact.status or fact.role or fact.level or "",
        "n": _points(exact(fact.n)),
        "points": _points(line.points) if additive else "",
        "omitted": [omission.reason.label for omission in line.omissions],
        "effect": line.effect.label if line.effect else "",
    }


def _cut(cut: Cut | None) -> Content | None:
    return {"kind": str(cut.kind), "limit": _points(cut.limit), "by": _points(cut.by)} if cut else None


@lru_cache(maxsize=4096)
def _points(value: Fraction | None) -> str:
    """Points as they are shown: two decimals at most, half up, without trailing zeros."""
    return "" if value is None else _text(rounded(value))


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def band_counts(bands: Iterable[str]) -> dict[str, int]:
    """Return how many of each band, in the order of first appearance."""
    counts: dict[str, int] = {}
    for band in bands:
        counts[band] = counts.get(band, 0) + 1
    return counts
