"""Counting, edge by edge: tables, from, at_most, clamps, one ref once, exclusive items."""

from datetime import date
from fractions import Fraction

from scoring.rules import (
    Assessed,
    Clamp,
    Constant,
    Count,
    CutKind,
    Deduct,
    Item,
    Reason,
    Shared,
    Threshold,
    tally,
)
from tests.scoring.small_standard import D, fact, reasons, score, standard

LEVELS = (("national", D(5)), ("county", D(1)))


# constant


def test_a_constant_gives_its_points_without_any_fact():
    assert score(Constant(D(70))).points == 70


def test_facts_of_a_constant_are_shown_and_count_nothing():
    found = score(Constant(D(70)), fact(3))
    assert (found.points, found.opening, reasons(found)) == (70, 70, [[Reason.NOT_COUNTED]])


# count


def test_a_count_multiplies_decimal_quantities():
    assert score(Count(D("2.5")), fact("0.5"), fact(2)).points == Fraction("6.25")


def test_a_count_without_facts_gives_nothing_even_with_a_lower_clamp():
    assert score(Count(D(1), clamp=Clamp(D(5)))).points == 0


def test_a_fact_of_quantity_nought_meets_the_clamp():
    assert score(Count(D(1), clamp=Clamp(D(5))), fact(0)).points == 5


def test_a_ceiling_names_what_it_cut():
    cut = score(Count(D(5), clamp=Clamp(high=D(6))), fact(2)).cut
    assert (cut.kind, cut.limit, cut.by, cut.kind.label) == (CutKind.CEILING, 6, -4, "封顶")


def test_a_penalty_stops_at_the_lower_clamp():
    found = score(Count(D(-5), clamp=Clamp(D(-8))), fact(3))
    assert (found.raw, found.points, found.cut.kind) == (-15, -8, CutKind.FLOOR)


def test_a_table_is_looked_up_by_its_field():
    for by in ("role", "level", "status", "event"):
        assert score(Count(by=by, table=LEVELS), fact(2, **{by: "national"})).points == 10


def test_a_word_outside_the_table_counts_nothing_and_is_shown():
    found = score(Count(by="level", table=LEVELS), fact(level="town"))
    assert (found.points, reasons(found)) == (0, [[Reason.NOT_IN_TABLE]])


def test_a_fact_without_the_field_counts_nothing():
    assert reasons(score(Count(by="level", table=LEVELS), fact())) == [[Reason.NOT_IN_TABLE]]


def test_from_skips_units_and_not_rows():
    found = score(Count(D(4), first=D(2)), fact("1.5"), fact(1))
    assert [(line.units, line.points) for line in found.lines] == [(Fraction("0.5"), 2), (1, 4)]


def test_from_skips_in_order_of_date():
    late, early = fact(level="county", date=date(2026, 5, 1)), fact(level="national", date=date(2026, 4, 1))
    assert score(Count(by="level", table=LEVELS, first=D(2)), late, early).points == 1


def test_from_takes_undated_facts_last_and_in_the_order_given():
    facts = fact(level="county"), fact(level="national"), fact(level="county", date=date(2026, 5, 1))
    found = score(Count(by="level", table=LEVELS, first=D(3)), *facts)
    assert [line.points for line in found.lines] == [0, 0, 5]


def test_a_fact_outside_the_table_does_not_use_up_from():
    facts = fact(level="town", date=date(2026, 1, 1)), fact(2, level="county", date=date(2026, 2, 1))
    assert score(Count(by="level", table=LEVELS, first=D(2)), *facts).points == 1


def test_a_word_priced_nought_does_use_up_from():
    table = (("absent", D(0)), ("present", D(4)))
    facts = fact(status="absent"), fact(status="present")
    assert score(Count(by="status", table=table, first=D(2)), *facts).points == 4


def test_at_most_takes_the_dearest_units_first():
    found = score(Count(by="level", table=LEVELS, at_most=D(1)), fact(level="county"), fact(level="national"))
    assert [line.points for line in found.lines] == [0, 5]
    assert reasons(found) == [[Reason.OVER_AT_MOST], []]


def test_at_most_takes_part_of_a_fact():
    facts = fact(1, level="national"), fact(3, level="county")
    found = score(Count(by="level", table=LEVELS, at_most=D("2.5")), *facts)
    assert [line.units for line in found.lines] == [1, Fraction("1.5")]


def test_from_comes_before_at_most():
    facts = fact(2, level="national", date=date(2026, 1, 1)), fact(2, level="county", date=date(2026, 2, 1))
    found = score(Count(by="level", table=LEVELS, first=D(2), at_most=D(2)), *facts)
    assert (found.points, reasons(found)) == (6, [[Reason.BEFORE_FROM], [Reason.OVER_AT_MOST]])


