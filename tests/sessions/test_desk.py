"""The recorder's desk over HTTP: its page, its data, uploads and their refusals; code cards; settling."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.models import Activity, Attendance, AttendanceEvent, RollConflict
from sessions.operations import check_in, close_roll, take_entries
from tests.conftest import START
from tests.sessions.devices import NOW_MS, answers, said, send, text, to

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kept(city, clock):
    """An open activity with three obliged people, and its recorder signed in."""
    people = [city.representative(f"示例{n}", electing_unit=f"第{n}选区") for n in "甲乙丙"]
    activity = city.activity()
    city.enrol(activity, *people)
    client = Client()
    client.force_login(city.recorder)
    return activity, people, client


def test_the_page_holds_no_name_and_no_token_for_it_is_kept_on_the_device(kept):
    activity, _, client = kept
    page = client.get(to("roll_desk", activity))
    body = page.content.decode()
    assert ("示例甲" in body, "csrfmiddlewaretoken" in body, "记录员" in body) == (False, False, False)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_page_and_the_data_bring_the_cookie_that_an_upload_needs(kept, city):
    activity, people, _ = kept
    for name in ("roll_desk", "desk_state"):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(city.recorder)
        strict.get(to(name, activity))
        token = strict.cookies["csrftoken"].value
        entry = said(people[0], nonce=f"nonce-{name}")
        assert send(strict, activity, city, entry, **{"X-CSRFToken": token}).status_code == 200


def test_the_worker_comes_from_below_roll_as_a_script_that_is_asked_for_anew(client, db):
    answer = client.get(reverse("desk_worker"))
    assert reverse("desk_worker").startswith("/roll/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_data_holds_names_units_and_states_and_nothing_else_of_a_person(kept, city):
    activity, people, client = kept
    person = people[0].representative
    person.phone, person.birth_date = "13977770001", "1961-02-03"
    person.save()
    send(client, activity, city, said(people[0], "leave", reason="住院"))
    data = client.get(to("desk_state", activity)).json()
    assert {key for each in data["people"] for key in each} == {
        "id", "name", "initials", "pinyin", "unit", "listed", "status", "label", "time", "claim", "card", "photo",
        "disputed",
    }  # fmt: skip
    told = json.dumps(data, ensure_ascii=False)
    assert ("13977770001" in told, "1961" in told, "住院" in told) == (False, False, False)


def test_the_data_carries_the_servers_time_and_is_not_sent_again_while_the_roll_stands_still(
    kept, city, clock
):
    activity, people, client = kept
    first = client.get(to("desk_state", activity))
    clock.shift(MINUTE)
    same = client.get(to("desk_state", activity), headers={"If-None-Match": first["ETag"]})
    send(client, activity, city, said(people[0]))
    changed = client.get(to("desk_state", activity), headers={"If-None-Match": first["ETag"]})
    assert [r.status_code for r in (first, same, changed)] == [200, 304, 200]
    assert (first["Server-Moment"], same["Server-Moment"]) == (str(NOW_MS), str(NOW_MS + 60_000))
    assert (first["Cache-Control"], same["Cache-Control"]) == ("private, no-store",) * 2


def test_a_batch_is_answered_entry_by_entry_with_the_row_as_it_stands(kept, city):
    activity, people, client = kept
    answer = send(client, activity, city, said(people[0]), said(people[1], "leave"), said(status="present"))
    assert answers(answer) == [("created", True), ("created", True), ("invalid", False)]
    first, _, third = answer.json()["answers"]
    assert (first["name"], first["row"]) == (
        "示例甲",
        {"status": "present", "label": "出席", "time": "14:30", "claim": False},
    )
    assert third["reason"] == "没有认出是哪位代表，请按姓名查找后登记。"


def test_one_odd_entry_does_not_hold_up_the_others(kept, city):
    activity, people, client = kept
    odd = [
        {"nonce": "n" * 10},
        said(people[0], "exempt"),
        said(people[0], nonce="！"),
        said(people[0], device_ms="gestern"),
        said(people[0], reason="\x00"),
        said(people[0], offset_ms=10**30),
        said(None, person={"a": [1]}),
    ]
    answer = send(client, activity, city, *odd, said(people[1]))
    assert answers(answer) == [("invalid", False)] * 7 + [("created", True)]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{", '{"entries": {}}', '{"account": "1", "entries": []}', '{"account": 1, "entries": [1]}',
     "[" * 30_000, '{"account": 1, "device": 7, "entries": []}', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_upload_is_answered_400_in_words(kept, body):
    activity, _, client = kept
    answer = client.post(to("desk_sync", activity), body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_ten_thousand_entries_and_fifty_one_are_refused_whole(kept, city):
    activity, people, client = kept
    many = [send(client, activity, city, *[said(people[0])] * n) for n in (51, 10_000)]
    assert [(a.status_code, a.json()["code"]) for a in many] == [(413, "too_much")] * 2
    assert AttendanceEvent.objects.count() == 0


def test_an_expired_login_is_told_as_such_and_not_led_away(kept, city):
    activity, people, _ = kept
    stranger = Client()
    answers = [stranger.get(to("desk_state", activity)), send(stranger, activity, city, said(people[0]))]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(401, "signed_out")] * 2


def test_entries_of_another_account_are_not_taken(kept, city):
    activity, people, client = kept
    answer = send(client, activity, city, said(people[0]), account=city.office.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_account")
    assert AttendanceEvent.objects.count() == 0


def test_an_upload_without_the_token_is_refused(kept, city):
    activity, people, _ = kept
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(city.recorder)
    assert send(strict, activity, city, said(people[0])).status_code == 403
    assert AttendanceEvent.objects.count() == 0


@pytest.mark.parametrize("who", ["other_recorder", "reviewer", "auditor", "representative"])
def test_who_does_not_keep_this_roll_finds_no_desk(kept, city, who):
    activity, people, _ = kept
    user = people[0].representative.user if who == "representative" else getattr(city, who)
    client = Client()
    client.force_login(user)
    shown = [client.get(to(name, activity)).status_code for name in ("roll_desk", "desk_state")]
    settled = client.post(to("roll_settle", activity), {"conflict": 1, "status": "present", "reason": "x"})
    sent = send(client, activity, city, said(people[0]), account=user.pk)
    assert [*shown, sent.status_code, settled.status_code] == [404] * 4


def test_a_person_of_another_area_cannot_be_entered_by_number(kept, city):
    activity, _, client = kept
    foreign = city.representative("王邻镇", area=city.other_township)
    assert answers(send(client, activity, city, said(foreign))) == [("invalid", False)]
    assert Attendance.objects.count() == 0


def test_a_closed_roll_answers_each_entry_with_the_way_out(kept, city):
    activity, people, client = kept
    close_roll(activity=activity, actor=city.recorder, moment=START)
    (answer,) = send(client, activity, city, said(people[0])).json()["answers"]
    assert (answer["outcome"], answer["taken"], answer["reason"]) == (
        "locked",
        False,
        "名册已收册，这一条没有记入。请到名册上更正并写明原因。",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_data_takes_seven_queries_of_its_own(city, clock, django_assert_num_queries, count):
    people = [city.representative(f"示例{n}", login=False) for n in range(count)]
    activity = city.activity()
    city.enrol(activity, *people)
    client = Client()
    client.force_login(city.recorder)
    with django_assert_num_queries(4 + 7):  # session, account, grants and the activity come first
        client.get(to("desk_state", activity))


# --- settling, devices --------------------------------------------------------------------------------------


@pytest.fixture
def disputed(kept, city):
    activity, people, client = kept
    send(client, activity, city, said(people[0]), said(people[0], "leave"))
    return activity, people[0], client


def test_rule_18_the_roll_shows_both_versions_with_who_made_them_and_the_close_waits(disputed):
    activity, _, client = disputed
    page = text(client.get(to("roll", activity)))
    assert "两处登记不一致 1 人 示例甲 出席 6 月 18 日 14:30:00，工作人员登记，记录员" in page
    assert "请假 6 月 18 日 14:30:00，工作人员登记，记录员" in page
    closing = text(client.get(to("roll_close", activity)))
    assert ("先核定 1 人" in closing, "1 人有两处登记不一致，核定以后才能收册" in closing) == (True, True)
    refused = client.post(to("roll_close", activity), {"absent": 2, "early": "on"})
    assert (refused.status_code, Activity.objects.get().state) == (409, "open")


def test_rule_18_settling_takes_a_reason_and_gives_back_what_was_chosen_without_one(disputed):
    activity, _, client = disputed
    choice = {"conflict": RollConflict.objects.get().pk, "status": "leave"}
    refused = client.post(to("roll_settle", activity), choice | {"reason": " "}, follow=True)
    assert ("请写明核定的原因" in text(refused), RollConflict.objects.get().state) == (True, "open")
    assert '<option value="leave" selected>' in refused.content.decode()
    done = client.post(to("roll_settle", activity), choice | {"reason": "当场核实"}, follow=True)
    assert ("已核定为请假" in text(done), Attendance.objects.get().status) == (True, "leave")


def test_a_conflict_of_another_activity_is_not_found(disputed, city):
    other, _, client = city.activity(title="另一场"), *disputed[1:]
    sent = {"conflict": RollConflict.objects.get().pk, "status": "leave", "reason": "核实"}
    assert client.post(to("roll_settle", other), sent).status_code == 404


def test_rule_15_the_line_and_the_history_name_who_else_used_the_phone(kept, city):
    activity, people, client = kept
    for mandate in people[:2]:
        check_in(
            activity=activity,
            representative=mandate.representative,
            nonce=uuid.uuid4().hex,
            moment=START,
            token=code_at(activity.check_in_key, START).token,
            device="phone",
        )
    page = text(client.get(to("roll", activity)))
    assert ("同一部手机：示例甲" in page, "同一部手机：示例乙" in page) == (True, True)
    history = client.get(reverse("roll_history", args=(activity.pk, people[1].representative_id)))
    assert "同一部手机还签到了示例甲" in text(history)
    client.post(to("roll_record", activity), {"representative": people[1].representative_id, "status": "absent",
                                              "was": "present", "reason": "现场未见到本人"})  # fmt: skip
    again = client.get(reverse("roll_history", args=(activity.pk, people[1].representative_id)))
    assert ("同一部手机还签到了示例甲" in text(again), "出席 → 缺席" in text(again)) == (True, True)


def test_two_recorders_devices_are_no_shared_phone(kept, city):
    activity, people, client = kept
    send(client, activity, city, said(people[0]), said(people[1]))
    assert "同一部手机" not in text(client.get(to("roll", activity)))


def test_rule_19_the_history_shows_the_devices_clock_and_that_it_was_wrong(kept, city):
    activity, people, client = kept
    ahead = 3 * 3600 * 1000
    send(client, activity, city, said(people[0], device_ms=NOW_MS + ahead, offset_ms=ahead, queued=True))
    page = text(client.get(reverse("roll_history", args=(activity.pk, people[0].representative_id))))
    assert "登记时间 14:30:00，设备时钟 6 月 18 日 17:30:00 设备时钟不准，已按服务器校正" in page


def test_an_upload_of_what_waited_leaves_one_line_in_the_audit_log(kept, city):
    from wagtail.models import ModelLogEntry

    activity, people, client = kept
    send(client, activity, city, said(people[0]))
    send(client, activity, city, said(people[1], queued=True), said(people[2], queued=True))
    lines = ModelLogEntry.objects.filter(action="sharing.take_entries").values_list("user", "data")
    assert list(lines) == [(city.recorder.pk, {"entries": 2, "device": "d" * 8})]


def test_nothing_is_written_for_an_empty_upload(kept, city):
    activity, _, _ = kept
    assert take_entries(activity=activity, entries=[], actor=city.recorder, moment=START) == []
    assert AttendanceEvent.objects.count() == 0
