"""What nobody but those it concerns may see stays out of every public page, feed and answer (THREATS 35; "What may be seen")."""

import re

import pytest
import time_machine
from django.urls import reverse

from sessions.checkin.codes import code_at
from tests.conftest import START
from tests.furnished import BORN, DEED, LEAVE, PHONE, furnish, read_only
from tests.searched import index

BEYOND_LINKS = (
    "/sousuo/?q=示例", "/sousuo/?q=示", "/sousuo/tishi/?q=示例", "/calendar/sessions.ics", "/calendar/stations/shiqiao.ics", "/biaozhun/", "/sitemap.xml", "/robots.txt", "/api/",
    "/fenxianghui/?month=2026-06", "/daibiao/minglu/?sort=pinyin", "/health/", "/c/", "/me/", "/roll/", "/review/",
    "/declarations/", "/me/declarations/",
)  # fmt: skip
SORTS = (
    "/", "/daibiao/ding/", "/daibiao/minglu/", "/fenxianghui/", "/lianluozhan/shiqiao/", "/kejian/", "/tongzhi/n1/",
    "/guanyu/", "/calendar/sessions.ics", "/calendar/stations/shiqiao.ics", "/shuju/", "/biaozhun/", "/accounts/login/",
)  # fmt: skip


@pytest.fixture
def there(city, site):
    with time_machine.travel(START, tick=False):
        furnished = furnish(city, site, START)
        index()
        yield furnished


def private(there):
    """Return what must not be told, by what it is: words and patterns."""
    code = code_at(there.coming.check_in_key, START)
    year, month, day = BORN.year, BORN.month, BORN.day
    keys = (there.coming.check_in_key, there.held.check_in_key, code.token, code.digits)
    points = {f"{there.total:f}", f"{there.total.normalize():f}"}
    return {
        "phone": [
            PHONE,
            PHONE[3:],
            f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}",
            r"(?<![\w-])1[3-9]\d{9}(?![\w-])",
        ],
        "identity number": [r"(?<![\w-])\d{17}[\dXx](?![\w-])"],
        "birth date": [str(BORN), f"{year} ?年", rf"{year}\.{month}", f"{year}/{month}/{day}"],
        "leave": [LEAVE],
        "deed": [DEED],
        "score": [rf"(?<!\d){re.escape(each)} ?分(?!钟)" for each in points],
        "band": ["不称职", "基本称职"],
        "key or code": [re.escape(each) for each in keys],
    }


def telling(answers, secrets):
    """Return {what: addresses} for everything private that some answer holds."""
    found = {
        what: [
            address for address, text in answers.items() if any(re.search(each, text) for each in patterns)
        ]
        for what, patterns in secrets.items()
    }
    return {what: addresses for what, addresses in found.items() if addresses}


def texts(answers):
    return {address: answer.content.decode() for address, answer in answers.items()}


def test_no_public_answer_holds_anything_private(client, there):
    feeds = [
        reverse("session_calendar", args=[there.coming.pk]),
        reverse("check_in", args=[there.coming.door]),
    ]
    public = texts(read_only(client, "/", *BEYOND_LINKS, *feeds))
    assert [address for address in SORTS if address not in public] == []
    del public["/biaozhun/"]  # the standard itself: it names bands and points of nobody
    assert telling(public, private(there)) == {}


@pytest.mark.parametrize(
    "address", ["/daibiao/minglu/", "/sousuo/", "/sousuo/tishi/", "/lianluozhan/", "/fenxianghui/"]
)
def test_nobody_is_found_by_what_is_private(client, there, address):
    def named(typed):
        answer = client.get(address, {"q": typed}).content.decode()
        return answer.split("<main", 1)[-1].count("丁示例")

    assert {named(typed) for typed in (PHONE, PHONE[-4:], str(BORN), LEAVE, DEED)} == {named("没有这个词")}


def test_a_representative_sees_nothing_private_of_another(client, there):
    client.force_login(there.other.representative.user)
    seen = texts(read_only(client, "/me/", *BEYOND_LINKS, "/"))
    assert f"/me/score/{there.year.label}/" in seen
    secrets = private(there)
    kept = {what: secrets[what] for what in ("phone", "birth date", "leave", "deed", "key or code")}
    assert telling(seen, kept) == {}


def test_the_recorder_of_elsewhere_sees_nothing_private_of_here(client, city, there):
    client.force_login(city.other_recorder)
    seen = texts(read_only(client, "/roll/", "/review/", "/me/", "/"))
    kept = {what: words for what, words in private(there).items() if what != "band"}
    assert telling(seen, kept) == {}


def test_those_it_concerns_do_see_it(client, city, there):
    """Without this the tests above would pass on an empty site."""
    client.force_login(city.recorder)
    line = reverse("roll_history", args=[there.held.pk, there.secretive.representative_id])
    roll = client.get(line).content.decode()
    client.force_login(city.office)
    sheet = client.get(
        reverse("representatives:edit", args=[there.secretive.representative_id])
    ).content.decode()
    assert (LEAVE in roll, PHONE in sheet, str(BORN) in sheet) == (True, True, True)
