"""What makes a file no standard: each reason once, with its line, its key and its sentence; all of them at once."""

from pathlib import Path

import pytest

from scoring.standard_file import InvalidStandard, Problem, load

VALID = (Path(__file__).parents[1] / "data" / "standards" / "made" / "small.yaml").read_text(encoding="utf-8")
RULE = "{kind: count, points: 1}"


def problems(text):
    with pytest.raises(InvalidStandard) as invalid:
        load(text)
    return [(problem.line, problem.key, problem.message) for problem in invalid.value.problems]


def test_the_file_the_others_are_made_from_is_valid():
    assert load(VALID).standard.code == "test"


HEAD = [
    ("format: 1", "format: 2", 1, "format", "「2」不在可用的词里：1。"),
    ("code: test", "code: Test_1", 2, "code", "「code」只用小写字母、数字和连字符。"),
    ("title: 试\n", "", 1, "", "缺少「title」。"),
    ("title: 试", "title: ''", 1, "", "缺少「title」。"),
    ("title: 试", "title: [a]", 3, "title", "这里要写一个词或一句话。"),
    ("title: 试", "title: '  '", 3, "title", "这里要写一个词或一句话。"),
    ("title: 试", 'title: "a\\x07"', 3, "title", "文字里有不能使用的控制字符。"),
    ("title: 试", 'title: "\\ud800"', 3, "title", "文字里有不能使用的控制字符。"),
    ("title: 试", f"title: {'长' * 20_001}", 3, "title", "文字超过 20000 字。"),
    (
        "subject: representative",
        "subject: person",
        4,
        "subject",
        "「person」不在可用的词里：representative、group、unit。",
    ),
    (
        "{length: year}",
        "{length: week}",
        5,
        "period.length",
        "「week」不在可用的词里：year、half_year、quarter、month、custom。",
    ),
    ("{length: year}", "{length: custom}", 5, "period", "「custom」要写起止日期「start」和「end」。"),
    ("{length: year}", "{length: year, start: 2026-01-01}", 5, "period", "只有「custom」才写起止日期。"),
    (
        "{length: year}",
        "{length: custom, start: 2026-02-01, end: 2026-01-01}",
        5,
        "period",
        "「start」晚于「end」。",
    ),
    (
        "{length: year}",
        "{length: custom, start: 2026-02-30, end: 2026-03-01}",
        5,
        "period.start",
        "「2026-02-30」不是日期，请写成 2026-03-01 的样子。",
    ),
    (
        "{length: year}",
        "{length: custom, start: 20260201, end: 2026-03-01}",
        5,
        "period.start",
        "「20260201」不是日期，请写成 2026-03-01 的样子。",
    ),
    (
        "{length: year}",
        "{length: custom, start: [], end: 2026-03-01}",
        5,
        "period.start",
        "这里要写一个词或一句话。",
    ),
    ("{length: year}", "year", 5, "period", "这里要写“键: 值”。"),
    ("base: 0", "base: 1e3", 6, "base", "这里要写十进制数，如 7.5；「1e3」不是。"),
    ("base: 0", "base: []", 6, "base", "这里要写十进制数，如 7.5。"),
    ("base: 0", f"base: {'9' * 61}", 6, "base", "数字超过 60 位。"),
    ("{min: 0, max: 100}", "{min: 101, max: 100}", 7, "total.min", "min 大于 max。"),
    ("base: 0", "base: 0\nbase: 1", 7, "base", "键「base」写了两次。"),
    (
        "base: 0",
        "points: 1",
        6,
        "points",
        "不认识的键「points」，这里可以写：format、code、title、bands、categories、subject、period、note、base、total、cases。",
    ),
    ("base: 0", "? [a]\n: 1", 6, "", "键要写成一个词。"),
    ("base: 0", '"a\\n": 1', 6, "", "键里有不能使用的控制字符。"),
]
NUMBERS = [".inf", ".nan", "NaN", "+1", "1.", ".5", "1_000", "0x10", "1,5", "１", "1 2", "--1", "true"]
BANDS = [
    ("min: 60", "min: 90", 10, "bands[1]", "等次要从高到低，「min」逐档严格下降。"),
    ("min: 60", "min: 95", 10, "bands[1]", "等次要从高到低，「min」逐档严格下降。"),
    (", min: 60", "", 10, "bands[1]", "除最后一个外，每个等次都要写「min」。"),
    ("{name: 不称职}", "{name: 不称职, min: 0}", 11, "bands[2].min", "最后一个等次不写「min」。"),
    ("{name: 不称职}", "{name: 优秀}", 11, "bands[2]", "等次「优秀」写了两次。"),
    ("{name: 不称职}", "不称职", 11, "bands[2]", "这里要写“键: 值”。"),
    (
        "{name: 不称职}",
        "{name: 不称职, max: 59}",
        11,
        "bands[2].max",
        "不认识的键「max」，这里可以写：name、min、label。",
    ),
]
ITEMS = [
    ("code: two", "code: one", 20, "categories[0].items[1].code", "代码「one」用了两次。"),
    ("code: three", "code: one", 27, "categories[1].items[0].code", "代码「one」用了两次。"),
    ("code: more", "code: all", 23, "categories[1].code", "代码「all」用了两次。"),
    (
        "kind: bonus",
        "kind: other",
        25,
        "categories[1].kind",
        "「other」不在可用的词里：regular、bonus、deduction。",
    ),
    ("kind: bonus", "kind: bonus\n    min: 3\n    max: 2", 26, "categories[1].min", "min 大于 max。"),
    (
        "kind: bonus",
        "kind: bonus\n    applies_to: []",
        26,
        "categories[1].applies_to",
        "列表里至少写一个词；不需要时去掉这个键。",
    ),
    ("kind: bonus", "kind: bonus\n    applies_to: a", 26, "categories[1].applies_to", "这里要写一个列表。"),
    (
        "kind: bonus",
        "kind: bonus\n    applies_to: [a, a]",
        26,
        "categories[1].applies_to[1]",
        "「a」写了两次。",
    ),
    ("        name: 二项\n", "", 20, "categories[0].items[1]", "缺少「name」。"),
    (
        "name: 二项",
        "name: 二项\n        exclusive: x",
        22,
        "categories[0].items[1].exclusive",
        "「exclusive」只用在按数量计分（count）的小项上。",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "message"), HEAD + BANDS + ITEMS)
