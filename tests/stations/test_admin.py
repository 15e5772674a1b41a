"""人员与站点 in the admin: who may, where, what is written, and which secondary addresses answer."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from portal.contact import NO_NUMBER
from stations import operations
from stations.models import (
    Area,
    AreaGrant,
    DeputyGroup,
    ReceptionDay,
    Representative,
    RosterEntry,
    Station,
    Term,
)
from stations.permissions import Role
from tests.conftest import SHANGHAI, START
from tests.opened import opened
from tests.stations.staffed import sign_in, staff, titles

PHONE = "13900000001"
VIEWSETS = (
    "representatives",
    "mandates",
    "suspensions",
    "deputy_groups",
    "stations",
    "rosters",
    "receptions",
    "terms",
    "areas",
    "area_grants",
)
PEOPLE_QUERIES = 10
STATIONS_QUERIES = 8
OFFICE_ONLY = ("mandates", "suspensions", "terms", "areas", "area_grants")


@pytest.mark.parametrize("name", VIEWSETS)
def test_a_visitor_is_sent_to_the_login(client, city, name):
    response = client.get(reverse(f"{name}:index"))
    assert (response.status_code, response.url.split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", VIEWSETS)
@pytest.mark.parametrize("who", ["recorder", "reviewer"])
def test_another_role_does_not_get_into_the_admin(client, city, name, who):
    sign_in(client, getattr(city, who))
    for view in ("index", "add"):
        assert client.get(reverse(f"{name}:{view}")).status_code == 302


@pytest.mark.parametrize("name", VIEWSETS)
def test_the_office_reaches_every_list_and_form(client, city, name):
    sign_in(client, city.office)
    assert client.get(reverse(f"{name}:index")).status_code == 200
    assert client.get(reverse(f"{name}:add")).status_code == 200


def test_on_the_first_day_a_form_says_what_has_to_be_registered_before(client, city):
    city.group.delete(), city.term.delete()
    sign_in(client, city.office)
    fields = client.get(reverse("deputy_groups:add")).context["form"].fields
    assert {name: field.help_text for name, field in fields.items()} == {
        "term": "还没有可以选的届，请先登记。",
        "area": "",
        "name": "",
    }


@pytest.mark.parametrize("name", OFFICE_ONLY)
def test_an_editor_does_not_reach_what_belongs_to_the_office(client, editor, name):
    assert client.get(reverse(f"{name}:index")).status_code == 302
    assert client.get(reverse(f"{name}:add")).status_code == 302


def test_the_right_without_a_grant_opens_nothing(client, city, editors):
    sign_in(client, staff(editors, city.township))
    assert client.get(reverse("representatives:index")).status_code == 302


def test_a_list_shows_the_people_of_the_users_areas_only(client, city, editor):
    city.representative("丁示例"), city.representative("王示例", area=city.other_township, group=None)
    assert titles(client.get(reverse("representatives:index"))) == ["丁示例"]


@pytest.mark.parametrize("view", ["edit", "history", "history_results"])
def test_a_person_of_another_area_answers_404(client, city, editor, view):
    there = city.representative(area=city.other_township, group=None).representative
    here = city.representative().representative
    assert client.get(reverse(f"representatives:{view}", args=[there.pk])).status_code == 404
    assert client.get(reverse(f"representatives:{view}", args=[here.pk])).status_code == 200


def test_a_person_of_another_area_cannot_be_changed(client, city, editor):
    there = city.representative("王示例", area=city.other_township, group=None).representative
    response = client.post(reverse("representatives:edit", args=[there.pk]), {"name": "改名", "sex": "女"})
    assert (response.status_code, Representative.objects.get(pk=there.pk).name) == (404, "王示例")


@pytest.mark.parametrize("path", ["usage", "copy", "inspect"])
def test_other_routes_of_people_have_no_address(client, city, path):
    person = city.representative().representative
    sign_in(client, city.office)
    assert client.get(f"/admin/representatives/{path}/{person.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["deputy_groups", "stations", "rosters", "receptions"])
def test_rows_of_another_area_answer_404(client, city, editor, name):
    mandate = city.representative(area=city.other_township, group=None)
    station = operations.add_station(
        kind="liaison", name="清源站", area=city.other_township, actor=city.office
    )
    operations.add_to_roster(
        station=station, mandates=[mandate], starts_on=date(2026, 1, 1), actor=city.office
    )
    rows = {
        "deputy_groups": operations.add_group(
            term=city.term, area=city.other_township, name="清源组", actor=city.office
        ),
        "stations": station,
        "rosters": RosterEntry.objects.get(),
        "receptions": operations.plan_reception(
            station=station,
            starts_at=datetime(2026, 7, 1, 9, tzinfo=SHANGHAI),
            ends_at=datetime(2026, 7, 1, 11, tzinfo=SHANGHAI),
            mandates=[],
            actor=city.office,
        ),
    }
    for view in ("edit", "history"):
        assert client.get(reverse(f"{name}:{view}", args=[rows[name].pk])).status_code == 404
        assert titles(client.get(reverse(f"{name}:index"))) in ([], [str(city.group)])


def test_a_reception_of_another_area_cannot_be_cancelled(client, city, editor):
    station = operations.add_station(
        kind="liaison", name="清源站", area=city.other_township, actor=city.office
    )
    day = operations.plan_reception(
        station=station,
        starts_at=datetime(2026, 7, 1, 9, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 7, 1, 11, tzinfo=SHANGHAI),
        mandates=[],
        actor=city.office,
    )
    assert client.post(reverse("receptions:delete", args=[day.pk])).status_code == 404
    assert ReceptionDay.objects.count() == 1


def test_only_the_office_sees_telephone_numbers_in_the_list(client, city, editor, editors):
    city.representative(phone=PHONE)
    url = reverse("representatives:index")
    assert PHONE not in client.get(url).content.decode()
    sign_in(client, staff(editors, city.township, Role.OFFICE, name="office2"))
    assert PHONE in client.get(url).content.decode()


def test_the_office_of_one_area_sees_no_numbers_of_another(client, city, editors):
    city.representative("王示例", area=city.other_township, group=None, phone=PHONE)
    user = staff(editors, city.township, Role.OFFICE)
    operations.grant(user=user, area=city.other_township, role=Role.EDITOR, actor=None)
    sign_in(client, user)
    person = Representative.objects.get()
    assert titles(client.get(reverse("representatives:index"))) == ["王示例"]
    for url in (reverse("representatives:index"), reverse("representatives:edit", args=[person.pk])):
        assert PHONE not in client.get(url).content.decode()


def test_people_are_found_by_initials(client, city, editor):
    city.representative("丁示例"), city.representative("王样本")
    response = client.get(reverse("representatives:index"), {"q": "wyb"})
    assert titles(response) == ["王样本"]


def change(client, name, row, answers):
    """Open the form of a row and send it; return what was answered."""
    address = reverse(f"{name}:edit", args=[row.pk])
    return client.post(address, answers | opened(client, address))


def test_groups_and_stations_are_added_and_changed(client, city, editor):
    client.post(
        reverse("deputy_groups:add"),
        {"term": city.term.pk, "area": city.township.pk, "name": "第二小组"},
    )
    group = DeputyGroup.objects.get(name="第二小组")
    change(client, "deputy_groups", group, {"area": city.township.pk, "name": "二组"})
    facts = {"kind": "liaison", "name": "石桥站", "area": city.township.pk}
    client.post(reverse("stations:add"), facts)
    station = Station.objects.get()
    change(client, "stations", station, facts | {"address": "示例路 1 号"})
    group.refresh_from_db(), station.refresh_from_db()
    assert (group.name, group.term, station.address) == ("二组", city.term, "示例路 1 号")


@time_machine.travel(START, tick=False)
def test_rosters_and_receptions_are_planned_changed_and_cancelled(client, city, editor):
    mandate = city.representative()
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    client.post(
        reverse("rosters:add"),
        {"station": station.pk, "mandates": [mandate.pk], "starts_on": "2026-01-01", "duty": "站长"},
    )
    entry = RosterEntry.objects.get()
    change(client, "rosters", entry, {"duty": "", "ends_on": "2026-06-30"})
    entry.refresh_from_db()
    assert (entry.duty, entry.ends_on) == ("", date(2026, 6, 30))
    hours = {"starts_at": "2026-07-01 09:00", "ends_at": "2026-07-01 11:30", "topic": "养老"}
    client.post(reverse("receptions:add"), hours | {"station": station.pk, "mandates": [mandate.pk]})
    day = ReceptionDay.objects.get()
    assert (day.starts_at, list(day.representatives.all())) == (
        datetime(2026, 7, 1, 9, tzinfo=SHANGHAI),
        [mandate],
    )
    change(client, "receptions", day, hours | {"topic": ""})
    day.refresh_from_db()
    assert (day.topic, day.representatives.count()) == ("", 0)
    client.post(reverse("receptions:delete", args=[day.pk]))
    assert ReceptionDay.objects.count() == 0


@time_machine.travel(START, tick=False)
def test_a_reception_that_is_over_keeps_its_hours_and_who_left_since(client, city, editor):
    stays, left = city.representative("丁示例", login=False), city.representative("王示例", login=False)
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    day = operations.plan_reception(
        station=station,
        starts_at=START - timedelta(days=9),
        ends_at=START - timedelta(days=9, hours=-2),
        mandates=[stays, left],
        actor=city.office,
    )
    operations.end_mandate(mandate=left, day=START.date() - timedelta(days=1), actor=city.office)
    address = reverse("receptions:edit", args=[day.pk])
    typed = {"starts_at": "2026-06-09 14:30", "ends_at": "2026-06-09 16:30", "mandates": [stays.pk, left.pk]}
    typed |= opened(client, address)
    moved = client.post(address, typed | {"starts_at": "2026-06-09 15:00", "topic": "养老"})
    assert moved.context["form"].errors == {
        "starts_at": ["这次接待已经结束，时间不能再改；另外安排的，请新建一次。"]
    }
    assert client.post(address, typed | {"topic": "养老"}).status_code == 302
    day.refresh_from_db()
    assert (day.topic, day.duties.count()) == ("养老", 2)


@time_machine.travel(START, tick=False)
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "said"),
    [
        ("2025-07-01 09:00", "2025-07-01 11:00", {"ends_at": ["这个时间已经过去，请核对日期；接待日是预告以后的接待。"]}),
        ("0206-07-01 09:00", "2026-07-01 11:00", {"starts_at": ["0206 年多半写错了，请填写 1949 到 2046 年之间的日子。"]}),
        ("2026-07-01 09:00", "2066-07-01 11:00", {"ends_at": ["2066 年多半写错了，请填写 1949 到 2046 年之间的日子。"]}),
        ("2026-07-01 09:00", "2026-07-01 08:00", {"__all__": ["接待结束时间要晚于开始时间。"]}),
    ],
)  # fmt: skip
def test_a_reception_at_a_wrong_time_is_explained_and_stays_typed(
    client, city, editor, starts_at, ends_at, said
):
    station = operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    typed = {"station": station.pk, "starts_at": starts_at, "ends_at": ends_at, "topic": "养老"}
    page = client.post(reverse("receptions:add"), typed)
    assert (page.context["form"].errors, f'value="{starts_at}"' in page.content.decode()) == (said, True)


def test_the_office_keeps_terms_areas_and_grants(client, city, editors):
    user = staff(editors, city.county, Role.OFFICE, name="office2")
    sign_in(client, user)
    client.post(reverse("terms:add"), {"number": 10, "name": "第十届", "starts_on": "2027-01-01"})
    term = Term.objects.get(number=10)
    change(client, "terms", term, {"name": "第十届", "starts_on": "2027-02-01"})
    term.refresh_from_db()
    assert term.starts_on == date(2027, 2, 1)
    client.post(
        reverse("areas:add"),
        {"code": "990001003", "name": "南岗镇", "level": "township", "parent": city.county.pk},
    )
    area = Area.objects.get(code="990001003")
    assert area.is_child_of(Area.objects.get(pk=city.county.pk))
    change(client, "areas", area, {"name": "南岗街道", "code": area.code})
    assert Area.objects.get(pk=area.pk).name == "南岗街道"
    facts = {"user": city.recorder.pk, "area": area.pk, "role": "editor"}
    client.post(reverse("area_grants:add"), facts)
    grant = AreaGrant.objects.get(area=area)
    assert (grant.user, grant.role) == (city.recorder, "editor")
    client.post(reverse("area_grants:delete", args=[grant.pk]))
    assert AreaGrant.objects.filter(area=area).count() == 0


def test_what_is_there_already_is_said_in_words(client, city):
    operations.add_station(kind="liaison", name="石桥站", area=city.township, actor=city.office)
    sign_in(client, city.office)
    typed = {
        "area": city.township.pk,
        "term": city.term.pk,
        "name": "石桥镇代表小组",
        "starts_on": "2027-01-01",
        "user": city.recorder.pk,
    }
    more = {
        "deputy_groups": {},
        "terms": {"number": 9},
        "stations": {"kind": "liaison", "name": "石桥站"},
        "area_grants": {"role": "recorder"},
    }
    said = {
        name: client.post(reverse(f"{name}:add"), typed | answers).context["form"].errors
        for name, answers in more.items()
    }
    assert said == {
        "deputy_groups": {"__all__": ["这一届已经有同名的代表小组，请换一个名称。"]},
        "terms": {"__all__": ["第 9 届已经登记为“第九届”。"]},
        "stations": {"__all__": ["“石桥站”已经登记过，请换一个名称。"]},
        "area_grants": {"__all__": ["这个账号在这个区域已有这个身份，不用再授予。"]},
    }


BACKWARDS = {"starts_on": "2027-01-01", "ends_on": "2026-12-31"}


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("terms", {"number": 10, "name": "第十届"} | BACKWARDS, {"ends_on": ["结束日不能早于开始日。"]}),
        ("suspensions", {"reason": "示例决定"} | BACKWARDS, {"ends_on": ["结束日不能早于开始日。"]}),
        ("stations", {"kind": "industry", "name": "药材点"}, {"industry": ["产业联络点请填写产业。"]}),
        (
            "stations",
            {"kind": "liaison", "name": "石桥站", "phone": "打不通 12"},
            {"phone": [NO_NUMBER]},
        ),
    ],
)
def test_what_the_database_would_refuse_is_said_in_words_at_the_field(client, city, name, answers, said):
    person = city.representative().representative
    sign_in(client, city.office)
    more = {"representative": person.pk, "area": city.township.pk}
    page = client.post(reverse(f"{name}:add"), answers | more)
    assert page.context["form"].errors == said


def test_known_days_turned_round_are_said_in_words_at_the_field(client, city):
    mandate = city.representative()
    suspension = operations.suspend_mandate(
        mandate=mandate, starts_on=date(2026, 6, 1), ends_on=None, reason="示例", actor=city.office
    )
    sign_in(client, city.office)
    said = [
        client.post(reverse(f"{name}:edit", args=[pk]), {"name": "第九届", "reason": "示例"} | BACKWARDS)
        for name, pk in (("terms", city.term.pk), ("suspensions", suspension.pk))
    ]
    assert [page.context["form"].errors for page in said] == [{"ends_on": ["结束日不能早于开始日。"]}] * 2


def test_the_office_of_a_township_gives_no_role_above_itself(client, city, editors):
    user = staff(editors, city.township, Role.OFFICE)
    sign_in(client, user)
    facts = {"user": user.pk, "area": city.county.pk, "role": "office"}
    assert client.post(reverse("area_grants:add"), facts).status_code == 200
    theirs = city.office.area_grants.get()
    assert client.post(reverse("area_grants:delete", args=[theirs.pk])).status_code == 404
    assert user.area_grants.count() == 1


def test_a_grant_is_not_changed_only_given_and_taken(client, city):
    sign_in(client, city.office)
    grant = city.recorder.area_grants.get()
    assert client.get(f"/admin/area_grants/edit/{grant.pk}/").status_code == 404


def test_the_last_office_stays_and_the_reason_is_told(client, city):
    sign_in(client, city.office)
    url = reverse("area_grants:delete", args=[city.office.area_grants.get().pk])
    response = client.post(url, follow=True)
    assert city.office.area_grants.count() == 1
    assert "这是最后一个代表工作委员会身份" in response.content.decode()


@pytest.mark.parametrize("name", ["representative_chooser", "station_chooser"])
def test_a_chooser_offers_the_users_areas_only(client, city, editor, name):
    here = city.representative("丁示例").representative
    there = city.representative("王示例", area=city.other_township, group=None).representative
    rows = {"representative_chooser": (here, there)}
    rows["station_chooser"] = tuple(
        operations.add_station(kind="liaison", name=title, area=area, actor=city.office)
        for title, area in (("丁站", city.township), ("王站", city.other_township))
    )
    mine, other = rows[name]
    shown = client.get(reverse(f"{name}:choose_results")).content.decode()
    assert (str(mine) in shown, str(other) in shown) == (True, False)
    assert client.get(reverse(f"{name}:chosen", args=[mine.pk])).status_code == 200
    assert client.get(reverse(f"{name}:chosen", args=[other.pk])).status_code == 404
    found = client.get(reverse(f"{name}:choose_results"), {"q": "王"}).content.decode()
    assert (str(mine) in found, str(other) in found) == (False, False)


def test_a_chooser_lists_people_in_the_order_of_strokes(client, city, editor):
    for name in ("王示例", "丁示例", "曾示例"):
        city.representative(name, login=False)
    page = BeautifulSoup(client.get(reverse("representative_chooser:choose_results")).content, "html.parser")
    names = [link.get_text(strip=True) for link in page.select("[data-chooser-modal-choice]")]
    assert names == ["丁示例", "王示例", "曾示例"]
    assert [each.get_text(strip=True) for each in page.select("th")] == ["姓名", "区域"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_people_asks_the_same_number_of_queries(
    client, city, editor, rows, django_assert_num_queries
):
    for n in range(rows):
        city.representative(f"丁示{n}", login=False)
    with django_assert_num_queries(PEOPLE_QUERIES):
        assert client.get(reverse("representatives:index_results")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_stations_asks_the_same_number_of_queries(
    client, city, editor, rows, django_assert_num_queries
):
    for n in range(rows):
        operations.add_station(kind="liaison", name=f"{n}站", area=city.township, actor=city.office)
    with django_assert_num_queries(STATIONS_QUERIES):
        assert client.get(reverse("stations:index_results")).status_code == 200
