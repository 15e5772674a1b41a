"""A lost second step of signing in: taken off by who may change the account, never one's own, with every login of it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.models import User
from stations import operations
from stations.permissions import Role
from tests.conftest import PASSWORD
from tests.stations.staffed import errors, sign_in, staff

NONE = "（rep1）没有两步验证，用密码就能登录，不用解除。"


def protect(account):
    TOTP.activate(account, generate_totp_secret())
    RecoveryCodes.activate(account)


def page_of(account):
    return reverse("wagtailusers_users:second_factor", args=[account.pk])


def signed_in_by_password():
    """Return a browser after the password, and where that led."""
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": "rep1", "password": PASSWORD})
    return browser, answer["Location"]


@pytest.fixture
def account(city):
    """Of a representative of 石桥镇 who set up a second step."""
    account = city.representative().representative.user
    protect(account)
    return account


@pytest.fixture
def office(client, city, editors):
    """The office of 石桥镇 alone, signed in."""
    user = staff(editors, city.township, Role.OFFICE, name="shiqiao")
    sign_in(client, user)
    return user


def test_who_lost_the_phone_signs_in_with_the_password_again(client, city, account, office):
    lost, other = Client(), Client()
    for browser, user in ((lost, account), (other, city.recorder)):
        sign_in(browser, user)
    _, before = signed_in_by_password()
    person = reverse("representatives:account", args=[account.representative.pk])
    led = page_of(account) in client.get(person).text
    asked = client.get(page_of(account)).text
    answer = client.post(page_of(account))
    browser, after = signed_in_by_password()
    assert (led, "已核实是本人，解除两步验证" in asked, answer["Location"]) == (True, True, person)
    assert (before, after, browser.get("/me/").status_code) == ("/accounts/2fa/authenticate/", "/me/", 200)
    assert (lost.get("/me/").status_code, other.get("/roll/").status_code) == (302, 200)
    line = ModelLogEntry.objects.get(action="portal.remove_second_factor")
    assert (line.user, line.object_id, line.data) == (
        office, str(account.pk), {"removed": ["recovery_codes", "totp"]},
    )  # fmt: skip


def test_there_is_nothing_to_take_off_twice_nor_of_ones_own_account(client, city, account):
    sign_in(client, city.office)
    protect(city.office)
    client.post(page_of(account))
    again, own = client.post(page_of(account)), client.post(page_of(city.office))
    said = [line for answer in (again, own) for line in errors(answer) if line]
    assert (again.status_code, own.status_code, said) == (
        409, 409,
        ["丁示例的账号没有两步验证，不用解除。", "这是您自己的账号，不能自己解除；手机丢了，请另一位管理员来办。"],
    )  # fmt: skip
    assert NONE in client.get(page_of(account)).text
    assert Authenticator.objects.filter(user=city.office).count() == 2


def test_the_form_of_an_account_leads_there_while_there_is_one_and_it_is_anothers(client, city, account):
    sign_in(client, city.office)
    protect(city.office)

    def led(user):
        return page_of(user) in client.get(reverse("wagtailusers_users:edit", args=[user.pk])).text

    assert [led(account), led(city.office), led(city.recorder)] == [True, False, False]


@pytest.mark.parametrize(
    "who", ["elsewhere", "editor", "keeper of accounts", "representative's other office"]
)
def test_nobody_takes_it_off_an_account_that_they_may_not_change(client, city, editors, account, who):
    user = staff(editors, city.township, Role.EDITOR, name="wang")
    target = account
    if who == "elsewhere":
        operations.grant(user=user, area=city.other_township, role=Role.OFFICE, actor=None)
    elif who == "keeper of accounts":
        group = Group.objects.create(name="账号")
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_user"]))
        user.groups.add(group)
        target = city.office
        protect(target)
    elif who == "representative's other office":
        operations.grant(user=user, area=city.township, role=Role.OFFICE, actor=None)
        operations.grant(user=account, area=city.county, role=Role.RECORDER, actor=None)
    sign_in(client, user)
    assert (client.get(page_of(target)).status_code, client.post(page_of(target)).status_code) == (404, 404)
    assert Authenticator.objects.filter(user=target).count() == 2


@pytest.mark.parametrize("sends", [True, False])
def test_the_person_is_told_by_letter_where_letters_are_sent(
    client, city, account, site, settings, mailoutbox, commits, sends
):
    settings.SENDS_LETTERS = sends
    User.objects.filter(pk=account.pk).update(email="ding@example.org")
    sign_in(client, city.office)
    with commits():
        client.post(page_of(account))
    told = [(letter.to, letter.subject[:7], "/accounts/2fa/" in letter.body) for letter in mailoutbox]
    assert told == [(["ding@example.org"], "两步验证已解除", True)] * sends


def test_the_only_keeper_of_a_site_is_let_in_again_at_the_machine(city, account, capsys):
    call_command("remove_second_factor", "REP1")
    said = [capsys.readouterr().out]
    for login in ("rep1", "nobody"):
        with pytest.raises(CommandError) as refused:
            call_command("remove_second_factor", login)
        said.append(str(refused.value))
    assert said == [
        "已解除丁示例的两步验证，已经登录的地方都已退出。现在用密码登录。\n",
        "丁示例的账号没有两步验证，不用解除。",
        "没有找到账号“nobody”，请核对用户名或手机号。",
    ]
