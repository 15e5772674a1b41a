"""Adding lots says the same total, band and points as the sheet that explains itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules import (
    Assessed,
    AwardRange,
    Band,
    Category,
    Clamp,
    Constant,
    Count,
    Deduct,
    Fact,
    FactRefused,
    Item,
    Shared,
    Standard,
    Step,
    Target,
    Threshold,
    Veto,
    Void,
    tally,
)
from scoring.rules.lots import MOST_LOTS, NotWhole, Totals, competing
from scoring.standard_file import load

D = Decimal
SAME = settings(derandomize=True, max_examples=150, deadline=None, database=None)
STANDARDS = sorted(Path("tests/data").glob("**/*.yaml"))

WORDS = st.sampled_from(["a", "b", "c", None])
HUNDREDTHS = st.integers(0, 500).map(lambda count: D(count) / 100)
POINTS = st.integers(-80, 80).map(lambda count: D(count) / 10)
CLAMPS = st.tuples(st.none() | POINTS, st.none() | POINTS).map(
    lambda pair: Clamp(*sorted(pair)) if None not in pair else Clamp(*pair)
)
TABLE = st.dictionaries(st.sampled_from(["a", "b"]), POINTS, min_size=1).map(
    lambda table: tuple(table.items())
)
FIRST = st.just(D(1)) | st.integers(1, 4).map(D)
COUNTS = st.builds(
    Count, by=st.just("level"), table=TABLE, first=FIRST, at_most=st.none() | HUNDREDTHS, clamp=CLAMPS
) | st.builds(Count, points=POINTS, first=FIRST, at_most=st.none() | HUNDREDTHS, clamp=CLAMPS)
OTHERS = st.one_of(
    st.builds(Constant, points=POINTS),
    st.just(Threshold(steps=(Step(D(1), D("1.5")), Step(D("2.25"), D(4))))),
    st.builds(Threshold, every=HUNDREDTHS.filter(bool), points=POINTS, of=st.sampled_from([None, "a1"])),
    st.builds(
        Deduct,
        start=st.integers(-2, 20).map(D),
        table=st.just((("a", D("0.5")), ("b", D(3)))),
        floor=st.integers(0, 5).map(D),
        zero_when=st.sampled_from([(), ("c",)]),
    ),
    st.builds(Target, target=HUNDREDTHS, base=POINTS, per_unit=POINTS, floor=POINTS, below=st.booleans()),
    st.just(Assessed(D(0), D(20))),
    st.builds(Shared, points=POINTS, lead=st.sampled_from([D("0.6"), D("0.5")])),
    st.builds(Veto, band=st.sampled_from(["称职", "不称职"])),
    st.just(Void()),
)
APPLIES = st.sampled_from([None, None, ("member",), ("other",)])


@st.composite
def standards(draw):
    def items(code, count):
        return tuple(
            Item(
                f"{code}{place}",
                "项",
                rule := draw(COUNTS | OTHERS),
                applies_to=draw(APPLIES),
                exclusive="best" if isinstance(rule, Count) and draw(st.booleans()) else None,
            )
            for place in range(1, count + 1)
        )

    categories = tuple(
        Category(
            code,
            "类",
            clamp=draw(CLAMPS),
            applies_to=draw(APPLIES),
            items=items(code, draw(st.integers(1, 3))),
        )
        for code in ("a", "b")
    )
    bands = (Band("优秀", D(20)), Band("称职", D(0)), Band("不称职"))
    return Standard("test", "试", bands, categories, base=draw(POINTS), clamp=draw(CLAMPS))


@st.composite
def records(draw, standard):
    """Draw what single records feed: the facts of one record share its fields, its day and its ref."""
    codes = [item.code for item in standard.items]
    made = []
    for number in range(draw(st.integers(0, 8))):
        fact = Fact(
            item="",
            n=draw(HUNDREDTHS),
            role=draw(st.sampled_from(["lead", "co", None])),
            level=draw(WORDS),
            event=draw(WORDS),
            people=draw(st.integers(0, 13)),
            award=draw(st.integers(0, 20).map(D)),
            ref=draw(st.sampled_from([None, f"r{number}"])),
            date=date(2026, 1, 1) + timedelta(days=number),
        )
        fed = draw(st.lists(st.sampled_from(codes), max_size=3, unique=True))
        made.append([replace(fact, item=code) for code in fed])
    return made


def added(standard, rows, tags=()):
    """Return total, band and points of every item as the lots say them."""
    totals = Totals(standard, tags)
    lots = [totals.lift(facts) for facts in rows]
    packed = sum(lot.packed for lot in lots)
    points = totals.points(packed, len(lots), [fact for lot in lots for fact in lot.apart])
    return (*totals.grade(points, packed), [Fraction(value, totals.scale) for value in points])


def explained(standard, rows, tags=()):
    sheet = tally(standard, [fact for facts in rows for fact in facts], tags)
    return sheet.total, sheet.band.name, [score.points for score in sheet.items]


@SAME
@given(st.data(), standards(), st.sampled_from([(), ("member",)]))
def test_lots_come_to_what_the_sheet_says(data, standard, tags):
    rows = data.draw(records(standard))
    assert added(standard, rows, tags) == explained(standard, rows, tags)


@SAME
@given(st.data(), standards())
def test_two_people_of_one_standard_do_not_disturb_each_other(data, standard):
    totals = Totals(standard)
    for _ in range(2):
        rows = data.draw(records(standard))
        lots = [totals.lift(facts) for facts in rows]
        points = totals.points(
            packed := sum(lot.packed for lot in lots), len(lots), [fact for lot in lots for fact in lot.apart]
        )
        assert totals.grade(points, packed) == explained(standard, rows)[:2]


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
def test_every_worked_case_of_the_files_comes_to_its_total(path):
    loaded = load(path.read_text())
    for case in loaded.cases:
        if case.facts and case.total is not None and all(fact.ref is None for fact in case.facts):
            rows = [[fact] for fact in case.facts]
            assert added(loaded.standard, rows, case.member) == explained(loaded.standard, rows, case.member)


def of_one(rule):
    return Standard("t", "试", (Band("全"),), (Category("c", "类", items=(Item("i", "项", rule),)),))


def test_a_share_that_no_common_factor_makes_whole_is_left_to_the_sheet():
    standard = of_one(Shared(D(1)))
    with pytest.raises(NotWhole):
        Totals(standard).lift([Fact("i", role="co", people=18)])


def test_more_lots_than_a_field_holds_are_left_to_the_sheet():
    totals = Totals(of_one(Count(D(1))))
    with pytest.raises(NotWhole):
        totals.points(0, MOST_LOTS + 1)


def test_an_award_out_of_range_is_refused_as_on_the_sheet():
    rule = Assessed(ranges=(AwardRange(D(90), D(8), D(10)),))
    with pytest.raises(FactRefused):
        Totals(of_one(rule)).lift([Fact("i", award=D(11), rate=D(95))])


def test_a_standard_says_whether_facts_compete_in_it():
    rules = Count(D(1)), Count(D(1), first=D(2)), Count(D(1), at_most=D(3)), Void()
    assert [competing(of_one(rule)) for rule in rules] == [False, True, True, False]
