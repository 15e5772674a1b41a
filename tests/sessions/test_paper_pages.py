"""The printed list and the spreadsheet: what stands on them, for whom, and what it takes (rule 25; THREATS 6, 35)."""

import re

import openpyxl
import pytest
import time_machine
from django.test import Client
from wagtail.models import ModelLogEntry

from sessions.operations import record_status
from tests.conftest import START
from tests.furnished import PHONE
from tests.sessions.paper_city import FRAME, cells, roll_of, text


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False):
        yield


def people_on(page):
    return re.findall(r'<th scope="row">([^<]+)</th>', page.content.decode())


def test_the_printed_list_names_everybody_by_strokes_with_the_code_of_their_row(city):
    roll = roll_of(city)
    page = roll.client.get(roll.to("roll_print"))
    assert people_on(page) == ["示例乙", "示例丙", "示例甲"]
    codes = re.findall(r'<td class="c">([^<]+)</td>', page.content.decode())
    assert codes == [roll.code(n) for n in (1, 2, 0)]
    for words in (
        "示例分享会签到册",
        "时间：2026 年 6 月 18 日（周四） 14:30—16:30",
        "记录员签名",
        "名单 3 人，按姓名笔画排列",
    ):
        assert words in text(page)


def test_names_of_two_characters_align_with_three(city):
    roll = roll_of(city)
    city.enrol(roll.activity, city.representative("王样"))
    assert "王　样" in people_on(roll.client.get(roll.to("roll_print")))


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_printed_list_takes_six_queries_of_its_own_at_any_length(city, count, django_assert_num_queries):
    roll = roll_of(city, *map(str, range(count)))
    roll.client.get(roll.to("roll_print"))
    with django_assert_num_queries(FRAME + 6):
        roll.client.get(roll.to("roll_print"))


def test_the_spreadsheet_carries_text_a_list_of_statuses_and_nothing_private(city):
    roll = roll_of(city)
    person = roll.people[0].representative
    person.phone = PHONE
    person.save()
    record_status(
        activity=roll.activity, representative=person, status="leave", actor=city.recorder, moment=START,
        reason="家人住院",
    )  # fmt: skip
    answer = roll.export()
    assert answer["Content-Disposition"].endswith(".xlsx")
    rows = cells(answer.content)
    assert [cell.value for cell in rows[2]] == [
        "编号",
        "序号",
        "姓名",
        "选举单位",
        "名单",
        "签到时间",
        "状态",
        "原因",
    ]
    assert [[cell.value or "" for cell in row][:7] for row in rows[3:6]] == [
        [roll.code(1), "1", "示例乙", "第乙选区", "应到", "", ""],
        [roll.code(2), "2", "示例丙", "第丙选区", "应到", "", ""],
        [roll.code(0), "3", "示例甲", "第甲选区", "应到", "", "请假"],
    ]
    assert {cell.data_type for row in rows[3:6] for cell in row if cell.value} == {"s"}
    assert [cell.protection.locked for cell in rows[3]] == [True] * 6 + [False, False]
    whole = " ".join(
        str(cell.value) for sheet in (0, 1) for row in cells(answer.content, sheet) for cell in row
    )
    assert [word in whole for word in (PHONE, "住院")] == [False, False]
    assert "记录员于 2026-06-18 14:30 导出" in whole  # who took it out stands on it


def test_the_statuses_of_the_spreadsheet_are_chosen_from_a_list(city):
    import io

    sheet = openpyxl.load_workbook(io.BytesIO(roll_of(city).export().content)).worksheets[0]
    [rule] = sheet.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == (
        '"出席,迟到,早退,迟到并早退,请假,缺席,免出席,列席来访"',
        "G4:G26",
    )
    assert sheet.protection.sheet


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_that_begins_like_a_formula_goes_out_as_text(city, start):
    roll = roll_of(city)
    mandate = roll.people[1]
    mandate.electing_unit = f"{start}1+1"
    mandate.save()
    cell = cells(roll.export().content)[3][3]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (f"{start}1+1", "s", True)


def test_taking_the_roll_out_is_logged_and_looking_at_it_is_not(city):
    roll = roll_of(city)
    roll.client.get(roll.to("roll_print"))
    assert roll.client.get(roll.to("roll_export")).status_code == 405
    roll.export()
    entry = ModelLogEntry.objects.get(action="sharing.export_roll")
    assert (entry.user, entry.data) == (city.recorder, {"rows": 3})


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_spreadsheet_takes_eleven_queries_at_any_length(city, count, django_assert_num_queries):
    roll = roll_of(city, *map(str, range(count)))
    roll.export()
    with django_assert_num_queries(11):
        roll.export()


def test_the_roll_page_offers_paper_and_names_the_sheets(city):
    roll = roll_of(city)
    page = roll.client.get(roll.to("roll")).content.decode()
    offered = [roll.to(name) in page for name in ("roll_print", "roll_export", "roll_import", "roll_sheets")]
    assert (offered, roll.to("roll_certificates") in page) == ([True] * 4, False)


def test_who_is_not_signed_in_is_led_to_the_login(city):
    roll = roll_of(city)
    names = ("roll_print", "roll_import", "roll_sheets", "roll_certificates")
    assert [Client().get(roll.to(n))["Location"].split("?")[0] for n in names] == ["/accounts/login/"] * 4
