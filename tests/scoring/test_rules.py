"""From items to the total: clamps in turn, who is measured, rounding, bands, and the facts refused."""

from datetime import date
from fractions import Fraction

import pytest

from scoring.rules import (
    Clamp,
    Constant,
    Count,
    CutKind,
    Deduct,
    Effect,
    FactRefused,
    Item,
    Reason,
    Shared,
    Target,
    Threshold,
    rounded,
    tally,
)
from tests.scoring.small_standard import D, fact, reasons, score, standard

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
    assert tally(standard(category=Clamp(D(8))), []).total == 8


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
    ("base", "band"),
    [("90", "优秀"), ("89.995", "优秀"), ("89.99", "称职"), ("60", "称职"), ("-3", "不称职")],
)
def test_the_rounded_total_meets_an_inclusive_minimum(base, band):
    assert tally(standard(base=base), []).band.name == band


def test_lines_of_an_additive_item_sum_to_its_raw_points():
    found = score(
        Deduct(D(15), (("late", D("0.5")), ("absent", D(5)))),
        fact(2, event="late"),
        fact(event="present"),
        fact(event="absent"),
    )
    assert found.additive
    assert found.opening + sum(line.points for line in found.lines) == found.raw
    assert not score(Threshold(every=D(1), points=D(1)), fact()).additive


def test_a_line_leads_back_to_its_record():
    sheet = tally(standard(Item("one", "一", Count(D(1)))), [fact(source="attendance:12", label="三月例会")])
    assert [(line.fact.source, line.fact.label) for line in sheet.lines] == [("attendance:12", "三月例会")]


def test_two_equal_facts_both_count():
    assert score(Count(D(2)), fact(), fact()).points == 4


def test_points_of_an_unknown_item_are_a_key_error():
    with pytest.raises(KeyError):
        tally(standard(), []).points_of("none")


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


def test_what_stands_at_its_limit_already_was_not_cut():
    missed = score(Target(D(4), base=D(3), per_unit=D(1), below=False), fact(1))
    zeroed = score(Deduct(D(2), table=(("absent", D(2)),), zero_when=("absent",)), fact(event="absent"))
    assert [(each.raw, each.points, each.cut) for each in (missed, zeroed)] == [(0, 0, None), (0, 0, None)]
