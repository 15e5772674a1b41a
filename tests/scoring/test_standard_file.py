"""Reading and writing the standard file: every public file, every rule kind, words and numbers as written."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from scoring.rules import (
    Assessed,
    AwardRange,
    Band,
    Clamp,
    Constant,
    Count,
    Deduct,
    Fact,
    Period,
    Shared,
    Source,
    Step,
    Target,
    Threshold,
    Veto,
    Void,
)
from scoring.standard_file import Case, StandardFile, dump, items_without_source, load, nodes, run_cases
from scoring.standard_file.nodes import compose

D = Decimal
PUBLIC = sorted((Path(__file__).parents[1] / "data" / "standards").glob("*.yaml"))
TABLE = (("national", D(5)), ("county", D("7.50")))


def written(rule="{kind: void}", item="", top="", cases="[]"):
    """A whole file around one rule."""
    return f"""\
format: 1
code: test
title: 试
subject: representative
period: {{length: year}}
bands: [{{name: 优秀, min: 90}}, {{name: 不称职}}]
{top}
categories:
  - code: all
    name: 全部
    kind: regular
    items:
      - code: one
        name: 一项
        {item}
        rule: {rule}
cases: {cases}
"""


def read_rule(rule):
    return next(load(written(rule)).standard.items).rule


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_both_scanners_read_the_same_tree(path, monkeypatch):
    text = path.read_text()
    swift = yaml.serialize(compose(text))
    monkeypatch.setattr(nodes, "_LOADERS", nodes._LOADERS[-1:])
    assert swift == yaml.serialize(compose(text))


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_every_case_of_a_public_standard_holds(path):
    loaded = load(path.read_bytes())
    results = run_cases(loaded)
    assert [(result.case.name, result.expected) for result in results if not result.passed] == []
    assert len(results) == len(loaded.cases) > 0


def test_all_seven_public_standards_are_tried():
    assert len(PUBLIC) == 7


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_a_public_standard_comes_back_from_its_dump(path):
    loaded = load(path.read_text(encoding="utf-8"))
    text = dump(loaded.standard, loaded.cases)
    assert load(text) == loaded
    assert dump(loaded.standard, load(text).cases) == text


RULES = [
    ("{kind: constant, points: 70}", Constant(D(70))),
    ("{kind: count, points: -2.5}", Count(D("-2.5"))),
    (
        "{kind: count, by: level, points: {national: 5, county: 7.50}, from: 2, at_most: 3, min: -1, max: 9}",
        Count(None, "level", TABLE, D(2), D(3), Clamp(D(-1), D(9))),
    ),
    (
        "{kind: threshold, steps: [{at: 1, points: 2}, {at: 3, points: 6}], of: one}",
        Threshold((Step(D(1), D(2)), Step(D(3), D(6))), of="one"),
    ),
    ("{kind: threshold, every: 2.5, points: 5}", Threshold(every=D("2.5"), points=D(5))),
    (
        "{kind: deduct, start: 15, by: event, points: {national: 5, county: 7.50}, floor: 3, zero_when: [a, b]}",
        Deduct(D(15), TABLE, D(3), ("a", "b")),
    ),
    (
        "{kind: target, target: 12, base: 70, per_unit: 2, floor: 1, below: false}",
        Target(D(12), D(70), D(2), D(1), below=False),
    ),
    ("{kind: target, target: 12, base: 70, per_unit: 2, below: true}", Target(D(12), D(70), D(2))),
    ("{kind: assessed, min: 0, max: 20}", Assessed(D(0), D(20))),
    (
        "{kind: assessed, min: 0, max: 20, ranges: [{rate: 90, min: 16, max: 20}, {rate: 60, min: 5, max: 15}]}",
        Assessed(D(0), D(20), (AwardRange(D(90), D(16), D(20)), AwardRange(D(60), D(5), D(15)))),
    ),
    (
        "{kind: assessed, ranges: [{rate: 0, min: 5, max: 5}]}",
        Assessed(ranges=(AwardRange(D(0), D(5), D(5)),)),
    ),
    ("{kind: shared, points: 10}", Shared(D(10))),
    ("{kind: shared, points: 10, lead: 0.6}", Shared(D(10), D("0.6"))),
    ("{kind: veto, band: 不称职}", Veto("不称职")),
    ("{kind: void}", Void()),
]


@pytest.mark.parametrize(("text", "rule"), RULES)
def test_a_rule_is_read_into_its_value(text, rule):
    assert read_rule(text) == rule


@pytest.mark.parametrize("text", [text for text, _rule in RULES])
def test_a_rule_comes_back_from_its_dump(text):
    loaded = load(written(text))
    assert load(dump(loaded.standard)) == loaded


def test_words_and_numbers_keep_their_spelling():
    rule = read_rule("{kind: count, by: status, points: {no: 7.50, off: 1, 08: 2, null: 3, ~: 4}}")
    assert [(word, str(points)) for word, points in rule.table] == [
        ("no", "7.50"),
        ("off", "1"),
        ("08", "2"),
        ("null", "3"),
        ("~", "4"),
    ]


def test_a_word_that_would_read_as_nothing_is_quoted_in_the_dump():
    loaded = load(written("{kind: count, by: status, points: {'null': 3}}", item="unit: 'null'"))
    assert load(dump(loaded.standard)).standard == loaded.standard
    assert next(loaded.standard.items).unit == "null"


def test_the_dump_leaves_out_what_says_nothing():
    loaded = load(
        written("{kind: count, points: 7.50}", item="unit:", top="note: ''\ntotal: {min: null, max: ~}")
    )
    assert (
        dump(loaded.standard)
        == """\
