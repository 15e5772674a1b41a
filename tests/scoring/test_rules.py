"""The rules, edge by edge: each sentence of the format's rules and arithmetic has its test."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.rules import (
    Assessed,
    AwardRange,
    Band,
    Category,
    Clamp,
    Constant,
    Count,
    CutKind,
    Deduct,
    Effect,
    Fact,
    FactRefused,
    Item,
    Reason,
    Shared,
    Standard,
    Step,
    Target,
    Threshold,
    Veto,
    Void,
    rounded,
    tally,
)

D = Decimal
BANDS = (Band("优秀", D(90)), Band("称职", D(60)), Band("不称职"))
LEVELS = (("national", D(5)), ("county", D(1)))


def standard(*items, base=0, clamp=Clamp(), category=Clamp(), tags=None):  # noqa: B008
    only = Category("all", "全部", clamp=category, applies_to=tags, items=items)
    return Standard("test", "试", BANDS, (only,), base=D(base), clamp=clamp)


def fact(n=1, item="one", **fields):
    return Fact(item, D(str(n)), **fields)


def score(rule, *facts):
    """The one item's score under this rule."""
    return next(tally(standard(Item("one", "一项", rule)), facts).items)


def reasons(score):
    return [[omission.reason for omission in line.omissions] for line in score.lines]


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
    facts = fact(level="county"), fact(level="national"), fact(level="national", date=date(2026, 5, 1))
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
    found = score(Count(by="level", table=LEVELS), fact(level="county", ref="a"), fact(level="national", ref="a"))
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
    assert [reasons(item) for item in sheet.items] == [[], [[Reason.BEFORE_FROM]], [[Reason.EXCLUSIVE_ELSEWHERE]]]


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


# threshold


STEPS = Threshold((Step(D(1), D(2)), Step(D(3), D(6))))


@pytest.mark.parametrize(("n", "points"), [("0.99", 0), (1, 2), ("2.99", 2), (3, 6), (9, 6)])
def test_a_threshold_gives_the_highest_step_reached(n, points):
    assert score(STEPS, fact(n)).points == points


def test_a_threshold_without_facts_gives_nothing_even_for_a_step_at_nought():
    at_nought = Threshold((Step(D(0), D(2)),))
    assert (score(at_nought).points, score(at_nought, fact(0)).points) == (0, 2)


@pytest.mark.parametrize(("n", "points"), [("1.99", 0), (2, 5), ("5.5", 10)])
def test_every_counts_whole_multiples(n, points):
    assert score(Threshold(every=D(2), points=D(5)), fact(n)).points == points


def test_of_counts_the_facts_of_another_item():
    items = Item("one", "一", Count(D(1))), Item("more", "满三件", Threshold(STEPS.steps, of="one"))
    assert tally(standard(*items), [fact(3)]).points_of("more") == 6


def test_of_counts_a_ref_once_and_leaves_own_facts_out():
    items = Item("one", "一", Count(D(1))), Item("more", "每件", Threshold(every=D(1), points=D(1), of="one"))
    sheet = tally(standard(*items), [fact(ref="a"), fact(ref="a"), fact(7, item="more")])
    more = list(sheet.items)[1]
    assert (more.points, more.units, reasons(more)) == (1, 1, [[Reason.NOT_COUNTED]])


def test_of_counts_an_item_that_does_not_apply():
    hidden = Item("one", "一", Count(D(9)), applies_to=("standing_member",))
    more = Item("more", "满三件", Threshold(STEPS.steps, of="one"))
    assert tally(standard(hidden, more), [fact(3)]).total == 6


def test_of_counts_what_exclusive_took_away():
    low = Item("low", "一般", Count(D(1)), exclusive="x")
    high = Item("high", "重点", Count(D(5)), exclusive="x")
    more = Item("more", "件数", Threshold(every=D(1), points=D(10), of="low"))
    facts = [fact(item="low", ref="a"), fact(item="high", ref="a")]
    assert tally(standard(low, high, more), facts).total == 15


# deduct


DEDUCT = Deduct(D(15), (("late", D("0.5")), ("absent", D(5))), floor=D(3), zero_when=("fraud",))


def test_a_deduct_without_facts_gives_its_start():
    assert score(DEDUCT).points == 15


def test_a_deduct_without_facts_gives_its_start_even_under_its_floor():
    assert score(Deduct(D(-5), ())).points == -5


def test_a_deduct_takes_off_its_events():
    found = score(DEDUCT, fact(3, event="late"), fact(event="absent"))
    assert (found.points, [line.points for line in found.lines]) == (Fraction("8.5"), [Fraction("-1.5"), -5])


def test_a_deduct_stops_at_its_floor():
    found = score(DEDUCT, fact(3, event="absent"))
    assert (found.raw, found.points, found.cut.kind) == (0, 3, CutKind.FLOOR)


