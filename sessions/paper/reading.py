"""A list of a roll that was typed or filled in becomes lines of text, or a sentence says why not (portal/spreadsheets)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File

from portal.spreadsheets.reading import Formula, ListUnreadable, header_of, rows_of, squeezed, text_of
from sessions.models import Attendance
from stations.names import clean_name

SHEET = "名册"
MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 3_000
MAX_REASON = 200
MAX_WORD = 120  # characters of a name or unit that are kept
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


def read_list(file: File) -> tuple[str, str, list[Line]]:  # type: ignore[type-arg]
    """Return (name, sha256, lines) of a list handed in as XLSX, or as CSV in UTF-8, UTF-16 or GBK.

    Raises UploadRefused for a file that is not taken at all, ListUnreadable for one that holds no list.
    """
    name, sha256, rows = rows_of(file, what=SHEET, at_most=MAX_BYTES, limit=MAX_LINES)
    return name, sha256, lines_from(rows)


def lines_from(rows: Cells) -> list[Line]:
    """Return the lines below the header; empty ones are passed over."""
    numbered = iter(rows)
    why = "没有找到标题行。表里要有“姓名”和“状态”两列，请用导出的名册填写。"
    places, _ = header_of(numbered, HEADERS, {"name", "status"}, why)
    lines = [line for number, cells in numbered if (line := _line(number, cells, places))]
    if not lines:
        raise ListUnreadable("标题行下面没有内容，请填好再传。")
    return lines


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
