"""A meeting as a spreadsheet: to be filled in and read back, or to be taken out with its half-days. Text stays text (THREATS 6)."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone

from portal.spreadsheets.writing import OPTIONS
from sessions.meetings.marks import CHOICES
from sessions.meetings.overview import SHORT, Row, Sitting, Status
from sessions.meetings.people import code_of
from sessions.meetings.reading import GRANT, GRANTS, PERSON, ROLL
from sessions.models import LeaveRequest, Meeting
from sessions.paper.workbook import HEADER_ROW, Looks

FIXED = (("行码", 10), ("姓名", 12), ("代表团", 16), ("选举单位", 24))
FIRST = len(FIXED)  # the place of the first sitting
SPARE_COLUMNS, SPARE_GRANTS = 12, 300
SUMS = ("应到", "实到", "请假", "缺席", "免出席", "未登记")
RULES = (
    "一、“出席情况”：每人一行，每次会议一列。格子里选：" + "、".join(CHOICES) + "；没有记录的空着。",
    "二、还没有建好的会次，在表头空列里写日期、时段和名称，如“2026-03-02 上午 预备会议”，导入时一并建好。",
    "三、写“请假”的，要在“请假批准”里写明批准的会次、批准人和文号；没有批准的，导入前会列出来，确认后按缺席登记。",
    "四、“批准的会次”照“出席情况”的标题写日期和时段，几次之间用顿号隔开；本人写请假和空着的各次都批准的，写“全部”。",
    "五、整列空着的会次，导入后不变。已经登记的，改成别的状态要写明原因。",
    "六、导入先预览，全部正确才写入；有一处不对，就一处也不写。同一份文件导入两次，第二次什么也不会改。",
)


def meeting_workbook(
    meeting: Meeting,
    sittings: Sequence[Sitting],
    rows: Sequence[Row],
    *,
    by: str,
    moment: datetime,
    with_sums: bool = False,
) -> bytes:
    """Return the meeting as XLSX; `by` and `moment` stand on it. `with_sums` adds half-days and is not to be filled in."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": meeting.name, "author": by, "created": moment.replace(tzinfo=None)})
        sheet = _Sheet(book, meeting, sittings, rows)
        local = timezone.localtime(moment)
        what = "供工作使用" if with_sums else "供登记使用"
        sheet.head(f"{by}于 {local:%Y-%m-%d %H:%M} 导出，{what}，请妥善保管", with_sums=with_sums)
        sheet.people(with_sums=with_sums)
        if not with_sums:
            sheet.choices()
            _grants(book)
            _rules(book)
    return out.getvalue()


class _Sheet:
    """The sheet 出席情况."""

    def __init__(self, book: Any, meeting: Meeting, sittings: Sequence[Sitting], rows: Sequence[Row]) -> None:
        self.sheet, self.looks = book.add_worksheet(ROLL), Looks(book)
        self.title, self.plain = book.add_format({"bold": True, "font_size": 14}), book.add_format({})
        self.figure = book.add_format({"num_format": "0.##", "border": 1})
        self.meeting, self.sittings, self.rows = meeting, sittings, rows

    def head(self, told: str, *, with_sums: bool) -> None:
        """Write title, the line about the file, and the headings."""
        looks, sheet = self.looks, self.sheet
        looks.write(sheet, 0, 1, self.meeting.name, self.title)
        looks.write(sheet, 1, 1, told, self.plain)
        headings = [name for name, _ in FIXED] + [each.heading.text for each in self.sittings]
        for place, width in enumerate([w for _, w in FIXED] + [16] * len(self.sittings)):
            sheet.set_column(place, place, width)
        sheet.set_column(0, 0, 10, None, {"hidden": True})
        headings += [f"{word}（半天）" for word in SUMS] if with_sums else []
        for place, text in enumerate(headings):
            looks.write(sheet, HEADER_ROW, place, text, looks.heading)
        if not with_sums:
            for place in range(len(headings), len(headings) + SPARE_COLUMNS):
                sheet.set_column(place, place, 16, looks.free)  # no cell of its own, and not locked
                sheet.write_blank(HEADER_ROW, place, None, looks.free)
        sheet.set_row(HEADER_ROW, 48)
        sheet.freeze_panes(HEADER_ROW + 1, FIRST)

    def people(self, *, with_sums: bool) -> None:
        """Write a line a person: the code hidden, what stands already, half-days as numbers."""
        looks, sheet = self.looks, self.sheet
        for number, row in enumerate(self.rows, start=HEADER_ROW + 1):
            mandate = row.mandate
            words = [code_of(self.meeting, mandate.representative_id), mandate.representative.name]
            for place, text in enumerate([*words, mandate.area.name, mandate.electing_unit]):
                looks.write(sheet, number, place, text, looks.kept)
            for place, mark in enumerate(row.marks, start=FIRST):
                looks.write(sheet, number, place, mark.word, looks.free)
            if with_sums:
                sums = row.sums
                figures = (sums.obliged, sums.came, sums.leave, sums.absent, sums.exempt, sums.open)
                for place, figure in enumerate(figures, start=FIRST + len(row.marks)):
                    sheet.write_number(number, place, figure, self.figure)

    def choices(self) -> None:
        """Let the cells be chosen from a list, and protect the people."""
        last = HEADER_ROW + max(len(self.rows), 1)
        self.sheet.data_validation(
            HEADER_ROW + 1, FIRST, last, FIRST + len(self.sittings) + SPARE_COLUMNS - 1,
            {
                "validate": "list", "source": [*CHOICES, SHORT[Status.EXEMPT], SHORT[Status.VISITOR]], "ignore_blank": True,
                "error_title": "出席情况", "error_message": "请从下拉列表里选；没有记录的空着。",
            },
        )  # fmt: skip
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _grants(book: Any) -> None:
    """Add the sheet of approvals, empty, with the categories as a list."""
    sheet, looks = book.add_worksheet(GRANTS), Looks(book)
    headings = [names[0] for key, names in (PERSON | GRANT).items() if key != "code"]
    for place, text in enumerate(headings):
        sheet.set_column(place, place, 36 if text == GRANT["sittings"][0] else 18)
        looks.write(sheet, 0, place, text, looks.heading)
        for row in range(1, SPARE_GRANTS + 1):
            sheet.write_blank(row, place, None, looks.free)
    place = headings.index(GRANT["category"][0])
    labels = [str(label) for label in LeaveRequest.Category.labels]
    sheet.data_validation(1, place, SPARE_GRANTS, place, {"validate": "list", "source": labels})
    sheet.freeze_panes(1, 1)


def _rules(book: Any) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 0, 100)
    look = book.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
    for row, rule in enumerate(RULES):
        sheet.write_string(row, 0, rule, look)
    sheet.protect()