def test_a_present_member_in_a_table_of_deductions_is_shown():
    assert reasons(score(DEDUCT, fact(event="present"))) == [[Reason.NOT_IN_TABLE]]


def test_a_zeroing_event_gives_nought_even_under_the_floor():
    found = score(DEDUCT, fact(0, event="fraud"))
    assert (found.points, found.cut.kind, found.lines[0].effect) == (0, CutKind.ZEROED, Effect.ZEROES)


def test_a_zeroing_event_outweighs_a_dearer_fact_of_its_ref():
    assert score(DEDUCT, fact(event="absent", ref="a"), fact(event="fraud", ref="a")).points == 0


def test_a_fact_without_event_zeroes_nothing():
    assert score(DEDUCT, fact()).points == 15


# target


@pytest.mark.parametrize(("n", "points"), [(12, 70), (14, 74), (10, 66), (0, 46)])
def test_a_target_adds_and_deducts_by_the_unit(n, points):
    assert score(Target(D(12), D(70), D(2)), fact(n)).points == points


def test_a_target_without_facts_gives_nothing():
    assert score(Target(D(12), D(70), D(2), floor=D(10))).points == 0


def test_a_target_never_falls_under_its_floor():
    found = score(Target(D(12), D(10), D(2)), fact(1))
    assert (found.raw, found.points, found.cut.kind) == (-12, 0, CutKind.FLOOR)


def test_short_of_a_target_that_does_not_deduct_gives_nothing():
    found = score(Target(D(12), D(70), D(2), floor=D(10), below=False), fact(11))
    assert (found.points, found.cut.kind) == (0, CutKind.SHORT_OF_TARGET)


def test_a_target_that_does_not_deduct_is_met_at_its_quantity():
    assert score(Target(D(12), D(70), D(2), below=False), fact(12)).points == 70


# assessed


RANGES = Assessed(ranges=(AwardRange(D(90), D(16), D(20)), AwardRange(D(60), D(5), D(15))))


def test_assessed_sums_awards_and_ignores_the_quantity():
    assert score(Assessed(D(0), D(20)), fact(3, award=D(20)), fact(award=D("0.5"))).points == Fraction("20.5")


@pytest.mark.parametrize("award", ["-0.01", "20.01"])
def test_an_award_outside_the_range_is_refused(award):
    with pytest.raises(FactRefused, match="「一项」：一条记录的评分 .* 不在 0—20 分之内。"):
        score(Assessed(D(0), D(20)), fact(award=D(award)))


@pytest.mark.parametrize(("rate", "award"), [(100, 20), (90, 16), ("89.99", 15), (60, 5)])
def test_an_award_inside_the_range_of_its_rate_counts(rate, award):
    assert score(RANGES, fact(rate=D(rate), award=D(award))).points == award


@pytest.mark.parametrize(
    ("rate", "award"), [(90, 15), ("89.99", 16), (60, 16), ("59.99", 5), (None, 5), (90, None)]
)
def test_an_award_outside_the_range_of_its_rate_is_refused(rate, award):
    with pytest.raises(FactRefused):
        score(RANGES, fact(rate=rate and D(rate), award=award and D(award)))


# shared


@pytest.mark.parametrize(
    ("people", "role", "points"),
    [
        (None, None, 20),
        (1, "co", 20),
        (0, "co", 20),
        (4, "lead", 12),
        (4, "co", Fraction(8, 3)),
        (4, None, Fraction(8, 3)),
        (4, "sole", Fraction(8, 3)),
    ],
)
def test_shared_points_are_divided_among_the_movers(people, role, points):
    assert score(Shared(D(10), D("0.6")), fact(2, people=people, role=role)).points == points


# veto and void


def test_a_veto_forces_its_band_and_leaves_the_total():
    sheet = tally(standard(Item("one", "一票否决", Veto("不称职")), base=95), [fact(0)])
    assert (sheet.total, sheet.band.name, sheet.earned_band.name) == (95, "不称职", "优秀")
    assert next(sheet.lines).effect is Effect.VETOES


def test_several_vetoes_force_the_lowest_of_their_bands():
    items = Item("one", "一", Veto("不称职")), Item("two", "二", Veto("称职"))
    assert tally(standard(*items, base=95), [fact(item="two"), fact()]).band.name == "不称职"


def test_a_veto_forces_its_band_on_a_lower_total_too():
    assert tally(standard(Item("one", "一", Veto("称职"))), [fact()]).band.name == "称职"


def test_a_veto_without_facts_forces_nothing():
    assert tally(standard(Item("one", "一", Veto("不称职")), base=95)).band.name == "优秀"


def test_a_void_makes_the_total_nought_after_every_clamp():
    sheet = tally(standard(Item("one", "一", Void()), base=95, clamp=Clamp(D(10))), [fact()])
    assert (sheet.total, sheet.cut.kind, sheet.cut.by, sheet.band.name) == (0, CutKind.VOIDED, -95, "不称职")


