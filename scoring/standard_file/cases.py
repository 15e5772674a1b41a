"""The worked cases of a file, and how they are run."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules import Fact, FactRefused, Standard, rounded, tally
from scoring.standard_file.place import Fields, Place

WORDS = ("role", "level", "status", "event", "ref")
EXPECTATIONS = ("total", "items", "band", "expect")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case: facts, or a total given outright, and what is to come of them.

    `refused` says that the facts must be refused; `items` lists (code, expected points).
    """

    name: str
    member: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    given_total: Decimal | None = None
    total: Decimal | None = None
    items: tuple[tuple[str, Decimal], ...] = ()
    band: str | None = None
    refused: bool = False


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


def read_case(place: Place) -> Case:
    """Read one entry of `cases`."""
    fields = place.fields(("name",), ("member", "facts", "given_total", *EXPECTATIONS))
    expect = fields.one_of("expect", ("reject",))
    _check_shape(place, fields)
    items = fields.get("items")
    points = {} if items is None else {code: cell.number() for code, cell in items.entries().items()}
    return Case(
        name=fields.text("name") or "",
        member=fields.words("member"),
        facts=tuple(_read_fact(one, rank) for rank, one in enumerate(fields.listed("facts"), start=1)),
        given_total=fields.number("given_total"),
        total=fields.number("total"),
        items=tuple((code, value) for code, value in points.items() if value is not None),
        band=fields.text("band"),
        refused=expect is not None,
    )


def run_cases(standard: Standard, cases: Iterable[Case]) -> list[CaseResult]:
    """Reckon every case and compare: the rounded total exactly, items rounded to two decimals, the band's name."""
    return [_run(standard, case) for case in cases]


def _check_shape(place: Place, fields: Fields) -> None:
    if not place.is_mapping:
        return
    if not any(name in fields for name in EXPECTATIONS):
        place.refuse(f"没有写要核对的结果：{'、'.join(EXPECTATIONS)} 至少写一个。")
    if "expect" in fields and any(name in fields for name in ("given_total", "total", "items", "band")):
        place.refuse("「expect: reject」不和其他结果一起写。")
    facts = fields.get("facts")
    if "given_total" in fields and facts is not None and facts.node.value:
        place.refuse("「given_total」和「facts」只写一个。")


def _read_fact(place: Place, rank: int) -> Fact:
    fields = place.fields(("item",), ("n", *WORDS, "people", "rate", "award", "date"))
    quantity, people = fields.number("n"), fields.number("people")
    if people is not None and people != int(people):
        fields.said["people"].refuse("人数要写整数。")
    return Fact(
        item=fields.text("item") or "",
        n=Decimal(1) if quantity is None else quantity,
        role=fields.text("role"),
        level=fields.text("level"),
        status=fields.text("status"),
        event=fields.text("event"),
        people=None if people is None else int(people),
        rate=fields.number("rate"),
        award=fields.number("award"),
        date=fields.day("date"),
        ref=fields.text("ref"),
        label=f"事实 {rank}",
    )


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
