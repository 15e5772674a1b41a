"""Tables whose every number opens the rows it was counted from. Pure: facts in, lines out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

NONE = "-"  # ?theme=- and ?station=- ask for what has none


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: what is counted, and the address of the list that holds it."""

    key: str
    label: str
    unit: str
    address: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number; `href` opens its rows (empty for nought), `most` is the largest of its column."""

    measure: Measure
    value: int
    href: str
    most: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a month, a theme, a station, or the sum."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines in order, and their sum."""

    head: str
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]
    total: Line

    def values(self, key: str) -> list[int]:
        """Return the column of one measure, without its sum."""
        place = [measure.key for measure in self.measures].index(key)
        return [line.cells[place].value for line in self.lines]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row that counts: where it belongs, and how much of each measure it holds."""

    month: int
    theme: str
    station: int | None
    station_name: str
    counts: dict[str, int]
    row: Any = None

    @property
    def theme_key(self) -> str:
        """The word of ?theme=."""
        return self.theme or NONE

    @property
    def station_key(self) -> str:
        """The word of ?station=."""
        return NONE if self.station is None else str(self.station)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows the reader wants to see; empty words ask for all. Numbers and lists are cut by this one rule."""

    year: int
    month: int = 0
    theme: str = ""
    station: str = ""

    def fits(self, fact: Fact) -> bool:
        """Whether a fact belongs to what was asked for."""
        return (
            self.month in {0, fact.month}
            and self.theme in {"", fact.theme_key}
            and self.station in {"", fact.station_key}
        )

    @property
    def query(self) -> str:
        """The query string that asks for the same, with its question mark; empty for all."""
        month = f"{self.year}-{self.month:02d}" if self.month else ""
        given = {"month": month, "theme": self.theme, "station": self.station}
        words = urlencode({key: word for key, word in given.items() if word})
        return f"?{words}" if words else ""


def read_asked(year: int, month: str, theme: str, station: str) -> Asked:
    """Return what the words of an address ask for; a month of another year or no month at all asks for none."""
    months = {f"{year}-{number:02d}": number for number in range(1, 13)}
    return Asked(year, months.get(month.strip(), 0), theme.replace("\x00", "")[:30], station.strip()[:20])


def by_month(year: int, facts: Sequence[Fact], measures: Sequence[Measure]) -> Table:
    """Return a line for each of the twelve months, noughts too."""
    within = _grouped(facts, lambda fact: fact.month)
    rows = [(Asked(year, month=n), f"{n} 月", within.get(n, [])) for n in range(1, 13)]
    return _table("月份", rows, measures, Asked(year))


def by_theme(year: int, facts: Sequence[Fact], measures: Sequence[Measure]) -> Table:
    """Return a line for each theme that occurs, the most frequent first, what has none last."""
    rows = _frequent(facts, lambda fact: (fact.theme_key, fact.theme or "未分主题"))
    return _table(
        "主题", [(Asked(year, theme=key), name, own) for (key, name), own in rows], measures, Asked(year)
    )


def by_station(year: int, facts: Sequence[Fact], measures: Sequence[Measure]) -> Table:
    """Return a line for each station that occurs, the most frequent first, other places last."""
    rows = _frequent(facts, lambda fact: (fact.station_key, fact.station_name or "其他地点"))
    return _table(
        "站点", [(Asked(year, station=key), name, own) for (key, name), own in rows], measures, Asked(year)
    )


def _grouped(facts: Iterable[Fact], key: Callable[[Fact], Any]) -> dict[Any, list[Fact]]:
    """Return the facts by their key: they are gone through once, however many lines come of them."""
    groups: dict[Any, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return groups


def _frequent(
    facts: Iterable[Fact], key: Callable[[Fact], tuple[str, str]]
) -> list[tuple[tuple[str, str], list[Fact]]]:
    groups = _grouped(facts, key).items()
    return sorted(groups, key=lambda row: (row[0][0] == NONE, -len(row[1]), row[0][1], row[0][0]))


def _table(
    head: str,
    rows: Sequence[tuple[Asked, str, Sequence[Fact]]],
    measures: Sequence[Measure],
    everything: Asked,
) -> Table:
    sums = [(asked, label, sums_of(facts, asked, measures)) for asked, label, facts in rows]
    most = {m.key: max((numbers[m.key] for *_, numbers in sums), default=0) for m in measures}
    lines = tuple(_line(asked, label, numbers, measures, most) for asked, label, numbers in sums)
    total = {m.key: sum(numbers[m.key] for *_, numbers in sums) for m in measures}
    return Table(head, tuple(measures), lines, _line(everything, "合计", total, measures, {}))


def sums_of(facts: Iterable[Fact], asked: Asked, measures: Iterable[Measure]) -> dict[str, int]:
    """Return the sum of every measure over the facts that fit."""
    fitting = [fact.counts for fact in facts if asked.fits(fact)]
    return {m.key: sum(counts.get(m.key, 0) for counts in fitting) for m in measures}


def _line(
    asked: Asked, label: str, numbers: dict[str, int], measures: Sequence[Measure], most: dict[str, int]
) -> Line:
    cells = [
        Cell(m, numbers[m.key], m.address + asked.query if numbers[m.key] else "", most.get(m.key, 0))
        for m in measures
    ]
    return Line(label, tuple(cells))
