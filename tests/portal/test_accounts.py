"""Logging in: by number or name, with a limit of tries, with one text for known and unknown (THREATS 29–33)."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts import client_address, mobile_number
from portal.models import User
from stations.operations import open_account

PASSWORD = "示例口令-2026"
REFUSED = "您没有权限访问管理后台"


@pytest.fixture
def person(db):
    return open_account(
        username="lishi", display_name="李示例", password=PASSWORD, phone="13900000001", actor=None
    )


def log_in(client, login, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


FULL_WIDTH = "１３９" + "０" * 7 + "１"


@pytest.mark.parametrize("typed", ["lishi", "13900000001", "139 0000 0001", "+8613900000001", FULL_WIDTH])
def test_a_person_logs_in_by_name_or_number_however_typed(client, person, typed):
    assert log_in(client, typed).status_code == 302


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１３９００００１２３４", "13900001234"),
        ("0086 139 0000 1234", "13900001234"),
        ("12345678901", ""),
        ("", ""),
        ("1390000123", ""),
    ],
)
def test_a_mobile_number_is_read_as_people_write_it(typed, number):
    assert mobile_number(typed) == number


def test_the_right_password_is_refused_after_too_many_wrong_ones(client, person, tries):
    for _ in range(tries):
        log_in(client, "lishi", "wrong-password")
    assert log_in(client, "lishi").status_code == 429


def test_the_lock_of_one_person_leaves_another_free(client, person, tries):
    open_account(username="wang", display_name="王样本", password=PASSWORD, actor=None)
    for _ in range(tries):
        log_in(client, "lishi", "wrong-password")
    assert log_in(client, "wang").status_code == 302


def test_forging_the_forwarded_address_does_not_pass_the_limit(client, person, tries):
    for number in range(tries):
        log_in(client, "lishi", "wrong-password", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert log_in(client, "lishi", HTTP_X_FORWARDED_FOR="10.9.9.9").status_code == 429


def test_the_address_comes_from_a_trusted_proxy_only(rf, settings):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 7.7.7.7", REMOTE_ADDR="127.0.0.1")
    settings.TRUSTED_PROXIES = 0
    assert client_address(request) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert client_address(request) == "7.7.7.7"


def test_a_known_and_an_unknown_account_get_the_same_words(client, person):
    known, unknown = log_in(client, "lishi", "wrong-password"), log_in(client, "nobody", "wrong-password")
    text = [answer.content.decode().split("<main", 1)[1] for answer in (known, unknown)]
    text = [part.replace("lishi", "").replace("nobody", "") for part in text]
    cut = [part[: part.index("csrfmiddlewaretoken")] for part in text]
    assert (known.status_code, cut[0]) == (unknown.status_code, cut[1])


def test_the_session_is_a_new_one_after_login(client, person):
    client.get(reverse("account_login"))
    before = client.session.session_key
    log_in(client, "lishi")
    assert client.session.session_key != before


def test_a_new_password_ends_other_sessions(client, person):
    log_in(client, "lishi")
    person.set_password("another-good-口令-1")
    person.save()
    assert client.get(reverse("account_change_password")).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_to_no_other_host(client, person, target):
    answer = client.post(
        reverse("account_login") + f"?next={target}", {"login": "lishi", "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/me/"


@pytest.mark.parametrize("path", ["//evil.example/?text=large", "/\\evil.example/?text=large"])
def test_choosing_large_text_leads_to_no_other_host(client, db, path):
    answer = client.get(path)
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http"))


def test_nobody_signs_up_by_themselves(client, db):
    client.post(reverse("account_signup"), {"username": "x", "phone": "13900000002", "password1": PASSWORD})
    assert not User.objects.filter(username="x").exists()


def test_wagtails_own_login_form_leads_to_the_one_login(client, db):
    assert client.get("/admin/login/")["Location"] == "/accounts/login/?next=/admin/"


def test_logging_out_takes_a_post(client, person):
    log_in(client, "lishi")
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session


def test_a_form_without_its_token_is_refused(person):
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "lishi").status_code == 403


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/activity/"])
def test_who_may_not_enter_the_admin_comes_to_their_own_page_and_is_told(client, city, address):
    client.force_login(city.recorder)
    answer = client.get(address, follow=True)
    assert (answer.request["PATH_INFO"], answer.status_code) == ("/me/", 200)
    assert (REFUSED in answer.content.decode()) is (address != "/admin/login/")


def test_who_signs_in_on_the_way_to_the_admin_and_may_not_enter_it_is_sent_in_no_circle(client, city):
    form = {"login": "recorder", "password": PASSWORD, "next": "/admin/activity/"}
    answer = client.post("/accounts/login/?next=/admin/activity/", form, follow=True)
    assert (answer.request["PATH_INFO"], answer.status_code) == ("/me/", 200)
    assert REFUSED in answer.content.decode()


def test_who_may_enter_the_admin_goes_on_to_where_they_wanted(client, city):
    form = {"login": "office", "password": PASSWORD, "next": "/admin/activity/"}
    answer = client.post("/accounts/login/?next=/admin/activity/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/activity/")


@pytest.mark.parametrize(
    ("old", "new", "errors"),
    [
        (PASSWORD, "窑火不灭", {"password1": ["密码太短了，至少要 10 个字符。"]}),
        ("wrong", "一句记得住的话 2026", {"oldpassword": ["现在的密码不对，请再输一次。"]}),
    ],
)
def test_what_is_wrong_with_a_password_is_said_in_chinese(client, city, site, old, new, errors):
    client.force_login(city.office)
    typed = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", typed).context["form"].errors == errors


@pytest.mark.parametrize(
    "address",
    [
        "password/reset/", "password/reset/done/", "password/reset/key/1-abc/", "password/set/", "email/",
        "confirm-email/", "confirm-email/abc/", "phone/verify/", "phone/change/", "login/code/confirm/",
    ],
)  # fmt: skip
def test_what_the_site_does_not_offer_has_no_address(client, city, address):
    anonymous = [Client().get(f"/accounts/{address}"), Client().post(f"/accounts/{address}")]
    client.force_login(city.recorder)
    assert [answer.status_code for answer in (*anonymous, client.get(f"/accounts/{address}"))] == [404] * 3
