"""What is handed in as a list and is none: refused in a sentence, quickly, in little memory, without a write (THREATS 6, 7, 44)."""

import io
import resource
import zipfile

import openpyxl
import pytest
import time_machine
import xlsxwriter

from sessions.paper.reading import read_list
from tests.conftest import START
from tests.sessions.paper_city import HEAD, book, csv_of, imports, roll_of, statuses, text

SHEET = "xl/worksheets/sheet1.xml"
ROWS = b"".join(
    b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n) for n in range(1, 30_000)
)


@pytest.fixture
def roll(city):
    with time_machine.travel(START, tick=False):
        yield roll_of(city)


def rebuilt(change, extra=None):
    """Return a workbook whose parts `change(name, data)` has changed, with `extra` parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(("1", "示例甲", "", "出席", "")))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, change(name, source.read(name)))
        for name, data in (extra or {}).items():
            made.writestr(name, data)
    return out.getvalue()


def in_the_sheet(old, new):
    return rebuilt(lambda name, data: data.replace(old, new, 1) if name == SHEET else data)


def laughs():
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + entities + b"]>"
    return rebuilt(
        lambda name, data: (
            head + data.split(b"?>", 1)[-1].replace(b"<sheetData>", b"<sheetData>&l9;")
            if name == SHEET
            else data
        )
    )


def outside(name, data):
    return b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + data if name == SHEET else data


def wide():
    return in_the_sheet(b"</row>", b'<c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>')


def long():
    return in_the_sheet(
        b"</sheetData>",
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
    )


BAD = {
    "a bomb": (
        lambda: rebuilt(lambda _, data: data, {"xl/media/a.bin": b"\0" * 60_000_000}),
        "表格展开后太大",
    ),
    "a sheet of 80 MB": (
        lambda: in_the_sheet(b"</sheetData>", b"<row><c><v>1</v></c></row>" * 3_000_000 + b"</sheetData>"),
        "表格展开后太大",
    ),
    "too many rows": (lambda: in_the_sheet(b"</sheetData>", ROWS + b"</sheetData>"), "超过 3000 行"),
    "too many cells": (lambda: in_the_sheet(b"</sheetData>", ROWS * 3 + b"</sheetData>"), "行或格子太多"),
    "a cell in row 1 048 576": (long, "行或列太多"),
    "a cell in column XFD": (wide, "行或列太多"),
    "a billion laughs": (laughs, "内部结构不对"),
    "an entity from outside": (lambda: rebuilt(outside), "内部结构不对"),
    "a link to another file": (
        lambda: rebuilt(lambda _, data: data, {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "引用了别的文件",
    ),
    "a macro": (lambda: rebuilt(lambda _, data: data, {"xl/vbaProject.bin": b"x"}), "里有宏"),
    "an .xls with another name": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "另存为新格式（.xlsx、CSV）再传。",
    ),
    "a web page with another name": (
        lambda: b"<html><script>alert(1)</script></html>",
        "请上传 Excel（.xlsx）、CSV。",
    ),
    "a cut file": (lambda: book(("1", "甲", "", "出席", ""))[:-300], "不是可以上传的种类"),
    "a broken sheet": (lambda: in_the_sheet(b"<sheetData>", b"<sheetData><row r='x'>"), "打不开"),
    "nothing": (lambda: b"", "这份文件是空的"),
    "no header": (
        lambda: book(("1", "甲", "", "出席", ""), head=("a", "b", "c", "d", "e")),
        "没有找到标题行",
    ),
    "a header alone": (book, "标题行下面没有内容"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_list_is_refused_in_words_and_writes_nothing(roll, what):
    make, words = BAD[what]
    answer = roll.send(make())
    assert (answer.status_code, imports(), statuses()) == (400, 0, {})
    assert words in text(answer)


def test_a_file_over_two_megabytes_is_told_so_with_413(roll):
    answers = [roll.send(b"PK\x03\x04" + b"x" * 2_200_000), roll.send(b"x" * 2_200_000, "名册.csv")]
    assert [answer.status_code for answer in answers] == [413, 413]
    assert [("超过 2 MB" in text(answer)) for answer in answers] == [True, True]


def test_no_bomb_takes_more_than_two_hundred_megabytes():
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = [BAD[what][0]() for what in ("a bomb", "too many cells", "a billion laughs", "too many rows")]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for file in files:
        with pytest.raises(ValueError, match="。"):
            read_list(SimpleUploadedFile("名册.xlsx", file))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024  # kilobytes


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02\x03" * 40, "不是文字表格"),
        (b"\xff\xfe\x00", "不是文字表格"),
        ("姓名,状态\r\n".encode() + b"x," * 40 + b'"open', "打不开|没有内容|引号|要改"),
        (b"name,status\r\na,b", "没有找到标题行"),
        (("姓名,状态\r\n" + "甲,出席\r\n" * 3_100).encode(), "超过 3000 行"),
        (("姓名,状态\r\n" + "x" * 200_000).encode(), "引号或换行对不上"),
    ],
)
def test_a_csv_that_is_none_is_refused_in_words(roll, content, words):
    answer = roll.send(content, "名册.csv")
    if answer.status_code == 302:
        answer = roll.client.get(answer.url)
    assert any(word in text(answer) for word in words.split("|"))
    assert statuses() == {}


def test_a_formula_in_a_cell_is_named_and_never_reckoned(roll):
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    made.active.append((roll.code(0), '=HYPERLINK("http://example.invalid")', "", "出席", ""))
    made.active.append((roll.code(1), "", "", "=1+1", '=CONCAT("现场","核对")'))
    out = io.BytesIO()
    made.save(out)
    _, page = roll.preview(out.getvalue())
    assert "“姓名”是公式，请改成文字再传。" in text(page)
    assert "“状态、原因”是公式，请改成文字再传。" in text(page)


def test_a_text_that_looks_like_a_formula_is_text(roll):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for place, cell in enumerate((roll.code(0), "", "", "出席", "=1+1")):
            sheet.write_string(1, place, cell)
    _, page = roll.preview(out.getvalue())
    assert ("=1+1" in text(page), "要处理 0" in text(page)) == (True, True)


def test_markup_in_a_cell_is_shown_as_text(roll):
    _, page = roll.preview(
        csv_of(("", "<script>alert(1)</script>", "某区", "出席", ""), encoding="gbk"), "名册.csv"
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xlsx", "..\\..\\x.xlsx", "甲" * 300 + ".xlsx", "\x00a.xlsx"]
)
def test_the_name_of_a_file_is_only_a_word(roll, name):
    _, page = roll.preview(book((roll.code(0), "", "", "出席", "")), name)
    assert ("../" in text(page), "..\\" in text(page)) == (False, False)
