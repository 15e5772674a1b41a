"""A list of proposals becomes lines of text, or a sentence says why not; bounded before it is unpacked (THREATS 7)."""

import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.core.files.base import File

from portal.spreadsheets.opening import cells_of
from portal.spreadsheets.reading import Formula, ListUnreadable, header_of
from portal.uploads import take

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 5_000
MAX_CELL = 2_000  # characters
SHEET = "议案建议"
# Line's fields and the heading of each; the first is written, all are read.
HEADERS: dict[str, tuple[str, ...]] = {
    "ref": ("编号", "建议编号", "议案编号"),
    "title": ("题目", "标题", "案由"),
    "submitted_on": ("提出日期", "日期"),
    "first": ("领衔人", "提出人", "领衔代表"),
    "seconders": ("附议人", "附议代表"),
    "filed": ("立案", "是否立案"),
    "fine": ("优秀", "优秀建议"),
    "key": ("重点", "重点督办"),
}
NEEDED = {"ref", "title", "submitted_on", "first"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as text; `filed`, `fine` and `key` are None where the file has no such column."""

    number: int  # as a spreadsheet counts
    ref: str = ""
    title: str = ""
    submitted_on: str = ""
    first: str = ""
    seconders: str | None = None
    filed: str | None = None
    fine: str | None = None
    key: str | None = None
    formulas: str = ""  # headings of the cells that would have to be reckoned


def read_proposals(file: File) -> tuple[str, str, list[Line]]:  # type: ignore[type-arg]
    """Return (name, sha256, lines) of a list handed in as XLSX.

    Raises UploadRefused for a file that is not taken at all, ListUnreadable for one that holds no list.
    """
    upload = take(file, allowed={"xlsx"}, at_most=MAX_BYTES)
    rows = cells_of(upload.content, limit=MAX_LINES, formula=Formula(), refused=ListUnreadable, what=SHEET)
    why = "没有找到标题行。表里要有“编号”“题目”“提出日期”“领衔人”四列，请用空白表填写。"
    (places, _), lines = header_of(rows, HEADERS, NEEDED, why), []
    for number, cells in rows:
        line = _line(number, cells, places)
        if line:
            lines.append(line)
    if not lines:
        raise ListUnreadable("标题行下面没有内容，请填好再传。")
    return upload.name, upload.sha256, lines


def _line(number: int, cells: list[Any], places: dict[str, int]) -> Line | None:
    found = {field: cells[place] if place < len(cells) else None for field, place in places.items()}
    formulas = "、".join(HEADERS[field][0] for field, cell in found.items() if isinstance(cell, Formula))
    words = {field: _text(cell) for field, cell in found.items()}
    if not (formulas or any(words.values())):
        return None
    return Line(number=number, formulas=formulas, **words)


def _text(value: Any) -> str:
    """Return a cell as text: NFKC, days as 2026-03-05, whole numbers without a point, no control characters."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = unicodedata.normalize("NFC", str(value))
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:MAX_CELL]


assert HEADERS.keys() <= {field.name for field in fields(Line)}
