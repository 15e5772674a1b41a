"""What a reader meets when something is not there: the right status, a Chinese sentence, a next step."""

import re
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from stations.operations import open_account
from tests.conftest import PASSWORD


def explode(request):
    raise RuntimeError("the drill")


urlpatterns = [path("explode/", explode), path("", include("portal.urls"))]


def words(answer):
    """Return the first heading, without markup."""
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1])


def steps(answer):
    """Return the addresses of the buttons that a reader may press next."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.findall(r'<a class="(?:btn|more|again)[^"]*" href="([^"]*)"', main)


# --- errors -------------------------------------------------------------------------------------------------


def test_an_unknown_address_says_so_and_offers_the_search_and_four_places(client, site):
    answer = client.get("/no-such-page/")
    assert (answer.status_code, words(answer)) == (404, "这一页没有找到")
    assert steps(answer) == ["/", "/daibiao/", "/fenxianghui/", "/lianluozhan/"]
    assert 'action="/sousuo/"' in answer.content.decode()


def test_a_form_that_grew_too_old_says_that_nothing_was_written(site):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})
    assert (answer.status_code, words(answer)) == (403, "这一页停留太久了")
    assert steps(answer) == ["/accounts/login/", "/"]


def test_an_unknown_host_is_answered_with_400_and_a_way_on(client, site):
    answer = client.get("/", HTTP_HOST="evil.example")
    assert (answer.status_code, words(answer), steps(answer)) == (400, "这个网址没有读懂", ["/"])
    assert "evil.example" not in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_shows_the_static_page_without_trace_or_database(db, settings):
    settings.DEBUG = False
    client = Client(raise_request_exception=False)
    client.get("/health/")  # whatever a process asks once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/explode/")
    assert (answer.status_code, words(answer), steps(answer)) == (500, "系统正在休息一会儿", [""])
    assert asked.captured_queries == []
    assert [w for w in ("Traceback", "RuntimeError", "the drill") if w in answer.content.decode()] == []


def test_too_many_tries_are_answered_with_429_and_how_long_to_wait(client, site, tries):
    open_account(username="lishi", display_name="李示例", password=PASSWORD, actor=None)
    for _ in range(tries):
        answer = client.post(reverse("account_login"), {"login": "lishi", "password": "wrong-password"})
    assert (answer.status_code, words(answer)) == (429, "请稍等一会儿再登录")
    assert steps(answer) == ["/accounts/login/", "/"]
    assert "15 分钟" in answer.content.decode()


# --- buttons that are pressed too late ----------------------------------------------------------------------

PRESSED = "/me/activities/1/withdraw/"  # takes POST alone


@pytest.mark.parametrize(
    ("stood_on", "back"),
    [
        ({"referer": "http://testserver/me/?page=2#mine"}, "/me/?page=2"),
        ({"referer": "http://elsewhere.example/me/"}, "/me/"),
        ({"referer": "http://testserver//elsewhere.example/"}, "/me/"),
        ({"referer": "http://testserver/accounts/login/?next=/x/"}, "/me/"),
        ({"referer": "http://["}, "/me/"),
        ({}, "/me/"),
    ],
)
def test_a_button_pressed_after_the_login_ended_leads_back_to_its_page(client, site, stood_on, back):
    answer = client.post(PRESSED, headers=stood_on)
    place, _, query = answer.headers["Location"].partition("?")
    assert (answer.status_code, place, parse_qs(query)) == (
        302,
        "/accounts/login/",
        {"next": [back], "again": ["1"]},
    )
    assert "您的登录已经过期" in client.get(answer.headers["Location"]).content.decode()


def test_who_only_opens_a_page_is_led_on_to_it_and_told_of_no_button(client, site):
    answer = client.get("/me/")
    assert answer.headers["Location"] == "/accounts/login/?next=/me/"
    assert "您的登录已经过期" not in client.get(answer.headers["Location"]).content.decode()


def test_the_address_of_a_button_says_what_it_is_when_it_is_opened(client, city, site):
    client.force_login(city.representative().representative.user)
    answer = client.get(PRESSED)
    assert (answer.status_code, answer.headers["Allow"], words(answer), steps(answer)) == (
        405,
        "POST",
        "这个网址是给按钮用的",
        ["/me/", "/"],
    )


def test_signing_in_with_a_wrong_password_stays_where_it_was(client, city, site):
    answer = client.post("/accounts/login/?next=/me/", {"login": "nobody", "password": "wrong"})
    assert answer.status_code == 200
