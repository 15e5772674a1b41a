"""How what is written and what is typed is cut into pieces, and what a database is asked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from portal.search.syntax import EVERYTHING, FTS5, NOTHING, TSQUERY, Asked, read
from portal.search.words import (
    MOST_PIECES,
    QUERY_LENGTH,
    WORDS,
    clean_query,
    folded,
    fragments,
    pieces,
    words,
)

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)


def cut(query):
    return [(word.pieces, word.prefix) for word in words(query)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("石桥镇", ["石桥", "桥镇", "镇"]),
        ("站", ["站"]),
        ("石桥，镇", ["石桥", "桥", "镇"]),
        ("5G网络", ["5g", "网络", "络"]),
        ("ＰＤＦ １２", ["pdf", "12"]),
        ("Dīng Shì", ["ding", "shi"]),
        ("吕lǚ", ["吕", "lv"]),
        ("𠮷野", ["x20bb7野", "野"]),
        ("㐂〇", ["x3402x3007", "x3007"]),
        ("\ue000镇", ["xe000镇", "镇"]),
        ("Дом", ["x434x43ex43c"]),
        ("！？…—“”😀 \n", []),
        ("", []),
    ],
)
def test_a_written_text_becomes_pairs_and_whole_other_words(text, found):
    assert pieces(text) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("石桥", [(("石桥",), False)]),
        ("石桥镇", [(("石桥", "桥镇"), False)]),
        ("石", [(("石",), True)]),
        ("丁 示例", [(("丁",), True), (("示例",), False)]),
        ("买买提·示例", [(("买买", "买提"), False), (("示例",), False)]),
        ("dsl", [(("dsl",), True)]),
        ("第5届", [(("第", "5", "届"), True)]),
        ("网络5G", [(("网络", "络", "5g"), True)]),
        ("5G网络", [(("5g", "网络"), False)]),
        ("石桥 石桥", [(("石桥",), False)]),
        ('a AND "b" NEAR(c*', [((each,), True) for each in ("a", "and", "b", "near", "c")]),
        ("*'\";--%", []),
    ],
)
def test_a_typed_word_is_pieces_that_follow_each_other(query, found):
    assert cut(clean_query(query)) == found


def test_no_more_words_are_asked_for_than_help():
    assert len(words(" ".join(f"w{number}" for number in range(20)))) == WORDS


def test_what_was_typed_is_trimmed_and_read_in_half_width():
    assert clean_query("　石桥\0  ＡＢ１　") == "石桥 AB1"
    assert len(clean_query("石" * 10_000)) == QUERY_LENGTH
    assert clean_query("a\udc00b") == "ab"


def test_a_text_without_end_is_cut_where_places_are_counted_no_more():
    assert len(pieces("石桥" * MOST_PIECES)) == MOST_PIECES
    assert pieces("a" * 1000) == ["a" * 64]


@given(ANY_TEXT)
def test_pieces_hold_nothing_that_a_database_could_read_as_a_sign(text):
    for piece in pieces(text):
        assert all((sign.isascii() and sign.isalnum()) or "\u4e00" <= sign <= "\u9fa5" for sign in piece)


@given(st.text(alphabet="石桥镇站代表a1５ ，", min_size=1, max_size=20), st.data())
def test_every_part_of_a_text_is_found_by_its_pieces(text, data):
    """Whatever stretch of Chinese is typed, its pieces stand in the same order in those of the whole."""
    runs = [run for run in folded(text).replace("，", " ").split() if run.isalnum()]
    run = data.draw(st.sampled_from(runs)) if runs else ""
    start = data.draw(st.integers(0, max(len(run) - 1, 0)))
    part = run[start : data.draw(st.integers(start, len(run)))]
    if not part or any(sign.isascii() for sign in part[:1]):
        return
    whole = pieces(text)
    (word,) = words(part)
    held = [
        at
        for at in range(len(whole))
        if [*whole[at : at + len(word.pieces) - 1]] == list(word.pieces[:-1])
        and whole[at + len(word.pieces) - 1 :]
        and whole[at + len(word.pieces) - 1].startswith(word.pieces[-1])
    ]
    assert held


@pytest.mark.parametrize(
    ("query", "readings"),
    [
        ("石桥 接待", [["石桥", "接待"]]),
        ("敬老院食堂", [["敬老院", "老院食", "院食堂"], ["敬老", "老院", "院食", "食堂"]]),
        ("联络站", [["联络", "络站"]]),
        ("石桥", []),
        ("dingshili", []),
        ("", []),
    ],
)
def test_what_nothing_holds_whole_is_read_in_parts_the_stricter_first(query, readings):
    found = [[word.text for word in reading] for reading in fragments(words(query))]
    assert found == readings


# --- what a database is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "fts5", "tsquery"),
    [
        (PlainText("石桥镇"), '("石桥 桥镇")', "('石桥' <-> '桥镇')"),
        (PlainText("石"), '("石"*)', "('石':*)"),
        (PlainText("石桥 站"), '("石桥") AND ("站"*)', "('石桥') & ('站':*)"),
        (PlainText("石桥 接待", operator="or"), '("石桥") OR ("接待")', "('石桥') | ('接待')"),
        (Phrase("石桥镇"), '("石桥 桥镇")', "('石桥' <-> '桥镇')"),
        (Boost(PlainText("石桥"), 2), '("石桥")', "('石桥')"),
        (Fuzzy("石桥"), '("石桥")', "('石桥')"),
        (Or([PlainText("石桥"), PlainText("接待")]), '(("石桥")) OR (("接待"))', "(('石桥')) | (('接待'))"),
    ],
)
def test_a_query_is_written_for_each_database(query, fts5, tsquery):
    assert (read(query, FTS5), read(query, TSQUERY)) == (Asked(fts5), Asked(tsquery))


def test_a_not_is_kept_whatever_stands_under_it():
    """modelsearch loses the Not of a phrase on PostgreSQL, and FTS5 knows none that stands alone."""
    one, other = PlainText("石桥"), Phrase("接待日")
    assert read(Not(other), FTS5) == Asked('("接待 待日")', negated=True)
    assert read(And([one, Not(other)]), FTS5) == Asked('((("石桥"))) NOT ((("接待 待日")))')
    assert read(And([one, Not(other)]), TSQUERY) == Asked("((('石桥'))) & !((('接待' <-> '待日')))")
    assert read(And([Not(one), Not(other)]), FTS5) == Asked('(("石桥")) OR (("接待 待日"))', negated=True)
    assert read(Or([one, Not(other)]), FTS5) == Asked('((("接待 待日"))) NOT ((("石桥")))', negated=True)
    assert read(Not(Not(one)), FTS5) == Asked('("石桥")')


def test_everything_and_nothing_are_asked_without_words():
    assert read(MATCH_ALL, FTS5) == EVERYTHING
    assert read(Not(MATCH_ALL), FTS5) == NOTHING
    assert read(PlainText("！？"), FTS5) == NOTHING
    assert read(And([PlainText("石桥"), MATCH_ALL]), FTS5) == Asked('(("石桥"))')
    assert read(And([PlainText("石桥"), PlainText("！")]), FTS5) == NOTHING
    assert read(Or([PlainText("石桥"), MATCH_ALL]), FTS5) == EVERYTHING


def test_an_unknown_sort_of_query_is_refused():
    with pytest.raises(TypeError, match="no search knows object"):
        read(object(), FTS5)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text):
    once = clean_query(text)
    assert clean_query(once) == unicodedata.normalize("NFKC", once)
