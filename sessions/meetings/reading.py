"""A list of a meeting that was filled in: people down, sittings across, approvals on a second sheet, all as text.

A file is bounded before anything unpacks or parses it, and no cell is ever reckoned (THREATS 7, portal/spreadsheets).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.files.base import File
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from portal.spreadsheets.opening import cells_of
from portal.spreadsheets.reading import Formula, ListUnreadable, header_of, text_of
from portal.uploads import take
from sessions.meetings.headings import names_a_sitting
from sessions.paper.reading import MAX_BYTES, MAX_LINES, MAX_WORD
from stations.names import clean_name

MAX_CELL = 120  # characters of a cell that are kept
ROLL, GRANTS = "出席情况", "请假批准"  # the two sheets
# The person's columns on both sheets. 行码 is ours and hidden; a clerk's own 编号 or 序号 is no code.
PERSON = {
    "code": ("行码",),
    "name": ("姓名", "代表姓名"),
    "delegation": ("代表团", "团组", "代表小组"),
    "unit": ("选举单位", "单位", "选区"),
}
GRANT = {
    "sittings": ("批准的会次", "会次", "请假会次"),
    "category": ("理由类别", "请假类别", "事由"),
    "approver": ("批准人",),
    "document": ("批准文号", "文号"),
    "day": ("批准日期", "日期"),
}


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a line names them."""

    code: str = ""
    name: str = ""
    delegation: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line: {letter of the column: word} of the cells that are filled; `problem` is "" for none."""

    number: int  # as a spreadsheet counts
    who: Who
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One line of approved leave, as text."""

    number: int
    who: Who
    sittings: str = ""
    category: str = ""
    approver: str = ""
    document: str = ""
    day: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says: {letter: heading} of the sittings, the lines, the approvals, headings nobody asked for."""

    columns: dict[str, str]
    lines: tuple[Line, ...]
    grants: tuple[GrantLine, ...] = ()
    passed_over: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """Return it as it is stored for the preview."""
        return asdict(self)


def table_from(kept: dict[str, Any]) -> Table:
    """Return the table that `Table.kept` made."""
    return Table(
        columns=kept["columns"],
        lines=tuple(Line(**(line | {"who": Who(**line["who"])})) for line in kept["lines"]),
        grants=tuple(GrantLine(**(line | {"who": Who(**line["who"])})) for line in kept["grants"]),
        passed_over=tuple(kept["passed_over"]),
    )


def read_meeting(file: File) -> tuple[str, str, Table]:  # type: ignore[type-arg]
    """Return (name, sha256, table) of an XLSX.

    Raises UploadRefused for a file that is not taken at all, ListUnreadable for one that holds no such list.
    """
    upload = take(file, allowed={"xlsx"}, at_most=MAX_BYTES)
    bounds: dict[str, Any] = {"limit": MAX_LINES, "formula": Formula(), "refused": ListUnreadable}
    rows = cells_of(upload.content, what=ROLL, **bounds)
    why = f"“{ROLL}”里没有找到标题行。要有“姓名”一列，每次会议一列，请用下载的表填写。"
    places, heads = header_of(rows, PERSON, {"name"}, why)
    columns = {
        at: head for at, head in enumerate(heads) if at not in places.values() and names_a_sitting(head)
    }
    if not columns:
        raise ListUnreadable("没有一列是会议。标题请写成“2026-03-02 上午 预备会议”，每次会议一列。")
    letters = {at: get_column_letter(at + 1) for at in columns}
    lines = tuple(line for number, cells in rows if (line := _line(number, cells, places, letters)))
    if not lines:
        raise ListUnreadable("标题行下面没有内容，请填好再传。")
    other = tuple(h[:MAX_CELL] for at, h in enumerate(heads) if h and at not in {*columns, *places.values()})
    named = {letters[at]: head[:MAX_CELL] for at, head in columns.items()}
    grants = tuple(_grants(cells_of(upload.content, what=GRANTS, only=True, **bounds)))
    return upload.name, upload.sha256, Table(named, lines, grants, other)


def _line(number: int, cells: list[Any], places: dict[str, int], letters: dict[int, str]) -> Line | None:
    """Return a person's line, None for an empty one."""
    found = {letter: cells[at] for at, letter in letters.items() if at < len(cells)}
    reckoned = [letter for letter, cell in found.items() if isinstance(cell, Formula)]
    who, problem = _who(cells, places)
    if reckoned:
        problem = f"{'、'.join(reckoned)} 列是公式，请复制后粘贴为文字再传。"
    words = {letter: word[:MAX_CELL] for letter, cell in found.items() if (word := text_of(cell))}
    if who == Who() and not words and not problem:
        return None
    if not (who.code or who.name) and not problem:
        problem = "这一行没有姓名，请补上，或删去这一行。"
    return Line(number, who, words, problem)


def _who(cells: list[Any], places: dict[str, int]) -> tuple[Who, str]:
    """Return the person, and what is wrong with how they are named."""
    named = {name: cells[places[name]] for name in PERSON if name in places and places[name] < len(cells)}
    reckoned = [PERSON[name][0] for name, cell in named.items() if isinstance(cell, Formula)]
    words = {name: text_of(cell)[:MAX_WORD] for name, cell in named.items()}
    words["name"] = clean_name(words.get("name", ""))
    return Who(**words), f"“{'、'.join(reckoned)}”是公式，请改成文字再传。" if reckoned else ""


def _grants(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[GrantLine]:
    """Yield the lines of the second sheet; one that is missing or holds nothing grants nothing."""
    first = next(rows, None)
    if first is None:
        return
    needed = {"name", "sittings", "approver"}
    why = f"“{GRANTS}”里没有找到标题行。要有“姓名”“批准的会次”“批准人”三列，请用下载的表填写。"
    places, _ = header_of(_with(first, rows), PERSON | GRANT, needed, why)
    for number, cells in rows:
        who, problem = _who(cells, places)
        told = {name: cells[places[name]] for name in GRANT if name in places and places[name] < len(cells)}
        reckoned = [GRANT[name][0] for name, cell in told.items() if isinstance(cell, Formula)]
        if reckoned:
            problem = f"“{'、'.join(reckoned)}”是公式，请改成文字再传。"
        words = {name: " ".join(text_of(cell).split())[: MAX_CELL * 10] for name, cell in told.items()}
        if who != Who() or any(words.values()) or problem:
            yield GrantLine(number, who, problem=problem, **words)


def _with(
    first: tuple[int, list[Any]], rows: Iterator[tuple[int, list[Any]]]
) -> Iterator[tuple[int, list[Any]]]:
    yield first
    yield from rows
