"""Checking out where the activity demands it: rule 6 of attendance, by operations and on the phone's pages."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.checkin.rolls import without_check_out
from sessions.checkin.wall import wall_at
from sessions.models import Activity, Attendance, AttendanceEvent
from sessions.operations import (
    ActivityRefused,
    RollRefused,
    change_activity,
    check_in,
    check_out,
    close_roll,
    record_leaving,
    record_status,
)
from tests.conftest import START
from tests.sessions.test_checkin_pages import field, press, reason

SECOND, MINUTE, HALF = timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=30)
END = START + timedelta(hours=2)
OPENS, CLOSES = END - 15 * MINUTE, END + 60 * MINUTE


@pytest.fixture
def one(city):
    """An open activity that demands check-out, with one obliged representative."""
    mandate = city.representative()
    activity = city.activity(title="走进联络站")
    change_activity(activity=activity, actor=city.office, check_out_required=True)
    city.enrol(activity, mandate)
    activity.refresh_from_db()
    return activity, mandate


def arrive(activity, mandate, moment=START):
    return attempt(check_in, activity, mandate, moment)


def leave(activity, mandate, moment=END, **more):
    return attempt(check_out, activity, mandate, moment, **more)


def attempt(verb, activity, mandate, moment, nonce=None, **more):
    return verb(
        activity=activity,
        representative=mandate.representative,
        nonce=nonce or uuid.uuid4().hex,
        moment=moment,
        token=code_at(activity.check_in_key, moment).token,
        **more,
    )


def tick_out(activity, actor, moment, *mandates):
    return record_leaving(
        activity=activity, representatives=[m.representative for m in mandates], actor=actor, moment=moment
    )


# --- the operation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "early", "outcome", "status"),
    [
        (OPENS - SECOND, False, "not_open", "present"),
        (OPENS - SECOND, True, "left", "left_early"),
        (OPENS, False, "left", "present"),
        (OPENS, True, "left", "present"),
        (CLOSES, False, "left", "present"),
        (CLOSES + SECOND, False, "window_closed", "present"),
        (CLOSES + SECOND, True, "window_closed", "present"),
    ],
)
def test_rule_6_the_edges_of_leaving_hold_to_the_second(one, moment, early, outcome, status):
    activity, mandate = one
    arrive(activity, mandate)
    answer = leave(activity, mandate, moment, early=early)
    row = Attendance.objects.get()
    left_at = moment if outcome == "left" else None
    assert (answer.outcome, row.status, row.left_at) == (outcome, status, left_at)


def test_rule_6_who_came_late_and_leaves_early_did_both(one):
    activity, mandate = one
    arrive(activity, mandate, START + 11 * MINUTE)
    assert leave(activity, mandate, START + HALF, early=True).attendance.status == "late_left"


def test_rule_6_a_second_check_out_answers_already_and_keeps_the_first_time(one):
    activity, mandate = one
    arrive(activity, mandate)
    first, again = leave(activity, mandate, OPENS), leave(activity, mandate, END)
    assert (first.outcome, first.new, again.outcome, again.new) == ("left", True, "already", False)
    assert again.attendance.left_at == OPENS


def test_rule_6_a_retry_with_the_same_nonce_leaves_once_and_other_content_is_a_conflict(one):
    activity, mandate = one
    arrive(activity, mandate)
    token = code_at(activity.check_in_key, END).token
    common = {
        "activity": activity,
        "representative": mandate.representative,
        "nonce": "n" * 32,
        "token": token,
    }
    answers = [check_out(moment=END + n * SECOND, **common).outcome for n in range(2)]
    answers += [check_out(moment=END, early=True, **common).outcome, check_in(moment=END, **common).outcome]
    assert answers == ["left", "left", "conflict", "conflict"]
    kinds = list(AttendanceEvent.objects.order_by("received_at").values_list("kind", flat=True))
    assert sorted(kinds) == ["created", "left", "refused", "refused"]


def test_rule_6_the_history_says_when_and_from_what(one):
    activity, mandate = one
    arrive(activity, mandate)
    leave(activity, mandate, START + HALF, early=True)
    event = AttendanceEvent.objects.get(kind="left")
    assert (event.old_status, event.new_status, event.method, event.happened_at) == (
        "present",
        "left_early",
        "self_qr",
        START + HALF,
    )


def test_rule_6_who_never_came_cannot_leave(one, city):
    activity, mandate = one
    assert leave(activity, mandate).outcome == "not_eligible"
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="absent",
        actor=city.recorder,
        moment=START,
    )
    assert leave(activity, mandate).outcome == "not_eligible"
    assert Attendance.objects.get().left_at is None


def test_rule_6_leaving_takes_a_code_of_this_moment(one):
    activity, mandate = one
    arrive(activity, mandate)
    old = code_at(activity.check_in_key, END - 2 * MINUTE).token
    common = {"activity": activity, "representative": mandate.representative, "nonce": "n" * 32}
    assert check_out(moment=END, token=old, **common).outcome == "expired"
    assert check_out(moment=END, digits="000000", **common | {"nonce": "m" * 32}).outcome == "invalid"


def test_rule_6_without_the_demand_nobody_needs_to_check_out(city):
    mandate, activity = city.representative(), city.activity()
    city.enrol(activity, mandate)
    arrive(activity, mandate)
    assert leave(activity, mandate, START + HALF, early=True).outcome == "already"
    close_roll(activity=activity, actor=city.recorder, moment=END)
    assert Attendance.objects.counts() == {"present": 1}


def test_rule_6_where_it_is_demanded_the_close_says_who_was_not_seen_leaving(one, city):
    activity, seen = one
    unseen, late, guest = (city.representative(name) for name in ("甲示例", "乙示例", "丙示例"))
    city.enrol(activity, unseen, late)
    arrive(activity, seen)
    arrive(activity, unseen)
    arrive(activity, late, START + 20 * MINUTE)
    record_status(
        activity=activity,
        representative=guest.representative,
        status="visitor",
        actor=city.recorder,
        moment=START,
    )
    leave(activity, seen)
    listed = [row.representative.name for row in without_check_out(activity)]
    close_roll(activity=activity, actor=city.recorder, moment=END + HALF)
    rows = dict(Attendance.objects.values_list("representative__name", "status"))
    assert sorted(listed) == ["乙示例", "甲示例"]
    assert rows == {"丁示例": "present", "甲示例": "left_early", "乙示例": "late_left", "丙示例": "visitor"}
    said = set(AttendanceEvent.objects.filter(kind="changed").values_list("reason", flat=True))
    assert said == {"要求签退，收册时没有签退"}


def test_rule_6_the_recorder_ticks_who_leaves_without_a_code(one, city):
    activity, mandate = one
    other = city.representative("甲示例")
    city.enrol(activity, other)
    arrive(activity, mandate)
    arrive(activity, other)
    assert tick_out(activity, city.recorder, START + HALF, other) == 1
    assert [tick_out(activity, city.recorder, CLOSES, mandate, other) for _ in range(2)] == [1, 0]
    rows = set(Attendance.objects.values_list("representative__name", "status", "left_at"))
    assert rows == {("丁示例", "present", END), ("甲示例", "left_early", START + HALF)}
    close_roll(activity=activity, actor=city.recorder, moment=CLOSES)
    with pytest.raises(RollRefused, match="更改记录"):
        tick_out(activity, city.recorder, CLOSES, mandate)


def test_rule_6_taking_an_arrival_back_takes_the_leaving_back(one, city):
    activity, mandate = one
    arrive(activity, mandate)
    leave(activity, mandate)
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="absent",
        actor=city.recorder,
        moment=END,
        reason="代签，本人没有到",
    )
    row = Attendance.objects.get()
    assert (row.arrived_at, row.left_at) == (None, None)


def test_rule_6_once_somebody_left_the_end_stays_as_it_is(one, city):
    activity, mandate = one
    arrive(activity, mandate)
    leave(activity, mandate)
    with pytest.raises(ActivityRefused, match="已经有人签退"):
        change_activity(activity=activity, actor=city.office, ends_at=END + HALF)


def test_rule_6_the_wall_shows_codes_until_people_have_left(one):
    activity, _ = one
    shown = {moment: wall_at(activity, moment) for moment in (START + 40 * MINUTE, END, CLOSES + SECOND)}
    assert [bool(each["qr"]) for each in shown.values()] == [True, True, False]
    assert shown[END]["state"] == "散会时请扫码签退"


# --- the phone ------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(one):
    activity, mandate = one
    with time_machine.travel(START, tick=False) as clock:
        client = Client(enforce_csrf_checks=True)
        client.force_login(mandate.representative.user)
        yield activity, client, clock


def qr(activity, moment):
    return reverse("check_in_scan", args=(activity.door, code_at(activity.check_in_key, moment).token))


def test_a_second_scan_in_the_time_of_leaving_checks_out_with_one_button(phone):
    activity, client, clock = phone
    press(client, client.get(qr(activity, START)))
    clock.move_to(OPENS)
    page = client.get(qr(activity, OPENS))
    left = press(client, page, leaving=field(page, "leaving"))
    again = client.get(qr(activity, OPENS))
    told = [reason(each) for each in (page, left, again)]
    assert told == [(200, "ask_out"), (200, "left"), (200, "already_out")]
    assert Attendance.objects.get().left_at == OPENS


def test_before_that_leaving_takes_a_word_of_ones_own(phone):
    activity, client, clock = phone
    press(client, client.get(qr(activity, START)))
    clock.move_to(START + HALF)
    page = client.get(qr(activity, START + HALF))
    assert (reason(page), "现在离开，记为早退" in page.content.decode()) == ((200, "already"), True)
    plain = press(client, page, leaving="out")
    assert (reason(plain), Attendance.objects.get().left_at) == ((403, "out_not_open"), None)
    assert reason(press(client, plain, qr(activity, START + HALF), leaving="early")) == (200, "left_early")


def test_six_digits_serve_for_leaving_too_and_wrong_ones_stay_in_the_field(phone):
    activity, client, clock = phone
    press(client, client.get(qr(activity, START)))
    clock.move_to(END)
    door = reverse("check_in", args=(activity.door,))
    page = client.get(door)
    wrong = press(client, page, leaving="out", digits="12345")
    right = press(client, wrong, leaving="out", digits=code_at(activity.check_in_key, END).digits)
    assert [reason(each) for each in (page, wrong, right)] == [
        (200, "type_out"),
        (400, "type_out"),
        (200, "left"),
    ]
    assert 'value="12345"' in wrong.content.decode()


def test_the_list_of_open_activities_offers_leaving(phone):
    activity, client, clock = phone
    press(client, client.get(qr(activity, START)))
    texts = []
    for moment in (START + HALF, END, CLOSES + SECOND):
        clock.move_to(moment)
        page = client.get(reverse("check_in_open")).content.decode()
        texts.append(("16:15 起" in page, 'name="leaving" value="out"' in page, "走进联络站" in page))
    assert texts == [(True, False, True), (True, True, True), (False, False, False)]


def test_the_recorder_ticks_leaving_on_the_roll_and_on_the_page_of_closing(phone, city):
    activity, client, clock = phone
    press(client, client.get(qr(activity, START)))
    person = Attendance.objects.get().representative_id
    clock.move_to(END)
    staff, stranger = Client(), Client()
    staff.force_login(city.recorder)
    stranger.force_login(city.other_recorder)
    address, data = reverse("roll_leaving", args=(activity.pk,)), {"people": str(person), "next": "close"}
    assert "没有签退" in staff.get(reverse("roll_close", args=(activity.pk,))).content.decode()
    assert stranger.post(address, data).status_code == 404
    stale = {"absent": "0", "pending": "0", "unseen": "0"}
    assert staff.post(reverse("roll_close", args=(activity.pk,)), stale).status_code == 409
    assert staff.post(address, {"people": "x"}).status_code == 302
    assert staff.post(address, data)["Location"] == reverse("roll_close", args=(activity.pk,))
    assert staff.post(reverse("roll_close", args=(activity.pk,)), stale).status_code == 302
    assert (Activity.objects.get().state, Attendance.objects.get().status) == ("closed", "present")
