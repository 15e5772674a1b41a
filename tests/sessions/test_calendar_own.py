"""One's own calendar: behind an address that nobody guesses, that can be given up, and that tells of nobody else (rule 24)."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from ical.calendar_stream import IcsCalendarStream
from wagtail.models import ModelLogEntry

from portal.logs import MaskSecrets
from sessions.checkin.codes import code_at
from sessions.models import CalendarToken
from sessions.operations import (
    cancel_activity,
    change_activity,
    close_calendar,
    open_calendar,
    renew_calendar,
    sign_up,
    withdraw,
)
from tests.conftest import START
from tests.sessions.faces import face
from tests.sessions.races import at_once


@pytest.fixture
def own(city):
    """A representative and the living address of their calendar."""
    mandate = city.representative("丁示例", phone="13900000001")
    return mandate, opened(mandate)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(START - timedelta(days=3), tick=False):
        yield


def opened(mandate):
    person = mandate.representative
    return open_calendar(representative=person, actor=person.user, moment=START)


def feed(client, row):
    return client.get(f"/calendar/me/{row.token}.ics")


def events(client, row):
    answer = feed(client, row)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return IcsCalendarStream.calendar_from_ics(answer.content.decode()).events


def test_rule_24_it_holds_everything_one_is_on_the_list_of_with_how_one_stands(client, city, site, own):
    mandate, row = own
    seat = city.activity(title="要候补的", capacity=1)
    sign_up(
        activity=seat,
        representative=city.representative("田示范").representative,
        moment=START - timedelta(days=2),
    )
    for activity in (seat, city.activity(title="自己报名的")):
        sign_up(activity=activity, representative=mandate.representative, moment=START - timedelta(days=1))
    city.enrol(city.activity(title="必须到的", kind="congress"), mandate)
    city.enrol(
        face(city, site, title="请去主讲的", page={"summary": "提要"}).activity,
        mandate,
        basis="invited",
        role="speaker",
    )
    city.activity(title="不在名单上的")
    read = {
        event.summary: (event.description, event.status, len(event.alarm)) for event in events(client, row)
    }
    assert read == {
        "【候补】要候补的": ("候补：有人取消报名时按先后递补", "TENTATIVE", 0),
        "自己报名的": ("已报名", "CONFIRMED", 2),
        "必须到的": ("应到", "CONFIRMED", 2),
        "请去主讲的": ("受邀（主讲）\n提要", "CONFIRMED", 2),
    }


def test_rule_24_what_is_prepared_withdrawn_or_long_past_is_not_in_it(client, city, own):
    mandate, row = own
    city.enrol(city.activity(title="筹备中", state="draft"), mandate)
    city.enrol(city.activity(title="很久以前", starts_at=START - timedelta(days=380)), mandate)
    left = city.activity(title="已退出")
    sign_up(activity=left, representative=mandate.representative, moment=START - timedelta(days=2))
    withdraw(activity=left, representative=mandate.representative, moment=START - timedelta(days=1))
    assert events(client, row) == []


def test_rule_24_a_change_rises_and_calling_off_stays_without_its_reason(client, city, own):
    mandate, row = own
    activity = city.activity(title="要改期的")
    city.enrol(activity, mandate)
    (before,) = events(client, row)
    change_activity(activity=activity, actor=city.office, starts_at=START + timedelta(minutes=30))
    cancel_activity(activity=activity, reason="内部原因", actor=city.office)
    (after,) = events(client, row)
    assert (before.sequence, after.sequence, after.uid) == (0, 2, before.uid)
    assert (after.status, after.alarm, after.classification.value) == ("CANCELLED", [], "PRIVATE")
    assert "内部原因" not in feed(client, row).content.decode()


def test_rule_24_it_tells_of_nobody_else(client, city, site, own):
    mandate, row = own
    other = city.representative("田示范", phone="13900000002")
    page = face(city, site, title="一起的", capacity=2)
    city.enrol(page.activity, mandate, other)
    text = feed(client, row).content.decode()
    private = (
        "田示范",
        "13900000001",
        "13900000002",
        page.activity.door,
        page.activity.check_in_key,
        row.token,
    )
    assert [each for each in private if each in text] == []


def test_nobody_stores_or_finds_it(client, own):
    _, row = own
    answer, again = feed(client, row), feed(client, row)
    headers = ("Cache-Control", "X-Robots-Tag", "Referrer-Policy", "X-Cache")
    assert [answer.get(name) for name in headers] == [
        "private, no-store",
        "noindex, nofollow",
        "no-referrer",
        None,
    ]
    assert (again.get("X-Cache"), answer.cookies.keys() - {"sessionid"}) == (None, set())
    assert feed(client, row).status_code == 200
    assert (
        client.get(f"/calendar/me/{row.token}.ics", headers={"if-none-match": answer["ETag"]}).status_code
        == 304
    )


def test_the_address_carries_at_least_128_bits_and_no_two_are_alike(own, city):
    rows = [own[1], *(opened(city.representative(name)) for name in ("田示范", "王样本"))]
    assert {len(row.token) for row in rows} == {32}  # of 64 signs: 192 bits
    assert len({row.token for row in rows}) == 3


def test_a_new_address_closes_the_old_one(client, own):
    mandate, row = own
    person = mandate.representative
    new = renew_calendar(representative=person, actor=person.user, moment=START, seen=row.pk)
    assert [feed(client, each).status_code for each in (row, new)] == [410, 200]
    assert renew_calendar(representative=person, actor=person.user, moment=START, seen=row.pk) == new
    assert close_calendar(representative=person, actor=person.user, moment=START) is True
    assert close_calendar(representative=person, actor=person.user, moment=START) is False
    assert [feed(client, each).status_code for each in (row, new)] == [410, 410]


def test_an_unknown_address_and_a_closed_account_get_nothing(client, own):
    mandate, row = own
    unknown = client.get("/calendar/me/" + "a" * 32 + ".ics")
    user = mandate.representative.user
    user.is_active = False
    user.save()
    closed = feed(client, row)
    assert (unknown.status_code, closed.status_code) == (404, 410)
    assert {answer["Cache-Control"] for answer in (unknown, closed)} == {"private, no-store"}


def test_the_database_keeps_one_living_address_a_person(own):
    mandate, _ = own
    assert opened(mandate) == own[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarToken.objects.create(representative=mandate.representative, made_at=START)


def test_the_address_is_in_no_log(own):
    mandate, row = own
    person = mandate.representative
    close_calendar(representative=person, actor=person.user, moment=START)
    lines = ModelLogEntry.objects.filter(action__contains="_calendar").order_by("pk")
    assert [line.action for line in lines] == ["sharing.open_calendar", "sharing.close_calendar"]
    assert [line for line in lines if row.token in f"{line.label}{line.data}"] == []
    told = logging.LogRecord(
        "django.request", 30, "", 0, "Gone: %s", (f"/calendar/me/{row.token}.ics",), None
    )
    assert (MaskSecrets().filter(told), told.getMessage()) == (True, "Gone: /calendar/me/….ics")


def test_the_scanned_address_is_masked_and_other_addresses_stay(city):
    activity = city.activity()
    token = code_at(activity.check_in_key, START).token
    said = []
    for path in (f"/c/{activity.door}/{token}/", f"/c/{activity.door}/", "/calendar/stations/shiqiao.ics"):
        line = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (path,), None)
        MaskSecrets().filter(line)
        said.append(line.getMessage())
    assert said == [
        f"Not Found: /c/{activity.door}/…/",
        f"Not Found: /c/{activity.door}/",
        "Not Found: /calendar/stations/shiqiao.ics",
    ]


def test_the_console_masks_what_opens_something(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["mask"]
    assert settings.LOGGING["filters"]["mask"]["()"] == "portal.logs.MaskSecrets"


def test_the_page_opens_replaces_and_closes(client, city):
    person = city.representative("丁示例").representative
    client.force_login(person.user)
    assert "开通我的日历" in client.get("/me/calendar/").content.decode()
    tokens = []
    for do in ("open", "open", "renew", "close"):
        living = CalendarToken.objects.filter(revoked_at=None).first()
        answer = client.post("/me/calendar/", {"do": do, "seen": living.pk if living else ""})
        assert (answer.status_code, answer.url) == (302, "/me/calendar/")
        living = CalendarToken.objects.filter(revoked_at=None).first()
        tokens.append(living and living.token)
        shown = client.get("/me/calendar/").content.decode()
        assert (f"http://testserver/calendar/me/{tokens[-1]}.ics" in shown) == bool(tokens[-1])
    assert (tokens[0] == tokens[1], tokens[1] == tokens[2], tokens[3]) == (True, False, None)


def test_a_click_without_a_word_is_answered_with_one(client, city):
    client.force_login(city.representative("丁示例").representative.user)
    answer = client.post("/me/calendar/", {"do": "delete"})
    assert (answer.status_code, "请再点一次按钮" in answer.content.decode()) == (400, True)


def test_who_is_no_representative_has_no_calendar(client, city):
    assert client.get("/me/calendar/").url == "/accounts/login/?next=/me/calendar/"
    client.force_login(city.recorder)
    assert client.get("/me/calendar/").status_code == 404


def test_it_takes_the_same_queries_at_any_length(client, city, site, own, django_assert_num_queries):
    mandate, row = own
    for number in (1, 3):
        while mandate.enrolments.count() < number:
            city.enrol(face(city, site).activity, mandate)
        feed(client, row)  # Wagtail remembers the site's paths
        with django_assert_num_queries(4):
            feed(client, row)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_clicks_at_once_make_one_address(city):
    """Without the lock on the person's row PostgreSQL answered the second click with an IntegrityError."""
    mandate = city.representative("丁示例")
    made = at_once([lambda: opened(mandate)] * 8)
    assert ({row.pk for row in made}, CalendarToken.objects.count()) == ({made[0].pk}, 1)