def test_a_file_is_refused_by_line_key_and_sentence(old, new, line, key, message):
    assert problems(VALID.replace(old, new, 1)) == [(line, key, message)]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_not_a_finite_decimal_is_refused(number):
    message = f"这里要写十进制数，如 7.5；「{number}」不是。"
    assert problems(VALID.replace("base: 0", f"base: '{number}'")) == [(6, "base", message)]


def test_an_exclusive_word_belongs_to_one_category():
    rule = "\n        exclusive: x\n        rule: {kind: count, points: 1}"
    text = VALID.replace("一项\n        rule: {kind: count, points: 1}", "一项" + rule).replace(
        "三项\n        rule: {kind: void}", "三项" + rule
    )
    message = "「x」已用在另一个类别，同一个词只能在一个类别里用。"
    assert problems(text) == [(30, "categories[1].items[0].exclusive", message)]


def test_an_exclusive_item_whose_rule_cannot_be_read_has_one_problem():
    text = VALID.replace("rule: {kind: count, points: 1}", "exclusive: x\n        rule: {kind: none}")
    assert [key for _line, key, _message in problems(text)] == ["categories[0].items[0].rule.kind"]


def test_a_veto_is_not_blamed_for_bands_that_cannot_be_read():
    text = VALID.replace("min: 60", "min: x").replace(RULE, "{kind: veto, band: 良好}")
    assert [key for _line, key, _message in problems(text)] == ["bands[1].min"]


def test_a_file_needs_a_band():
    text = VALID.replace(VALID[VALID.index("bands:") : VALID.index("categories:")], "bands: []\n")
    assert problems(text) == [(8, "bands", "至少写一个等次。")]


def test_all_problems_are_told_at_once_in_order_of_lines():
    text = VALID.replace("base: 0", "base: x").replace("min: 60", "min: 99").replace(RULE, "{kind: sum}")
    assert [(line, key) for line, key, _message in problems(text)] == [
        (6, "base"),
        (10, "bands[1]"),
        (19, "categories[0].items[0].rule.kind"),
    ]


def test_a_problem_reads_as_a_sentence():
    with pytest.raises(InvalidStandard) as invalid:
        load(VALID.replace("base: 0", "base: []"))
    assert str(invalid.value) == "第 6 行 base：这里要写十进制数，如 7.5。"
    assert str(Problem(1, "", "文件里没有内容。")) == "第 1 行：文件里没有内容。"


def test_of_very_many_problems_the_rest_is_only_counted():
    found = problems(VALID + "".join(f"stray{rank}: 1\n" for rank in range(203)))
    assert len(found) == 201
    assert found[-1] == (232, "", "从这一行起还有 3 处要改。")


DEEP = "[" * 40 + "]" * 40
NOT_YAML = "这里不合 YAML 的写法，请看缩进、冒号、引号和括号是否成对。"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "文件里没有内容。"),
        ("# 只有注释\n", 1, "文件里没有内容。"),
        ("a: [1\nb: 2\n", 2, NOT_YAML),
        ("a: 1\n---\nb: 2\n", 2, NOT_YAML),
        ("a: &x 1\nb: *x\n", 2, "积分标准文件不用别名（*），请把内容写全。"),
        ("a: 1\nb: !!int 1\n", 2, "积分标准文件不用类型标记「tag:yaml.org,2002:int」。"),
        ("a: 1\nb: !x {}\n", 2, "积分标准文件不用类型标记「!x」。"),
        (f"a: 1\nb: {DEEP}\n", 2, "层次太深，最多 32 层。"),
        ("a: 1\nb: \x07\n", 2, "这里有不能使用的控制字符。"),
        ('a: "\\UFFFFFFFF"\n', 1, "有读不出的字符或转义写法。"),
        (b"a: 1\nb: \xff\n", 2, "文件不是 UTF-8 编码的文字。"),
        ("a" * 524_289, 1, "文件超过 512 KB。"),
        (b"a" * 524_289, 1, "文件超过 512 KB。"),
        ("a" * 524_288, 1, "这里要写“键: 值”。"),
    ],
    ids=range(14),
)
def test_what_is_no_tree_of_plain_words_is_refused(text, line, message):
    assert problems(text)[0] == (line, "", message)
