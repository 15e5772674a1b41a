"""Running the worked cases of a file: what was expected, what came."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules import FactRefused, Standard, rounded, tally
from scoring.standard_file.cases import Case
from scoring.standard_file.load import StandardFile


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case; `expected` and `got` name the same figures, in words fit for one line."""

    case: Case
    passed: bool
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    total: Decimal
    band: str
    items: dict[str, Fraction]


def run_cases(file: StandardFile) -> list[CaseResult]:
    """Reckon every case and compare: the rounded total exactly, items rounded to two decimals, the band's name."""
    return [_run(file.standard, case) for case in file.cases]


def _run(standard: Standard, case: Case) -> CaseResult:
    try:
        outcome = _outcome(standard, case)
    except FactRefused as refusal:
        expected = "reject" if case.refused else _expected(case)
        return CaseResult(case, case.refused, expected, f"reject: {refusal}")
    if case.refused:
        return CaseResult(case, False, "reject", f"total {outcome.total}")
    return CaseResult(case, _holds(case, outcome), _expected(case), _got(case, outcome))


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


def _expected(case: Case) -> str:
    parts = [] if case.total is None else [f"total {case.total}"]
    parts += [f"{code} {points}" for code, points in case.items]
    parts += [] if case.band is None else [f"band {case.band}"]
    return ", ".join(parts)


def _got(case: Case, outcome: _Outcome) -> str:
    parts = [] if case.total is None else [f"total {outcome.total}"]
    parts += [
        f"{code} {rounded(outcome.items[code])}" if code in outcome.items else f"{code} -"
        for code, _points in case.items
    ]
    parts += [] if case.band is None else [f"band {outcome.band}"]
    return ", ".join(parts)
