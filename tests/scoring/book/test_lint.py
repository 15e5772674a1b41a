"""The checks before printing: what is found, how grave it is, and what the editor is told."""

from __future__ import annotations

import pytest
from PIL import Image

from scoring.book import lint, nodes
from scoring.book.lint import Finding

TEXT = (nodes.Paragraph("联络站的灯亮着。"),)


def book_of(*items: nodes.Story | nodes.Chapter, **more) -> nodes.Book:
    return nodes.Book("汇编", 2026, "示例市人大常委会", parts=(nodes.Part("优秀代表", "", items),), **more)


def story(title: str = "守着窑火", name: str = "丁示例", **more) -> nodes.Story:
    return nodes.Story(title, nodes.Person(name), **{"blocks": TEXT, **more})


@pytest.fixture
def photo(tmp_path):
    def draw(width: int, height: int):
        path = tmp_path / f"{width}x{height}.jpg"
        Image.new("RGB", (width, height), "#7FA5AC").save(path)
        return path

    return draw


def test_a_sound_book_has_no_findings(photo) -> None:
    picture = nodes.Picture(photo(1600, 1000), "早晨", 1600, 1000)
    person = nodes.Person("丁示例", portrait=photo(400, 480))
    sound = nodes.Story("守着窑火", person, blocks=(*TEXT, picture))
    assert lint.check(book_of(sound)) == ()


def test_a_rare_character_is_reported_with_its_story_and_a_way_out() -> None:
    assert lint.check(book_of(story(name="𠮷示例"))) == (
        Finding(
            "error",
            "《守着窑火》（𠮷示例）",
            "《守着窑火》（𠮷示例）中的生僻字「𠮷」（U+20BB7）字库里没有，会印作「〓」。"
            "可以换用通用字，或由管理员添加含有这个字的字体。",
        ),
    )


def test_every_place_of_the_book_is_read_for_rare_characters() -> None:
    rare = "𠮷"
    blocks = (
        nodes.Paragraph("字"),
        nodes.Heading("𠮷0"),
        nodes.Quote("引", "𠮷"),
        nodes.Table(("列",), (("𠮷",),)),
        nodes.FigureRow((nodes.Figure("1", "项", note=rare),)),
        nodes.Bars("图", (nodes.Bar(rare, 1),)),
        nodes.Timeline((nodes.TimelineEntry("三月", rare),)),
        nodes.Bullets((rare,)),
    )
    for block in blocks[1:]:
        found = lint.check(book_of(story(blocks=(blocks[0], block))))
        assert [f.level for f in found] == ["error"], block
    book = nodes.Book(
        "汇编",
        2026,
        rare,
        board=(nodes.BoardList("主编", (rare,)),),
        colophon=(nodes.Imprint("编者", rare),),
        afterword=nodes.Chapter(rare, TEXT),
    )
    assert [f.where for f in lint.check(book)] == ["封面和书名页", "编委会", "版权页", "《𠮷》"]


def test_invisible_characters_are_not_reported() -> None:
    hidden = nodes.Paragraph("联络\u200b站\ufe0f\u202e")
    assert lint.check(book_of(story(blocks=(hidden,)))) == ()


def test_a_missing_picture_is_an_error_that_names_the_story(tmp_path) -> None:
    picture = nodes.Picture(tmp_path / "none.jpg", "早晨", 1600, 1000)
    assert lint.check(book_of(story(blocks=(*TEXT, picture)))) == (
        Finding(
            "error",
            "《守着窑火》（丁示例）",
            "《守着窑火》（丁示例）的图片「早晨」没有找到或无法读取，请换一张。",
        ),
    )


def test_a_file_that_is_no_picture_counts_as_missing(tmp_path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("not a picture")
    found = lint.check(book_of(nodes.Story("题", nodes.Person("丁示例", portrait=path), blocks=TEXT)))
    assert [(f.level, f.message) for f in found] == [
        ("error", "《题》（丁示例）的代表照片没有找到或无法读取，请换一张。")
    ]


@pytest.mark.parametrize(("width", "findings"), [(875, 0), (874, 1)])  # 148 mm × 150 dpi = 874.02 pixels
def test_a_picture_below_150_dots_per_inch_is_a_warning(photo, width, findings) -> None:
    picture = nodes.Picture(photo(width, 500), "早晨", width, 500)
    found = lint.check(book_of(story(blocks=(*TEXT, picture))))
    assert [f.level for f in found] == ["warning"] * findings


def test_a_coarse_picture_is_told_the_width_it_needs(photo) -> None:
    picture = nodes.Picture(photo(600, 400), "早晨", 600, 400)
    assert [f.message for f in lint.check(book_of(story(blocks=(*TEXT, picture))))] == [
        "《守着窑火》（丁示例）的图片「早晨」分辨率偏低：宽 600 像素，印出来每英寸 102 点，建议宽度不小于 875 像素。"
    ]


def test_a_story_without_text_is_an_error_and_an_empty_chapter_a_warning() -> None:
    empty = story(blocks=(nodes.Heading("只有小标题"), nodes.Paragraph(" ")))
    found = lint.check(book_of(empty, nodes.Chapter("大事记")))
    assert [(f.level, f.message) for f in found] == [
        ("error", "《守着窑火》（丁示例）还没有正文。"),
        ("warning", "《大事记》还没有内容。"),
    ]


@pytest.mark.parametrize(("length", "findings"), [(44, 0), (45, 1)])
def test_a_title_of_more_than_44_characters_is_a_warning(length, findings) -> None:
    assert len(lint.check(book_of(story(title="题" * length)))) == findings


def test_one_name_with_two_stories_is_pointed_out_once() -> None:
    found = lint.check(book_of(story(), story("一条断头路"), story("药园", name="王样本")))
    assert [f.message for f in found] == [
        "丁示例代表在书中出现 2 次：《守着窑火》、《一条断头路》。请核对是同一位代表，还是同名的两位。"
    ]


def test_a_part_without_chapters_is_a_warning() -> None:
    assert [f.message for f in lint.check(book_of())] == ["《优秀代表》编还没有内容。"]
