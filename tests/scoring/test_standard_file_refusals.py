"""What makes a rule, a source or a case no part of a standard: each reason once."""

from pathlib import Path

import pytest

from scoring.standard_file import InvalidStandard, load

VALID = (Path(__file__).parents[1] / "data" / "standards" / "made" / "small.yaml").read_text(encoding="utf-8")
RULE, RULE_KEY, RULE_LINE = "{kind: count, points: 1}", "categories[0].items[0].rule", 19


def problems(text):
    with pytest.raises(InvalidStandard) as invalid:
        load(text)
    return [(problem.line, problem.key, problem.message) for problem in invalid.value.problems]


RULES = [
    (
        "{kind: bonus, points: 1}",
        ".kind",
        "「bonus」不在可用的词里：constant、count、threshold、deduct、target、assessed、shared、veto、void。",
    ),
    ("{points: 1}", "", "缺少「kind」。"),
    ("{kind: constant}", "", "缺少「points」。"),
    ("{kind: count}", "", "缺少「points」。"),
    (
        "{kind: count, points: 1, max: 1, cap: 2}",
        ".cap",
        "不认识的键「cap」，这里可以写：kind、points、by、from、at_most、min、max。",
    ),
    ("{kind: count, points: 1, max: 1, min: 2}", ".min", "min 大于 max。"),
    ("{kind: count, points: {a: 1}}", ".points", "写成表时要用「by」说明按什么查表。"),
    ("{kind: count, by: level, points: 1}", ".points", "这里要写“键: 值”。"),
    (
        "{kind: count, by: rate, points: {a: 1}}",
        ".by",
        "「rate」不在可用的词里：role、level、status、event。",
    ),
    ("{kind: count, by: level, points: {}}", ".points", "表里至少写一行。"),
    ("{kind: count, by: level, points: {a: 1, a: 2}}", ".points.a", "键「a」写了两次。"),
    ("{kind: count, by: level, points: {a: x}}", ".points.a", "这里要写十进制数，如 7.5；「x」不是。"),
    ("{kind: count, points: 1, from: 0.5}", ".from", "这里要写不小于 1 的数。"),
    ("{kind: count, points: 1, at_most: -1}", ".at_most", "这里要写不小于 0 的数。"),
    ("{kind: threshold}", "", "「steps」和「every」要写一个，且只写一个。"),
    ("{kind: threshold, every: 1, points: 1, steps: []}", "", "「steps」和「every」要写一个，且只写一个。"),
    ("{kind: threshold, steps: []}", ".steps", "「steps」里至少写一级。"),
    (
        "{kind: threshold, steps: [{at: 1, points: 1}], points: 1}",
        ".points",
        "「points」和「every」一起写；用「steps」时分值写在每一级里。",
    ),
    (
        "{kind: threshold, steps: [{at: 1, points: 1}, {at: 1, points: 2}]}",
        ".steps[1]",
        "每一级的「at」和「points」都要高于上一级。",
    ),
    (
        "{kind: threshold, steps: [{at: 1, points: 1}, {at: 2, points: 1}]}",
        ".steps[1]",
        "每一级的「at」和「points」都要高于上一级。",
    ),
    ("{kind: threshold, steps: [{at: 1}]}", ".steps[0]", "缺少「points」。"),
    ("{kind: threshold, every: 0, points: 1}", ".every", "这里要写大于 0 的数。"),
    ("{kind: threshold, every: 1}", "", "缺少「points」。"),
    ("{kind: threshold, every: 1, points: 1, of: four}", ".of", "文件里没有代码为「four」的小项。"),
    ("{kind: deduct, start: 1, by: status, points: {a: 1}}", ".by", "「status」不在可用的词里：event。"),
    ("{kind: deduct, start: 1, by: event, points: {a: -1}}", ".points.a", "这里要写不小于 0 的数。"),
    ("{kind: deduct, start: 1, by: event}", "", "缺少「points」。"),
    ("{kind: target, target: 1, base: 1}", "", "缺少「per_unit」。"),
    (
        "{kind: target, target: 1, base: 1, per_unit: 1, below: no}",
        ".below",
        "「no」不在可用的词里：true、false。",
    ),
    ("{kind: assessed, max: 1}", "", "缺少「min」。"),
    ("{kind: assessed, min: 2, max: 1}", ".min", "min 大于 max。"),
    ("{kind: assessed, ranges: []}", ".ranges", "「ranges」里至少写一档。"),
    (
        "{kind: assessed, ranges: [{rate: 60, min: 1, max: 2}, {rate: 60, min: 0, max: 1}]}",
        ".ranges[1].rate",
        "各档的「rate」要从高到低。",
    ),
    ("{kind: assessed, ranges: [{rate: 60, min: 1}]}", ".ranges[0]", "缺少「max」。"),
    ("{kind: shared, points: 1, lead: 1.1}", ".lead", "「lead」是领衔人的份额，要在 0 到 1 之间。"),
    ("{kind: veto, band: 良好}", ".band", "没有名为「良好」的等次，这份标准有：优秀、称职、不称职。"),
    ("{kind: veto}", "", "缺少「band」。"),
    ("{kind: void, points: 1}", ".points", "不认识的键「points」，这里可以写：kind。"),
    ("count", "", "这里要写“键: 值”。"),
]


