"""Accounts in the admin's 用户: opened and changed by name and number, refused in words at the field."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.first_login.passwords import state_of
from portal.models import User
from stations.operations import open_account
from tests.conftest import PASSWORD
from tests.opened import opened
from tests.stations.staffed import errors, sign_in, titles

ADD = reverse("wagtailusers_users:add")
LIST = reverse("wagtailusers_users:index")
OWN = "一句记得住的话 2026"
KEY = re.compile(r'slip-key">([a-z0-9]{4}-[a-z0-9]{4})<')


@pytest.fixture
def office(client, city):
    sign_in(client, city.office)
    return client


def edit(account):
    return reverse("wagtailusers_users:edit", args=[account.pk])


def change(client, account, **more):
    """Send the form of a known account, opened just now."""
    return client.post(edit(account), form(**more) | opened(client, edit(account)))


def form(**more):
    return {"username": "lishi", "display_name": "李示例", "phone": "", "is_active": "on"} | more


def test_an_account_is_opened_without_mail_and_with_a_password_to_hand_over(office, city):
    group = Group.objects.create(name="编辑")
    answer = office.post(ADD, form(phone="139 0000 0001", groups=[group.pk]))
    account = User.objects.get(username="lishi")
    (key,) = KEY.findall(answer.text)
    assert (account.display_name, account.phone, list(account.groups.all()), check_password(key, account.password)) == (
        "李示例", "13900000001", [group], True,
    )  # fmt: skip
    lines = ModelLogEntry.objects.filter(object_id=str(account.pk)).order_by("pk")
    assert list(lines.values_list("action", "data")) == [
        ("portal.open_account", {}),
        ("portal.change_account", {"changed": ["groups"]}),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"phone": "12345"}, "手机号应为 11 位数字。"),
        ({"phone": "13900000005"}, "这个手机号已经登记在另一个账号上，请核对。"),
        ({"username": "Recorder"}, "这个用户名已经有人用了，请换一个，例如在后面加一个数字。"),
        ({"username": "李 示例"}, "用户名只能用字母、数字和 @ . + - _，中间不要有空格。"),
        ({"password1": OWN, "password2": "x"}, "两次输入的密码不一样，请重新输入。"),
        ({"password1": "短", "password2": "短"}, "密码太短了，至少要 10 个字符。"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(office, city, more, said):
    open_account(username="wang", display_name="王样本", phone="13900000005", actor=None)
    answer = office.post(ADD, form(**more))
    kept = [
        f'value="{value}"' in answer.text
        for name, value in form(**more).items()
        if value and name[:4] in "username display_name phone"
    ]
    assert ([line for line in errors(answer) if line], set(kept)) == ([said], {True})
    assert User.objects.filter(display_name="李示例").count() == 0


def test_an_account_is_changed_with_one_line_that_tells_no_number(office, city):
    answer = change(office, city.recorder, username="recorder", display_name="新记录员", phone="13900000001")
    line = ModelLogEntry.objects.order_by("pk").last()
    assert (answer.status_code, User.objects.get(pk=city.recorder.pk).phone, line.action, line.data) == (
        302, "13900000001", "portal.change_account", {"changed": ["display_name", "phone"]},
    )  # fmt: skip


def test_a_password_is_reset_in_the_form_and_shown_once(office, city):
    tick = state_of(city.recorder)
    kept = form(username="recorder", display_name="记录员", one_time=tick) | opened(
        office, edit(city.recorder)
    )
    answer, again = (office.post(edit(city.recorder), kept) for _ in "ab")
    (key,), account = KEY.findall(answer.text), User.objects.get(pk=city.recorder.pk)
    assert (check_password(key, account.password), account.one_time_until is None) == (True, False)
    said = ["密码刚才已经换过了，没有再换。要再给一个新的，请再保存一次。"]
    assert (KEY.findall(again.text), again.context["form"].errors) == ([], {"one_time": said})
    assert again.text.count(f'value="{state_of(account)}"') == 1
    both = kept | {"one_time": state_of(account), "password1": OWN, "password2": OWN}
    refused = office.post(edit(city.recorder), both).context["form"].errors
    assert refused == {"one_time": ["要么重置密码，要么自己填一个，请只选一样。"]}


def test_the_second_of_two_who_change_an_account_is_told(office, city):
    kept = form(username="recorder", display_name="李四") | opened(office, edit(city.recorder))
    office.post(edit(city.recorder), kept)
    answer = office.post(edit(city.recorder), kept | {"display_name": "王五"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["__all__", "display_name"])


def test_who_changes_their_own_password_there_stays_in_and_changes_it_no_second_time(office, city):
    own = form(username="office", display_name="代工委", password1=OWN, password2=OWN)
    assert change(office, city.office, **own).status_code == 302
    account = User.objects.get(pk=city.office.pk)
    assert (office.get(LIST).status_code, account.check_password(OWN), account.one_time_until) == (
        200,
        True,
        None,
    )
    assert (account.is_active, account.is_superuser) == (True, True)


def test_who_keeps_accounts_neither_makes_nor_changes_a_keeper_of_the_site(client, city):
    group = Group.objects.create(name="账号")
    names = ["access_admin", "add_user", "change_user"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    city.recorder.groups.add(group)
    sign_in(client, city.recorder)
    client.post(ADD, form(is_superuser="on"))
    closed = client.post(edit(city.office), form(username="office", one_time="on"))
    assert (User.objects.get(username="lishi").is_superuser, closed.status_code, closed["Location"]) == (
        False, 302, "/admin/",
    )  # fmt: skip
    assert User.objects.get(pk=city.office.pk).check_password(PASSWORD)


@pytest.mark.parametrize("words", ["李示", "lish", "0001"])
def test_accounts_are_found_by_name_user_name_and_number_also_for_several_at_once(office, words):
    account = open_account(username="lishi", display_name="李示例", phone="13900000001", actor=None)
    assert titles(office.get(LIST, {"q": words})) == ["李示例"]
    bulk = reverse("wagtail_bulk_action", args=["portal", "user", "set_active_state"])
    office.post(f"{bulk}?id=all&childOf=&q={words}", {"mark_as_active": "False"})
    assert list(User.objects.filter(is_active=False)) == [account]
