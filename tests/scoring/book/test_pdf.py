"""The PDF of a small book, read back: text, contents, bookmarks, metadata, sameness, and what happens when it cannot be."""

from __future__ import annotations

import datetime as dt
import re

import pypdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from PIL import Image

from scoring.book import nodes
from scoring.book.writers.pdf import BookError, write_pdf
from scoring.book.writers.pictures import scale_picture

HOSTILE = '#panic("x") $1+1$ *粗* _斜_ \\n \\ <label> @ref `码` // 注 /* 注 */ [框] {块} "直" = 题 - 项'


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """Two drawn pictures: a JPEG with a camera's metadata, lying on its side, and a PNG with transparency."""
    folder = tmp_path_factory.mktemp("photos")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    landscape = Image.linear_gradient("L").resize((1400, 900))
    Image.merge("RGB", (landscape,) * 3).save(folder / "turned.jpg", exif=exif)
    exif[0x0112] = 1
    Image.merge("RGB", (landscape,) * 3).save(folder / "upright.jpg", exif=exif)
    Image.new("RGBA", (500, 700), (44, 90, 98, 128)).save(folder / "clear.png")
    return folder


def story(title: str, name: str, *blocks: nodes.Block, **more) -> nodes.Story:
    person = nodes.Person(name, "古窑镇代表小组", "联络点召集人", more.pop("portrait", None))
    return nodes.Story(title, person, band_note="优秀代表", blocks=blocks, **more)


@pytest.fixture(scope="session")
def book(photos) -> nodes.Book:
    """A book with every kind of block and three stories."""
    text = nodes.Paragraph("联络站的灯亮着，来反映情况的乡亲在长桌旁坐下。" * 9)
    first = story(
        "守着窑火，也守着乡亲的事",
        "丁示例",
        text,
        nodes.Heading("把联络点安在作坊旁"),
        text,
        nodes.Heading("先算账", 2),
        text,
        nodes.Quote("群众的话，要像看火候一样。", "第九期分享会"),
        nodes.Picture(photos / "turned.jpg", "侧放的照片", 900, 1400),
        nodes.Bullets(("第一件", "第二件")),
        nodes.Bullets(("走访", "改稿"), ordered=True),
        text,
        timeline=(nodes.TimelineEntry("2021 年 9 月", "当选市人大代表"),),
    )
    second = story(
        "一条断头路", "王样", text, nodes.Picture(photos / "upright.jpg", "路口", 1400, 900), text, text
    )
    third = story("车间里的“建议本”", "田示范", text, portrait=photos / "clear.png")
    year = nodes.Chapter(
        "数说这一年",
        (
            nodes.FigureRow((nodes.Figure("1,286", "参加代表", "人次"),), "截至 2026 年 12 月 20 日"),
            nodes.Bars("各月人次", (nodes.Bar("一月", 80), nodes.Bar("二月", 0)), "人次"),
            nodes.Table(("主题", "期数"), (("工作感悟", "3"),), (3, 1), "分享会主题"),
            nodes.Timeline((nodes.TimelineEntry("三月", "开讲"),), "大事记"),
        ),
    )
    roll = nodes.Table(("序号", "姓名"), tuple((str(n), f"示例{n}") for n in range(1, 81)))
    return nodes.Book(
        "守望与同行：|优秀代表事迹汇编",
        2026,
        "示例市人大常委会代表工作委员会",
        issued=dt.date(2026, 12, 25),
        notice="演示：人物与事件均为虚构",
        board=(nodes.BoardList("主编", ("孙拟稿", "田一")),),
        preface=nodes.Chapter("序言", (text,)),
        parts=(
            nodes.Part("年度综述", "数字与图表。", (year,)),
            nodes.Part("优秀代表", "", (first, second, third)),
        ),
        appendices=(nodes.Chapter("代表名册", (roll,)),),
        afterword=nodes.Chapter("后记", (text,)),
        colophon=(nodes.Imprint("开本", "A4"),),
    )


@pytest.fixture(scope="session")
def printed(book, tmp_path_factory):
    """The book printed once: report, path, and what pypdf reads."""
    path = tmp_path_factory.mktemp("book") / "book.pdf"
    report = write_pdf(book, path)
    return report, path, pypdf.PdfReader(path)


