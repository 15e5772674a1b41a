"""Proposals as a spreadsheet that can be read in again: days are days, words are text (THREATS 6)."""

import io
from collections.abc import Iterable
from datetime import date, datetime

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone

from portal.spreadsheets.writing import OPTIONS, Looks
from scoring.models import Proposal, ProposalMover
from scoring.people import named
from scoring.proposals.reading import HEADERS, SHEET

WIDTHS = (16, 46, 13, 22, 46, 7, 7, 7)
COUNT = "提出人数"  # written for reading; the import passes over it
TOLD = (
    "每行一件议案、建议。同一个编号再导入，就是更新那一件；编号、题目、提出日期、领衔人必须填写。",
    "附议人之间用顿号隔开；同名的代表在姓名后写区域，如：王样本（石桥镇）。没有附议人的，领衔人记为独立提出。",
    "立案、优秀、重点写“是”或“否”，空着是“否”；表里没有这一列的，原来的不变。",
    "导入先预览，全部正确才写入；有一行不对，就一行也不写。",
)
EXAMPLE = ("示例-001", "关于修缮村口旧桥的建议（示例，请删去）", date(2026, 3, 5), "王样本（石桥镇）", "李样本、赵样本", "是", "否", "否")  # fmt: skip


def proposals_workbook(proposals: Iterable[Proposal], *, by: str, moment: datetime) -> bytes:
    """Return these proposals (movers with mandate, person and area at hand), one a row."""
    rows = []
    for proposal in proposals:
        movers = list(proposal.movers.all())
        co = [mover.mandate for mover in movers if mover.role == ProposalMover.Role.CO]
        first = [mover.mandate for mover in movers if mover.role != ProposalMover.Role.CO]
        marks = ["是" if mark else "否" for mark in (proposal.filed, proposal.fine, proposal.key)]
        words = (proposal.ref, proposal.title, proposal.submitted_on, named(first), named(co), *marks)
        rows.append((*words, len(movers)))
    local = timezone.localtime(moment)
    return _book(rows, title=f"{by}于 {local:%Y-%m-%d %H:%M} 导出，共 {len(rows)} 件，供工作使用")


def blank_workbook() -> bytes:
    """Return an empty list with one invented example, and a sheet that says how it is filled in."""
    return _book([EXAMPLE], title="填好以后，在“议案建议”列表里导入")


def _book(rows: Iterable[tuple[object, ...]], *, title: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet, looks = book.add_worksheet(SHEET), Looks(book)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_string(0, 0, title, looks.text)
        for place, (names, width) in enumerate(zip((*HEADERS.values(), (COUNT,)), (*WIDTHS, 9), strict=True)):
            sheet.set_column(place, place, width)
            looks.write(sheet, 1, place, names[0], looks.head)
        for number, row in enumerate(rows, start=2):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                elif isinstance(value, int):
                    sheet.write_number(number, place, value)
                else:
                    looks.write(sheet, number, place, str(value), looks.text)
        sheet.freeze_panes(2, 1)
        told = book.add_worksheet("填写说明")
        told.set_column(0, 0, 100)
        for number, sentence in enumerate(TOLD):
            told.write_string(number, 0, sentence, looks.text)
    return out.getvalue()
