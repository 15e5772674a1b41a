"""A standard tried on a year that was: who would move, between which bands; nothing is written."""

import copy
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from scoring.models import FrozenSheet, Standard, Year
from scoring.sheets import rules_of
from scoring.whole.scores import scores
from stations.querysets import MandateQuerySet

Graded = dict[int, tuple[Decimal, str]]  # by mandate: total and band
CONFIRMED = (Year.State.CONFIRMED, Year.State.NOTIFIED)


@dataclass(frozen=True, slots=True)
class Move:
    """One person under both standards."""

    mandate: int
    before: Decimal
    after: Decimal
    band_before: str
    band_after: str

    @property
    def difference(self) -> Decimal:
        """Points gained, or lost where negative."""
        return self.after - self.before

    @property
    def changes_band(self) -> bool:
        """Whether the person would be graded otherwise."""
        return self.band_before != self.band_after


@dataclass(frozen=True, slots=True)
class Line:
    """How the people of one band of before are spread over the bands of after."""

    band: str
    counts: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everybody of a year under its own standard and under another one; the widest moves first."""

    people: int
    frozen: bool  # before is what was confirmed, not what the records say today
    bands_after: tuple[str, ...]
    lines: tuple[Line, ...]
    moves: tuple[Move, ...]

    @property
    def crossing(self) -> tuple[Move, ...]:
        """Those who would change their band."""
        return tuple(move for move in self.moves if move.changes_band)


def compare(standard: Standard, year: Year, mandates: MandateQuerySet) -> Comparison:
    """Grade these mandates of a year by another standard, on the records as they are (a fixed number of queries)."""
    frozen = year.state in CONFIRMED
    before = _frozen(year, mandates) if frozen else _graded(year, mandates)
    tried = copy.copy(year)
    tried.standard = standard  # of the copy in memory alone
    after = _graded(tried, mandates)
    both = [
        Move(mandate, total, after[mandate][0], band, after[mandate][1])
        for mandate, (total, band) in before.items()
        if mandate in after
    ]
    counts = Counter((move.band_before, move.band_after) for move in both)
    bands_after = tuple(band.name for band in rules_of(standard).bands)
    lines = tuple(
        Line(band.name, row := tuple(counts[band.name, name] for name in bands_after), sum(row))
        for band in rules_of(year.standard).bands
    )
    moved = [move for move in both if move.difference or move.changes_band]
    moved.sort(key=lambda move: (not move.changes_band, -abs(move.difference), move.mandate))
    return Comparison(len(both), frozen, bands_after, lines, tuple(moved))


def _graded(year: Year, mandates: MandateQuerySet) -> Graded:
    return {score.mandate: (score.total, score.band) for score in scores(year, mandates)}


def _frozen(year: Year, mandates: MandateQuerySet) -> Graded:
    sheets = FrozenSheet.objects.filter(year=year, mandate__in=mandates).order_by()
    return {mandate: (total, band) for mandate, total, band in sheets.values_list("mandate", "total", "band")}