@pytest.mark.parametrize(("rule", "key", "message"), RULES)
def test_a_rule_is_refused_by_line_key_and_sentence(rule, key, message):
    assert problems(VALID.replace(RULE, rule)) == [(RULE_LINE, RULE_KEY + key, message)]


SOURCES = [
    (
        "{from: registry}",
        ".from",
        "「registry」不在可用的词里：attendance、courseware、proposal、media_report、honour、assessment。",
    ),
    ("{where: {}}", "", "缺少「from」。"),
    (
        "{from: honour, where: {kind: x}}",
        ".where.kind",
        "「honour」没有字段「kind」，这里可以写：level、ref。",
    ),
    (
        "{from: attendance, where: {role: [speaker, chair]}}",
        ".where.role[1]",
        "「chair」不在可用的词里：attendee、speaker、host。",
    ),
    ("{from: attendance, where: {role: []}}", ".where.role", "列表里至少写一个值。"),
    ("{from: attendance, where: {role: {a: 1}}}", ".where.role", "这里要写一个列表。"),
    ("{from: attendance, where: {n: half}}", ".where.n", "这里要写十进制数，如 7.5；「half」不是。"),
    ("{from: proposal, where: {fine: yes}}", ".where.fine", "「yes」不在可用的词里：true、false。"),
    ("{from: honour, when: {}}", ".when", "不认识的键「when」，这里可以写：from、where。"),
]


@pytest.mark.parametrize(("source", "key", "message"), SOURCES)
def test_a_source_is_refused_by_line_key_and_sentence(source, key, message):
    text = VALID.replace("name: 一项", f"name: 一项\n        sources: [{source}]")
    assert problems(text) == [(19, f"categories[0].items[0].sources[0]{key}", message)]


def test_an_activity_kind_is_of_the_closed_list():
    text = VALID.replace(
        "name: 一项", "name: 一项\n        sources: [{from: attendance, where: {kind: party}}]"
    )
    ((line, key, message),) = problems(text)
    assert (line, key) == (19, "categories[0].items[0].sources[0].where.kind")
    assert message.startswith("「party」不在可用的词里：congress、standing_committee、")


CASES = [
    ("{name: 例, facts: []}", "", "没有写要核对的结果：total、items、band、expect 至少写一个。"),
    ("{facts: [], total: 1}", "", "缺少「name」。"),
    (
        "{name: 例, total: 1, points: 1}",
        ".points",
        "不认识的键「points」，这里可以写：name、member、facts、given_total、total、items、band、expect。",
    ),
    (
        "{name: 例, given_total: 1, facts: [{item: one}], total: 1}",
        "",
        "「given_total」和「facts」只写一个。",
    ),
    ("{name: 例, expect: accept}", ".expect", "「accept」不在可用的词里：reject。"),
    ("{name: 例, expect: reject, total: 1}", "", "「expect: reject」不和其他结果一起写。"),
    ("{name: 例, total: x}", ".total", "这里要写十进制数，如 7.5；「x」不是。"),
    ("{name: 例, items: {one: x}}", ".items.one", "这里要写十进制数，如 7.5；「x」不是。"),
    ("{name: 例, total: 1, facts: [{n: 1}]}", ".facts[0]", "缺少「item」。"),
    (
        "{name: 例, total: 1, facts: [{item: one, points: 1}]}",
        ".facts[0].points",
        "不认识的键「points」，这里可以写：item、n、role、level、status、event、ref、people、rate、award、date。",
    ),
    ("{name: 例, total: 1, facts: [{item: one, people: 1.5}]}", ".facts[0].people", "人数要写整数。"),
    (
        "{name: 例, total: 1, facts: [{item: one, date: 三月}]}",
        ".facts[0].date",
        "「三月」不是日期，请写成 2026-03-01 的样子。",
    ),
    ("[a]", "", "这里要写“键: 值”。"),
]


@pytest.mark.parametrize(("case", "key", "message"), CASES)
def test_a_case_is_refused_by_line_key_and_sentence(case, key, message):
    text = VALID[: VALID.index("cases:")] + f"cases:\n  - {case}\n"
    assert problems(text) == [(31, f"cases[0]{key}", message)]
