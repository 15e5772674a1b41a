"""Who is expected: by group, place, tag and pasted names, dated; taking people off again (PRODUCT.md, rules 10, 11)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.checkin.mine import coming_for
from sessions.checkin.rolls import roll_sum
from sessions.lists.names import read_names
from sessions.models import Attendance, Enrolment, ListSource
from sessions.operations import (
    ActivityRefused,
    close_roll,
    enrol_from,
    put_back,
    record_status,
    sign_up,
    take_off_list,
)
from stations.models import DeputyGroup, Station
from stations.operations import add_to_roster, move_to_group
from tests.conftest import START

BEFORE = START - timedelta(days=9)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def keeper(client, city):
    """The recorder of the township, in the admin."""
    group = Group.objects.create(name="工作人员")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for person in (city.recorder, city.other_recorder):
        person.groups.add(group)
    client.force_login(city.recorder)
    return client


@pytest.fixture
def second(city):
    return DeputyGroup.objects.create(term=city.term, area=city.township, name="石桥镇第二小组")


def listed(activity):
    rows = activity.enrolments.order_by("pk")
    return list(rows.values_list("representative__name", "basis", "state"))


def test_rule_11_moving_to_another_group_changes_no_closed_roll(city, second):
    stays, moves = city.representative("丁示例"), city.representative("王样本")
    activity = city.activity()
    enrol_from(activity=activity, sources=[ListSource(basis="obliged", group=city.group)], actor=city.office)
    record_status(
        activity=activity,
        representative=stays.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=3))
    before = (roll_sum(activity), list(Attendance.objects.order_by("pk").values()), listed(activity))
    move_to_group(mandate=moves, group=second, day=START.date() - timedelta(days=2), actor=city.office)
    assert (roll_sum(activity), list(Attendance.objects.order_by("pk").values()), listed(activity)) == before
    for refused in (
        lambda: enrol_from(
            activity=activity, sources=[ListSource(basis="obliged", group=second)], actor=city.office
        ),
        lambda: take_off_list(
            activity=activity, representatives=[moves.representative], actor=city.office, moment=START
        ),
    ):
        with pytest.raises(ActivityRefused, match="已收册"):
            refused()


def test_rule_11_the_obliged_set_is_that_of_the_activitys_day(city, second):
    early, late = city.representative("丁示例"), city.representative("王样本")
    move_to_group(mandate=late, group=second, day=START.date(), actor=city.office)
    people = {}
    for days in (-1, 0):
        activity = city.activity(starts_at=START + timedelta(days=days))
        enrol_from(
            activity=activity, sources=[ListSource(basis="obliged", group=city.group)], actor=city.office
        )
        people[days] = [name for name, *_ in listed(activity)]
    assert people == {-1: ["丁示例", "王样本"], 0: ["丁示例"]}
    assert early.pk != late.pk


def test_an_industry_points_roster_is_listed_as_of_the_day(keeper, city):
    point = Station.objects.create(
        kind="industry", name="示例钧瓷联络点", industry="钧瓷", area=city.township
    )
    now, later = city.representative("丁示例"), city.representative("王样本")
    add_to_roster(station=point, mandates=[now], starts_on=date(2026, 1, 1), actor=city.office)
    add_to_roster(
        station=point, mandates=[later], starts_on=START.date() + timedelta(days=1), actor=city.office
    )
    activity = city.activity()
    keeper.post(
        reverse("activity:enrol", args=[activity.pk]),
        {"basis": "invited", "role": "attendee", "points": [point.pk]},
    )
    assert listed(activity) == [("丁示例", "invited", "listed")]
    assert activity.list_sources.get().station == point


def names_of(city, text):
    return read_names(text, day=START.date(), areas=[city.township])


def test_every_pasted_line_is_found_unknown_or_ambiguous(city, second):
    city.representative("丁示例")
    city.representative("王样本", electing_unit="示例街道选区")
    city.representative("王样本", electing_unit="样本村选区", group=second)
    city.representative("李拟名", area=city.other_township, group=None)
    lines = names_of(
        city,
        "1、丁示例\n\n（2） 王样本\n王样本\t样本村\n王样本 第二小组\n王样本 别处\n李拟名\n丁　示例\nＸ\n3. 丁 示例",
    )
    assert [(line.number, line.mandate is not None, line.problem[:6]) for line in lines] == [
        (1, True, ""),
        (3, False, "有同名的代表"),
        (4, True, ""),
        (5, False, "和第 4 行"),
        (6, False, "姓名找到了，"),
        (7, False, "没有找到活动"),
        (8, False, "没有找到活动"),
        (9, False, "没有找到活动"),
        (10, False, "没有找到活动"),
    ]
    assert lines[1].candidates == ("示例街道选区，石桥镇代表小组", "样本村选区，石桥镇第二小组")


def test_a_wide_space_inside_a_name_of_two_characters_is_passed_over(city):
    mandate = city.representative("丁示")
    assert [line.mandate for line in names_of(city, "丁　示\n")] == [mandate]


@pytest.mark.parametrize("number", [1, 3])
def test_reading_names_takes_three_queries_at_any_length(city, number, django_assert_num_queries):
    for n in range(number):
        city.representative(f"示例{n}", login=False)
    with django_assert_num_queries(3):
        names_of(city, "\n".join(f"示例{n}" for n in range(number)))


def test_pasted_names_are_previewed_and_listed_all_or_none(keeper, city):
    city.representative("丁示例")
    city.representative("王样本")
    activity = city.activity()
    address = reverse("activity:names", args=[activity.pk])
    how = {"basis": "obliged", "role": "attendee"}
    html = keeper.post(address, how | {"text": "丁示例\n王样木"}).content.decode()
    assert ("共 2 行，1 行需要改" in html, "丁示例\n王样木" in html) == (True, True)
    assert listed(activity) == []
    shown = keeper.post(address, how | {"text": "丁示例\n王样本"})
    assert "列入 2 人" in shown.content.decode()
    assert listed(activity) == []
    seen = shown.context["form"].data["seen"]
    stale = keeper.post(address, how | {"text": "丁示例", "seen": seen})
    assert (stale.status_code, listed(activity)) == (200, [])
    for _ in range(2):  # a double click lists nobody twice
        saved = keeper.post(address, how | {"text": "丁示例\n王样本", "seen": seen})
    assert saved.url == reverse("activity:people", args=[activity.pk])
    assert listed(activity) == [("丁示例", "obliged", "listed"), ("王样本", "obliged", "listed")]


@pytest.mark.parametrize(
    ("text", "words"), [("", "必需字段"), ("\n \n", "必需字段"), ("a\n" * 1001, "一次最多 1000 行")]
)
def test_an_empty_or_endless_list_is_told(keeper, city, text, words):
    html = keeper.post(
        reverse("activity:names", args=[city.activity().pk]),
        {"basis": "obliged", "role": "attendee", "text": text},
    ).content.decode()
    assert words in html


def test_who_is_taken_off_stays_in_the_history_and_is_no_longer_obliged(city):
    mandate = city.representative()
    activity = city.activity()
    city.enrol(activity, mandate)
    off = {"activity": activity, "representatives": [mandate.representative], "actor": city.recorder}
    assert [take_off_list(**off, moment=BEFORE) for _ in range(2)] == [1, 0]
    row = Enrolment.objects.get()
    assert (row.state, row.basis, row.taken_off_at, row.taken_off_by) == (
        "withdrawn", "obliged", BEFORE, city.recorder,
    )  # fmt: skip
    assert roll_sum(activity).obliged == 0
    assert (
        sign_up(activity=activity, representative=mandate.representative, moment=BEFORE).basis == "voluntary"
    )
    city.enrol(activity, mandate)
    row.refresh_from_db()
    assert (row.state, row.basis) == ("signed_up", "obliged")


def test_who_is_put_back_is_what_they_were_and_who_had_signed_up_keeps_the_place(city):
    people = [city.representative(f"示例{n}") for n in range(4)]
    activity = city.activity(capacity=1)
    city.enrol(activity, people[0])
    city.enrol(activity, people[1], basis="invited")
    for minutes, mandate in enumerate(people[2:]):
        moment = BEFORE + timedelta(minutes=minutes)
        sign_up(activity=activity, representative=mandate.representative, moment=moment)
    everybody = [mandate.representative for mandate in people]
    office = {"activity": activity, "actor": city.recorder}
    take_off_list(**office, representatives=everybody[:3], moment=BEFORE)
    off = listed(activity)
    assert [put_back(**office, representatives=everybody) for _ in range(2)] == [3, 0]
    assert [state for *_, state in off] == ["withdrawn", "withdrawn", "withdrawn", "signed_up"]
    assert [row[1:] for row in listed(activity)] == [
        ("obliged", "listed"), ("invited", "listed"), ("voluntary", "waiting"), ("voluntary", "signed_up"),
    ]  # fmt: skip
    assert Enrolment.objects.filter(taken_off_at__isnull=False).count() == 0


def test_who_was_taken_off_comes_back_as_listed_now_and_takes_a_seat_of_their_own_accord(city):
    called, other = city.representative("丁示例"), city.representative("王样本")
    activity = city.activity(capacity=0)
    city.enrol(activity, called, other)
    people = [mandate.representative for mandate in (called, other)]
    take_off_list(activity=activity, representatives=people, actor=city.recorder, moment=BEFORE)
    city.enrol(activity, called, basis="voluntary")
    assert listed(activity)[0] == ("丁示例", "obliged", "withdrawn")
    city.enrol(activity, called, basis="invited")
    [page] = [each for each in coming_for(people[1], BEFORE) if each.activity == activity]
    assert (page.full, sign_up(activity=activity, representative=people[1], moment=BEFORE).state) == (
        True, "waiting",
    )  # fmt: skip
    assert listed(activity) == [("丁示例", "invited", "listed"), ("王样本", "voluntary", "waiting")]


def test_who_has_a_row_of_the_roll_is_not_taken_off(city):
    mandate, other = city.representative(), city.representative("王样本")
    activity = city.activity()
    city.enrol(activity, mandate, other)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=START,
    )
    with pytest.raises(ActivityRefused, match="丁示例已有签到记录"):
        take_off_list(
            activity=activity,
            representatives=[mandate.representative, other.representative],
            actor=city.recorder,
            moment=START,
        )
    assert Enrolment.objects.expected().count() == 2


def test_a_seat_of_who_is_taken_off_goes_to_who_waits(city):
    activity = city.activity(capacity=1)
    people = [city.representative(name).representative for name in ("丁示例", "王样本")]
    for person in people:
        sign_up(activity=activity, representative=person, moment=BEFORE)
    take_off_list(activity=activity, representatives=people[:1], actor=city.recorder, moment=BEFORE)
    assert [state for _, _, state in listed(activity)] == ["withdrawn", "signed_up"]


def test_rule_22_who_is_obliged_after_signing_up_gives_the_seat_to_the_next(city):
    activity = city.activity(capacity=1)
    first, second = city.representative("丁示例"), city.representative("王样本")
    for mandate in (first, second):
        sign_up(activity=activity, representative=mandate.representative, moment=BEFORE)
    city.enrol(activity, first)
    assert listed(activity) == [("丁示例", "obliged", "signed_up"), ("王样本", "voluntary", "signed_up")]


def test_the_list_is_searched_filtered_and_people_taken_off_by_ticking(keeper, city):
    activity = city.activity()
    people = [city.representative(name) for name in ("丁示例", "王样本", "李拟名")]
    city.enrol(activity, *people[:2])
    city.enrol(activity, people[2], basis="invited")
    address = reverse("activity:people", args=[activity.pk])

    def shown(**query):
        html = keeper.get(address, query).content.decode()
        return [m.representative.name for m in people if f">{m.representative.name}<" in html]

    assert shown() == ["丁示例", "王样本", "李拟名"]
    assert (shown(q="王"), shown(q="dsl"), shown(basis="invited"), shown(basis="off")) == (
        ["王样本"], ["丁示例"], ["李拟名"], [],
    )  # fmt: skip
    assert "请先勾选" in keeper.post(address).content.decode()
    assert keeper.post(address, {"people": [people[0].representative_id]}).status_code == 302
    assert (shown(), shown(basis="off")) == (["王样本", "李拟名"], ["丁示例"])
    stranger = keeper.post(address, {"people": [999_999]})
    assert (stranger.status_code, len(shown())) == (200, 2)
    off = f"{address}?basis=off"
    assert "请先勾选要放回名单" in keeper.post(off).content.decode()
    assert (
        "勾选的代表已经不在这里"
        in keeper.post(off, {"people": [people[1].representative_id]}).content.decode()
    )
    assert keeper.post(off, {"people": [people[0].representative_id]}).url == off
    assert (shown(basis="obliged"), shown(basis="off")) == (["丁示例", "王样本"], [])


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_at_any_length(keeper, city, number):
    activity = city.activity()
    city.enrol(activity, *(city.representative(f"示例{n}", login=False) for n in range(number)))
    address = reverse("activity:people", args=[activity.pk])
    keeper.get(address)
    with CaptureQueriesContext(connection) as queries:
        keeper.get(address)
    assert len(queries) == 14


def test_the_list_of_another_area_does_not_exist(client, city, keeper):
    activity = city.activity()
    client.force_login(city.other_recorder)
    for step in ("people", "names", "enrol"):
        address = reverse(f"activity:{step}", args=[activity.pk])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
