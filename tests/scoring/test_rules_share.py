"""A part of the period: quantities count as much as quantity ÷ share of a whole one, gifts stay as they are."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules import (
    Assessed,
    Band,
    Category,
    Clamp,
    Constant,
    Count,
    Deduct,
    Fact,
    Item,
    Shared,
    Standard,
    Step,
    Target,
    Threshold,
    Veto,
    marginal,
    tally,
)
from tests.scoring.test_rules_properties import BOUNDED, FACTS, RULES, on_distinct_days, standard

D = Decimal
SHARES = st.sampled_from([Fraction(1, 2), Fraction(1, 4), Fraction(1, 5)])


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=6), SHARES)
def test_a_part_of_the_period_is_the_whole_one_with_all_the_more_deeds(rule, facts, share):
    one = [replace(fact, ref=None) for fact in on_distinct_days(facts)]
    more = [replace(fact, n=fact.n / D(share.numerator) * D(share.denominator)) for fact in one]
    part, whole = tally(standard(rule), one, share=share), tally(standard(rule), more)
    assert (part.exact, part.band) == (whole.exact, whole.band)


@BOUNDED
@given(RULES, st.lists(FACTS, max_size=6))
def test_a_share_of_one_changes_nothing(rule, facts):
    assert tally(standard(rule), facts, share=Fraction(1)) == tally(standard(rule), facts)


def one(rule, kind="regular", clamp=None):
    items = (Item("one", "一", rule),)
    bands = (Band("优秀", D(90)), Band("不称职"))
    return Standard("t", "试", bands, (Category("c", "类", kind=kind, clamp=clamp or Clamp(), items=items),))


HALF = Fraction(1, 2)
CASES = [
    (Constant(D(6)), Fact("one"), 6),
    (Deduct(D(10), table=(("absent", D(2)),)), Fact("one", event="absent"), 6),
    (Deduct(D(10), table=(), zero_when=("absent",)), Fact("one", event="absent"), 0),
    (Assessed(D(0), D(20)), Fact("one", award=D(15)), 15),
    (Shared(D(10), D("0.5")), Fact("one", role="lead", people=2), 10),
    (Threshold((Step(D(2), D(6)),)), Fact("one"), 6),
    (Threshold(every=D(2), points=D(3)), Fact("one", n=D(3)), 9),
    (Target(D(4), D(5), D(1)), Fact("one", n=D(3)), 7),
    (Count(D(2), first=D(2)), Fact("one", n=D(1)), 2),
    (Count(D(2), at_most=D(1)), Fact("one", n=D(3)), 2),
    (Count(D(2), clamp=Clamp(None, D(3))), Fact("one"), 3),
    (Veto("不称职"), Fact("one"), 0),
]


@pytest.mark.parametrize(("rule", "fact", "points"), CASES)
def test_half_a_period_by_every_kind_of_rule(rule, fact, points):
    assert tally(one(rule), [fact], share=HALF).points_of("one") == points


@pytest.mark.parametrize(("kind", "points"), [("regular", 4), ("bonus", 2), ("deduction", 2)])
def test_only_what_is_regular_is_asked_in_proportion(kind, points):
    assert tally(one(Count(D(2)), kind), [Fact("one")], share=HALF).points_of("one") == points


def test_the_lines_still_add_up_and_keep_their_real_quantity():
    sheet = tally(one(Count(D(2))), [Fact("one", n=D(3))], share=Fraction(7, 12))
    (item,) = sheet.items
    assert (item.units, item.raw, sum(line.points for line in item.lines)) == (3, Fraction(72, 7), item.raw)


def test_one_more_fact_moves_a_part_further():
    assert [marginal(one(Count(D(2))), [], (), Fact("one"), share) for share in (Fraction(1), HALF)] == [2, 4]