format: 1
code: test
title: 试
subject: representative
period:
  length: year
base: 0
bands:
- name: 优秀
  min: 90
- name: 不称职
categories:
- code: all
  name: 全部
  kind: regular
  items:
  - code: one
    name: 一项
    rule:
      kind: count
      points: 7.50
      from: 1
"""
    )


def test_the_head_of_a_file_is_read():
    top = "note: 来源\nbase: 10\ntotal: {min: 0, max: 120.5}"
    found = load(
        written(top=top).replace("{length: year}", "{length: custom, start: 2026-01-01, end: 2026-06-30}")
    )
    standard = found.standard
    assert (standard.code, standard.title, standard.note, standard.subject) == (
        "test",
        "试",
        "来源",
        "representative",
    )
    assert standard.period == Period("custom", date(2026, 1, 1), date(2026, 6, 30))
    assert (standard.base, standard.clamp) == (D(10), Clamp(D(0), D("120.5")))
    assert standard.bands == (Band("优秀", D(90)), Band("不称职"))
    assert load(dump(standard)).standard == standard


def test_an_item_is_read_with_its_tags_word_and_sources():
    lines = (
        "unit: 次",
        "applies_to: [standing_member, 'null']",
        "exclusive: promoted",
        "sources: [{from: attendance, where: {kind: [sharing, tour], role: speaker, n: 0.5, theme: 河湖}}, {from: courseware}]",
    )
    loaded = load(written("{kind: count, points: 1}", item="\n        ".join(lines)))
    (item,) = loaded.standard.items
    assert (item.unit, item.applies_to, item.exclusive) == ("次", ("standing_member", "null"), "promoted")
    where = (("kind", ("sharing", "tour")), ("role", ("speaker",)), ("n", ("0.5",)), ("theme", ("河湖",)))
    assert item.sources == (Source("attendance", where), Source("courseware"))
    assert load(dump(loaded.standard)) == loaded


def test_cases_are_read_with_their_facts():
    cases = """
  - name: 全
    member: [standing_member]
    facts:
      - {item: one, n: 0.5, role: lead, level: 省, status: no, event: late, people: 4, rate: 90, award: 5, ref: r, date: 2026-03-01}
      - {item: one}
    total: 1.50
    items: {one: 2}
    band: 优秀
  - {name: 越界, facts: [{item: one, award: 25}], expect: reject}
  - {name: 只查档次, given_total: 89.5, band: 称职}
