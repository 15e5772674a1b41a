"""What the tests of 导入代表名册 share: lists as spreadsheets, lines, what a plan says."""

import io
from datetime import date

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from stations.operations import apply_register, prepare_register
from stations.register.plan import plan_of
from stations.register.reading import Line, Register
from tests.conftest import START

HEAD = ("姓名", "性别", "区域")


def book(*rows, head=HEAD):
    """Return an XLSX with a header and these rows; days are days, figures are figures."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate((head, *rows)):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    return out.getvalue()


def uploaded(content, name="名册.xlsx"):
    return SimpleUploadedFile(name, content)


def line(number=2, name="丁示例", **more):
    return Line(number, name, **{"sex": "女", "area": "石桥镇", **more})


def planned(city, *lines, user=None):
    return plan_of(city.term, lines, user or city.office)


def outcomes(plan):
    return [row.outcome for row in plan.rows]


def problems(plan):
    return [problem for row in plan.rows for problem in row.problems]


def changes(plan):
    return [[(change.name, change.old, change.new) for change in row.changes] for row in plan.rows]


def waiting(city, *lines, user=None):
    return prepare_register(
        term=city.term, file_name="名册.xlsx", sha256="0" * 64, register=Register(lines),
        actor=user or city.office, moment=START,
    )  # fmt: skip


def applied(city, *lines, user=None, moment=START):
    seen = planned(city, *lines, user=user).seen
    return apply_register(
        pending=waiting(city, *lines, user=user), seen=seen, actor=user or city.office, moment=moment
    )
