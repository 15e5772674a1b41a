"""Charts and tables by themselves: where columns stand, what is written, and that parts add up to the whole."""

from hypothesis import given
from hypothesis import strategies as st

from sessions.figures.charts import columns, told, written
from sessions.figures.tables import (
    Asked,
    Fact,
    Measure,
    by_month,
    by_station,
    by_theme,
    read_asked,
    sums_of,
)

MEASURES = (Measure("a", "甲", "个", "/a/"), Measure("b", "乙", "条", "/b/"))
MONTHS = [str(n) for n in range(1, 13)]


def places(chart):
    return [(c.label, c.left, c.width, [(s.kind, s.y, s.height) for s in c.segments]) for c in chart.columns]


def test_columns_stand_on_one_line_and_the_tallest_fills_the_room():
    assert places(columns(["1", "2"], {"甲": [2, 4]})) == [
        ("1", "7.5%", "35%", [(1, "50%", "36%")]),
        ("2", "57.5%", "35%", [(1, "14%", "72%")]),
    ]


def test_series_stand_on_each_other():
    (column,) = columns(["1"], {"到场": [6], "请假": [0], "缺席": [2]}).columns
    assert [(s.kind, s.y, s.height) for s in column.segments] == [(1, "32%", "54%"), (3, "14%", "18%")]
    assert (column.value, column.written, column.top, column.peak) == (8, "8", "14%", True)


def test_a_year_without_anything_draws_no_column_and_labels_none():
    chart = columns(MONTHS, {"甲": [0] * 12})
    assert (len(chart.columns), [c for c in chart.columns if c.segments or c.peak], chart.fit) == (12, [], "")
    assert told(MONTHS, [0] * 12, "期") == "全部为零。"


def test_one_value_is_a_column_of_full_height_and_the_words_say_where():
    chart = columns(MONTHS, {"甲": [0] * 5 + [1] + [0] * 6})
    assert [(c.label, c.top) for c in chart.columns if c.segments] == [("6", "14%")]
    assert told(["5 月", "6 月"], [0, 1], "期") == "6 月 1 期。最多的是 6 月。"


def test_several_of_the_most_are_all_told_and_one_is_labelled_where_room_is_short():
    assert told(["1 月", "2 月", "3 月"], [2, 1, 2], "期").endswith("最多的是 1 月、3 月。")
    assert [c.peak for c in columns(["1", "2", "3"], {"甲": [2, 1, 2]}).columns] == [True, False, False]


def test_large_values_are_written_short():
    shown = [written(n) for n in (0, 9_999, 10_000, 12_345, 19_999, 120_000, 1_234_567)]
    assert shown == ["0", "9999", "1万", "1.2万", "1.9万", "12万", "123.4万"]
    fits = [columns(MONTHS, {"甲": [n] * 12}).fit for n in (99, 999, 9_999, 12_345)]
    assert fits == ["", "snug", "wide", "wide"]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=12))
def test_no_column_leaves_the_drawing(pairs):
    first, second = zip(*pairs, strict=True)
    for column in columns(MONTHS[: len(pairs)], {"甲": first, "乙": second}).columns:
        for segment in column.segments:
            y, height = (float(part.rstrip("%")) for part in (segment.y, segment.height))
            assert y >= 13.9
            assert y + height <= 86.1


def fact(month=1, theme="", station=None, **counts):
    name = f"示范站{station}" if station is not None else ""
    return Fact(month, theme, station, name, counts)


def test_a_number_opens_the_rows_it_was_counted_from_and_nought_opens_nothing():
    table = by_month(2026, [fact(3, a=2)], MEASURES)
    cells = table.lines[2].cells
    assert [(c.value, c.href) for c in cells] == [(2, "/a/?month=2026-03"), (0, "")]
    assert [(c.value, c.href) for c in table.total.cells] == [(2, "/a/"), (0, "")]


def test_themes_and_stations_come_by_number_and_what_has_none_last():
    facts = [fact(theme="乙", station=2), fact(theme="甲", station=1), fact(theme="甲"), *[fact()] * 5]
    assert [line.label for line in by_theme(2026, facts, MEASURES).lines] == ["甲", "乙", "未分主题"]
    assert [line.label for line in by_station(2026, facts, MEASURES).lines] == [
        "示范站1",
        "示范站2",
        "其他地点",
    ]
    hrefs = [
        line.cells[0].href for line in by_theme(2026, [fact(theme="一&二", a=1), fact(a=1)], MEASURES).lines
    ]
    assert hrefs == ["/a/?theme=%E4%B8%80%26%E4%BA%8C", "/a/?theme=-"]


def test_two_stations_of_one_name_stay_two():
    facts = [Fact(1, "", pk, "同名站", {"a": pk}) for pk in (3, 4)]
    lines = by_station(2026, facts, MEASURES).lines
    assert [(line.label, line.cells[0].value) for line in lines] == [("同名站", 3), ("同名站", 4)]


def test_what_an_address_asks_for_is_read_and_nonsense_asks_for_all():
    assert read_asked(2026, "2026-03", "甲", "7") == Asked(2026, 3, "甲", "7")
    for month in ("2025-03", "2026-13", "2026-3", "x", "２０２６-03", ""):
        assert read_asked(2026, month, "", "") == Asked(2026)


facts_of_all_sorts = st.lists(
    st.builds(
        fact,
        month=st.integers(1, 12), theme=st.sampled_from(["", "甲", "乙"]), station=st.sampled_from([None, 1, 2]),
        a=st.integers(0, 50), b=st.integers(0, 50),
    ),
    max_size=30,
)  # fmt: skip


@given(facts_of_all_sorts)
def test_every_number_equals_the_rows_behind_it_and_the_sum_of_its_lines(facts):
    for cut in (by_month, by_theme, by_station):
        table = cut(2026, facts, MEASURES)
        for place, measure in enumerate(MEASURES):
            column = [line.cells[place].value for line in table.lines]
            assert (
                sum(column)
                == table.total.cells[place].value
                == sums_of(facts, Asked(2026), MEASURES)[measure.key]
            )
