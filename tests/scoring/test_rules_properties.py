"""What holds for any facts: order, splitting, clamps, growth, and agreement with a naive second reckoning."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules import (
    Assessed,
    Band,
    Category,
    Clamp,
    Count,
    Deduct,
    Fact,
    Item,
    Shared,
    Standard,
    Step,
    Target,
    Threshold,
    rounded,
    tally,
)

D = Decimal
BOUNDED = settings(derandomize=True, max_examples=60, deadline=None, database=None)

WORDS = st.sampled_from(["a", "b", "c", None])
HUNDREDTHS = st.integers(0, 500).map(lambda count: D(count) / 100)
POINTS = st.integers(-80, 80).map(lambda count: D(count) / 10)
FACTS = st.builds(
    Fact,
    item=st.sampled_from(["one", "two"]),
    n=HUNDREDTHS,
    role=st.sampled_from(["lead", "co", None]),
    level=WORDS,
    event=WORDS,
    people=st.integers(0, 5),
    award=st.integers(0, 20).map(D),
    ref=st.sampled_from(["r", "s", None, None]),
)
CLAMPS = st.tuples(st.none() | POINTS, st.none() | POINTS).map(
    lambda pair: Clamp(*sorted(pair)) if None not in pair else Clamp(*pair)
)
TABLES = st.dictionaries(st.sampled_from(["a", "b"]), POINTS, min_size=1).map(
    lambda table: tuple(table.items())
)
COUNTS = st.builds(
    Count,
    by=st.just("level"),
    table=TABLES,
    first=st.integers(100, 400).map(lambda count: D(count) / 100),
    at_most=st.none() | HUNDREDTHS,
    clamp=CLAMPS,
)
STEPS = st.tuples(st.integers(1, 4), st.integers(5, 8)).map(
    lambda at: (Step(D(at[0]), D(at[0])), Step(D(at[1]), D(at[1])))
)
THRESHOLDS = st.builds(Threshold, steps=STEPS) | st.builds(
    Threshold, every=HUNDREDTHS.filter(bool), points=POINTS, of=st.sampled_from([None, "two"])
)
DEDUCTS = st.builds(
    Deduct,
    start=st.integers(5, 20).map(D),
    table=st.just((("a", D("0.5")), ("b", D(3)))),
    floor=st.integers(0, 5).map(D),
    zero_when=st.sampled_from([(), ("c",)]),
)
RULES = st.one_of(
    COUNTS,
    THRESHOLDS,
    DEDUCTS,
    st.builds(Target, target=HUNDREDTHS, base=POINTS, per_unit=POINTS, floor=POINTS, below=st.booleans()),
    st.just(Assessed(D(0), D(20))),
    st.just(Shared(D(10), D("0.6"))),
)


def standard(rule, category=None, total=None):
    items = (Item("one", "一", rule), Item("two", "二", Count(D(1))))
    bands = (Band("优秀", D(90)), Band("不称职"))
    return Standard(
        "test",
        "试",
        bands,
        (Category("all", "全", clamp=category or Clamp(), items=items),),
        clamp=total or Clamp(),
    )


def on_distinct_days(facts):
    return [replace(fact, date=date(2026, 1, 1) + timedelta(days=day)) for day, fact in enumerate(facts)]


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_dated_facts_never_matters(rule, facts, random):
    dated = on_distinct_days(facts)
    shuffled = random.sample(dated, len(dated))
    assert tally(standard(rule), shuffled) == tally(standard(rule), dated)


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=5), st.integers(0, 100))
def test_splitting_a_quantity_never_matters(rule, facts, percent):
    whole = [replace(fact, ref=None, award=D(0)) for fact in on_distinct_days(facts)]
    parts = []
    for fact in whole:
        part = D(floor(fact.n * percent)) / 100
        parts += [replace(fact, n=part), replace(fact, n=fact.n - part)]
    assert tally(standard(rule), parts).exact == tally(standard(rule), whole).exact


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=6), CLAMPS, CLAMPS)
def test_clamps_hold_on_categories_and_the_total(rule, facts, category, total):
    sheet = tally(standard(rule, category=category, total=total), facts)
    for value, clamp in ((sheet.categories[0].points, category), (sheet.exact, total)):
        assert clamp.apply(value) == (value, None)
    assert sheet.total == rounded(sheet.exact)


@BOUNDED
@given(st.lists(FACTS, max_size=5), FACTS, STEPS)
def test_one_more_fact_never_lowers_a_sum_of_gains(facts, more, steps):
    gains = Count(by="level", table=(("a", D(0)), ("b", D("2.5"))))
    for rule in (
        gains,
        replace(gains, first=D(2), at_most=D(3)),
        Threshold(steps),
        Shared(D(10)),
        Assessed(D(0), D(20)),
    ):
        dated = on_distinct_days([*facts, more])
        assert tally(standard(rule), dated).total >= tally(standard(rule), dated[:-1]).total


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=6))
def test_every_unit_and_point_of_a_line_is_accounted_for(rule, facts):
    sheet = tally(standard(rule), facts)
    assert sorted(map(repr, (line.fact for line in sheet.lines))) == sorted(map(repr, facts))
    for line in sheet.lines:
        assert line.units + sum(omission.units for omission in line.omissions) == line.fact.n
    for item in sheet.items:
        if item.additive:
            assert item.opening + sum(line.points for line in item.lines) == item.raw
        assert item.points == item.raw + (item.cut.by if item.cut else 0)
        assert item.ceiling is None or item.points <= item.ceiling


# A second reckoning, written from the format alone: a fact is as many hundredths of a unit as it says, each
# of them a thing of its own, so that nothing has to be cut in parts.


def once_a_ref(facts, value):
    kept = []
    for fact in facts:
        rivals = [other for other in facts if fact.ref is not None and other.ref == fact.ref]
        best = max((value(other) for other in rivals), default=None)
        if not rivals or next(other for other in rivals if value(other) == best) is fact:
            kept.append(fact)
    return kept


def naive_count(rule, facts):
    table = dict(rule.table)
    kept = once_a_ref(facts, lambda fact: fact.n * table.get(fact.level, 0))
    units = [table[fact.level] for fact in kept if fact.level in table for _ in range(int(fact.n * 100))]
    units = units[int((rule.first - 1) * 100) :]
    if rule.at_most is not None:
        units = sorted(units, reverse=True)[: int(rule.at_most * 100)]
    points = sum(map(Fraction, units)) / 100
    low = points if rule.clamp.low is None or not facts else max(points, rule.clamp.low)
    return low if rule.clamp.high is None or not facts else min(low, rule.clamp.high)


def naive_threshold(rule, mine, other):
    counted = mine if rule.of is None else other
    quantity = sum(fact.n for fact in once_a_ref(counted, lambda fact: fact.n))
    if not counted:
        return 0
    if rule.every is not None:
        wholes = 0
        while (wholes + 1) * rule.every <= quantity:
            wholes += 1
        return rule.points * wholes
    return ([0] + [step.points for step in rule.steps if step.at <= quantity])[-1]


def naive_deduct(rule, facts):
    if any(fact.event in rule.zero_when for fact in facts):
        return 0
    table = dict(rule.table)
    kept = once_a_ref(facts, lambda fact: fact.n * table.get(fact.event, 0))
    return max(rule.floor, rule.start - sum(fact.n * table.get(fact.event, 0) for fact in kept))


@BOUNDED
@given(COUNTS | THRESHOLDS | DEDUCTS, st.lists(FACTS, max_size=6))
def test_a_naive_second_reckoning_comes_to_the_same_points(rule, facts):
    dated = on_distinct_days(facts)
    mine = [fact for fact in dated if fact.item == "one"]
    other = [fact for fact in dated if fact.item == "two"]
    expected = {
        Count: lambda: naive_count(rule, mine),
        Threshold: lambda: naive_threshold(rule, mine, other),
        Deduct: lambda: naive_deduct(rule, mine),
    }[type(rule)]()
    assert tally(standard(rule), dated).points_of("one") == expected
