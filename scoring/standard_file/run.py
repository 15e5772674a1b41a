"""Running the worked cases of a file: what was expected, what came."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.rules import FactRefused, Standard, rounded, tally
from scoring.standard_file.cases import Case
from scoring.standard_file.load import StandardFile

REJECT: Final = "reject"
MISSING: Final = "-"  # the standard has no such item


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a case: `total`, `band`, `reject` (with why), or the code of an item, whose name is `name`."""

    what: str
    value: str
    name: str = ""

    @property
    def line(self) -> str:
        """As the line of the check says it."""
        colon = ":" if self.what == REJECT and self.value else ""
        return f"{self.what}{colon} {self.value}".rstrip()

    @property
    def words(self) -> str:
        """In Chinese, for a page."""
        match self.what:
            case _ if self.name:
                return f"{self.name} {self.value} 分"
            case "total":
                return f"总分 {self.value} 分"
            case "band":
                return f"等次 {self.value}"
            case "reject":
                return f"拒绝：{self.value}" if self.value else "拒绝"
            case code:
                return f"{code}（标准里没有这个小项）"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case; `wanted` and `came` are the same figures."""

    case: Case
    passed: bool
    wanted: tuple[Figure, ...]
    came: tuple[Figure, ...]

    @property
    def expected(self) -> str:
        """What was expected, for the line of the check."""
        return ", ".join(figure.line for figure in self.wanted)

    @property
    def got(self) -> str:
        """What came, for the line of the check."""
        return ", ".join(figure.line for figure in self.came)

    @property
    def expected_words(self) -> str:
        """What was expected, in Chinese."""
        return "，".join(figure.words for figure in self.wanted)

    @property
    def got_words(self) -> str:
        """What came, in Chinese."""
        return "，".join(figure.words for figure in self.came)


@dataclass(frozen=True, slots=True)
class _Outcome:
    total: Decimal
    band: str
    items: dict[str, Fraction]


def run_cases(file: StandardFile) -> list[CaseResult]:
    """Reckon every case and compare: the rounded total exactly, items rounded to two decimals, the band's name."""
    return [_run(file.standard, case) for case in file.cases]


def _run(standard: Standard, case: Case) -> CaseResult:
    refused = (Figure(REJECT, ""),)
    names = {item.code: item.name for item in standard.items}
    try:
        outcome = _outcome(standard, case)
    except FactRefused as refusal:
        wanted = refused if case.refused else tuple(_expected(case, names))
        return CaseResult(case, case.refused, wanted, (Figure(REJECT, str(refusal)),))
    if case.refused:
        return CaseResult(case, False, refused, (Figure("total", str(outcome.total)),))
    return CaseResult(
        case, _holds(case, outcome), tuple(_expected(case, names)), tuple(_got(case, outcome, names))
    )


def _outcome(standard: Standard, case: Case) -> _Outcome:
    if case.given_total is not None:
        total = rounded(case.given_total)
        return _Outcome(total, standard.band_at(total).name, {})
    sheet = tally(standard, case.facts, case.member)
    return _Outcome(sheet.total, sheet.band.name, {score.item.code: score.points for score in sheet.items})


def _holds(case: Case, outcome: _Outcome) -> bool:
    return (
        case.total in {None, outcome.total}
        and case.band in {None, outcome.band}
        and all(
            code in outcome.items and points in {outcome.items[code], rounded(outcome.items[code])}
            for code, points in case.items
        )
    )


def _expected(case: Case, names: Mapping[str, str]) -> Iterator[Figure]:
    if case.total is not None:
        yield Figure("total", str(case.total))
    for code, points in case.items:
        yield Figure(code, str(points), names.get(code, ""))
    if case.band is not None:
        yield Figure("band", case.band)


def _got(case: Case, outcome: _Outcome, names: Mapping[str, str]) -> Iterator[Figure]:
    if case.total is not None:
        yield Figure("total", str(outcome.total))
    for code, _points in case.items:
        points = str(rounded(outcome.items[code])) if code in outcome.items else MISSING
        yield Figure(code, points, names.get(code, ""))
    if case.band is not None:
        yield Figure("band", outcome.band)
