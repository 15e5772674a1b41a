"""The list of representatives as an empty spreadsheet: cells are text, what can be chosen is a list, and how to fill it in."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from portal.spreadsheets.writing import OPTIONS, Looks
from stations.models import Area, DeputyGroup
from stations.register.given import ANOTHER, THE_SAME
from stations.register.reading import HEADERS, MAX_LINES, SHEET

CHOICES = "区域和小组"
WIDTHS = {"name": 12, "sex": 6, "nation": 9, "birth_date": 13, "phone": 15, "occupation": 30, "area": 16,
          "electing_unit": 22, "group": 20, "starts_on": 13, "tags": 18, "namesake": 11}  # fmt: skip
NEEDED = {"name", "sex", "area"}
TOLD = (
    ("姓名", "必填，只写姓名。中间的空格、全角空格导入时去掉。"),
    ("性别", "必填：男、女。"),
    ("民族", "如“汉族”“回族”；空着按汉族登记。"),
    (
        "出生日期",
        "写到日，如 1975-03-12、1975年3月12日。只写到月的，登记时先空着。只有代表工作委员会能填、能看到。",
    ),
    ("手机号", "11 位手机号；没有就空着。只有代表工作委员会能填、能看到。导入不开通登录账号。"),
    ("单位职务", "工作单位和职务写在一格，如“示例粉条合作社理事长”。会公开显示。"),
    ("区域", f"必填：名称或区划代码，见“{CHOICES}”一页。没有这一列时，用选举单位的名称查。"),
    ("选举单位", "选区或选举单位的名称。"),
    ("代表小组", f"本届已经建好的小组，见“{CHOICES}”一页；还没有分组就空着。"),
    ("任期开始日", "如 2026-01-05、2026年1月5日；只写到月的，按当月第一天；空着按所选届的第一天。"),
    ("任期标签", "常委会组成人员写“常委会组成人员”；其他是积分标准用到的代码。没有就空着。"),
    ("同名核对", f"平时空着。预览提示同名、又没有手机号和出生日期可以区分时，写“{THE_SAME}”或“{ANOTHER}”。"),
)
RULES = (
    "每人一行。列的先后可以变；系统里没有的列（如党派、文化程度）可以留着，不会登记。",
    "导入先预览：新增、已有、同名、有误各是哪些人。有一行要改，就一行也不登记；改好再传。",
    "已经登记过的人，导入不改他的资料，只把不同的地方列出来；要改的，到代表的表单里改。",
    "同一份表导入两次，第二次什么也不会改。",
    "示例：王样本，女，汉族，1975-03-12，示例粉条合作社理事长，任期从 2026-01-05 开始。",
)  # fmt: skip


def blank_workbook(areas: Sequence[Area], groups: Sequence[DeputyGroup]) -> bytes:
    """Return an empty list as XLSX; `areas` and `groups` (term and area at hand) are what may be chosen."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet, looks = book.add_worksheet(SHEET), Looks(book)
        _explained(book, looks)
        _choices(book, looks, areas, groups)
        fields = list(WIDTHS)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, WIDTHS[field], looks.text)
            mark = "*" if field in NEEDED else ""
            looks.write(sheet, 0, place, HEADERS[field][0] + mark, looks.head)
        lists: dict[str, Any] = {"sex": ["男", "女"], "namesake": [THE_SAME, ANOTHER]}
        lists["area"] = f"='{CHOICES}'!$A$2:$A${len(areas) + 1}" if areas else None
        lists["group"] = f"='{CHOICES}'!$D$2:$D${len(groups) + 1}" if groups else None
        for field, source in lists.items():
            if source:
                _chosen(sheet, fields.index(field), HEADERS[field][0], source)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _chosen(sheet: Any, place: int, heading: str, source: Any) -> None:
    """Offer a list, and warn of what is not on it: a code instead of a name is as good."""
    sheet.data_validation(
        1, place, MAX_LINES, place,
        {
            "validate": "list", "source": source, "error_type": "warning",
            "error_title": heading, "error_message": "不在列表里，请核对。",
        },
    )  # fmt: skip


def _explained(book: Any, looks: Looks) -> None:
    sheet = book.add_worksheet("填写说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    for row, (heading, sentence) in enumerate([*TOLD, *(("", rule) for rule in RULES)]):
        looks.write(sheet, row, 0, heading, looks.head)
        looks.write(sheet, row, 1, sentence, looks.text)


def _choices(book: Any, looks: Looks, areas: Sequence[Area], groups: Sequence[DeputyGroup]) -> None:
    """Write the areas and groups; an area whose name stands twice is called by its code."""
    sheet = book.add_worksheet(CHOICES)
    for place, (heading, width) in enumerate((("区域", 20), ("名称", 20), ("区划代码", 14), ("代表小组", 24), ("届", 12), ("小组的区域", 20))):  # fmt: skip
        sheet.set_column(place, place, width)
        looks.write(sheet, 0, place, heading, looks.head)
    names = [area.name for area in areas]
    for row, area in enumerate(areas, start=1):
        called = area.name if names.count(area.name) == 1 else area.code
        for place, word in enumerate((called, area.name, area.code)):
            looks.write(sheet, row, place, word, looks.text)
    for row, group in enumerate(groups, start=1):
        for place, word in enumerate((group.name, group.term.name, group.area.name), start=3):
            looks.write(sheet, row, place, word, looks.text)
