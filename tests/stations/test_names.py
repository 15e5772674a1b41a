"""Names in order: the vectors of the product, strokes, readings of surnames."""

import pytest
from pypinyin import lazy_pinyin

from stations.names import clean_name, initials, pinyin, stroke_count, stroke_key, stroke_place


def in_order(*names, **policy):
    return sorted(names, key=lambda name: stroke_key(name, **policy))


@pytest.mark.parametrize(
    "names",
    [
        ("丁", "王"),
        ("王", "文", "孔"),
        ("林", "欧"),
        ("李一鸣", "李大鸣"),
        ("吉", "巩"),
        ("田大利", "田富"),
    ],
)
def test_names_stand_in_the_order_of_strokes(names):
    assert in_order(*reversed(names)) == list(names)


def test_the_other_policy_puts_single_given_names_first():
    assert in_order("田大利", "田富", single_given="first") == ["田富", "田大利"]


def test_a_full_width_space_in_a_name_changes_nothing():
    assert (clean_name("王　文"), stroke_key("王　文")) == ("王文", stroke_key("王文"))


def test_a_character_outside_the_table_comes_after_all_others():
    assert in_order("𠮷一", "龘一", "丁一") == ["丁一", "龘一", "𠮷一"]


@pytest.mark.parametrize(
    ("character", "strokes"),
    [
        ("一", 1),
        ("乛", 1),
        ("二", 2),
        ("丁", 2),
        ("三", 3),
        ("马", 3),
        ("王", 4),
        ("田", 5),
        ("刘", 6),
        ("李", 7),
        ("林", 8),
        ("欧", 8),
        ("赵", 9),
        ("高", 10),
        ("黄", 11),
        ("曾", 12),
        ("解", 13),
        ("翟", 14),
        ("潘", 15),
        ("霍", 16),
        ("魏", 17),
        ("龘", 48),
    ],
)
def test_the_table_tells_how_many_strokes_a_character_has(character, strokes):
    assert stroke_count(character) == strokes


def test_an_unknown_character_has_no_count_and_no_place():
    assert (stroke_count("𠮷"), stroke_place("𠮷"), stroke_count("a"), stroke_count("")) == (None,) * 4


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单田芳", "shan tian fang"),
        ("曾一", "zeng yi"),
        ("仇一", "qiu yi"),
        ("解一", "xie yi"),
        ("查一", "zha yi"),
        ("盖一", "ge yi"),
        ("区一", "ou yi"),
        ("朴一", "piao yi"),
        ("翟一", "zhai yi"),
        ("覃一", "qin yi"),
        ("吕一", "lv yi"),
    ],
)
def test_surnames_are_read_as_surnames(name, reading):
    assert pinyin(name) == reading


def test_only_the_first_character_is_read_as_a_surname():
    assert pinyin("王解") == "wang jie"


def test_initials_are_the_first_letters():
    assert initials("单田芳") == "stf"


def test_registering_reads_a_name_once(city, monkeypatch):
    """Its initials are of the same reading."""
    read = []
    monkeypatch.setattr(
        "stations.names.lazy_pinyin", lambda name, **more: read.append(name) or lazy_pinyin(name, **more)
    )
    person = city.representative("仇示", login=False).representative
    assert (read, person.pinyin, person.initials) == (["仇示"], "qiu shi", "qs")
