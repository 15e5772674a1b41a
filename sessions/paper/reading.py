"""Reading a list that was typed or filled in: XLSX or CSV becomes lines of text, or a sentence says why not.

A file is bounded before anything unpacks or parses it (THREATS 7); no cell is ever reckoned.
"""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.base import File

from portal.uploads import safe_name, take
from sessions.models import Attendance
from sessions.paper.opening import cells_of
from stations.names import clean_name

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 3_000
MAX_REASON = 200
MAX_WORD = 120  # characters of a name or unit that are kept
HEADER_WITHIN = 10  # lines: a title may stand above the header
Status = Attendance.Status
HEADERS = {
    "code": ("编号", "行编号"),
    "name": ("姓名", "代表姓名"),
    "unit": ("选举单位", "单位", "选区"),
    "status": ("状态", "签到状态", "出席情况"),
    "reason": ("原因", "更正原因"),
}
WORDS = {str(status.label): status.value for status in Status} | {
    "√": Status.PRESENT, "✓": Status.PRESENT, "到": Status.PRESENT, "已到": Status.PRESENT, "到场": Status.PRESENT,
    "签到": Status.PRESENT, "未到": Status.ABSENT, "列席": Status.VISITOR, "来访": Status.VISITOR,
}  # fmt: skip


class ListUnreadable(ValueError):
    """The file is no list that can be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file as text. `problem` says what is wrong with the line by itself, "" for nothing."""

    number: int  # as a spreadsheet counts
    code: str = ""
    name: str = ""
    unit: str = ""
    status: str = ""
    reason: str = ""
    problem: str = ""


Cells = Iterable[tuple[int, list[Any]]]


class Formula:
    """A cell that would be reckoned; it is named, never read."""


def read_list(file: File) -> tuple[str, str, list[Line]]:  # type: ignore[type-arg]
    """Return (name, sha256, lines) of a list handed in as XLSX, or as CSV in UTF-8, UTF-16 or GBK.

    Raises UploadRefused for a file that is not taken at all, ListUnreadable for one that holds no list.
    """
    name = safe_name(file.name or "")
    if name.lower().endswith((".csv", ".txt")):
        return _csv(file, name)
    upload = take(file, allowed={"xlsx"}, at_most=MAX_BYTES)
    cells = cells_of(upload.content, limit=MAX_LINES, formula=Formula(), refused=ListUnreadable)
    return upload.name, upload.sha256, lines_from(cells)


def lines_from(rows: Cells) -> list[Line]:
    """Return the lines below the header; empty ones are passed over."""
    numbered = iter(rows)
    places = _header(numbered)
    lines = [line for number, cells in numbered if (line := _line(number, cells, places))]
    if not lines:
        raise ListUnreadable("标题行下面没有内容，请填好再传。")
    return lines


def squeezed(text: str) -> str:
    """Return text for comparing: NFKC, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _header(rows: Iterator[tuple[int, list[Any]]]) -> dict[str, int]:
    """Return {field: column} of the first row that names people and statuses."""
    for number, cells in rows:
        words = [squeezed(text_of(cell)) for cell in cells]
        places = {
            field: words.index(word)
            for field, names in HEADERS.items()
            for word in reversed(names)
            if word in words
        }
        if {"name", "status"} <= places.keys():
            return places
        if number >= HEADER_WITHIN:
            break
    raise ListUnreadable("没有找到标题行。表里要有“姓名”和“状态”两列，请用导出的名册填写。")


def _line(number: int, cells: list[Any], places: dict[str, int]) -> Line | None:
    """Return the line, None for an empty one."""
    found = {field: cells[place] if place < len(cells) else None for field, place in places.items()}
    if formulas := [HEADERS[field][0] for field, cell in found.items() if isinstance(cell, Formula)]:
        name = text_of(found["name"])
        return Line(number, name=name[:MAX_WORD], problem=f"“{'、'.join(formulas)}”是公式，请改成文字再传。")
    text = {field: text_of(cell) for field, cell in found.items()}
    code, name, word = text.get("code", ""), clean_name(text["name"]), squeezed(text["status"])
    if not (code or name or word):
        return None
    status = WORDS.get(word, word if word in Status.values else "")
    problem = ""
    if not (code or name):
        problem = "这一行没有姓名，也没有编号，请补上一样。"
    elif word and not status:
        problem = f"状态“{word[:20]}”认不出来，请改成：{'、'.join(map(str, Status.labels))}。"
    elif len(text.get("reason", "")) > MAX_REASON:
        problem = f"原因超过 {MAX_REASON} 字，请写短一些。"
    unit = text.get("unit", "")
    return Line(
        number, code[:40], name[:MAX_WORD], unit[:MAX_WORD], status, text.get("reason", "")[:MAX_REASON], problem
    )  # fmt: skip


def text_of(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, control characters as spaces, ends stripped."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = value.isoformat() if isinstance(value, (datetime, date, time)) else str(value)
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in written).strip()


def _csv(file: File, name: str) -> tuple[str, str, list[Line]]:  # type: ignore[type-arg]
    """Return what read_list does, for text: UTF-8 with or without mark, UTF-16 with mark, else GBK."""
    if file.size > MAX_BYTES:
        raise ListUnreadable(f"“{name}”超过 2 MB，没有收下。请只留名册的行再传。")
    file.seek(0)
    data = file.read(MAX_BYTES + 1)
    text = _decoded(data)
    first = next((line for line in text.splitlines() if "姓名" in line), "")
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(number, list(cells)) for number, cells in zip(range(1, MAX_LINES + 2), reader, strict=False)]
    except csv.Error as broken:
        raise ListUnreadable("表里的引号或换行对不上，请另存为 .xlsx 再传。") from broken
    if len(rows) > MAX_LINES:
        raise ListUnreadable(f"表里超过 {MAX_LINES} 行，没有收下。请只留这场活动的名册。")
    return name, hashlib.sha256(data).hexdigest(), lines_from(rows)


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListUnreadable("这份文件不是文字表格。请把名册另存为 .xlsx 或 CSV 再传。")