def words(page_or_text) -> str:
    """Return text without white space: where lines break is not what these tests are about."""
    text = page_or_text if isinstance(page_or_text, str) else page_or_text.extract_text()
    return re.sub(r"\s", "", text)


def small(*items: nodes.Story | nodes.Chapter) -> nodes.Book:
    return nodes.Book("汇编", 2026, "示例市", parts=(nodes.Part("优秀代表", "", items),))


def test_the_report_says_what_the_file_holds(printed) -> None:
    report, path, pdf = printed
    assert (report.pages, report.bytes, report.warnings) == (len(pdf.pages), path.stat().st_size, ())


def test_the_text_of_each_story_is_in_the_book(printed, book) -> None:
    everything = "".join(words(page) for page in printed[2].pages)
    for item in book.parts[1].chapters:
        wanted = [item.title, item.person.name, *(b.text for b in item.blocks if hasattr(b, "text"))]
        assert [words(text) for text in wanted if words(text) not in everything] == []


def test_bookmarks_follow_parts_and_stories_to_their_pages(printed) -> None:
    pdf = printed[2]

    def walk(items, depth=0):
        for item in items:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            else:
                yield depth, item.title, pdf.get_destination_page_number(item) + 1

    marks = list(walk(pdf.outline))
    assert [(depth, title) for depth, title, _ in marks] == [
        (0, "编委会"),
        (0, "序言"),
        (0, "目录"),
        (0, "第一编　年度综述"),
        (1, "数说这一年"),
        (0, "第二编　优秀代表"),
        (1, "守着窑火，也守着乡亲的事"),
        (1, "一条断头路"),
        (1, "车间里的“建议本”"),
        (0, "代表名册"),
        (0, "后记"),
    ]
    for _, title, page in marks:
        assert words(title.split("　")[-1]) in words(pdf.pages[page - 1])


def test_the_contents_give_the_pages_where_things_really_are(printed) -> None:
    pdf = printed[2]
    contents = next(page for page in pdf.pages if words(page).startswith("目录"))
    entries = re.findall(r"^(.+?)[\s.]*?(\d+)$", contents.extract_text(), re.MULTILINE)
    stories = {
        name: int(page) for text, page in entries for name in ("丁示例", "王样", "田示范") if name in text
    }
    opened = {
        name: number
        for number, page in enumerate(pdf.pages, start=1)
        for name in ("丁示例", "王样", "田示范")
        if f"{name}联络点召集人" in words(page)
    }
    assert stories == opened
    assert len(opened) == 3


def test_the_folio_is_the_number_of_the_page(printed) -> None:
    pdf = printed[2]
    folios = {number: words(page) for number, page in enumerate(pdf.pages, start=1)}
    numbered = [n for n, text in folios.items() if "演示：人物与事件均为虚构" in text and n != 3]
    assert [n for n in numbered[:-1] if str(n) not in folios[n][-30:] + folios[n][:30]] == []


def test_the_file_says_who_made_it_when_and_in_what_language(printed) -> None:
    pdf = printed[2]
    root = pdf.trailer["/Root"]
    assert (pdf.metadata.title, pdf.metadata.author) == (
        "守望与同行：优秀代表事迹汇编",
        "示例市人大常委会代表工作委员会",
    )
    assert pdf.metadata.creation_date == dt.datetime(2026, 12, 25, tzinfo=dt.UTC)
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-CN", True)
    xmp = root["/Metadata"].get_data().decode()
    assert re.findall(r"<(pdf\w+id:(?:part|conformance))>(\w+)<", xmp) == [
        ("pdfaid:part", "2"),
        ("pdfaid:conformance", "A"),
        ("pdfuaid:part", "1"),
    ]


def test_every_font_is_embedded_and_none_comes_from_the_machine(printed) -> None:
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1].split("-")[0]
        for page in printed[2].pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts == {"NotoSerifSC", "NotoSansSC"}


