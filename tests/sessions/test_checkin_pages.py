"""The phone's pages: every state with its reason and status, looking changes nothing, nothing typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from sessions.checkin.codes import code_at
from sessions.checkin.wall import scan_address
from sessions.models import Attendance, AttendanceEvent
from sessions.operations import cancel_activity, close_roll, record_status
from tests.conftest import PASSWORD, START

MINUTE = timedelta(minutes=1)
BOT = {"django_session"}  # the login session is no row of the domain


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def listed(city, clock):
    mandate = city.representative()
    activity = city.activity(title="走进联络站", place="二楼会议室")
    city.enrol(activity, mandate)
    return activity, mandate


def signed_in(mandate_or_user):
    client = Client(enforce_csrf_checks=True)
    user = getattr(getattr(mandate_or_user, "representative", None), "user", None) or mandate_or_user
    client.force_login(user)
    return client


def qr(activity, moment=START):
    return reverse("check_in_scan", args=(activity.door, code_at(activity.check_in_key, moment).token))


def door(activity):
    return reverse("check_in", args=(activity.door,))


def reason(response):
    return (response.status_code, re.search(r'data-reason="(\w+)"', response.content.decode()).group(1))


def field(response, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.content.decode()).group(1)


def press(client, page, address=None, **data):
    """Send the form of the page that was got, with its token and nonce, and `data`."""
    data = {
        "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken"),
        "nonce": field(page, "nonce"),
    } | data
    return client.post(address or page.wsgi_request.path, data)


def rows_of_everything():
    return {m._meta.db_table: m.objects.count() for m in apps.get_models() if m._meta.db_table not in BOT}


def test_one_button_signs_in_and_a_second_scan_says_so(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    page = client.get(qr(activity))
    answer = press(client, page)
    assert [reason(r) for r in (page, answer, client.get(qr(activity)))] == [
        (200, "ask"),
        (200, "created"),
        (200, "already"),
    ]
    assert "丁示例代表，欢迎您。" in answer.content.decode()


def test_the_same_form_sent_twice_gets_the_same_answer(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    page = client.get(qr(activity))
    assert [reason(press(client, page)) for _ in "ab"] == [(200, "created")] * 2
    assert AttendanceEvent.objects.count() == 1


def test_coming_late_is_said_with_the_minutes(listed, clock):
    activity, mandate = listed
    clock.move_to(START + 22 * MINUTE)
    client = signed_in(mandate)
    answer = press(client, client.get(qr(activity, START + 22 * MINUTE)))
    assert reason(answer) == (200, "late")
    assert "22 分钟" in answer.content.decode()


def test_a_form_without_its_token_is_refused_and_writes_nothing(listed):
    activity, mandate = listed
    assert signed_in(mandate).post(qr(activity), {"nonce": "n" * 32}).status_code == 403
    assert Attendance.objects.count() == 0


def test_looking_changes_no_row_whoever_looks(listed, city):
    activity, mandate = listed
    addresses = [qr(activity), door(activity), qr(activity, START - 5 * MINUTE), reverse("check_in_open")]
    Client().get("/c/nothing/")  # Wagtail makes the row of the site's settings when it is first read
    for client in (
        Client(),
        signed_in(mandate),
        signed_in(city.representative("王样本")),
        signed_in(city.recorder),
    ):
        before = rows_of_everything()
        for address in addresses:
            client.get(address)
            client.head(address)
        assert rows_of_everything() == before


def test_who_is_not_signed_in_is_told_why_and_led_back_after_the_login(listed, clock):
    activity, mandate = listed
    client, address = Client(), qr(activity)
    page = client.get(address)
    login = re.search(r'href="([^"]*login[^"]*)"', page.content.decode()).group(1)
    clock.move_to(START + 4 * MINUTE)
    back = client.post(login, {"login": mandate.representative.user.username, "password": PASSWORD})
    assert (reason(page), back.status_code, back["Location"]) == ((200, "unauthenticated"), 302, address)
    answer = press(client, client.get(address))
    assert (reason(answer), Attendance.objects.get().arrived_at) == ((200, "created"), START)


def test_opening_the_page_again_makes_no_code_younger(listed, clock):
    activity, mandate = listed
    client = signed_in(mandate)
    client.get(qr(activity))
    for minutes in (3, 6):
        clock.move_to(START + minutes * MINUTE)
        page = client.get(qr(activity))
    assert reason(page) == (410, "expired")


def test_sending_without_a_login_is_answered_401_and_writes_nothing(listed):
    activity, _ = listed
    assert reason(Client().post(qr(activity))) == (401, "unauthenticated")
    assert AttendanceEvent.objects.count() == 0


def test_the_reason_comes_before_the_login(listed, city):
    activity, _ = listed
    off = city.activity(title="取消的")
    cancel_activity(activity=off, reason="天气", actor=city.office)
    soon = city.activity(title="以后的", starts_at=START + 180 * MINUTE)
    addresses = [qr(activity, START - 5 * MINUTE), qr(soon), qr(off), qr(activity)[:-5] + "/"]
    assert [reason(Client().get(a)) for a in addresses] == [
        (410, "expired"),
        (403, "not_open"),
        (410, "revoked"),
        (400, "invalid"),
    ]


def test_before_the_opening_the_page_names_the_time(listed, city):
    _, mandate = listed
    soon = city.activity(starts_at=START + 180 * MINUTE)
    assert "6 月 18 日 17:00 开始签到" in signed_in(mandate).get(qr(soon)).content.decode()


def test_who_is_not_listed_can_ask_to_be_let_in_once(listed, city):
    activity, _ = listed
    client = signed_in(city.representative("王样本"))
    page = client.get(qr(activity))
    token = field(page, "csrfmiddlewaretoken")
    asked = [
        client.post(reverse("walk_in", args=(activity.door,)), {"csrfmiddlewaretoken": token}) for _ in "ab"
    ]
    assert [reason(r) for r in (page, *asked)] == [
        (403, "not_eligible"),
        (200, "requested"),
        (200, "requested"),
    ]
    assert AttendanceEvent.objects.filter(kind="requested").count() == 1


def test_an_approved_leave_can_be_turned_into_presence(listed, city):
    activity, mandate = listed
    record_status(
        activity=activity,
        representative=mandate.representative,
        status="leave",
        actor=city.recorder,
        moment=START - 60 * MINUTE,
    )
    client = signed_in(mandate)
    page = client.get(qr(activity))
    came = press(client, page, despite_leave="on")
    assert (reason(page), reason(came)) == ((200, "leave"), (200, "created"))


@pytest.mark.parametrize("typed", ["{0}", "{1} {2}", "{full}"])
def test_digits_are_taken_as_people_type_them(listed, typed):
    activity, mandate = listed
    digits = code_at(activity.check_in_key, START).digits
    full = "".join(chr(0xFF10 + int(d)) for d in digits)
    client = signed_in(mandate)
    text = typed.format(digits, digits[:3], digits[3:], full=full)
    assert reason(press(client, client.get(door(activity)), digits=text)) == (200, "created")


def test_wrong_digits_stay_in_the_field_and_come_with_a_fresh_nonce(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    page = client.get(door(activity))
    wrong = f"{(int(code_at(activity.check_in_key, START).digits) + 1) % 10**6:06d}"
    answer = press(client, page, digits=wrong)
    assert (reason(answer), field(answer, "digits")) == ((400, "invalid"), wrong)
    assert field(answer, "nonce") != field(page, "nonce")


def test_what_is_no_code_at_all_costs_no_guess(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    answer = press(client, client.get(door(activity)), digits="12a")
    assert (reason(answer), AttendanceEvent.objects.count()) == ((400, "type"), 0)
    assert "签到码是 6 位数字" in answer.content.decode()


def test_the_sixth_guess_is_answered_429_with_the_time_to_wait(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    right = int(code_at(activity.check_in_key, START).digits)
    page = client.get(door(activity))
    for n in range(1, 7):
        page = press(client, page, digits=f"{(right + n) % 10**6:06d}", nonce=f"guess{n:027d}")
        page.wsgi_request.path = door(activity)
        if n < 6:
            assert reason(page) == (400, "invalid")
    assert (reason(page), page["Retry-After"]) == ((429, "rate_limited"), "600")


def test_other_digits_under_an_old_nonce_are_a_conflict_and_not_saved(listed):
    activity, mandate = listed
    client = signed_in(mandate)
    page = client.get(door(activity))
    right = code_at(activity.check_in_key, START).digits
    press(client, page, digits=f"{(int(right) + 1) % 10**6:06d}")
    assert reason(press(client, page, digits=right)) == (409, "conflict")


def test_a_closed_roll_answers_locked_with_what_it_holds(listed, city):
    activity, mandate = listed
    close_roll(activity=activity, actor=city.recorder, moment=START)
    page = signed_in(mandate).get(qr(activity))
    assert reason(page) == (423, "locked")
    assert "缺席" in page.content.decode()


def test_after_the_limit_the_desk_is_named(listed, clock):
    activity, mandate = listed
    clock.move_to(START + 31 * MINUTE)
    page = signed_in(mandate).get(qr(activity, START + 31 * MINUTE))
    assert reason(page) == (403, "window_closed")
    assert "请到签到台" in page.content.decode()


def test_an_account_without_a_mandate_is_told_so_and_the_attempt_is_kept(listed, city):
    activity, _ = listed
    client = signed_in(city.recorder)
    page = client.get(qr(activity))
    token = field(page, "csrfmiddlewaretoken")
    answer = client.post(qr(activity), {"csrfmiddlewaretoken": token})
    assert (reason(page), reason(answer)) == ((403, "no_mandate"), (403, "no_mandate"))
    event = AttendanceEvent.objects.get()
    assert (event.reason_code, event.representative, event.actor) == ("not_eligible", None, city.recorder)


def test_an_unknown_door_and_a_draft_look_alike(listed, city):
    _, mandate = listed
    draft = city.activity(state="draft")
    client = signed_in(mandate)
    assert [reason(client.get(a)) for a in ("/c/nothing/", door(draft), qr(draft))] == [(404, "unknown")] * 3


def test_a_forged_or_foreign_token_is_not_taken(listed, city):
    activity, mandate = listed
    other = city.activity(title="另一场")
    client = signed_in(mandate)
    foreign = reverse("check_in_scan", args=(activity.door, code_at(other.check_in_key, START).token))
    forged = reverse("check_in_scan", args=(activity.door, "A" * 16))
    assert [reason(client.get(a)) for a in (foreign, forged)] == [(400, "wrong_activity"), (400, "invalid")]


def test_the_qr_leads_to_our_own_host_whatever_the_request_said(listed, settings):
    activity, _ = listed
    settings.PUBLIC_URL = "https://renda.example"
    address = scan_address(activity, "T" * 16)
    assert address == f"https://renda.example/c/{activity.door}/{'T' * 16}/"
    assert str(activity.pk) not in address.replace(activity.door, "")


def test_a_shared_phone_is_flagged_for_the_recorder_not_blocked(listed, city):
    activity, mandate = listed
    second = city.representative("王样本")
    city.enrol(activity, second)
    phone = signed_in(mandate)
    press(phone, phone.get(qr(activity)))
    phone.force_login(second.representative.user)
    assert reason(press(phone, phone.get(qr(activity)))) == (200, "created")
    assert list(Attendance.objects.order_by("pk").values_list("shared_device", flat=True)) == [False, True]


def test_the_list_of_open_activities_holds_mine_and_only_while_they_are_open(listed, city, clock):
    activity, mandate = listed
    city.activity(title="别人的活动")
    client = signed_in(mandate)
    seen = client.get(reverse("check_in_open")).content.decode()
    assert (door(activity) in seen, "别人的活动" in seen) == (True, False)
    clock.move_to(START + 31 * MINUTE)
    assert door(activity) not in client.get(reverse("check_in_open")).content.decode()


def test_the_list_of_open_activities_says_who_is_there_already_and_asks_for_nothing(listed, city):
    activity, mandate = listed
    client = signed_in(mandate)
    press(client, client.get(qr(activity)))
    one = client.get(reverse("check_in_open"))
    city.enrol(city.activity(title="另一场"), mandate)
    two = client.get(reverse("check_in_open"))
    heads = [re.search("<h1>(.*?)</h1>", page.content.decode()).group(1) for page in (one, two)]
    fields = [page.content.decode().count('name="digits"') for page in (one, two)]
    assert (heads, fields) == (["您已签到 14:30", "现在可以签到"], [0, 1])
    assert ([reason(page) for page in (one, two)], "6 位签到码" in one.content.decode()) == (
        [(200, "already"), (200, "type")],
        False,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_open_activities_takes_six_queries(listed, city, django_assert_num_queries, count):
    _, mandate = listed
    for n in range(count - 1):
        city.enrol(city.activity(title=f"第{n}场"), mandate)
    client = signed_in(mandate)
    client.get(reverse("check_in_open"))
    with django_assert_num_queries(6):
        client.get(reverse("check_in_open"))


def test_pages_of_checking_in_are_never_stored(listed):
    activity, mandate = listed
    for client in (Client(), signed_in(mandate)):
        response = client.get(qr(activity))
        assert "no-store" in response["Cache-Control"]
        assert response.has_header("X-Cache") is False
