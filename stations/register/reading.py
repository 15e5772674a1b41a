"""A list of representatives becomes lines of text, or a sentence says why not; what it means is judged by the plan."""

import re
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.core.files.base import File

from portal.spreadsheets.reading import Formula, ListUnreadable, header_of, rows_of, squeezed, text_of
from stations.names import clean_name
from stations.register.cells import EITHER

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 1_000
MAX_CELL = 200  # characters of a cell that are kept
SHEET = "代表名册"
# Line's fields and the headings of each; the first is written, all are read.
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "代表姓名"),
    "sex": ("性别",),
    "nation": ("民族",),
    "birth_date": ("出生日期", "出生年月日", "出生年月", "出生时间", "生日"),
    "phone": ("手机号", "手机号码", "手机", "移动电话", "联系电话", "联系方式", "电话"),
    "workplace": ("工作单位", "单位"),
    "occupation": ("单位职务", "单位及职务", "工作单位及职务", "工作单位和职务", "职务", "职业"),
    "area": ("区域", "所在区域", "乡镇街道", "乡镇", "所在乡镇", "所属乡镇", "代表团", "区划代码"),
    "electing_unit": ("选举单位", "原选举单位", "选区"),
    "group": ("代表小组", "所在小组", "所属小组", "小组"),
    "starts_on": ("任期开始日", "任职开始日", "任职时间", "当选日期", "当选时间"),
    "tags": ("任期标签", "标签"),
    "namesake": ("同名核对",),
}
DAYS = {"birth_date", "starts_on"}
NUMBERING = {"序号", "编号", "号"}
NOTE = re.compile(
    r"(注|备注|说明|填表说明|填表人?|制表人?|审核人?|填报人?|填报单位|填表单位|联系人|日期)[:：]|(合计|总计|共计|小计|以上)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line as text, "" for what is not told."""

    number: int  # as a spreadsheet counts
    name: str = ""
    sex: str = ""
    nation: str = ""
    birth_date: str = ""
    phone: str = ""
    occupation: str = ""
    area: str = ""
    electing_unit: str = ""
    group: str = ""
    starts_on: str = ""
    tags: str = ""
    namesake: str = ""
    formulas: str = ""  # headings of the cells that would have to be reckoned

    @property
    def bare(self) -> bool:
        """Whether the line says nothing but a name: a heading between the people, perhaps."""
        return not any(getattr(self, each.name) for each in fields(self)[2:])


@dataclass(frozen=True, slots=True)
class Register:
    """What a file says: the lines, headings that nobody asked for, notes below or between the people."""

    lines: tuple[Line, ...]
    passed_over: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = field(default=())

    def kept(self) -> dict[str, Any]:
        """Return it as it is stored for the preview."""
        return asdict(self)


def register_from(kept: dict[str, Any]) -> Register:
    """Return the register that `Register.kept` made."""
    return Register(
        lines=tuple(Line(**line) for line in kept["lines"]),
        passed_over=tuple(kept["passed_over"]),
        notes=tuple((number, text) for number, text in kept["notes"]),
    )


def read_register(file: File) -> tuple[str, str, Register]:  # type: ignore[type-arg]
    """Return (name, sha256, register) of a list handed in as XLSX or CSV.

    Raises UploadRefused for a file that is not taken at all, ListUnreadable for one that holds no list.
    """
    name, sha256, rows = rows_of(file, what=SHEET, at_most=MAX_BYTES, limit=MAX_LINES)
    why = "没有找到标题行。表里要有“姓名”“性别”两列，“区域”或“选举单位”至少一列，请用空白表填写。"
    places, heads = header_of(rows, HEADERS, {"name", "sex"}, why)
    if not places.keys() & {"area", "electing_unit"}:
        raise ListUnreadable(why)
    lines, notes = [], []
    for number, cells in rows:
        told = {
            name: cells[place]
            for name, place in places.items()
            if place < len(cells) and cells[place] is not None
        }
        note = _note(told)
        if note:
            notes.append((number, note))
        elif line := _line(number, told):
            lines.append(line)
    if not lines:
        raise ListUnreadable("标题行下面没有内容，请填好再传。")
    other = [head[:MAX_CELL] for place, head in enumerate(heads) if head and place not in places.values()]
    passed_over = tuple(head for head in other if squeezed(head) not in NUMBERING)
    return name, sha256, Register(tuple(lines), passed_over, tuple(notes))


def _note(told: dict[str, Any]) -> str:
    """Return what a line says that is no person: 注：…, 合计 300 人; "" for a person or nothing."""
    words = [text_of(cell) for cell in told.values()]
    name = text_of(told.get("name"))
    noted = next((word for word in words if NOTE.match(word)), "")
    return noted[:MAX_CELL] if noted and (not name or name == noted) else ""


def _line(number: int, told: dict[str, Any]) -> Line | None:
    """Return the line, None for an empty one."""
    formulas = "、".join(HEADERS[name][0] for name, cell in told.items() if isinstance(cell, Formula))
    words = {name: _text(name, cell) for name, cell in told.items()}
    words["name"] = clean_name(words.get("name", ""))
    workplace, post = words.pop("workplace", ""), words.get("occupation", "")
    if workplace:
        words["occupation"] = post if post.startswith(workplace) else f"{workplace}{post}"
    if not (formulas or any(words.values())):
        return None
    return Line(number, formulas=formulas, **words)


def _text(name: str, cell: Any) -> str:
    """Return a cell in one line; a day as 2026-01-05, and 2026.1 that is a figure with the mark of doubt."""
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m-%d}"
    text = " ".join(text_of(cell).split())
    if name in DAYS and isinstance(cell, float) and re.fullmatch(r"\d{4}\.1", text):
        return text + EITHER
    return text[:MAX_CELL]