def test_the_same_book_gives_the_same_bytes(printed, book, tmp_path) -> None:
    write_pdf(book, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == printed[1].read_bytes()


def test_a_camera_leaves_no_word_in_the_book(printed, photos) -> None:
    assert b"SecretCamera" in (photos / "upright.jpg").read_bytes()
    assert b"SecretCamera" not in printed[1].read_bytes()


def photographs(pdf):
    """Return the pictures of the stories, without grounds and tiles, which fill other sizes."""
    found = [image.image for page in pdf.pages for image in page.images]
    return [image for image in found if image.size in {(1400, 900), (547, 850)}]


def test_a_picture_that_lies_on_its_side_is_set_upright(printed) -> None:
    upright = next(image for image in photographs(printed[2]) if image.size == (547, 850))
    left, right = (upright.convert("L").getpixel((x, 425)) for x in (10, 537))
    assert (left > 240, right < 15) == (
        True,
        True,
    )  # the dark upper edge of the file is the right edge on paper


def test_a_picture_of_print_size_is_copied_without_a_second_compression(printed, photos) -> None:
    copied = next(image for image in photographs(printed[2]) if image.size == (1400, 900))
    with Image.open(photos / "upright.jpg") as original:
        assert copied.convert("L").tobytes() == original.convert("L").tobytes()


@pytest.mark.parametrize(
    ("size", "printed_at"),
    [((400, 250), (936, 1312)), ((1200, 1500), (1069, 1500)), ((3000, 4000), (1701, 2386))],
    ids=["enlarged to 110 dots an inch", "as it is", "made smaller to 200"],
)
def test_a_ground_is_enlarged_no_further_than_until_no_pixel_shows(tmp_path, size, printed_at) -> None:
    Image.new("RGB", size, "teal").save(tmp_path / "ground.png")
    job = {"width_mm": 216, "height_mm": 303, "crop": True, "where": ""}
    scale_picture(job | {"source": str(tmp_path / "ground.png"), "name": "g.jpg"}, tmp_path, 200, 1.5)
    with Image.open(tmp_path / "g.jpg") as ground:
        assert ground.size == printed_at


def test_words_that_look_like_markup_stay_words(tmp_path) -> None:
    hostile = nodes.Story(
        HOSTILE,
        nodes.Person(HOSTILE, HOSTILE, HOSTILE),
        dek=HOSTILE,
        byline=HOSTILE,
        band_note="#优",
        tags=(HOSTILE,),
        blocks=(
            nodes.Paragraph(HOSTILE),
            nodes.Heading(HOSTILE),
            nodes.Quote(HOSTILE, HOSTILE),
            nodes.Table((HOSTILE,), ((HOSTILE,),), caption=HOSTILE),
            nodes.Bullets((HOSTILE,)),
        ),
        timeline=(nodes.TimelineEntry(HOSTILE, HOSTILE),),
    )
    write_pdf(small(hostile), tmp_path / "b.pdf")
    everything = "".join(words(page) for page in pypdf.PdfReader(tmp_path / "b.pdf").pages)
    assert everything.count(words(HOSTILE)) >= 10


def test_a_title_of_300_characters_is_printed_whole(tmp_path) -> None:
    title = "".join(chr(0x4E00 + n) for n in range(300))
    write_pdf(small(story(title, "丁示例", nodes.Paragraph("正文。"))), tmp_path / "b.pdf")
    everything = "".join(words(page) for page in pypdf.PdfReader(tmp_path / "b.pdf").pages)
    assert everything.count(title) == 2  # in the contents and over the story


def test_a_character_no_font_has_becomes_a_mark_and_is_reported(tmp_path) -> None:
    report = write_pdf(small(story("守着窑火", "𠮷示例", nodes.Paragraph("正文。"))), tmp_path / "b.pdf")
    assert report.warnings == ("《守着窑火》（𠮷示例）中的「𠮷」（U+20BB7）字库里没有，印作「〓」。",)
    assert "〓示例" in "".join(words(page) for page in pypdf.PdfReader(tmp_path / "b.pdf").pages)


def test_a_font_of_the_office_prints_the_rare_character(tmp_path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    draw_font(folder / "rare.otf", "𠮷")
    report = write_pdf(
        small(story("守着窑火", "𠮷示例", nodes.Paragraph("正文。"))), tmp_path / "b.pdf", extra_fonts=folder
    )
    assert report.warnings == ()
    assert "𠮷示例" in "".join(words(page) for page in pypdf.PdfReader(tmp_path / "b.pdf").pages)


def draw_font(path, char: str) -> None:
    """Make a font with one square glyph."""
    pen = T2CharStringPen(1000, None)
    pen.moveTo((100, 0))
    pen.lineTo((900, 0))
    pen.lineTo((900, 800))
    pen.lineTo((100, 800))
    pen.closePath()
    glyph = pen.getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "rare"])
    builder.setupCharacterMap({ord(char): "rare"})
    builder.setupCFF("Rare", {"FullName": "Rare"}, {".notdef": glyph, "rare": glyph}, {})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    names = {
        "familyName": "Rare",
        "styleName": "Regular",
        "fullName": "Rare Regular",
        "psName": "Rare-Regular",
    }
    builder.setupNameTable(names)
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.save(path)


