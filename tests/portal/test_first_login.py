"""The first sign-in: a one-time password opens nothing but the page on which one's own is set."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from wagtail.models import ModelLogEntry

from portal.first_login.passwords import HOLDS, SIGNS, as_written, new_password
from portal.models import User
from stations.operations import give_password, open_account
from tests.conftest import START

KEY = "acde-fhjk"
OWN = "一句记得住的话 2026"
PAGE = "/accounts/password/own/"


@pytest.fixture
def person(city):
    with time_machine.travel(START, tick=False):
        yield open_account(
            username="lishi", display_name="李示例", password=KEY, until=START + HOLDS, actor=None
        )


def enter(client, typed=KEY, onward="/c/nothing/"):
    return client.post(
        f"/accounts/login/?next={onward}", {"login": "lishi", "password": typed, "next": onward}
    )


def set_own(client, first=OWN, second=OWN):
    return client.post(PAGE, {"password1": first, "password2": second})


def test_one_sets_ones_own_password_before_anything_else_and_goes_on(client, person, site):
    assert enter(client)["Location"] == PAGE
    assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"
    assert set_own(client)["Location"] == "/c/nothing/"
    fresh = User.objects.get(pk=person.pk)
    assert (fresh.check_password(OWN), fresh.one_time_until, client.get("/me/").status_code) == (
        True,
        None,
        200,
    )
    line = ModelLogEntry.objects.get(action="portal.own_password")
    assert (line.user, line.data) == (person, {})
    assert enter(Client(), OWN)["Location"] == "/c/nothing/"
    assert enter(Client()).status_code == 200


@pytest.mark.parametrize("typed", ["acdefhjk", " ACDE-FHJK ", "acde fhjk", "ａｃｄｅ－ｆｈｊｋ", "acde—fhjk"])
def test_a_one_time_password_is_taken_however_it_was_typed(client, person, typed):
    assert enter(client, typed)["Location"] == PAGE


@pytest.mark.parametrize("own", ["acdefhjk34", "acde-fhjkm", "b1lo-0sz2"])
def test_a_password_of_ones_own_is_left_as_it_was_typed(own):
    assert as_written(own) == own


def test_no_sign_of_a_one_time_password_is_taken_for_another():
    made = "".join(new_password() for _ in range(50)).replace("-", "")
    assert (set(made) - set(SIGNS), set(SIGNS) & set("0o1li2z5s8bgqv")) == (set(), set())


@pytest.mark.parametrize(
    ("first", "second", "errors"),
    [
        ("窑火不灭", "窑火不灭", {"password1": ["密码太短了，至少要 10 个字符。"]}),
        (KEY, KEY, {"password1": ["密码太短了，至少要 10 个字符。"]}),
        (OWN, "另一句记得住的话", {"password2": ["每次输入的密码必须相同。"]}),
    ],
)
def test_what_is_wrong_with_the_new_password_is_said_and_nothing_is_written(
    client, person, site, first, second, errors
):
    enter(client)
    answer = set_own(client, first, second)
    assert (answer.context["form"].errors, answer.status_code) == (errors, 200)
    assert User.objects.get(pk=person.pk).check_password(KEY)


def test_an_old_one_time_password_says_so_and_opens_nothing(client, person, site):
    with time_machine.travel(START + HOLDS + timedelta(seconds=1), tick=False):
        answer = enter(client)
        assert (answer.status_code, "一次性密码已过期" in answer.text) == (403, True)
        assert client.get(PAGE)["Location"] == "/accounts/login/"


def test_who_is_half_way_in_is_out_again_when_the_office_gives_another_password(client, person):
    enter(client)
    give_password(user=person, password="mnpr-tuwx", until=START + HOLDS, actor=None)
    assert set_own(client).status_code == 302
    assert User.objects.get(pk=person.pk).check_password("mnpr-tuwx")


def test_a_password_set_by_command_is_ones_own(person):
    person.set_password(OWN)
    person.save()
    assert User.objects.get(pk=person.pk).one_time_until is None
