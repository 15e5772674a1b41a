"""The overview's people as a spreadsheet: figures are numbers, words are text whatever they begin with (THREATS 6)."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone

from portal.spreadsheets.writing import OPTIONS, Looks
from scoring.models import Year
from scoring.overview.graded import Graded
from scoring.rules import rounded
from scoring.sheets import rules_of
from stations.models import Mandate

FIXED = (("姓名", 14), ("区域", 18), ("选举单位", 24), ("总分", 9), ("等次", 11))
HEADING = 2  # row of the headings, counted from 0


def scores_workbook(
    year: Year, people: Iterable[Graded], mandates: Mapping[int, Mandate], *, by: str, moment: datetime
) -> bytes:
    """Return the people in the order of `mandates`, a column for every item; who took it out and when stands on it."""
    out = io.BytesIO()
    items = list(rules_of(year.standard).items)
    found = {person.mandate: person for person in people}
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": f"{year}积分", "author": by, "created": moment.replace(tzinfo=None)})
        sheet = book.add_worksheet("积分")
        looks = Looks(book)
        sheet.write_string(0, 0, f"{year}积分 · {year.standard}", looks.head)
        local = timezone.localtime(moment)
        state = "已确认" if year.digest else "未最终确认"
        sheet.write_string(
            1, 0, f"{state} · {by}于 {local:%Y-%m-%d %H:%M} 导出，供工作使用，请妥善保管", looks.text
        )
        for place, (name, width) in enumerate((*FIXED, *((item.name, 12) for item in items))):
            sheet.set_column(place, place, width)
            looks.write(sheet, HEADING, place, name, looks.head)
        listed = [(mandate, found[pk]) for pk, mandate in mandates.items() if pk in found]
        for row, (mandate, person) in enumerate(listed, start=HEADING + 1):
            words = (mandate.representative.name, mandate.area.name, mandate.electing_unit)
            for place, word in enumerate(words):
                looks.write(sheet, row, place, word, looks.text)
            sheet.write_number(row, 3, person.total, looks.points)
            looks.write(sheet, row, 4, person.band, looks.text)
            for place, item in enumerate(items, start=len(FIXED)):
                if item.code in person.points:
                    sheet.write_number(row, place, rounded(person.points[item.code]), looks.points)
        sheet.freeze_panes(HEADING + 1, 1)
        sheet.autofilter(HEADING, 0, HEADING + max(len(listed), 1), len(FIXED) + len(items) - 1)
    return out.getvalue()
