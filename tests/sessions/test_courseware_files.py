"""The courseware's files are real: they open and hold the words; the same input gives the same bytes."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
import yaml
from pypdf import PdfReader

from sessions.demo.courseware_files import STILL, CoursewareFileError, build
from tests.conftest import START

ROOT = Path(__file__).parents[2]
WORKS = yaml.safe_load((ROOT / "sessions/demo/texts/courseware.yaml").read_text(encoding="utf-8"))
PDFS = [work for work in WORKS if work["kind"] != "worksheet"]
LEDGER = next(work for work in WORKS if work["kind"] == "worksheet")
HANDBOOK = next(work for work in WORKS if work["kind"] == "handbook")
NOTICE = "演示材料，人物与数据均为虚构"
AUTHORS = "拟名　市人大代表"
HOSTILE = "#panic() $x$ *粗* \\u{41} <label> @ref `code` // 注释"


def built(work: dict[str, Any]) -> tuple[str, bytes]:
    return build(work, authors=AUTHORS, notice=NOTICE)


def page_words(page: Any) -> str:
    """The words of a page without the breaks that setting puts between them."""
    return "".join(page.extract_text().split())


def test_the_same_courseware_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    with time_machine.travel(START):
        first = [built(work) for work in WORKS]
    with time_machine.travel(START + timedelta(days=400)):  # a stamp of the clock would differ
        assert [built(work) for work in WORKS] == first


@pytest.mark.parametrize("work", PDFS, ids=lambda work: str(work["slug"]))
def test_every_page_of_a_pdf_carries_the_notice(work: dict[str, Any]) -> None:
    reader = PdfReader(BytesIO(built(work)[1]))
    assert [n for n, page in enumerate(reader.pages, 1) if NOTICE not in page_words(page)] == []


@pytest.mark.parametrize("work", PDFS, ids=lambda work: str(work["slug"]))
def test_a_pdf_names_its_title_author_and_language(work: dict[str, Any]) -> None:
    name, content = built(work)
    reader = PdfReader(BytesIO(content))
    assert name == f"{work['slug']}.pdf"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (work["title"], AUTHORS)
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.metadata.creation_date == STILL  # typst looks at a clock of its own where none is given
    assert work["title"] in page_words(reader.pages[0])


@pytest.mark.parametrize(
    "work", [work for work in WORKS if work["kind"] == "slides"], ids=lambda w: str(w["slug"])
)
def test_a_deck_has_one_landscape_page_a_slide_between_cover_and_closing(work: dict[str, Any]) -> None:
    pages = PdfReader(BytesIO(built(work)[1])).pages
    assert len(pages) == len(work["slides"]) + 3
    assert {round(float(page.mediabox.width / page.mediabox.height), 1) for page in pages} == {1.8}
    for slide, page in zip(work["slides"], pages[2:], strict=False):
        wanted = [slide["title"], slide["note"], *(point.split("：", 1)[-1] for point in slide["points"])]
        found = page_words(page)
        assert [text for text in wanted if "".join(text.split()) not in found] == []


def test_the_handbook_is_portrait_a4_and_its_contents_give_the_true_pages() -> None:
    reader = PdfReader(BytesIO(built(HANDBOOK)[1]))
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    contents = page_words(reader.pages[1])
    for number, part in enumerate(HANDBOOK["slides"], start=1):
        at = next(
            n
            for n, page in enumerate(reader.pages, 1)
            if n > 2 and f"{number}{part['title']}" in page_words(page)
        )
        assert f"{number}{part['title']}{at}" in contents
    assert HANDBOOK["form"]["title"] in page_words(reader.pages[-1])


def test_words_that_look_like_markup_stay_words() -> None:
    work = {**PDFS[0], "slides": [{"title": HOSTILE, "points": [HOSTILE] * 3, "note": HOSTILE}]}
    page = PdfReader(BytesIO(built(work)[1])).pages[2]
    assert page_words(page).count("#panic()$x$") == 5


def test_a_missing_theme_stops_with_a_sentence_that_names_the_courseware() -> None:
    with pytest.raises(CoursewareFileError, match=f"《{PDFS[0]['title']}》没有排成"):
        built({**PDFS[0], "theme": "没有这个主题"})


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(CoursewareFileError) as refused:
        built({**PDFS[0], "kind": "video"})
    assert str(refused.value) == f"《{PDFS[0]['title']}》的类型“video”没有对应的版式"


def test_the_ledger_opens_with_its_columns_choices_and_counts() -> None:
    name, content = built(LEDGER)
    book = openpyxl.load_workbook(BytesIO(content))
    assert name == f"{LEDGER['slug']}.xlsx"
    assert book.sheetnames == ["填写说明", "台账", "汇总"]
    sheet = book["台账"]
    assert [cell.value for cell in sheet[2]] == [column["name"] for column in LEDGER["columns"]]
    assert sheet["D3"].value.date() == date(2000, 3, 6)
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert lists == [
        '"' + ",".join(column["choices"]) + '"' for column in LEDGER["columns"] if "choices" in column
    ]
    assert book["汇总"]["B4"].value == '=COUNTIF(台账!$G$3:$G$302,"已办")'
    assert [one.oddFooter.left.text for one in book.worksheets] == [NOTICE] * 3


def test_a_text_that_begins_like_a_formula_stays_text_in_the_ledger() -> None:
    sample = ["=1+1", "=COUNTA(A1:A9)", *LEDGER["samples"][0][2:]]
    book = openpyxl.load_workbook(BytesIO(built({**LEDGER, "samples": [sample]})[1]))
    assert [(cell.value, cell.data_type) for cell in book["台账"][3][:2]] == [
        ("=1+1", "s"),
        ("=COUNTA(A1:A9)", "s"),
    ]
