"""The files of the demonstration courseware: slides and handbook as PDF, the ledger as a workbook.

PDF pages are set by typst from the templates beside this module; what an author wrote reaches them only as
JSON, never as markup. The workbook is written with openpyxl, which Wagtail brings. The same input gives the
same bytes: no clock, no random id, a fixed date in every header.
"""

import json
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import serif_path

from sessions.demo.courseware_workbook import fill_workbook

TEMPLATES = Path(__file__).parent / "typst"
TEMPLATE_OF_KIND = {"slides": "slides.typ", "handbook": "handbook.typ"}
STILL = datetime(2000, 1, 1, tzinfo=UTC)  # the date in every file's header: a clock would change the bytes


MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


class CoursewareFileError(RuntimeError):
    """A courseware could not be set; the message names it, for the person who seeds."""


def build(courseware: dict[str, Any], *, authors: str, notice: str) -> tuple[str, bytes]:
    """One courseware of texts/courseware.yaml as (file name, bytes).

    `authors` is the line under the title, `notice` the sentence printed at the foot of each page.
    Raises CoursewareFileError when the kind is unknown or typst reports anything at all.
    """
    kind = courseware["kind"]
    if kind == "worksheet":
        return f"{courseware['slug']}.xlsx", _same_bytes(fill_workbook(courseware, authors, notice, STILL))
    if kind not in TEMPLATE_OF_KIND:
        raise CoursewareFileError(f"《{courseware['title']}》的类型“{kind}”没有对应的版式")
    return f"{courseware['slug']}.pdf", _typeset(courseware, authors, notice)


def _typeset(courseware: dict[str, Any], authors: str, notice: str) -> bytes:
    """The pages of a deck or a handbook; a warning counts as an error: a missing font is no more than one."""
    text = {**courseware, "authors": authors, "notice": notice}
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATES / TEMPLATE_OF_KIND[courseware["kind"]]),
            root=str(TEMPLATES),
            font_paths=[str(Path(serif_path()).parent)],
            ignore_system_fonts=True,
            sys_inputs={"text": json.dumps(text, ensure_ascii=False, sort_keys=True)},
            timestamp=int(STILL.timestamp()),
        )
    except typst.TypstError as problem:
        raise CoursewareFileError(f"《{courseware['title']}》没有排成：{problem}") from problem
    if warnings:
        found = "；".join(str(warning) for warning in warnings)
        raise CoursewareFileError(f"《{courseware['title']}》排版有提示：{found}")
    return bytes(pdf)


def _same_bytes(workbook: bytes) -> bytes:
    """The same workbook with every part dated alike: openpyxl stamps them with the clock."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            entry = zipfile.ZipInfo(name, date_time=STILL.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(
                entry, MODIFIED.sub(STILL.strftime(r"\g<1>%Y-%m-%dT%H:%M:%SZ\g<2>").encode(), old.read(name))
            )
    return out.getvalue()
