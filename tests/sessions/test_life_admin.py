"""Moving, calling off and reminding in the admin: what will happen is said first; who is told sees it on 我的履职."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.models import Notice
from sessions.operations import cancel_activity, record_status, reschedule_activity, sign_up
from sessions.reminders.rounds import send_due
from tests.conftest import START
from tests.opened import opened
from tests.sessions.faces import face

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE = START - 9 * DAY


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def keeper(client, city):
    """The recorder of the township, in the admin."""
    group = Group.objects.create(name="工作人员")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for person in (city.recorder, city.other_recorder, city.reviewer, city.auditor):
        person.groups.add(group)
    client.force_login(city.recorder)
    return client


def client_of(mandate):
    client = Client()
    client.force_login(mandate.representative.user)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


TIMES = {"starts_at": "2026-06-20 09:00", "ends_at": "2026-06-20 11:00"}


def test_moving_says_who_is_told_and_what_moves_before_it_is_done(keeper, city):
    activity = city.activity()
    city.enrol(activity, city.representative("丁示例"), city.representative("王样本", phone="13900001234"))
    address = reverse("activity:move", args=[activity.pk])
    said = text(keeper.get(address))
    assert "名单上 2 人会收到通知：短信 1 人，站内 1 人。" in said
    assert "提前 3 天、提前 1 天、提前 2 小时" in said
    assert Notice.objects.count() == 0
    posted = TIMES | {"seen": activity.starts_at.isoformat()}
    assert keeper.post(address, posted).status_code == 302
    activity.refresh_from_db()
    assert (activity.moved_from, activity.moves, activity.starts_at - START) == (START, 1, 42.5 * HOUR)
    assert Notice.objects.filter(kind="moved").count() == 2
    again = keeper.post(address, posted)  # a double click, or somebody who looked at the old time
    assert (again.status_code, "刚被别人改期" in text(again)) == (200, True)
    assert Notice.objects.filter(kind="moved").count() == 2


@pytest.mark.parametrize("seen", ["", "gestern", "2026-06-18T14:30:00"])
def test_a_move_that_saw_no_start_is_refused_and_keeps_what_was_typed(keeper, city, seen):
    activity = city.activity()
    answer = keeper.post(reverse("activity:move", args=[activity.pk]), TIMES | {"seen": seen})
    assert (answer.status_code, "2026-06-20 09:00" in answer.content.decode()) == (200, True)
    activity.refresh_from_db()
    assert activity.starts_at == START


def test_whom_somebody_has_checked_in_to_is_moved_no_more(keeper, city):
    activity, mandate = city.activity(), city.representative()
    city.enrol(activity, mandate)
    record_status(
        activity=activity, representative=mandate.representative, status="present", actor=city.recorder, moment=START
    )  # fmt: skip
    posted = TIMES | {"seen": activity.starts_at.isoformat()}
    assert "已经有人签到" in text(keeper.post(reverse("activity:move", args=[activity.pk]), posted))


def test_calling_off_says_who_is_told(keeper, city):
    activity, draft = city.activity(), city.activity(state="draft")
    city.enrol(activity, city.representative())
    said = [text(keeper.get(reverse("activity:cancel", args=[each.pk]))) for each in (activity, draft)]
    assert ["名单上 1 人会收到通知" in said[0], "不会通知任何人" in said[1]] == [True, True]


def test_the_form_of_a_published_activity_leaves_its_times_to_the_step(keeper, city):
    shown = [
        'name="starts_at"'
        in keeper.get(reverse("activity:edit", args=[city.activity(state=s).pk])).content.decode()
        for s in ("draft", "open")
    ]
    assert shown == [True, False]


def test_reminders_are_set_seen_and_sent_again_without_an_address(keeper, city):
    activity = city.activity()
    city.enrol(activity, city.representative("王样本", phone="13900001234"))
    address = reverse("activity:reminders", args=[activity.pk])
    assert "照常（提前 3 天、提前 1 天、提前 2 小时）" in text(keeper.get(address))
    for hours, minutes in (("48， 1.5", [2880, 90]), ("", [])):
        keeper.post(address, {"own": "yes", "hours": hours} | opened(keeper, address))
        assert (
            sorted(activity.reminder_rules.values_list("offset_minutes", flat=True), reverse=True) == minutes
        )
    carried = opened(keeper, address)
    wrong = keeper.post(address, {"own": "yes", "hours": "明天"} | carried)
    assert ("请写数字" in text(wrong), "明天" in wrong.content.decode()) == (True, True)
    keeper.post(address, {"own": "no", "hours": ""} | carried)
    send_due(START - 4 * DAY)
    Notice.objects.update(state="failed", attempts=5, last_error="ConnectionError")
    said = text(keeper.get(address))
    assert ("没有发出 3 条" in said, "13900001234" in said) == (True, False)
    assert keeper.get(reverse("activity:send_again", args=[activity.pk])).status_code == 405
    keeper.post(reverse("activity:send_again", args=[activity.pk]))
    assert set(Notice.objects.values_list("state", flat=True)) == {"pending"}


@pytest.mark.parametrize("number", [1, 3])
def test_the_outbox_takes_the_same_queries_at_any_length(keeper, city, number):
    activity = city.activity()
    city.enrol(activity, *(city.representative(f"示例{n}", login=False) for n in range(number)))
    send_due(START - 4 * DAY)
    address = reverse("activity:reminders", args=[activity.pk])
    keeper.get(address)
    with CaptureQueriesContext(connection) as queries:
        keeper.get(address)
    assert len(queries) == 14


def test_who_only_reads_or_is_of_elsewhere_finds_no_step(client, city, keeper):
    activity = city.activity()
    steps = ("move", "copy", "reminders", "people", "names", "send_again")
    for person in (city.other_recorder, city.reviewer, city.auditor):
        client.force_login(person)
        answers = [client.post(reverse(f"activity:{step}", args=[activity.pk])).status_code for step in steps]
        assert answers == [404] * len(steps)
    activity.refresh_from_db()
    assert activity.starts_at == START


def test_the_own_page_shows_the_place_in_the_queue(city):
    activity = city.activity(capacity=1)
    people = [city.representative(f"示例{n}") for n in "甲乙丙"]
    for minute, mandate in enumerate(people):
        moment = BEFORE + timedelta(minutes=minute)
        sign_up(activity=activity, representative=mandate.representative, moment=moment)
    shown = [re.findall(r"候补第 \d 位|已报名", text(client_of(m).get("/me/"))) for m in people]
    assert shown == [["已报名"], ["候补第 1 位"], ["候补第 2 位"]]


def test_the_own_page_tells_moves_promotions_and_calling_off_and_nothing_of_others(city):
    mandate, other = city.representative("丁示例"), city.representative("王样本")
    moved, off = city.activity(title="改期的"), city.activity(title="取消的", starts_at=START + DAY)
    for activity in (moved, off):
        city.enrol(activity, mandate)
    reschedule_activity(
        activity=moved, starts_at=START + 2 * DAY, ends_at=START + 2 * DAY + HOUR, actor=city.office
    )
    cancel_activity(activity=off, reason="场地检修", actor=city.office)
    send_due(BEFORE)
    mine, theirs = (text(client_of(each).get("/me/")) for each in (mandate, other))
    for words in (
        "“改期的”改期了",
        "原定时间：2026 年 6 月 18 日（周四） 14:30",
        "“取消的”已取消",
        "原因：场地检修",
    ):
        assert (words in mine, words in theirs) == (True, False)


def test_the_public_page_says_old_and_new_time_and_not_why(client, city, site):
    page = face(city, site)
    reschedule_activity(
        activity=page.activity, starts_at=START + DAY, ends_at=START + DAY + HOUR, actor=city.office
    )
    said = text(client.get(page.url))
    assert "原定 2026 年 6 月 18 日（周四） 14:30，改为 2026 年 6 月 19 日（周五） 14:30—15:30" in said
    reschedule_activity(activity=page.activity, starts_at=START, ends_at=START + HOUR, actor=city.office)
    page.activity.refresh_from_db()
    assert (page.activity.moved_from, page.activity.moves) == (None, 2)
