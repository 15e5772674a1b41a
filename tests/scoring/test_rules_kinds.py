"""Thresholds, deductions, targets, assessments, shares, vetoes and voids, edge by edge."""

from fractions import Fraction

import pytest

from scoring.rules import (
    Assessed,
    AwardRange,
    Clamp,
    Count,
    CutKind,
    Deduct,
    Effect,
    FactRefused,
    Item,
    Reason,
    Shared,
    Step,
    Target,
    Threshold,
    Veto,
    Void,
    tally,
)
from tests.scoring.small_standard import D, fact, reasons, score, standard

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


def test_a_zeroing_event_shows_its_own_deduction():
    priced = Deduct(D(15), (("fraud", D(5)),), zero_when=("fraud", "theft"))
    found = score(priced, fact(2, event="fraud"), fact(event="theft"))
    assert ([line.points for line in found.lines], found.raw, found.points) == ([-10, 0], 5, 0)


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
    with pytest.raises(FactRefused, match=r"「一项」：一条记录的评分 .* 不在 0—20 分之内。"):
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
    assert tally(standard(Item("one", "一", Veto("不称职")), base=95), []).band.name == "优秀"


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
