"""导入代表名册: registered all or nothing by the operations that register one, previewed in the admin by who may."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.models import User
from stations import operations
from stations.models import GroupMembership, Mandate, RegisterImport, Representative
from stations.operations import RegisterRefused, apply_register, forget_registers
from stations.permissions import Role
from stations.register.reading import read_register
from tests.conftest import START
from tests.stations.registers import (
    HEAD,
    applied,
    book,
    line,
    outcomes,
    planned,
    uploaded,
    waiting,
)
from tests.stations.staffed import sign_in, staff

PHONE = "13900000001"


def test_a_list_becomes_people_with_keys_seats_and_groups_and_opens_no_account(city):
    accounts = User.objects.count()
    told = line(
        2, "曾示", nation="回", phone=PHONE, birth_date="1970年1月2日", occupation="村医", electing_unit="一区",
        group="石桥镇 代表小组", starts_on="2026.3", tags="常委会组成人员",
    )  # fmt: skip
    plan = applied(city, told, line(3, "王三", area="清源镇"))
    assert (len(plan.new), User.objects.count()) == (2, accounts)
    person = Representative.objects.get(name="曾示")
    assert (person.initials, person.nation, person.phone, str(person.birth_date), person.occupation) == (
        "zs", "回族", PHONE, "1970-01-02", "村医",
    )  # fmt: skip
    mandate = person.mandates.get()
    assert (str(mandate.starts_on), mandate.electing_unit, mandate.tags.get().code) == (
        "2026-03-01", "一区", "standing_member",
    )  # fmt: skip
    assert (mandate.memberships.get().group, mandate.memberships.get().starts_on) == (
        city.group,
        mandate.starts_on,
    )
    plain = Mandate.objects.select_related("representative").get(representative__name="王三")
    assert (plain.area, plain.starts_on, plain.representative.nation) == (
        city.other_township,
        city.term.starts_on,
        "汉族",
    )
    log = ModelLogEntry.objects.get(action="stations.import")
    assert ({key: log.data[key] for key in ("term", "new", "seats", "same", "differs")}, log.user) == (
        {"term": 9, "new": 2, "seats": 0, "same": 0, "differs": 0}, city.office,
    )  # fmt: skip
    assert ModelLogEntry.objects.filter(action="stations.register").count() == 2


def test_the_same_list_again_and_the_same_preview_again_change_nothing(city):
    lines = [line(2, phone=PHONE), line(3, "王三")]
    pending = waiting(city, *lines)
    given = {"pending": pending, "seen": planned(city, *lines).seen, "actor": city.office, "moment": START}
    apply_register(**given)
    assert apply_register(**given) is None
    assert RegisterImport.objects.get().register == {}
    assert outcomes(applied(city, *lines)) == ["same", "same"]
    assert (Representative.objects.count(), Mandate.objects.count()) == (2, 2)


def test_a_known_person_keeps_every_fact(city):
    mandate = city.representative("丁示例", login=False, phone=PHONE, occupation="村医")
    applied(city, line(2, phone=PHONE, occupation="医生", electing_unit="二区"), line(3, "王三"))
    mandate.refresh_from_db()
    assert (mandate.representative.occupation, mandate.electing_unit) == ("村医", "")


def test_a_line_in_trouble_an_old_preview_and_changed_records_register_nobody(city):
    lines = [line(2), line(3, "王三", sex="x")]
    with pytest.raises(RegisterRefused, match="还有 1 行要改"):
        applied(city, *lines)
    with pytest.raises(RegisterRefused, match="超过 24 小时"):
        applied(city, line(2), moment=START + timedelta(hours=25))
    pending, seen = waiting(city, line(2)), planned(city, line(2)).seen
    city.representative("丁示例", login=False, phone=PHONE)
    with pytest.raises(RegisterRefused, match="登记刚有变化"):
        apply_register(pending=pending, seen=seen, actor=city.office, moment=START)
    assert Representative.objects.count() == 1


def test_an_interrupted_import_leaves_nobody(city, monkeypatch):
    plain = GroupMembership.objects.create

    def broken(**facts):
        if GroupMembership.objects.exists():
            raise KeyboardInterrupt
        return plain(**facts)

    lines = [line(number, f"丁示{'甲乙丙'[number]}", group="石桥镇代表小组") for number in range(3)]
    monkeypatch.setattr(GroupMembership.objects, "create", broken)
    with pytest.raises(KeyboardInterrupt):
        applied(city, *lines)
    monkeypatch.undo()
    assert (Representative.objects.count(), RegisterImport.objects.exclude(applied_at=None).count()) == (0, 0)
    assert len(applied(city, *lines).new) == 3


@pytest.mark.parametrize(("people", "queries"), [(1, 17), (3, 33)])
def test_each_person_more_asks_the_same_few_queries(city, people, queries, django_assert_num_queries):
    applied(city, line(2, "王示例"))  # what the process remembers from then on
    lines = [line(2 + n, f"丁示{'甲乙丙'[n]}", group="石桥镇代表小组", tags="lead") for n in range(people)]
    pending, seen = waiting(city, *lines), planned(city, *lines).seen
    with django_assert_num_queries(queries):
        apply_register(pending=pending, seen=seen, actor=city.office, moment=START)


def test_a_list_that_nobody_applied_is_thrown_away_after_a_day(city):
    waiting(city, line(2))
    assert forget_registers(moment=START + timedelta(hours=23)) == 0
    assert forget_registers(moment=START + timedelta(hours=25)) == 1


# --- the pages


@pytest.fixture
def at_start():
    with time_machine.travel(START, tick=False):
        yield


def send(client, content, city, name="名册.xlsx"):
    return client.post(
        reverse("representatives:import"), {"term": city.term.pk, "file": uploaded(content, name)}
    )


def text(answer):
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_the_office_uploads_looks_and_confirms(client, city, at_start):
    sign_in(client, city.office)
    city.representative("丁示例", login=False, electing_unit="一区")
    rows = [("王　三", "女", "石桥镇", "1 区", "党员"), ("丁示例", "女", "石桥镇", "一区", "")]
    answer = send(client, book(*rows, head=(*HEAD, "选举单位", "党派")), city)
    page = client.get(answer.url)
    shown = text(page)
    assert "新增 1 人，已有且一致 1 人，已有但不同 0 人，同名 0 行，有误 0 行。" in shown
    assert ("不登记：党派。" in shown, "王三" in shown) == (True, True)
    waits = text(client.get(reverse("representatives:import")))
    assert "您 6 月 18 日 14:30 上传的“名册.xlsx”还没有导入" in waits
    seen = BeautifulSoup(page.content, "html.parser").select_one("input[name=seen]")["value"]
    done = client.post(answer.url, {"seen": seen}, follow=True)
    assert "已导入：新登记 1 人。登录账号没有开通，需要的另外开通。" in text(done)
    assert list(Representative.objects.order_by("pk").values_list("name", flat=True)) == ["丁示例", "王三"]
    assert "导入，没有可以再做的" in text(client.get(answer.url))


def test_a_list_in_trouble_has_no_button_and_what_was_uploaded_is_not_forgotten(
    client, city, editor, at_start
):
    answer = send(client, book(("<b>甲</b>", "女", "石桥镇"), ("王三", "女", "清源镇")), city)
    page = client.get(answer.url)
    assert ("有误 2 行" in text(page), "确认导入" in text(page), b"<b>\xe7\x94\xb2" in page.content) == (
        True,
        False,
        False,
    )
    assert client.post(answer.url, {"seen": "x"}).status_code == 409
    assert Representative.objects.count() == 0
    assert answer.url in client.get(reverse("representatives:import")).content.decode()


def test_a_file_that_is_none_is_told_so_and_the_term_stays(client, city, editor):
    other = operations.add_term(number=10, name="第十届", starts_on=date(2027, 1, 1), actor=city.office)
    asked = {"term": other.pk, "file": uploaded(b"<html>", "名册.xlsx")}
    refused = client.post(reverse("representatives:import"), asked)
    chosen = BeautifulSoup(refused.content, "html.parser").select_one("select[name=term] option[selected]")
    assert (refused.status_code, chosen["value"]) == (400, str(other.pk))
    assert "“名册.xlsx”的内容不是可以上传的种类，没有收下。请上传 Excel（.xlsx）、CSV。" in text(refused)
    large = client.post(
        reverse("representatives:import"), {"term": other.pk, "file": uploaded(b"x" * 2_200_000, "a.csv")}
    )
    assert large.status_code == 413


def test_a_preview_is_its_readers_own(client, city, editors, editor):
    pending = waiting(city, line(2, phone=PHONE))
    address = reverse("representatives:preview", args=[pending.pk])
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_who_may_not_add_a_person_imports_none(client, city, editors):
    editors.permissions.remove(*editors.permissions.filter(codename="add_representative"))
    sign_in(client, staff(editors, city.township, Role.EDITOR))
    assert "导入名册" not in text(client.get(reverse("representatives:index")))
    answers = [client.get(reverse(f"representatives:{name}")) for name in ("import", "blank")]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/admin/")] * 2


def test_the_empty_list_offers_own_areas_and_groups_and_reads_as_it_is_filled_in(client, city, editor):
    assert "导入名册" in text(client.get(reverse("representatives:index")))
    made = openpyxl.load_workbook(io.BytesIO(client.get(reverse("representatives:blank")).content))
    assert made.sheetnames == ["代表名册", "填写说明", "区域和小组"]
    rows = [[cell.value for cell in row] for row in made["区域和小组"].iter_rows(min_row=2)]
    assert rows == [["石桥镇", "石桥镇", "990001001", "石桥镇代表小组", "第九届", "石桥镇"]]
    sheet = made["代表名册"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for heading, word in (("姓名*", "王三"), ("性别*", "女"), ("区域*", "石桥镇"), ("手机号", PHONE)):
        sheet.cell(2, places[heading], word)
    filled = io.BytesIO()
    made.save(filled)
    _, _, register = read_register(uploaded(filled.getvalue()))
    assert register.lines == (line(2, "王三", phone=PHONE),)


@pytest.mark.parametrize("what", ["a bomb", "a billion laughs", "a macro", "a broken sheet"])
def test_what_is_no_list_is_refused_and_keeps_nothing(client, city, editor, what):
    from tests.sessions.test_paper_files import BAD

    make, words = BAD[what]
    answer = send(client, make(), city)
    assert (answer.status_code, words in text(answer), RegisterImport.objects.count()) == (400, True, 0)
