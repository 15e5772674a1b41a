"""The roll as a spreadsheet that comes back: text stays text, the code of a row cannot be typed over, statuses are a list."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone

from portal.dates import cn_date, cn_span, cn_time
from portal.spreadsheets.writing import OPTIONS, RUNS
from sessions.checkin.rolls import Line
from sessions.models import Activity, Attendance
from sessions.paper.codes import row_code
from sessions.paper.reading import SHEET

COLUMNS = (  # (heading, width in characters, whether it may be typed over)
    ("编号", 12, False),
    ("序号", 6, False),
    ("姓名", 14, False),
    ("选举单位", 28, False),
    ("名单", 10, False),
    ("签到时间", 10, False),
    ("状态", 12, True),
    ("原因", 36, True),
)
STATUS = 6  # the place of the column that is a list
SPARE = 20  # empty rows for people who are not on the list
HEADER_ROW = 2  # below the title and a line about the file; counted from 0
EDGE, GREY = "#CFC4B1", "#F3EEE4"
RULES = (
    "一、只填“状态”和“原因”两列；灰色的列供核对，不要改。",
    "二、“状态”从下拉列表里选。空着的行导入后不变。",
    "三、名册上已有记录、改成别的状态的，“原因”要写明；收册以后每一处更正都要写。",
    "四、名单以外到场的代表，填在表末空行：姓名、选举单位、状态选“列席来访”。",
    "五、填好后回到名册页，点“导入表格”上传这份文件。先看到改动，再决定是否导入。",
    "六、同一份文件导入两次，第二次什么也不会改。",
)


def roll_workbook(activity: Activity, lines: Sequence[Line], *, by: str, moment: datetime) -> bytes:
    """Return the roll as an XLSX file. `by` and `moment` stand on it: who took it out, and when (THREATS 35)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": activity.title, "author": by, "created": moment.replace(tzinfo=None)})
        _roll(book, activity, lines, by, moment)
        _rules(book)
    return out.getvalue()


def _roll(book: Any, activity: Activity, lines: Sequence[Line], by: str, moment: datetime) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = Looks(book)
    last = len(COLUMNS) - 1
    local = timezone.localtime(moment)
    sheet.merge_range(0, 0, 0, last, "", looks.title)
    looks.write(sheet, 0, 0, activity.title, looks.title)
    sheet.merge_range(1, 0, 1, last, "", looks.small)
    when = f"{cn_date(activity.starts_at)} {cn_span(activity.starts_at, activity.ends_at)}"
    told = [when, activity.place, f"{by}于 {local:%Y-%m-%d %H:%M} 导出，供登记使用，请妥善保管"]
    looks.write(sheet, 1, 0, "　".join(filter(None, told)), looks.small)
    for place, (heading, width, _) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER_ROW, place, heading, looks.heading)
    for number, line in enumerate(lines, start=1):
        for place, text in enumerate(_cells(activity, number, line)):
            looks.write(sheet, HEADER_ROW + number, place, text, looks.of(free=COLUMNS[place][2]))
    first, end = HEADER_ROW + 1, HEADER_ROW + len(lines) + SPARE
    for row in range(first + len(lines), end + 1):
        for place in range(len(COLUMNS)):
            sheet.write_blank(row, place, None, looks.of(free=place not in {0, 1, 4, 5}))
    sheet.data_validation(
        first, STATUS, end, STATUS,
        {
            "validate": "list", "source": [str(label) for label in Attendance.Status.labels], "ignore_blank": True,
            "error_title": "状态", "error_message": "请从下拉列表里选一个状态。",
        },
    )  # fmt: skip
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.freeze_panes(first, 3)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _cells(activity: Activity, number: int, line: Line) -> list[str]:
    """Return the cells of a row in the order of COLUMNS; no phone number and no reason of anybody's leave."""
    row, entry = line.row, line.enrolment
    return [
        row_code(activity.pk, line.person.pk),
        str(number),
        line.person.name,
        line.unit,
        str(entry.get_basis_display()) if entry else "名单外",
        cn_time(row.arrived_at) if row else "",
        str(row.get_status_display()) if row else "",
        "",
    ]


def _rules(book: Any) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 0, 80)
    look = book.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
    for row, rule in enumerate(RULES):
        sheet.write_string(row, 0, rule, look)
    sheet.protect()


class Looks:
    """The formats of the sheet, and writing that never makes a formula."""

    def __init__(self, book: Any) -> None:
        cell = {"border": 1, "border_color": EDGE, "num_format": "@", "valign": "vcenter", "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.small = book.add_format({"font_color": "#675F54", "align": "center"})
        self.heading = book.add_format(cell | {"bold": True, "bg_color": GREY})
        self.kept = book.add_format(cell | {"bg_color": GREY, "locked": True})
        self.free = book.add_format(cell | {"locked": False})
        # With the mark of Excel's own apostrophe the text stays text also when somebody edits the cell (THREATS 6).
        self.quoted = book.add_format(cell | {"bg_color": GREY, "locked": True, "quote_prefix": True})

    def of(self, *, free: bool) -> Any:
        """Return the format of a cell that may be typed over, or not."""
        return self.free if free else self.kept

    def write(self, sheet: Any, row: int, place: int, text: str, look: Any) -> None:
        """Write text as text, whatever it begins with."""
        sheet.write_string(
            row, place, text, self.quoted if look is self.kept and text.startswith(RUNS) else look
        )