"""
    full = Fact(
        "one", D("0.5"), "lead", "省", "no", "late", 4, D(90), D(5), "r", date(2026, 3, 1), label="事实 1"
    )
    loaded = load(written(cases=cases))
    assert loaded.cases == (
        Case(
            "全",
            ("standing_member",),
            (full, Fact("one", label="事实 2")),
            None,
            D("1.5"),
            (("one", D(2)),),
            "优秀",
        ),
        Case("越界", facts=(Fact("one", award=D(25), label="事实 1"),), refused=True),
        Case("只查档次", given_total=D("89.5"), band="称职"),
    )
    assert load(dump(loaded.standard, loaded.cases)) == loaded


def test_a_file_may_hold_no_category_and_no_case():
    text = written().split("categories:")[0] + "categories: []\n"
    assert load(text) == StandardFile(load(text).standard)
    assert list(load(text).standard.items) == []


def test_a_byte_order_mark_is_passed_over():
    assert load("\ufeff" + written()) == load(written().encode("utf-8-sig")) == load(written())


def test_items_that_no_record_can_reach_are_named():
    assert [item.code for item in items_without_source(load(written()).standard)] == ["one"]
    fed = load(written(item="sources: [{from: honour}]")).standard
    assert items_without_source(fed) == ()


@pytest.mark.parametrize(
    "rule", ["{kind: constant, points: 1}", "{kind: threshold, every: 1, points: 1, of: one}"]
)
def test_a_constant_and_a_count_of_another_item_need_no_source(rule):
    assert items_without_source(load(written(rule)).standard) == ()


def result(cases, rule="{kind: assessed, min: 0, max: 20}"):
    loaded = load(written(rule, cases=f"[{cases}]"))
    (found,) = run_cases(loaded)
    return found.passed, found.expected, found.got


def test_a_case_compares_the_rounded_total_items_and_band():
    case = "{name: a, facts: [{item: one, award: 7.5}], total: 8, items: {one: 9}, band: 优秀}"
    assert result(case) == (False, "total 8, one 9, band 优秀", "total 7.50, one 7.50, band 不称职")
    case = "{name: a, facts: [{item: one, award: 7.5}], total: 7.50, items: {one: 7.5}, band: 不称职}"
    assert result(case)[0] is True


def test_a_case_says_only_what_it_expects():
    assert result("{name: a, facts: [], items: {one: 1}}") == (False, "one 1", "one 0.00")
    assert result("{name: a, facts: [], items: {two: 1}}") == (False, "two 1", "two -")


def test_an_item_is_expected_rounded_to_two_decimals():
    case = "{name: a, facts: [{item: one, people: 4}], items: {one: 1.67}}"
    assert result(case, "{kind: shared, points: 10}")[0] is True


@pytest.mark.parametrize("fact", ["{item: one, award: 25}", "{item: two}", "{item: one, award: 1, n: -1}"])
def test_a_refused_fact_is_what_an_expected_reject_asks_for(fact):
    assert result(f"{{name: a, facts: [{fact}], expect: reject}}")[0] is True


def test_a_refusal_nobody_expected_does_not_hold():
    passed, expected, got = result("{name: a, facts: [{item: one, award: 25}], total: 20}")
    assert (passed, expected) == (False, "total 20")
    assert got == "reject: 「一项」：记录「事实 1」的评分 25 不在 0—20 分之内。"


def test_a_reject_that_does_not_come_does_not_hold():
    assert result("{name: a, facts: [], expect: reject}") == (False, "reject", "total 0.00")


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            "{name: a, facts: [{item: one, award: 7.5}], total: 8, items: {one: 9, two: 1}, band: 优秀}",
            (
                "总分 8 分，一项 9 分，two（标准里没有这个小项），等次 优秀",
                "总分 7.50 分，一项 7.50 分，two（标准里没有这个小项），等次 不称职",
            ),
        ),
        ("{name: a, facts: [], expect: reject}", ("拒绝", "总分 0.00 分")),
        (
            "{name: a, facts: [{item: one, award: 25}], total: 20}",
            ("总分 20 分", "拒绝：「一项」：记录「事实 1」的评分 25 不在 0—20 分之内。"),
        ),
    ],
)
def test_a_page_says_the_figures_of_a_case_in_chinese(case, words):
    (found,) = run_cases(load(written("{kind: assessed, min: 0, max: 20}", cases=f"[{case}]")))
    assert (found.expected_words, found.got_words) == words


@pytest.mark.parametrize(("total", "band"), [("90", "优秀"), ("89.995", "优秀"), ("89.99", "不称职")])
def test_a_given_total_is_rounded_and_meets_the_bands(total, band):
    assert result(f"{{name: a, given_total: {total}, band: {band}}}")[0] is True


def test_subject_period_and_kind_may_be_left_out():
    text = (
        "format: 1\ncode: short\ntitle: 短标准\nbands: [{name: 合格}]\n"
        "categories: [{code: a, name: 甲, items: [{code: b, name: 乙, rule: {kind: constant, points: 1}}]}]\n"
    )
    standard = load(text).standard
    assert (standard.subject, standard.period.length, standard.categories[0].kind) == (
        "representative",
        "year",
        "regular",
    )
