"""The online part of a session: its own method of attendance, its own page, its address for who is expected."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from scoring.facts import READERS
from sessions.checkin.codes import code_at
from sessions.checkin.mine import coming_for
from sessions.checkin.online import link_for
from sessions.checkin.rolls import roll_sum
from sessions.checkin.wall import wall_at
from sessions.models import Attendance, AttendanceEvent
from sessions.operations import ActivityRefused, change_activity, check_in, close_roll, sign_up
from stations.models import Mandate
from tests.conftest import START
from tests.sessions.faces import face

MINUTE = timedelta(minutes=1)
LINK = "https://meeting.example/1"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hybrid(city):
    mandate = city.representative("丁示例")
    activity = city.activity(mode="hybrid", online_url=LINK)
    city.enrol(activity, mandate)
    return activity, mandate


def client_of(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def claim(activity, mandate, *, online, digits=True, **more):
    code = code_at(activity.check_in_key, START)
    shown = {"digits": code.digits} if digits else {"token": code.token}
    return check_in(
        activity=activity, representative=mandate.representative, nonce="n" * 32, moment=START, online=online,
        **shown | more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "online", "digits", "method"),
    [
        ("hybrid", True, True, "self_online"),
        ("hybrid", True, False, "self_online"),
        ("hybrid", False, True, "self_code"),
        ("hybrid", False, False, "self_qr"),
        ("online", False, True, "self_online"),
        ("onsite", True, True, "self_code"),
    ],
)
def test_the_part_one_takes_is_the_method_of_attendance(city, mode, online, digits, method):
    mandate = city.representative()
    activity = city.activity(mode=mode)
    city.enrol(activity, mandate)
    assert claim(activity, mandate, online=online, digits=digits).outcome == "created"
    assert Attendance.objects.get().method == AttendanceEvent.objects.get().method == method


def test_saying_another_part_with_the_same_nonce_is_a_conflict(hybrid):
    activity, mandate = hybrid
    assert claim(activity, mandate, online=True).outcome == "created"
    assert claim(activity, mandate, online=True).outcome == "created"
    assert claim(activity, mandate, online=False).outcome == "conflict"


def test_the_online_page_gives_no_second_allowance_of_guesses(hybrid):
    activity, mandate = hybrid
    right = int(code_at(activity.check_in_key, START).digits)
    outcomes = [
        check_in(
            activity=activity, representative=mandate.representative, nonce=f"{n:032d}", moment=START,
            digits=f"{(right + n) % 10**6:06d}", online=n % 2 == 0,
        ).outcome
        for n in range(1, 8)
    ]  # fmt: skip
    assert outcomes == ["invalid"] * 5 + ["rate_limited"] * 2


def test_the_page_leads_in_takes_the_digits_and_says_that_one_is_there(hybrid):
    activity, mandate = hybrid
    client = client_of(mandate)
    address = reverse("check_in_online", args=[activity.door])
    html = client.get(address).content.decode()
    assert (f'href="{LINK}"' in html, 'name="online" value="on"' in html) == (True, True)
    digits = code_at(activity.check_in_key, START).digits
    posted = {"digits": digits, "online": "on", "nonce": "n" * 32}
    answers = [client.post(reverse("check_in", args=[activity.door]), posted) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "线上参会" in answers[0].content.decode()
    assert "线上参会" in client.get(address).content.decode()
    assert (Attendance.objects.get().method, Attendance.objects.count()) == ("self_online", 1)


def test_a_wrong_code_keeps_both_ways_of_taking_part(hybrid):
    activity, mandate = hybrid
    answer = client_of(mandate).post(
        reverse("check_in", args=[activity.door]), {"digits": "000000", "online": "on", "nonce": "n" * 32}
    )
    assert answer.status_code == 400
    assert ('name="online"' in answer.content.decode(), "000000" in answer.content.decode()) == (True, True)


def test_who_is_not_signed_in_is_sent_to_the_login_and_an_onsite_session_has_no_such_page(city, hybrid):
    activity, mandate = hybrid
    address = reverse("check_in_online", args=[activity.door])
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"
    plain = city.activity(title="只有现场")
    for door in (plain.door, "no-such-door"):
        assert client_of(mandate).get(reverse("check_in_online", args=[door])).status_code == 404
    assert client_of(mandate).post(address).status_code == 405


def test_the_address_is_for_who_is_expected_from_the_day_before_until_the_end(city, hybrid):
    activity, mandate = hybrid
    entry = activity.enrolments.get()
    midnight = START.replace(hour=0, minute=0) - timedelta(days=1)
    seen = [
        bool(link_for(activity, entry, moment))
        for moment in (midnight - MINUTE, midnight, START, activity.ends_at, activity.ends_at + MINUTE)
    ]
    assert seen == [False, True, True, True, False]
    assert link_for(activity, None, START) == ""
    assert [c.link for c in coming_for(mandate.representative, START)] == [LINK]


def test_nobody_else_sees_the_address_anywhere(city, site, clock):
    clock.move_to(START - timedelta(hours=3))
    page = face(city, site, mode="hybrid", online_url=LINK, capacity=1)
    listed, seated, waiting, stranger = (city.representative(f"示例{n}") for n in "甲乙丙丁")
    city.enrol(page.activity, listed)
    for mandate in (seated, waiting):
        sign_up(
            activity=page.activity, representative=mandate.representative, moment=START - timedelta(hours=4)
        )
    seen = {}
    for name, client in {
        "anonymous": Client(), "listed": client_of(listed), "seated": client_of(seated),
        "waiting": client_of(waiting), "stranger": client_of(stranger),
    }.items():  # fmt: skip
        addresses = [page.url, "/fenxianghui/", "/calendar/sessions.ics", "/me/"]
        addresses.append(reverse("check_in_online", args=[page.activity.door]))
        seen[name] = [LINK in client.get(address).content.decode() for address in addresses]
    none = [False] * 5
    there = [True, False, False, False, True]
    assert seen == {"anonymous": none, "listed": there, "seated": there, "waiting": none, "stranger": none}


def test_wall_roll_and_sheet_tell_the_online_part(city, hybrid):
    activity, mandate = hybrid
    other = city.representative("王样本")
    city.enrol(activity, other)
    claim(activity, mandate, online=True)
    claim(activity, other, online=False)
    assert roll_sum(activity).online == 1
    assert wall_at(activity, START)["sums"][-1] == "线上 1 人"
    client = Client()
    client.force_login(city.recorder)
    html = client.get(reverse("roll", args=[activity.pk])).content.decode()
    assert ("其中线上 1 人" in html, html.count(">线上</span>")) == (True, 1)
    close_roll(activity=activity, actor=city.recorder, moment=START + timedelta(hours=3))
    records = READERS["attendance"](Mandate.objects.order_by("pk"), START.date(), START.date())
    assert sorted(record.label for record in records) == ["示例分享会", "示例分享会（线上）"]


def test_public_pages_tag_the_online_part(client, city, site, clock):
    clock.move_to(START - timedelta(days=9))
    page = face(city, site, mode="hybrid")
    for address in (page.url, "/fenxianghui/"):
        assert "现场和线上同步" in client.get(address).content.decode()


def test_an_address_without_an_online_part_is_refused(city):
    activity = city.activity(mode="hybrid", online_url=LINK)
    with pytest.raises(ActivityRefused, match="参加方式"):
        change_activity(activity=activity, actor=city.office, mode="onsite")
    assert (
        change_activity(activity=activity, actor=city.office, mode="onsite", online_url="").mode == "onsite"
    )
