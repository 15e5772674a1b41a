"""Totals, bands and points of everybody, without a sheet for each: the same figures as the sheets, by adding lots."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import F

from scoring.eligibility import apart
from scoring.models import Year
from scoring.rules import FactRefused, Standard
from scoring.rules.lots import Apart, NotWhole, Totals, competing
from scoring.rules.scale import scale_of
from scoring.sheets import live_sheets, rules_of
from scoring.whole.records import Reading, Row
from stations.querysets import MandateQuerySet

EXPLAINED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Score:
    """One mandate's total (rounded) and band; `scaled` are the points of every item × `scale`."""

    mandate: int
    total: Decimal
    band: str
    scaled: Sequence[int | Fraction]
    scale: int

    @property
    def points(self) -> tuple[Fraction, ...]:
        """The points of every item, exact, in the order of the standard."""
        return tuple(Fraction(value) / self.scale for value in self.scaled)


def scores(year: Year, mandates: MandateQuerySet) -> Iterator[Score]:
    """Return the score of every mandate in no particular order; the number of queries is fixed.

    What lots cannot say (docs/scoring.md), and who served a part of the year, is asked of the sheet, a few hundred
    people at a time.
    """
    rules = rules_of(year.standard)
    tags = _tags(rules, mandates)
    counters: dict[frozenset[str], _Counter] = {}
    reading = Reading(rules, year.starts_on, year.ends_on, dated=competing(rules))
    special, left = apart(year, mandates), list[int]()
    for mandate, words in _everybody(reading.rows(mandates), tags):
        if mandate in special:
            left.append(mandate)
            continue
        own = tags[mandate]
        counter = counters.get(own) or counters.setdefault(own, _Counter(rules, own, reading))
        try:
            yield counter.score(mandate, words)
        except (NotWhole, FactRefused):
            left.append(mandate)
    for start in range(0, len(left), EXPLAINED_AT_ONCE):
        yield from _explained(year, mandates.filter(pk__in=left[start : start + EXPLAINED_AT_ONCE]), rules)


class _Counter:
    """The people who have the same member tags: what each word adds, reckoned when it is first met."""

    def __init__(self, rules: Standard, tags: frozenset[str], reading: Reading) -> None:
        self._totals = Totals(rules, tags)
        self._lots = _Lots(self._totals, reading)

    def score(self, mandate: int, words: list[str]) -> Score:
        packed = sum(map(self._lots.__getitem__, words))
        lots = self._lots.apart
        apart = [fact for word in words if word in lots for fact in lots[word]] if lots else []
        points = self._totals.points(packed, len(words), apart)
        total, band = self._totals.grade(points, packed)
        return Score(mandate, total, band, points, self._totals.scale)


class _Lots(dict[str, int]):
    """{word: what it adds}; words with competing facts have them in `apart`."""

    def __init__(self, totals: Totals, reading: Reading) -> None:
        super().__init__()
        self.apart: dict[str, tuple[Apart, ...]] = {}
        self._totals, self._reading = totals, reading

    def __missing__(self, word: str) -> int:
        lot = self._totals.lift(self._reading.facts(word))
        if lot.apart:
            self.apart[word] = lot.apart
        self[word] = lot.packed
        return lot.packed


def _everybody(rows: Iterable[Row], tags: Mapping[int, frozenset[str]]) -> Iterator[Row]:
    """Add the mandates without any record: they have a score, too."""
    quiet = set(tags)
    for mandate, words in rows:
        if mandate in quiet:
            quiet.remove(mandate)
            yield mandate, words
    for mandate in quiet:
        yield mandate, []


def _tags(rules: Standard, mandates: MandateQuerySet) -> dict[int, frozenset[str]]:
    """Return those tags of every mandate that the standard asks for (1 query)."""
    named = [each.applies_to or () for each in rules.categories] + [
        each.applies_to or () for each in rules.items
    ]
    asked = {tag for tags in named for tag in tags}
    if not asked:
        return dict.fromkeys(mandates.order_by().values_list("pk", flat=True), frozenset())
    found: dict[int, set[str]] = defaultdict(set)
    for mandate, tag in mandates.order_by().annotate(tag=F("tags__code")).values_list("pk", "tag"):
        found[mandate].update({tag} & asked)
    sets: dict[frozenset[str], frozenset[str]] = {}
    return {
        mandate: sets.setdefault(own, own) for mandate, own in ((pk, frozenset(s)) for pk, s in found.items())
    }


def _explained(year: Year, mandates: MandateQuerySet, rules: Standard) -> Iterator[Score]:
    scale = scale_of(rules)
    for live in live_sheets(year, mandates):
        scaled = [score.points * scale if score.applies else 0 for score in live.sheet.items]
        yield Score(live.mandate.pk, live.sheet.total, live.sheet.band.name, scaled, scale)
