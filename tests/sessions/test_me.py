"""我的履职: one's own year, signing up and withdrawing, and nobody else's anything."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.checkin.mine import attendance_of, coming_for
from sessions.models import Enrolment
from sessions.operations import change_activity, record_status
from tests.conftest import START
from tests.sessions.attending import scan

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START - 3 * HOUR, tick=False) as traveller:
        yield traveller


def client_of(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_is_for_who_is_signed_in():
    assert Client().get(reverse("me"))["Location"] == "/accounts/login/?next=/me/"


def test_what_one_must_attend_comes_with_no_button_to_withdraw(city):
    mandate = city.representative()
    activity = city.activity(title="必到的会")
    city.enrol(activity, mandate)
    page = client_of(mandate).get(reverse("me")).content.decode()
    assert ("必到的会" in page, reverse("me_withdraw", args=(activity.pk,)) in page) == (True, False)


def test_signing_up_and_withdrawing_go_there_and_back(city):
    mandate, activity = city.representative(), city.activity()
    client = client_of(mandate)
    states = []
    for name in ("me_sign_up", "me_sign_up", "me_withdraw"):
        client.post(reverse(name, args=(activity.pk,)))
        states.append(Enrolment.objects.get().state)
    assert states == ["signed_up", "signed_up", "withdrawn"]


def test_without_a_free_seat_one_waits_and_is_told_so(city):
    activity = city.activity(capacity=1)
    for name in ("示例甲", "示例乙"):
        client = client_of(city.representative(name))
        client.post(reverse("me_sign_up", args=(activity.pk,)))
    assert "名额已满，您在候补名单上" in text(client.get(reverse("me")))


def test_a_full_activity_offers_a_place_on_the_waiting_list(city):
    activity = city.activity(capacity=1)
    first, invited, other = (city.representative(name) for name in ("示例甲", "示例乙", "示例丙"))
    city.enrol(activity, invited, basis="invited")
    client_of(invited).post(reverse("me_withdraw", args=(activity.pk,)))
    buttons = []
    for _ in range(2):
        pages = [client_of(each).get(reverse("me")).content.decode() for each in (invited, other)]
        buttons.append([re.search(r'<button class="btn sec-b">(.*?)<', page).group(1) for page in pages])
        client_of(first).post(reverse("me_sign_up", args=(activity.pk,)))
    assert buttons == [["报名", "报名"], ["报名", "登记候补"]]


def test_who_is_invited_reads_that_word_and_says_that_they_do_not_come(city):
    mandate, activity = city.representative(), city.activity(title="请您来的")
    city.enrol(activity, mandate, basis="invited")
    client = client_of(mandate)
    before = text(client.get(reverse("me")))
    client.post(reverse("me_withdraw", args=(activity.pk,)))
    after = text(client.get(reverse("me")))
    words = ("受邀", "不参加了", "在名单", "取消报名", "已记下：您不参加“请您来的”。")
    assert [word in before for word in words] == [True, True, False, False, False]
    assert [word in after for word in words] == [False, False, False, False, True]


def test_looking_signs_nobody_up(city):
    mandate, activity = city.representative(), city.activity()
    assert client_of(mandate).get(reverse("me_sign_up", args=(activity.pk,))).status_code == 405
    assert Enrolment.objects.count() == 0


def test_to_a_congress_one_is_called_and_does_not_sign_up(city):
    mandate, activity = city.representative(), city.activity(kind="congress")
    assert client_of(mandate).post(reverse("me_sign_up", args=(activity.pk,))).status_code == 404


def test_a_draft_cannot_be_signed_up_for(city):
    mandate, activity = city.representative(), city.activity(state="draft")
    assert client_of(mandate).post(reverse("me_sign_up", args=(activity.pk,))).status_code == 404


def test_after_the_start_one_is_sent_to_the_door(city, clock):
    mandate, activity = city.representative(), city.activity()
    clock.move_to(START)
    client = client_of(mandate)
    client.post(reverse("me_sign_up", args=(activity.pk,)))
    assert "活动已经开始，不用报名，请到现场签到。" in text(client.get(reverse("me")))


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("/fenxianghui/", "/fenxianghui/"),
        ("https://evil.example/", "/me/"),
        ("//evil.example", "/me/"),
        ("/\\evil.example", "/me/"),
        ("javascript:alert(1)", "/me/"),
        ("", "/me/"),
    ],
)
def test_the_way_back_stays_on_this_site(city, asked, where):
    mandate, activity = city.representative(), city.activity()
    answer = client_of(mandate).post(reverse("me_sign_up", args=(activity.pk,)), {"next": asked})
    assert answer["Location"] == where


def test_an_activity_in_its_window_leads_to_the_check_in(city, clock):
    mandate, activity = city.representative(), city.activity()
    city.enrol(activity, mandate)
    client = client_of(mandate)
    before = reverse("check_in", args=(activity.door,)) in client.get(reverse("me")).content.decode()
    clock.move_to(START)
    after = reverse("check_in", args=(activity.door,)) in client.get(reverse("me")).content.decode()
    assert (before, after) == (False, True)


def test_who_is_there_is_told_since_when_and_asked_to_do_nothing_more(city, clock):
    mandate, activity = city.representative(), city.activity()
    city.enrol(activity, mandate)
    client = client_of(mandate)
    clock.move_to(START - HOUR / 4)
    seen = []
    for _ in range(2):
        page = client.get(reverse("me")).content.decode()
        offers = [reverse(name, args=(activity.pk,)) in page for name in ("me_leave", "me_withdraw")]
        seen.append((page.count("已签到 14:15"), reverse("check_in", args=(activity.door,)) in page, offers))
        scan(activity, mandate, START - HOUR / 4)
    assert seen == [(0, True, [True, False]), (2, False, [False, False])]


def test_who_signed_up_and_came_is_not_asked_to_withdraw(city, clock):
    mandate, activity = city.representative(), city.activity()
    client = client_of(mandate)
    client.post(reverse("me_sign_up", args=(activity.pk,)))
    clock.move_to(START)
    seen = [reverse("me_withdraw", args=(activity.pk,)) in client.get(reverse("me")).content.decode()]
    scan(activity, mandate)
    seen.append(reverse("me_withdraw", args=(activity.pk,)) in client.get(reverse("me")).content.decode())
    assert seen == [True, False]


def test_where_leaving_is_recorded_the_door_is_offered_again_in_its_time(city, clock):
    mandate, activity = city.representative(), city.activity()
    change_activity(activity=activity, actor=city.office, check_out_required=True)
    city.enrol(activity, mandate)
    client = client_of(mandate)
    scan(activity, mandate)
    seen = []
    for moment in (START, START + HOUR, START + 1.9 * HOUR):
        clock.move_to(moment)
        page = client.get(reverse("me")).content.decode()
        seen.append(("16:15 起签退" in page, "去签退" in page, "去签到" in page))
    assert seen == [(True, False, False), (False, False, False), (False, True, False)]


def attended(city, mandate, *, title, starts_at=START - 300 * HOUR):
    activity = city.activity(title=title, starts_at=starts_at)
    city.enrol(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="present",
        actor=city.recorder,
        moment=starts_at,
    )


def test_one_sees_ones_own_attendance_of_a_year_and_nobody_elses(city):
    mine, other = city.representative("示例甲"), city.representative("示例乙")
    attended(city, mine, title="我去过的")
    attended(city, other, title="他人去过的")
    attended(city, mine, title="去年去过的", starts_at=START - 365 * 24 * HOUR)
    client = client_of(mine)
    now = text(client.get(reverse("me_attendance")))
    last = text(client.get(reverse("me_attendance"), {"year": "2025"}))
    seen = [(("我去过的" in p), ("去年去过的" in p), ("他人去过的" in p)) for p in (now, last)]
    assert seen == [(True, False, False), (False, True, False)]


@pytest.mark.parametrize("year", ["1999", "abc", "٢٠٢٥", "-1", "\x00"])
def test_a_year_that_makes_no_sense_shows_this_one(city, year):
    response = client_of(city.representative()).get(reverse("me_attendance"), {"year": year})
    assert (response.status_code, "这一年还没有签到记录" in text(response)) == (200, True)


def test_an_evening_on_the_last_day_belongs_to_the_year_of_shanghai(city):
    mandate = city.representative()
    attended(
        city,
        mandate,
        title="跨年夜",
        starts_at=START.replace(year=2025, month=12, day=31, hour=23, minute=50),
    )
    client = client_of(mandate)
    assert "跨年夜" in text(client.get(reverse("me_attendance"), {"year": "2025"}))


def test_staff_without_a_mandate_are_shown_their_work(city):
    client = Client()
    client.force_login(city.recorder)
    page = text(client.get(reverse("me")))
    assert ("名册与签到" in page, "这个账号没有代表身份" in page) == (True, True)
    assert client.get(reverse("me_attendance")).status_code == 404


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_ones_own_pages_take_the_same_queries_at_one_and_three_rows(city):
    """No literal figure: what the card of points adds is the business of the floor above."""
    mandate = city.representative()
    client = client_of(mandate)
    counts = []
    for n in range(3):
        city.enrol(city.activity(title=f"将来{n}"), mandate)
        city.activity(title=f"可报{n}")
        attended(city, mandate, title=f"去过{n}")
        client.get(reverse("me"))
        counts.append([queries_of(client, reverse(name)) for name in ("me", "me_attendance")])
    assert counts[0] == counts[2]


@pytest.mark.parametrize("count", [1, 3])
def test_what_comes_takes_four_queries_and_the_attendance_one(city, django_assert_num_queries, count):
    mandate = city.representative()
    for n in range(count):
        city.enrol(city.activity(title=f"将来{n}"), mandate)
        attended(city, mandate, title=f"去过{n}")
    with django_assert_num_queries(4):
        assert len(coming_for(mandate.representative, START - 3 * HOUR)) == count
    with django_assert_num_queries(1):
        assert len({row.activity.area.name for row in attendance_of(mandate.representative, 2026)}) == 1
