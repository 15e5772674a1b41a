"""The courseware that is a workbook: a sheet of instructions, the ledger to fill in, a summary that counts.

Written with openpyxl. Cells hold text, never formulas from an author: a text that begins with “=” stays text.
The summary's formulas are ours and refer to the ledger's columns by the names the courseware gives them.
"""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

RED, INK, QUIET, PAPER, TINT, RULE = "9C1C1F", "24201C", "675F54", "F3EEE4", "E8F0EF", "CFC4B1"
FAMILY = "宋体"  # present in every office program of the readers
LEDGER, GUIDE, SUMMARY = "台账", "填写说明", "汇总"
ROWS = 300  # how many suggestions the choices and the counts reach
FIRST = 3  # the ledger's first row of data: a title and a header stand above


def fill_workbook(courseware: dict[str, Any], authors: str, notice: str, moment: datetime) -> bytes:
    """The workbook as bytes; `moment` is the date of its making, and the only one in it."""
    book = Workbook()
    book.properties.title = courseware["title"]
    book.properties.creator = authors
    book.properties.created = moment.replace(tzinfo=None)
    _guide(book.active, courseware, authors)
    _ledger(book.create_sheet(LEDGER), courseware)
    _summary(book.create_sheet(SUMMARY), courseware)
    for sheet in book.worksheets:
        sheet.oddFooter.left.text = notice
        sheet.oddFooter.right.text = "&P / &N"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(
    sheet: Any, place: str, value: object, *, size: int = 11, colour: str = INK, bold: bool = False
) -> Any:
    """One cell with the house's letter; text that could be read as a formula is marked as text."""
    cell = sheet[place]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(name=FAMILY, size=size, color=colour, bold=bold)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _head(sheet: Any, place: str, words: str, *, size: int = 16) -> None:
    """The title of a sheet: one line, running over the cells to its right."""
    _put(sheet, place, words, size=size, colour=RED, bold=True).alignment = Alignment(vertical="center")
    sheet.row_dimensions[sheet[place].row].height = size * 2


def _rule(cell: Any) -> None:
    cell.border = Border(bottom=Side(style="thin", color=RULE))


def _guide(sheet: Any, courseware: dict[str, Any], authors: str) -> None:
    sheet.title = GUIDE
    sheet.sheet_view.showGridLines = False
    for letter, width in (("A", 6), ("B", 22), ("C", 84)):
        sheet.column_dimensions[letter].width = width
    _head(sheet, "B1", courseware["title"], size=20)
    _put(sheet, "B2", authors, colour=QUIET)
    _put(sheet, "C2", courseware["abstract"], colour=QUIET)
    sheet.row_dimensions[2].height = 52
    for row, part in enumerate(courseware["slides"], start=4):
        _put(sheet, f"A{row}", row - 3, size=16, colour=RED)
        _put(sheet, f"B{row}", part["title"], size=13, bold=True)
        lines = [f"• {point}" for point in part["points"]]
        _put(sheet, f"C{row}", "\n".join([*lines, f"　 {part['note']}"]))
        sheet.row_dimensions[row].height = 17 * (len(lines) + 1) + 10
        for letter in "ABC":
            _rule(sheet[f"{letter}{row}"])


def _ledger(sheet: Any, courseware: dict[str, Any]) -> None:
    columns = courseware["columns"]
    last = get_column_letter(len(columns))
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "2:2"
    _head(sheet, "A1", courseware["title"])
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column["width"]
        head = _put(sheet, f"{letter}2", column["name"], bold=True)
        head.fill = PatternFill("solid", fgColor=PAPER)
        head.border = Border(bottom=Side(style="medium", color=RED))
        _restrain(sheet, letter, column)
    sheet.row_dimensions[2].height = 26
    for row, sample in enumerate(courseware["samples"], start=FIRST):
        for column, value, number in zip(columns, sample, range(1, len(columns) + 1), strict=True):
            shown = date.fromisoformat(value) if column.get("date") and value else (value or None)
            cell = _put(sheet, f"{get_column_letter(number)}{row}", shown, colour=QUIET)
            cell.fill = PatternFill("solid", fgColor=TINT)
            _rule(cell)
        sheet.row_dimensions[row].height = 44
    sheet.freeze_panes = f"C{FIRST}"
    sheet.auto_filter.ref = f"A2:{last}{FIRST + ROWS - 1}"


def _restrain(sheet: Any, letter: str, column: dict[str, Any]) -> None:
    """A column of choices gets a list, a column of dates a format and a check; the rest stays free."""
    cells = f"{letter}{FIRST}:{letter}{FIRST + ROWS - 1}"
    if column.get("choices"):
        rule = DataValidation(type="list", formula1=f'"{",".join(column["choices"])}"', allow_blank=True)
        rule.error = "请从下拉列表里选一项。"
    elif column.get("date"):
        rule = DataValidation(type="date", operator="greaterThan", formula1="36525", allow_blank=True)
        rule.error = "请填成 2000-01-31 这样的日期。"
        for row in range(FIRST, FIRST + ROWS):
            sheet[f"{letter}{row}"].number_format = "yyyy-mm-dd"
    else:
        return
    rule.errorTitle = column["name"]
    rule.showErrorMessage = True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _summary(sheet: Any, courseware: dict[str, Any]) -> None:
    """Counts of the ledger: a line a status and an opinion, the overdue, those not yet reported back."""
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 14
    _head(sheet, "A1", "汇总（自动计算，随台账更新）")
    lines = [("登记件数", f"=COUNTA({_cells(courseware, '案由')})")]
    for name in ("状态", "评价"):
        choices = next(column["choices"] for column in courseware["columns"] if column["name"] == name)
        lines += [
            (f"{name}：{choice}", f'=COUNTIF({_cells(courseware, name)},"{choice}")') for choice in choices
        ]
    due, done, told = (_cells(courseware, name) for name in ("约定答复日", "状态", "回话记录"))
    lines.append(("过了约定答复日、还没有写状态", f'=COUNTIFS({due},"<"&TODAY(),{due},">0",{done},"")'))
    lines.append(("已有状态、还没有回话", f'=COUNTIFS({done},"?*",{told},"")'))
    for row, (label, formula) in enumerate(lines, start=3):
        _rule(_put(sheet, f"A{row}", label, size=12))
        count = _put(sheet, f"B{row}", formula, size=14, colour=RED, bold=True)
        count.data_type = "f"  # the only formulas of the workbook
        count.alignment = Alignment(horizontal="right", vertical="center")
        _rule(count)
        sheet.row_dimensions[row].height = 24


def _cells(courseware: dict[str, Any], name: str) -> str:
    """The absolute range of the ledger's column of that name."""
    names = [column["name"] for column in courseware["columns"]]
    letter = get_column_letter(names.index(name) + 1)
    return f"{LEDGER}!${letter}${FIRST}:${letter}${FIRST + ROWS - 1}"
