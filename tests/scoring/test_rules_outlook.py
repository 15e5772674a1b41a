"""What a sheet asks for next: bands ahead, short items, the worth of one more fact, and what can be reached."""

from decimal import Decimal
from fractions import Fraction

import pytest

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
    Void,
    marginal,
    next_band,
    shortfalls,
    tally,
)

D = Decimal
BANDS = (Band("优秀", D(90)), Band("称职", D(60)), Band("不称职"))


def standard(*categories):
    return Standard("test", "试", BANDS, categories)


def capped(code, points, most, **fields):
    return Item(code, code, Count(D(points), clamp=Clamp(high=D(most))), **fields)


@pytest.mark.parametrize(
    ("total", "ahead"),
    [("59.99", ("称职", D("0.01"))), ("60", ("优秀", D(30))), ("89.5", ("优秀", D("0.5")))],
)
def test_the_next_band_is_the_nearest_above(total, ahead):
    found = next_band(standard(), D(total))
    assert (found.band.name, found.distance) == ahead


def test_nothing_is_above_the_highest_band():
    assert next_band(standard(), D(90)) is None


def test_a_single_band_has_no_next():
    assert next_band(Standard("test", "试", (Band("不分档"),)), D(0)) is None


def test_short_items_come_by_the_largest_gap():
    study = Category("study", "学习", items=(capped("a", 1, 10), capped("b", 1, 4)))
    duty = Category("duty", "活动", items=(capped("c", 1, 20),))
    sheet = tally(standard(study, duty), [Fact("c", D(12)), Fact("b", D(4))])
    assert [(short.name, short.gap) for short in shortfalls(sheet)] == [
        ("学习", 10),
        ("a", 10),
        ("活动", 8),
        ("c", 8),
    ]


def test_seventy_two_in_a_hundred_is_not_short():
    only = standard(Category("study", "学习", items=(capped("a", 1, 25),)))
    assert shortfalls(tally(only, [Fact("a", D(18))])) == ()
    assert [short.points for short in shortfalls(tally(only, [Fact("a", D("17.99"))]))] == [
        Fraction("17.99")
    ] * 2


def test_bonus_and_what_does_not_apply_are_never_short():
    bonus = Category("bonus", "加分", kind="bonus", items=(capped("a", 1, 10),))
    theirs = Category("theirs", "常委", applies_to=("standing_member",), items=(capped("b", 1, 10),))
    partly = Category("partly", "部分", items=(capped("c", 1, 10, applies_to=("standing_member",)),))
    assert shortfalls(tally(standard(bonus, theirs, partly), [])) == ()


def test_one_more_fact_moves_the_total_up_to_the_ceiling():
    only = standard(Category("study", "学习", items=(capped("a", 4, 10),)))
    known = [Fact("a", D(2))]
    assert marginal(only, known, frozenset(), Fact("a")) == 2
    assert marginal(only, [*known, Fact("a")], frozenset(), Fact("a")) == 0


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        (Constant(D(7)), 7),
        (Count(D(2)), None),
        (Count(D(2), clamp=Clamp(high=D(9))), 9),
        (Count(D(2), at_most=D(3)), 6),
        (Count(D(2), at_most=D(3), clamp=Clamp(high=D(5))), 5),
        (Count(by="level", table=(("a", D(1)), ("b", D(4))), at_most=D(2)), 8),
        (Count(D(-2)), 0),
        (Count(D(0)), 0),
        (Count(D(-2), clamp=Clamp(D(-8), D(-1))), 0),
        (Count(D(-2), clamp=Clamp(D(3))), 3),
        (Threshold((Step(D(1), D(2)), Step(D(2), D(5)))), 5),
        (Threshold((Step(D(1), D(-2)),)), 0),
        (Threshold(every=D(2), points=D(5)), None),
        (Threshold(every=D(2), points=D(-5)), 0),
        (Deduct(D(15), ()), 15),
        (Target(D(10), D(70), D(2)), None),
        (Target(D(10), D(70), D(-2)), 90),
        (Target(D(10), D(70), D(-2), below=False), 70),
        (Target(D(10), D(-70), D(0), floor=D(-80)), 0),
        (Assessed(D(0), D(20)), None),
        (Shared(D(10)), None),
        (Shared(D(-10)), 0),
        (Veto("不称职"), 0),
        (Void(), 0),
    ],
)
def test_the_most_an_item_can_give_follows_from_its_rule(rule, most):
    sheet = tally(standard(Category("all", "全部", items=(Item("a", "一", rule),))), [])
    assert next(sheet.items).ceiling == most


@pytest.mark.parametrize(
    ("clamp", "rules", "most"),
    [
        (Clamp(), [Constant(D(3)), Deduct(D(5), ())], 8),
        (Clamp(high=D(6)), [Constant(D(3)), Deduct(D(5), ())], 6),
        (Clamp(), [Constant(D(3)), Count(D(1))], None),
        (Clamp(high=D(6)), [Constant(D(3)), Count(D(1))], 6),
    ],
)
def test_the_most_a_category_can_give_is_the_sum_under_its_clamp(clamp, rules, most):
    items = tuple(Item(str(rank), "项", rule) for rank, rule in enumerate(rules))
    (category,) = tally(standard(Category("all", "全部", clamp=clamp, items=items)), []).categories
    assert category.ceiling == most