def test_units_counted_and_left_out_are_the_facts_quantity():
    found = score(Count(D(1), first=D(2), at_most=D("1.5")), fact("3.25"))
    (line,) = found.lines
    assert line.units + sum(omission.units for omission in line.omissions) == Fraction("3.25")


# ref and exclusive


def test_a_ref_counts_once_within_an_item_at_its_dearest_level():
    found = score(
        Count(by="level", table=LEVELS), fact(level="county", ref="a"), fact(level="national", ref="a")
    )
    assert (found.points, reasons(found)) == (5, [[Reason.DUPLICATE_REF], []])


def test_a_ref_at_equal_worth_counts_on_its_earliest_day():
    facts = fact(ref="a", date=date(2026, 3, 2)), fact(ref="a", date=date(2026, 3, 1))
    found = score(Count(D(2)), *facts)
    assert [(line.fact.date.day, line.points) for line in found.lines] == [(1, 2), (2, 0)]


def test_two_refs_and_facts_without_ref_all_count():
    assert score(Count(D(2)), fact(ref="a"), fact(ref="b"), fact(), fact()).points == 8


def test_a_ref_counts_once_under_every_kind_of_rule():
    twice = fact(ref="a", award=D(3), event="late"), fact(2, ref="a", award=D(2), event="late")
    assert score(Assessed(D(0), D(5)), *twice).points == 3
    assert score(Shared(D(10)), *twice).points == 20
    assert score(Deduct(D(15), (("late", D(1)),)), *twice).points == 13
    assert score(Threshold(every=D(1), points=D(1)), *twice).points == 2


def test_the_dearest_share_of_a_ref_weighs_quantity_and_part():
    facts = fact(ref="a", people=4, role="lead"), fact(4, ref="a", people=4)
    assert score(Shared(D(10)), *facts).points == Fraction(20, 3)


EXCLUSIVE = (
    Item("plain", "一般", Count(D(2)), exclusive="promoted"),
    Item("fine", "优秀", Count(D(5), first=D(2)), exclusive="promoted"),
    Item("key", "重点", Count(D(5)), exclusive="promoted"),
)


def test_an_exclusive_ref_counts_where_n_times_points_is_greatest_before_from():
    facts = [fact(item=code, ref="a") for code in ("plain", "fine")]
    sheet = tally(standard(*EXCLUSIVE), facts)
    assert [item.points for item in sheet.items] == [0, 0, 0]
    assert sheet.categories[0].items[0].lines[0].omissions[0].item == "fine"


def test_an_exclusive_tie_goes_to_the_first_in_the_file():
    sheet = tally(standard(*EXCLUSIVE), [fact(item="key", ref="a"), fact(item="fine", ref="a")])
    assert [reasons(item) for item in sheet.items] == [
        [],
        [[Reason.BEFORE_FROM]],
        [[Reason.EXCLUSIVE_ELSEWHERE]],
    ]


def test_an_exclusive_comparison_weighs_the_quantity():
    sheet = tally(standard(*EXCLUSIVE), [fact(3, item="plain", ref="a"), fact(item="key", ref="a")])
    assert [item.points for item in sheet.items] == [6, 0, 0]


def test_facts_without_ref_never_compete():
    assert tally(standard(*EXCLUSIVE), [fact(item="plain"), fact(item="key")]).total == 7


def test_an_item_that_does_not_apply_takes_no_exclusive_fact():
    mine = Item("mine", "本人", Count(D(2)), exclusive="x")
    theirs = Item("theirs", "常委", Count(D(9)), exclusive="x", applies_to=("standing_member",))
    facts = [fact(item="mine", ref="a"), fact(item="theirs", ref="a")]
    assert tally(standard(mine, theirs), facts).total == 2
    assert tally(standard(mine, theirs), facts, {"standing_member"}).total == 9


def test_an_item_that_lost_its_only_fact_is_an_item_without_facts():
    low = Item("low", "低", Count(D(1), clamp=Clamp(D(4))), exclusive="x")
    high = Item("high", "高", Count(D(6)), exclusive="x")
    assert tally(standard(low, high), [fact(item="low", ref="a"), fact(item="high", ref="a")]).total == 6


def test_only_items_of_one_word_compete():
    other = Item("other", "另", Count(D(3)), exclusive="else")
    free = Item("free", "无", Count(D(1)))
    facts = [fact(item=code, ref="a") for code in ("plain", "key", "other", "free")]
    assert tally(standard(*EXCLUSIVE, other, free), facts).total == 9