@pytest.mark.parametrize(
    ("paper", "bleed", "media", "trim"),
    [
        ("a4", 0, (210, 297), (0, 0, 210, 297)),
        ("210x285", 3, (216, 291), (3, 3, 213, 288)),
    ],
)
def test_the_page_has_the_asked_size_and_bleed(tmp_path, paper, bleed, media, trim) -> None:
    write_pdf(
        small(story("题", "丁示例", nodes.Paragraph("正文。"))),
        tmp_path / "b.pdf",
        paper=paper,
        bleed_mm=bleed,
    )
    page = pypdf.PdfReader(tmp_path / "b.pdf").pages[0]

    def millimetres(box):
        return tuple(round(float(v) / 72 * 25.4) for v in box)

    assert (millimetres(page.mediabox)[2:], millimetres(page.trimbox)) == (media, trim)


def test_a_long_table_repeats_its_head_on_every_page(printed) -> None:
    pages = [words(page) for page in printed[2].pages]
    assert [text.count("序号姓名") for text in pages if "示例80" in text or "示例12" in text] == [1, 1]


def broken(photos, tmp_path, kind: str):
    """Return a picture file that cannot be printed."""
    path = tmp_path / f"{kind}.jpg"
    data = (photos / "upright.jpg").read_bytes()
    if kind == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "text":
        path.write_text("no picture")
    elif kind == "hollow":  # a sound head and a sound end around nonsense
        path.write_bytes(data[:400] + b"\xff\xda\x00\x02" + b"\xff" * 50 + b"\xff\xd9")
    return path


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("none", "没有找到。"),
        ("cut", "无法读取，请换一张。"),
        ("text", "无法读取，请换一张。"),
        ("hollow", "无法读取，请换一张。"),
    ],
)
def test_a_broken_picture_is_named_with_its_story_and_nothing_is_left(photos, tmp_path, kind, ending) -> None:
    path = broken(photos, tmp_path, kind)
    out = tmp_path / "out" / "book.pdf"
    out.parent.mkdir()
    out.write_bytes(b"last year's book")
    hurt = story("守着窑火", "丁示例", nodes.Paragraph("正文。"), nodes.Picture(path, "早晨", 1400, 900))
    with pytest.raises(BookError) as problem:
        write_pdf(small(hurt), out)
    assert str(problem.value) == f"《守着窑火》（丁示例）的图片「{kind}.jpg」{ending}"
    assert {p.name: p.read_bytes() for p in out.parent.iterdir()} == {"book.pdf": b"last year's book"}


def test_a_book_that_takes_too_long_is_stopped(book, tmp_path) -> None:
    with pytest.raises(BookError) as problem:
        write_pdf(book, tmp_path / "b.pdf", timeout_s=0)
    assert str(problem.value).startswith("排版超过 0 秒还没有完成")
    assert list(tmp_path.iterdir()) == []


def test_a_book_that_needs_too_much_memory_is_stopped(book, tmp_path) -> None:
    with pytest.raises(BookError) as problem:
        write_pdf(book, tmp_path / "b.pdf", memory_limit_mb=150)
    assert str(problem.value) == "排版所需的内存超过 150 MB。可以减少图片，或分编导出。"
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_keeps_no_half_book(tmp_path) -> None:
    taken = tmp_path / "book.pdf"
    taken.mkdir()
    with pytest.raises(IsADirectoryError):
        write_pdf(small(story("题", "丁示例", nodes.Paragraph("正文。"))), taken)
    assert list(tmp_path.iterdir()) == [taken]


def test_an_unknown_paper_is_refused(book, tmp_path) -> None:
    with pytest.raises(BookError) as problem:
        write_pdf(book, tmp_path / "b.pdf", paper="a5")  # type: ignore[arg-type]
    assert str(problem.value) == "开本应为 A4 或 210×285，出血应在 0 到 10 毫米之间。"
