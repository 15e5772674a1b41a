"""The screen in the hall: who may show it, what it says at a moment, and that the poll is small."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.checkin.wall import qr_svg, scan_address, wall_at
from sessions.operations import check_in, close_roll, record_status
from tests.conftest import START

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hall(city, clock):
    people = [city.representative(f"示例{n}") for n in "甲乙丙丁"]
    activity = city.activity()
    city.enrol(activity, *people)
    return activity, people


def arrive(activity, mandate, moment=START):
    token = code_at(activity.check_in_key, moment).token
    check_in(
        activity=activity,
        representative=mandate.representative,
        nonce=mandate.representative.name * 5,
        moment=moment,
        token=token,
    )


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_only_staff_of_the_activity_may_show_it(hall, city):
    activity, people = hall
    users = [
        city.recorder,
        city.office,
        city.other_recorder,
        city.reviewer,
        city.auditor,
        people[0].representative.user,
    ]
    for name in ("wall", "wall_state"):
        address = reverse(name, args=(activity.door,))
        assert [client_of(u).get(address).status_code for u in users] == [200, 200, 404, 404, 404, 404]
    anonymous = [
        Client().get(reverse(name, args=(activity.door,))).status_code for name in ("wall", "wall_state")
    ]
    assert anonymous == [302, 404]


def test_it_counts_who_came_who_is_excused_and_who_is_missing(hall, city):
    activity, people = hall
    arrive(activity, people[0])
    arrive(activity, people[1], START + 12 * MINUTE)
    record_status(
        activity=activity,
        representative=people[2].representative,
        status="leave",
        actor=city.recorder,
        moment=START,
    )
    shown = wall_at(activity, START + 13 * MINUTE)
    assert (shown["came"], shown["there"], shown["everyone"], shown["sums"]) == (
        2,
        2,
        4,
        ["应到 4 人", "请假 1 人", "未到 1 人"],
    )
    assert shown["names"] == [{"name": "示例乙", "time": "14:42"}, {"name": "示例甲", "time": "14:30"}]


def test_rule_14_the_code_and_what_is_left_of_it_come_from_the_servers_moment_alone(hall):
    activity, _ = hall
    moment = START + timedelta(seconds=7, milliseconds=250)
    shown, code = wall_at(activity, moment), code_at(activity.check_in_key, moment)
    assert shown["digits"].replace(" ", "") == code.digits
    assert shown["remaining_ms"] == code.remaining_ms == 22_750
    assert shown["qr"] == qr_svg(scan_address(activity, code.token))


def test_the_screen_never_asks_the_clock_of_its_computer():
    """Two hours off either way change nothing, because the script knows no clock at all (rule 14)."""
    script = Path("sessions/static/sessions/js/wall.js").read_text()
    assert re.findall(r"\bDate\b|toLocale|timeZone", script) == []


def test_the_qr_is_drawn_in_whole_modules_with_a_quiet_zone():
    svg = qr_svg("https://renda.example/c/abcdefghijkl/ABCDEFGHIJKLMNOP/")
    width = int(re.search(r'viewBox="0 0 (\d+) \1"', svg).group(1))
    assert (width - 4 - 17) % 4 == 0  # two quiet modules on each side, and the size of some version
    assert "style" not in svg


def test_before_after_and_outside_the_window_it_says_so(hall, city):
    activity, _ = hall
    said = [wall_at(activity, START + offset * MINUTE) for offset in (-40, 0, 31)]
    assert [(s["state"], bool(s["qr"])) for s in said] == [
        ("14:00 开始签到", True),
        ("", True),
        ("自助签到已截止，请到签到台登记", False),
    ]
    closed = close_roll(activity=activity, actor=city.recorder, moment=START)
    assert (wall_at(closed, START)["state"], wall_at(closed, START)["digits"]) == ("签到已经结束", "")


def test_an_unchanged_state_is_answered_304_and_a_new_name_or_step_is_not(hall, city, clock):
    activity, people = hall
    client = client_of(city.recorder)
    address = reverse("wall_state", args=(activity.door,))
    first = client.get(address)
    clock.shift(timedelta(seconds=2))
    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    arrive(activity, people[0])
    named = client.get(address, headers={"If-None-Match": first["ETag"]})
    clock.shift(timedelta(seconds=29))
    stepped = client.get(address, headers={"If-None-Match": named["ETag"]})
    assert [r.status_code for r in (first, same, named, stepped)] == [200, 304, 200, 200]
    assert same.content == b""
    assert json.loads(stepped.content)["digits"] != json.loads(named.content)["digits"]


def test_without_scripts_the_page_renews_itself_and_counts_in_words(hall, city):
    activity, _ = hall
    page = client_of(city.recorder).get(reverse("wall", args=(activity.door,))).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    assert "<span data-seconds>30</span> 秒后更换" in page


def test_the_screen_shows_names_and_no_phone_or_unit(hall, city):
    activity, people = hall
    person = people[0].representative
    person.phone, person.occupation = "13900000001", "示例合作社"
    person.save()
    arrive(activity, people[0])
    body = client_of(city.recorder).get(reverse("wall_state", args=(activity.door,))).content.decode()
    assert ("示例甲" in body, "1390000" in body, "合作社" in body) == (True, False, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_poll_takes_seven_queries_at_any_length(hall, city, django_assert_num_queries, count):
    activity, people = hall
    for mandate in people[:count]:
        arrive(activity, mandate)
    client = client_of(city.recorder)
    with django_assert_num_queries(7):
        client.get(reverse("wall_state", args=(activity.door,)))
