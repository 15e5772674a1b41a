"""Reminders and notices: when, to whom, in which words, and once (PRODUCT.md, rule 23; THREATS 4, 18, 42)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from sessions.models import Attendance, Enrolment, Notice
from sessions.operations import (
    ActivityRefused,
    cancel_activity,
    close_roll,
    record_status,
    reschedule_activity,
    set_reminders,
    sign_up,
    withdraw,
)
from sessions.operations.reminding import claim_notices, plan_reminders
from sessions.reminders.offsets import in_words
from sessions.reminders.rounds import send_due
from tests.conftest import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "13900001234"


def with_mail(mandate, address="ding@example.org"):
    user = mandate.representative.user
    user.email = address
    user.save()
    return mandate


@pytest.fixture
def one(city):
    """Somebody with an address on the list of an activity."""
    mandate = with_mail(city.representative("丁示例"))
    activity = city.activity(place="石桥镇")
    city.enrol(activity, mandate)
    return activity, mandate


def subjects():
    return [letter.subject for letter in mail.outbox]


def run(*moments):
    """Let a round run at each of the moments and return how many letters each sent."""
    sent = []
    for moment in moments:
        before = len(mail.outbox)
        send_due(moment)
        sent.append(len(mail.outbox) - before)
    return sent


def test_rule_23_reminders_go_out_three_days_one_day_and_two_hours_before_each_once(one):
    due = [START - 3 * DAY, START - DAY, START - 2 * HOUR]
    rounds = [START - 9 * DAY, START - 4 * DAY]
    rounds += [moment + late for moment in due for late in (-MINUTE, 0 * MINUTE, MINUTE, HOUR)]
    assert run(*rounds, START + MINUTE) == [0, 0] + [0, 1, 0, 0] * 3 + [0]
    assert set(subjects()) == {"活动提醒：“示例分享会”"}


def test_rule_23_reminders_move_with_the_session_and_go_out_once(one, city):
    activity, _ = one
    assert run(START - 4 * DAY, START - 3 * DAY) == [0, 1]
    new = START + 7 * DAY
    reschedule_activity(activity=activity, starts_at=new, ends_at=new + HOUR, actor=city.office)
    assert run(START - 3 * DAY + MINUTE) == [1]
    assert subjects()[-1] == "“示例分享会”改期了"
    assert run(START - DAY, START - 2 * HOUR) == [0, 0]  # the old offsets are gone
    assert run(new - 4 * DAY, new - 3 * DAY, new - DAY, new - 2 * HOUR) == [0, 1, 1, 1]
    assert run(new - 2 * HOUR + MINUTE) == [0]


def test_rule_23_a_small_move_repeats_no_reminder_of_that_day(one, city):
    activity, _ = one
    run(START - 4 * DAY, START - 3 * DAY)
    later = START + HOUR
    reschedule_activity(activity=activity, starts_at=later, ends_at=later + HOUR, actor=city.office)
    sent = run(START - 3 * DAY + MINUTE, later - 3 * DAY, later - DAY, later - 2 * HOUR)
    assert sent == [1, 0, 1, 1]  # the first is the notice of the move


@pytest.mark.parametrize("status", ["leave", "exempt"])
def test_rule_23_the_excused_are_not_reminded(one, city, status):
    activity, mandate = one
    plan_reminders(moment=START - 4 * DAY)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status=status,
        actor=city.recorder,
        moment=START - 3 * DAY - HOUR,
        reason="公务",
    )
    assert run(START - 3 * DAY, START - DAY) == [0, 0]
    assert set(Notice.objects.values_list("state", flat=True)) == {"skipped", "pending"}


def test_rule_23_who_withdrew_or_waits_is_not_reminded(city):
    first, second = (
        with_mail(city.representative(n), f"{k}@example.org") for k, n in enumerate(("甲示例", "乙示例"))
    )
    activity = city.activity(capacity=1)
    for mandate in (first, second):
        sign_up(activity=activity, representative=mandate.representative, moment=START - 5 * DAY)
    run(START - 4 * DAY)
    withdraw(activity=activity, representative=first.representative, moment=START - 4 * DAY)
    assert run(START - 4 * DAY + MINUTE, START - 3 * DAY) == [1, 1]  # promoted, then reminded
    assert [letter.to for letter in mail.outbox] == [["1@example.org"]] * 2


def test_rule_23_late_planning_skips_the_offsets_already_past(one):
    assert run(START - DAY + HOUR, START - 2 * HOUR) == [0, 1]


def test_rule_23_after_a_pause_only_the_latest_reminder_goes_out(one):
    plan_reminders(moment=START - 4 * DAY)
    assert run(START - HOUR) == [1]
    assert sorted(Notice.objects.values_list("offset_minutes", "state")) == [
        (120, "sent"),
        (1440, "skipped"),
        (4320, "skipped"),
    ]


def test_nobody_is_reminded_of_what_has_begun_or_is_closed(one, city):
    activity, _ = one
    plan_reminders(moment=START - 4 * DAY)
    close_roll(activity=activity, actor=city.recorder, moment=START + HOUR)
    assert run(START + HOUR) == [0]


def test_a_draft_reminds_nobody(city):
    activity = city.activity(state="draft")
    city.enrol(activity, with_mail(city.representative()))
    assert run(START - 3 * DAY, START - DAY) == [0, 0]


def test_who_is_listed_later_is_reminded_of_what_is_left(one, city):
    activity, _ = one
    run(START - 4 * DAY, START - 3 * DAY)
    city.enrol(activity, with_mail(city.representative("王样本"), "wang@example.org"))
    assert run(START - 2 * DAY, START - DAY) == [0, 2]


def test_a_letter_holds_ones_own_facts_and_our_own_host(one, settings):
    settings.PUBLIC_URL = "https://portal.example"
    run(START - DAY)
    letter = mail.outbox[0]
    assert letter.to == ["ding@example.org"]
    assert re.findall(r"https?://[^/\s]+", letter.body) == ["https://portal.example"]
    for words in (
        "丁示例代表，您好。",
        "2026 年 6 月 18 日（周四） 14:30—16:30",
        "地点：石桥镇",
        "您在应到名单里",
    ):
        assert words in letter.body


def test_without_an_address_the_number_is_used_and_without_both_the_own_page(one, city, caplog):
    activity, _ = one
    city.enrol(activity, city.representative("王样本", phone=PHONE), city.representative("李拟名"))
    done = send_due(START - DAY)
    assert (done.planned, done.sent) == (6, 3)
    sent = Notice.objects.filter(state="sent").order_by("pk").values_list("channel", flat=True)
    assert list(sent) == ["email", "sms", "site"]
    assert "活动提醒：“示例分享会”" in caplog.text
    assert PHONE not in caplog.text


def test_a_promotion_is_told_once_each_time_it_happens(city):
    first, second = (
        with_mail(city.representative("甲示例")),
        with_mail(city.representative("乙示例"), "b@example.org"),
    )
    activity = city.activity(capacity=1)
    moment = START - 9 * DAY
    for _ in range(2):
        for mandate in (first, second):
            sign_up(activity=activity, representative=mandate.representative, moment=moment)
        withdraw(activity=activity, representative=first.representative, moment=moment)
        run(moment, moment)
        withdraw(activity=activity, representative=second.representative, moment=moment)
        moment += HOUR
    assert subjects() == ["“示例分享会”有名额了，您已报上名"] * 2
    assert {tuple(letter.to) for letter in mail.outbox} == {("b@example.org",)}


def test_calling_off_tells_the_list_once_with_the_reason_and_ends_the_reminders(one, city):
    activity, _ = one
    city.enrol(activity, city.representative("王样本", phone=PHONE))
    run(START - 4 * DAY)
    cancel_activity(activity=activity, reason="场地检修", actor=city.office)
    assert run(START - 3 * DAY, START - DAY) == [1, 0]
    assert subjects() == ["“示例分享会”已取消"]
    assert "原因：场地检修" in mail.outbox[0].body
    sms = Notice.objects.get(kind="cancelled", channel="sms")
    assert sms.state == "sent"


def test_a_draft_that_is_called_off_or_moved_tells_nobody(city):
    activity = city.activity(state="draft")
    city.enrol(activity, with_mail(city.representative()))
    reschedule_activity(
        activity=activity, starts_at=START + DAY, ends_at=START + DAY + HOUR, actor=city.office
    )
    cancel_activity(activity=activity, reason="天气", actor=city.office)
    assert (Notice.objects.count(), activity.moves) == (0, 0)


def test_of_two_moves_before_a_round_only_the_last_is_told(one, city):
    activity, _ = one
    for days in (1, 2):
        reschedule_activity(
            activity=activity,
            starts_at=START + days * DAY,
            ends_at=START + days * DAY + HOUR,
            actor=city.office,
        )
    assert run(START - 9 * DAY) == [1]
    assert "2026 年 6 月 20 日" in mail.outbox[0].body
    assert "原定时间：2026 年 6 月 18 日（周四） 14:30" in mail.outbox[0].body


def test_an_activity_may_have_its_own_offsets_or_none(one, city):
    activity, _ = one
    set_reminders(activity=activity, offsets=[90], actor=city.office)
    assert run(START - 3 * DAY, START - 90 * MINUTE) == [0, 1]
    other = city.activity(title="不提醒的")
    city.enrol(other, with_mail(city.representative("王样本"), "w@example.org"))
    set_reminders(activity=other, offsets=[], actor=city.office)
    before = len(mail.outbox)
    run(START - 2 * HOUR)
    assert len(mail.outbox) == before


@pytest.mark.parametrize("offsets", [[0], [60 * 24 * 61], [1, 2, 3, 4, 5, 6, 7]])
def test_offsets_that_make_no_sense_are_refused(city, offsets):
    activity = city.activity()
    with pytest.raises(ActivityRefused):
        set_reminders(activity=activity, offsets=offsets, actor=city.office)
    assert activity.reminder_rules.count() == 0


def test_the_command_says_what_it_did(one, capsys):
    call_command("remind", moment=START - DAY)
    assert capsys.readouterr().out == "新排 2 条，发出 1 条，不用再发 0 条，没有发出 0 条。\n"


@pytest.mark.parametrize("people", [1, 3])
def test_a_round_takes_the_same_reads_for_one_and_for_three(city, people, django_assert_num_queries):
    activity = city.activity()
    city.enrol(activity, *(city.representative(f"示例{n}", login=False) for n in range(people)))
    plan_reminders(moment=START - 4 * DAY)
    with django_assert_num_queries(8):  # planning that finds nothing new
        plan_reminders(moment=START - 4 * DAY)
    with django_assert_num_queries(6):
        claim_notices(moment=START - 3 * DAY)


def test_offsets_are_said_in_words():
    assert [in_words(minutes) for minutes in (4320, 120, 90)] == ["提前 3 天", "提前 2 小时", "提前 90 分钟"]


def test_the_same_notice_twice_is_one_row(one):
    plan_reminders(moment=START - 4 * DAY)
    plan_reminders(moment=START - 4 * DAY)
    assert Notice.objects.count() == 3
    copies = [Notice.objects.first()]
    copies[0].pk = None
    Notice.objects.bulk_create(copies, ignore_conflicts=True)
    assert Notice.objects.count() == 3
    assert (Attendance.objects.count(), Enrolment.objects.count()) == (0, 1)