@pytest.mark.parametrize("rule", [Veto("不称职"), Void()])
def test_a_veto_or_void_that_does_not_apply_is_ignored(rule):
    item = Item("one", "一", rule, applies_to=("standing_member",))
    assert tally(standard(item, base=95), [fact()]).band.name == "优秀"
    whole = standard(Item("one", "一", rule), base=95, tags=("standing_member",))
    sheet = tally(whole, [fact()])
    assert (sheet.total, sheet.band.name) == (95, "优秀")


# the way up


def test_item_category_and_total_are_clamped_in_turn():
    item = Item("one", "一", Count(D(10), clamp=Clamp(high=D(30))))
    sheet = tally(standard(item, base=5, category=Clamp(high=D(20)), clamp=Clamp(high=D(22))), [fact(9)])
    (category,) = sheet.categories
    assert (category.before, category.points, category.cut.kind) == (30, 20, CutKind.CEILING)
    assert (sheet.before, sheet.exact, sheet.cut.by) == (25, 22, -3)


def test_a_category_that_does_not_apply_adds_nothing_and_is_not_clamped():
    whole = standard(Item("one", "一", Constant(D(3))), category=Clamp(D(8)), tags=("standing_member",))
    assert tally(whole, []).total == 0
    assert tally(whole, [], ["standing_member", "other"]).total == 8


def test_an_item_that_does_not_apply_adds_nothing_and_shows_its_facts():
    item = Item("one", "一", Count(D(3), clamp=Clamp(D(8))), applies_to=("standing_member",))
    sheet = tally(standard(item), [fact(2)])
    (found,) = sheet.items
    assert (sheet.total, found.applies, reasons(found)) == (0, False, [[Reason.NOT_APPLICABLE]])
    assert sheet.points_of("one") == 0


def test_a_category_without_facts_is_clamped_all_the_same():
    assert tally(standard(category=Clamp(D(8)))).total == 8


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("89.994", "89.99"),
        ("89.995", "90.00"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("2.675", "2.68"),
        ("1234567890123456789012345678901234567890.125", "1234567890123456789012345678901234567890.13"),
    ],
)
def test_rounding_is_half_away_from_zero_to_two_places(exact, shown):
    assert str(rounded(Fraction(exact))) == shown


def test_the_total_is_rounded_once_and_not_item_by_item():
    items = [Item(str(rank), "份", Shared(D("12.5"))) for rank in range(2)]
    facts = [fact(item=item.code, people=4) for item in items]
    assert tally(standard(*items), facts).total == D("4.17")


@pytest.mark.parametrize(
    ("base", "band"), [("90", "优秀"), ("89.995", "优秀"), ("89.99", "称职"), ("60", "称职"), ("-3", "不称职")]
)
def test_the_rounded_total_meets_an_inclusive_minimum(base, band):
    assert tally(standard(base=base)).band.name == band


def test_lines_of_an_additive_item_sum_to_its_raw_points():
    found = score(DEDUCT, fact(2, event="late"), fact(event="present"), fact(event="absent"))
    assert found.additive
    assert found.opening + sum(line.points for line in found.lines) == found.raw
    assert not score(STEPS, fact()).additive


def test_a_line_leads_back_to_its_record():
    sheet = tally(standard(Item("one", "一", Count(D(1)))), [fact(source="attendance:12", label="三月例会")])
    assert [(line.fact.source, line.fact.label) for line in sheet.lines] == [("attendance:12", "三月例会")]


def test_two_equal_facts_both_count():
    assert score(Count(D(2)), fact(), fact()).points == 4


def test_points_of_an_unknown_item_are_a_key_error():
    with pytest.raises(KeyError):
        tally(standard()).points_of("none")


# refusals


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (fact(item="none", label="三月例会"), "记录「三月例会」写的小项「none」不在这份标准里。"),
        (fact(-1, ref="r1"), "「一项」：记录「r1」的数量 -1 小于 0。"),
        (fact("0.125"), "「一项」：一条记录的数量 0.125 要写成至多两位小数的数。"),
        (fact("NaN"), "「一项」：一条记录的数量 NaN 要写成至多两位小数的数。"),
        (fact(rate=D("1.001")), "「一项」：一条记录的比率 1.001 要写成至多两位小数的数。"),
        (
            fact(award=D("1.001"), date=date(2026, 3, 1)),
            "「一项」：记录「2026-03-01」的评分 1.001 要写成至多两位小数的数。",
        ),
    ],
)
def test_a_fact_that_breaks_the_format_is_refused_in_words(refused, message):
    with pytest.raises(FactRefused) as refusal:
        score(Count(D(1)), refused)
    assert (str(refusal.value), refusal.value.fact) == (message, refused)


def test_every_reason_effect_and_cut_has_a_word():
    labels = [member.label for kind in (Reason, Effect, CutKind) for member in kind]
    assert len(set(labels)) == len(labels) - 1  # a void is 总分清零 both as effect and as cut
