"""The pages of leave: asking, taking back, filing for somebody, the approver's queue; who reads what of it."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.models import Activity, Attendance, LeaveRequest
from sessions.operations import cancel_activity, lock_rolls, put_back, take_off_list, withdraw
from tests.conftest import START
from tests.sessions.leave_world import (
    AFTER,
    BEFORE,
    DETAIL,
    HOUR,
    client_of,
    close,
    decide,
    filed,
    form_of,
    page_of,
    scan,
    text,
)


@pytest.fixture
def clock():
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def one(city, clock):
    mandate = city.representative(electing_unit="第一选区")
    activity = city.activity(title="走进联络站")
    city.enrol(activity, mandate)
    return activity, mandate


# --- the representative ---------------------------------------------------------------------------------------


def test_one_asks_for_leave_sees_how_it_stands_and_takes_it_back(one, city):
    activity, mandate = one
    client = client_of(mandate)
    assert form_of(activity) in client.get(reverse("me")).content.decode()
    sent = client.post(form_of(activity), {"category": "sick", "detail": DETAIL})
    again = client.post(form_of(activity), {"category": "sick", "detail": DETAIL})
    pending = text(client.get(form_of(activity)))
    decide(LeaveRequest.objects.get(), city.recorder, reason="同意")
    approved, home = text(client.get(form_of(activity))), text(client.get(reverse("me")))
    back = client.post(reverse("me_leave_withdraw", args=(activity.pk,)))
    assert [r["Location"] for r in (sent, again, back)] == [form_of(activity)] * 3
    assert ("等待批准" in pending, DETAIL in pending) == (True, True)
    assert ("您的请假已批准" in approved, "批假意见 同意" in approved, "请假已批准" in home) == (True,) * 3
    assert LeaveRequest.objects.get().state == "withdrawn"


def test_what_was_typed_is_given_back_with_what_is_missing(one):
    activity, mandate = one
    answer = client_of(mandate).post(form_of(activity), {"detail": DETAIL})
    assert (answer.status_code, DETAIL in text(answer), "请选择一种事由" in text(answer)) == (400, True, True)
    long = client_of(mandate).post(form_of(activity), {"category": "sick", "detail": "假" * 301})
    assert (long.status_code, "不超过 300 字" in text(long)) == (400, True)


def test_the_reason_counts_its_characters_and_names_the_limit(one):
    activity, mandate = one
    page = client_of(mandate).get(form_of(activity)).content.decode()
    (field,) = re.findall(r"<textarea[^>]*>", page)
    said = ("data-count" in field, 'maxlength="300"' in field, "300 字以内。" in page)
    assert said == (True, True, True)
    client_of(mandate).post(form_of(activity), {"category": "sick", "detail": "一\r\n" * 149})
    assert LeaveRequest.objects.get().detail == "一\n" * 148 + "一"


def test_another_request_beside_a_live_one_is_refused_with_what_was_typed(one):
    activity, mandate = one
    filed(activity, mandate)
    answer = client_of(mandate).post(form_of(activity), {"category": "travel", "detail": "去省城开会"})
    assert (answer.status_code, "已经提过请假" in text(answer)) == (409, True)


def test_after_the_start_the_page_says_that_it_is_late(one, city, clock):
    activity, mandate = one
    close(activity, city.recorder)
    clock.move_to(AFTER)
    client = client_of(mandate)
    assert form_of(activity) in client.get(reverse("me_attendance")).content.decode()
    assert "活动已经开始" in text(client.get(form_of(activity)))
    client.post(form_of(activity), {"category": "family"})
    assert LeaveRequest.objects.get().filed_late is True


def test_leave_of_who_is_taken_off_the_list_waits_for_nobody_and_the_person_reads_why(one, city, clock):
    activity, mandate = one
    asked, client = filed(activity, mandate), client_of(mandate)
    off = {"activity": activity, "representatives": [mandate.representative]}
    take_off_list(**off, actor=city.recorder, moment=BEFORE)
    asked.refresh_from_db()
    step = asked.events.last()
    assert (asked.state, step.kind, step.actor, step.reason) == (
        "withdrawn", "withdrawn", city.recorder, "已移出名单，不用请假",
    )  # fmt: skip
    told, queued, home = (
        text(client.get(form_of(activity))),
        text(client_of(city.recorder).get(reverse("leave"))),
        text(client.get(reverse("me"))),
    )
    assert ("已不在这场活动的名单里" in told, "已移出名单，不用请假" in told, "提出请假" in told) == (
        True, True, False,
    )  # fmt: skip
    assert ("丁示例" in queued, "已移出名单" in home, "请假已撤回" in home) == (False, True, True)
    assert client.post(form_of(activity), {"category": "sick"}).status_code == 409
    assert client_of(city.representative("王样本")).get(form_of(activity)).status_code == 404
    assert close(activity, city.recorder).state == "closed"


def test_leave_goes_with_an_invitation_that_is_not_followed_and_a_decision_stays(city, clock):
    invited, excused = city.representative(), city.representative("王样本")
    activity = city.activity()
    city.enrol(activity, invited, basis="invited")
    city.enrol(activity, excused)
    asked, decided = filed(activity, invited), decide(filed(activity, excused), city.recorder)
    withdraw(activity=activity, representative=invited.representative, moment=BEFORE)
    people = {"activity": activity, "representatives": [excused.representative], "actor": city.recorder}
    take_off_list(**people, moment=BEFORE)
    put_back(**people)
    for request in (asked, decided):
        request.refresh_from_db()
    assert (asked.state, asked.events.last().reason, decided.state) == (
        "withdrawn", "本人不参加，不用请假", "approved",
    )  # fmt: skip
    close(activity, city.recorder)
    assert Attendance.objects.counts() == {"leave": 1}


def test_where_leave_makes_no_sense_there_is_no_form(one, city, clock):
    activity, mandate = one
    clock.move_to(START)
    client = client_of(mandate)
    scan(activity, mandate)
    came = client.get(form_of(activity))
    other = city.activity(title="另一场")
    city.enrol(other, mandate)
    cancel_activity(activity=other, reason="改期", actor=city.office)
    off = client.get(form_of(other))
    assert ["提出请假" in text(page) for page in (came, off)] == [False, False]
    assert [page.status_code for page in (came, off)] == [200, 200]
    assert client.post(form_of(activity), {"category": "sick"}).status_code == 409


@pytest.mark.parametrize("typed", [True, False])
def test_the_phone_knows_of_approved_leave_and_takes_who_came_after_all(one, city, clock, typed):
    activity, mandate = one
    decide(filed(activity, mandate), city.recorder)
    clock.move_to(START)
    client, code = client_of(mandate), code_at(activity.check_in_key, START)
    address = reverse("check_in", args=(activity.door,))
    if not typed:
        address = reverse("check_in_scan", args=(activity.door, code.token))
    page, said = client.get(address), {"digits": code.digits, "nonce": "n" * 32}
    asked = client.post(address, said)  # from a page that was opened before the approval
    came = client.post(address, said | {"nonce": "m" * 32, "despite_leave": "on"})
    words = ["您的请假已批准" in text(each) for each in (page, asked, came)]
    assert (words, "我已到场，改为签到" in text(page)) == ([True, True, False], True)
    assert ("签到成功" in text(came), Attendance.objects.get().status) == (True, "present")


def test_only_who_is_called_to_an_activity_finds_its_page(one, city):
    activity, mandate = one
    volunteer, stranger = city.representative("李示例"), city.representative("王示例")
    city.enrol(activity, volunteer, basis="voluntary")
    found = {}
    for name, who in {
        "mine": mandate,
        "volunteer": volunteer,
        "stranger": stranger,
        "staff": city.recorder,
    }.items():
        client = client_of(who)
        found[name] = (
            client.get(form_of(activity)).status_code,
            client.post(reverse("me_leave_withdraw", args=(activity.pk,))).status_code,
        )
    assert found == {"mine": (200, 404)} | dict.fromkeys(("volunteer", "stranger", "staff"), (404, 404))
    assert Client().get(form_of(activity))["Location"].startswith("/accounts/login/")


# --- filing for somebody --------------------------------------------------------------------------------------


def test_the_recorder_files_for_who_telephoned_and_then_cannot_decide(one, city):
    activity, mandate = one
    client, address = (
        client_of(city.recorder),
        reverse("roll_leave", args=(activity.pk, mandate.representative_id)),
    )
    assert address in client.get(reverse("roll", args=(activity.pk,))).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"detail": "打电话来"}).status_code == 400
    client.post(address, {"category": "family", "detail": "打电话来"})
    request = LeaveRequest.objects.get()
    page = client.get(page_of(request))
    refused = client.post(page_of(request), {"decision": "approve"})
    assert ("由您代为提出" in text(page), "批准请假" in text(page)) == (True, False)
    assert (refused.status_code, LeaveRequest.objects.get().state) == (403, "pending")
    decided = client_of(city.office).post(page_of(request), {"decision": "approve"})
    assert (decided["Location"], LeaveRequest.objects.get().state) == (reverse("leave"), "approved")


def test_nobody_files_outside_their_rolls_or_for_who_is_not_called(one, city):
    activity, mandate = one
    stranger = city.representative("李示例")
    told = [
        client_of(who)
        .post(reverse("roll_leave", args=(activity.pk, person)), {"category": "sick"})
        .status_code
        for who, person in (
            (city.other_recorder, mandate.representative_id),
            (city.reviewer, mandate.representative_id),
            (mandate, mandate.representative_id),
            (city.recorder, stranger.representative_id),
        )
    ]
    assert (told, LeaveRequest.objects.count()) == ([404] * 4, 0)


# --- the queue ------------------------------------------------------------------------------------------------


def test_the_queue_is_decided_at_once_with_one_reason(one, city):
    activity, mandate = one
    others = [city.representative(name) for name in ("甲示例", "乙示例")]
    city.enrol(activity, *others)
    requests = [filed(activity, each) for each in (mandate, *others)]
    client = client_of(city.recorder)
    assert "请假（3 条待批）" in text(client.get(reverse("me")))
    data = {"requests": [str(r.pk) for r in requests[:2]], "decision": "approve", "reason": "同意"}
    done = client.post(reverse("leave_decide"), data)
    assert (done["Location"], LeaveRequest.objects.granted().count()) == (reverse("leave"), 2)
    said = text(client.get(reverse("leave")))
    pending, approved = text(client.get(reverse("leave"))), text(client.get("/leave/?state=approved"))
    assert "已批准 2 人" in said
    assert ("乙示例" in pending, "丁示例" in pending) == (True, False)
    assert ("丁示例" in approved, "意见：同意" in approved) == (True, True)


def test_what_could_not_be_decided_is_named_and_the_reason_stays_in_the_field(one, city):
    activity, mandate = one
    other = city.representative("甲示例")
    city.enrol(activity, other)
    first, second = filed(activity, mandate), filed(activity, other)
    decide(first, city.office)
    data = {"requests": [str(first.pk), str(second.pk)], "decision": "approve", "reason": "一并同意"}
    answer = client_of(city.recorder).post(reverse("leave_decide"), data)
    assert answer.status_code == 409
    assert "丁示例：这条请假已由代工委处理：已批准" in text(answer)
    assert LeaveRequest.objects.granted().count() == 2
    coming = city.activity(title="下一场")
    city.enrol(coming, mandate)
    third = filed(coming, mandate)
    data = {"requests": [str(third.pk)], "decision": "refuse", "reason": ""}
    missing = client_of(city.recorder).post(reverse("leave_decide"), data)
    assert (missing.status_code, "写明原因" in text(missing), "checked" in missing.content.decode()) == (
        409,
        True,
        True,
    )
    gone = client_of(city.recorder).post(reverse("leave_decide"), data | {"requests": ["没有这条"]})
    assert (gone.status_code, "请刷新后再选" in text(gone)) == (400, True)
    nothing = client_of(city.recorder).post(
        reverse("leave_decide"), {"decision": "approve", "reason": "同意"}
    )
    assert (nothing.status_code, "请先勾选" in text(nothing)) == (400, True)
    assert ">\n同意</textarea>" in nothing.content.decode()


def test_a_late_approval_without_a_reason_is_asked_for_one(one, city, clock):
    activity, mandate = one
    request = filed(activity, mandate)
    clock.move_to(START + HOUR)
    client = client_of(city.recorder)
    asked = client.post(page_of(request), {"decision": "approve", "reason": ""})
    given = client.post(page_of(request), {"decision": "approve", "reason": "事后说明"})
    assert (asked.status_code, "活动已经开始，请写明原因" in text(asked), given.status_code) == (
        400,
        True,
        302,
    )


def test_who_comes_second_is_told_409_and_sees_how_it_stands(one, city):
    activity, mandate = one
    request = filed(activity, mandate)
    decide(request, city.office, approve=False, reason="请到会")
    answer = client_of(city.recorder).post(page_of(request), {"decision": "approve"})
    assert (answer.status_code, "已由代工委处理" in text(answer), "未批准" in text(answer)) == (
        409,
        True,
        True,
    )


def test_the_close_page_lists_what_waits_and_takes_its_number(one, city, clock):
    activity, mandate = one
    request = filed(activity, mandate)
    clock.move_to(AFTER)
    client, address = client_of(city.recorder), reverse("roll_close", args=(activity.pk,))
    page = client.get(address)
    assert (page_of(request) in page.content.decode(), "1 条请假不批，先收册" in text(page)) == (True, True)
    blind = client.post(address, {"absent": "1", "pending": "0"})
    assert (blind.status_code, Activity.objects.get().state) == (409, "open")
    assert client.post(address, {"absent": "1", "pending": "1"}).status_code == 302
    history = reverse("roll_history", args=(activity.pk, mandate.representative_id))
    assert "病假" in text(client.get(history))


def test_the_roll_shows_who_is_on_leave_and_leads_to_the_requests_of_this_activity(one, city):
    activity, mandate = one
    other = city.representative("甲示例")
    elsewhere = city.activity(title="另一场")
    city.enrol(activity, other)
    city.enrol(elsewhere, other)
    decide(filed(activity, mandate), city.recorder)
    for each in (activity, elsewhere):
        filed(each, other)
    client, roll = client_of(city.recorder), reverse("roll", args=(activity.pk,))
    shown = {only: text(client.get(f"{roll}?only={only}")) for only in ("leave", "none")}
    found = {only: [name for name in ("丁示例", "甲示例") if name in page] for only, page in shown.items()}
    assert found == {"leave": ["丁示例"], "none": ["甲示例"]}
    assert ("请假已批准" in shown["leave"], "看 1 条请假" in shown["none"]) == (True, True)
    requests = text(client.get(reverse("leave"), {"activity": activity.pk}))
    assert ("走进联络站" in requests, "另一场" in requests) == (True, False)


def test_a_cancelled_activity_asks_nobody_for_a_decision(one, city):
    activity, mandate = one
    request = filed(activity, mandate)
    cancel_activity(activity=activity, reason="改期", actor=city.office)
    client = client_of(city.recorder)
    assert "没有等待批准的请假" in text(client.get(reverse("leave")))
    assert "请假（" not in text(client.get(reverse("me")))
    assert "批准请假" not in text(client.get(page_of(request)))


def test_a_moved_activity_is_said_in_the_queue(one, city):
    activity, mandate = one
    filed(activity, mandate)
    Activity.objects.update(starts_at=START + HOUR)
    assert "提出后活动改期" in text(client_of(city.recorder).get(reverse("leave")))


def test_a_closed_roll_says_that_a_late_decision_needs_a_reason(one, city):
    activity, mandate = one
    filed(activity, mandate)
    client, roll = client_of(city.recorder), reverse("roll", args=(activity.pk,))
    said = ("收册以前请先处理。", "名册已收册，补批要写明原因。")
    before = text(client.get(roll))
    close(activity, city.recorder, pending_seen=1)
    after = text(client.get(roll))
    assert [[page.count(words) for words in said] for page in (before, after)] == [[1, 0], [0, 1]]


def test_a_locked_roll_shows_no_buttons(one, city):
    activity, mandate = one
    request = filed(activity, mandate)
    close(activity, city.recorder, pending_seen=1)
    lock_rolls(activities=Activity.objects.all())
    page = client_of(city.recorder).get(page_of(request))
    assert ("批准请假" in text(page), "本年度已经上报" in text(page)) == (False, True)
    assert client_of(city.recorder).post(page_of(request), {"decision": "approve"}).status_code == 409
