"""Giving representatives their logins: opened, linked, reset and printed, by the office of their area alone."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.first_login.passwords import state_of
from portal.models import User
from stations import operations
from stations.models import Representative
from stations.operations import PersonRefused
from stations.permissions import Role
from stations.usernames import NUMBER_TAKEN, plan_logins
from tests.conftest import PASSWORD, START
from tests.stations.staffed import errors, sign_in, staff

PHONE = "13900000001"
MANY = reverse("representatives:accounts")
KEY = re.compile(r'slip-key">([a-z0-9]{4}-[a-z0-9]{4})<')


def page_of(person):
    return reverse("representatives:account", args=[person.pk])


def person_of(city, name="丁示例", **more):
    return city.representative(name, login=False, **more).representative


@pytest.fixture
def office(client, city, editors):
    """The office of 石桥镇 alone, signed in."""
    user = staff(editors, city.township, Role.OFFICE, name="shiqiao")
    sign_in(client, user)
    return user


def keys(answer):
    return KEY.findall(answer.content.decode())


def wrong(answer):
    return [line for line in errors(answer) if line]


# --- one person ---------------------------------------------------------------------------------------------


def test_a_login_is_opened_with_the_number_and_its_password_is_shown_once(client, city, office):
    person = person_of(city, phone=PHONE)
    assert f'value="{PHONE}"' in client.get(page_of(person)).content.decode()
    answer = client.post(page_of(person), {"do": "open", "username": "139 0000 0001"})
    (key,), account = keys(answer), User.objects.get(representative=person)
    assert (account.username, account.phone, account.display_name, check_password(key, account.password)) == (
        PHONE, PHONE, "丁示例", True,
    )  # fmt: skip
    assert "no-store" in answer["Cache-Control"]
    again = client.post(page_of(person), {"do": "open", "username": PHONE})
    assert (keys(again), check_password(key, User.objects.get(pk=account.pk).password)) == ([], True)
    line = ModelLogEntry.objects.get(action="portal.open_account", object_id=str(account.pk))
    assert (line.user, line.data) == (office, {"representative": person.pk})
    assert key not in client.get(page_of(person)).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("recorder", "这个用户名已经有人用了，请换一个，例如在后面加一个数字。"),
        ("RECORDER", "这个用户名已经有人用了，请换一个，例如在后面加一个数字。"),
        ("丁 示例", "用户名只能用字母、数字和 @ . + - _，中间不要有空格。"),
        ("13900000009", "用户名是一个手机号，却不是本人登记的手机号；请填本人的，或者用字母和数字。"),
        ("", "必需字段"),
    ],
)
def test_a_user_name_that_cannot_be_is_refused_beside_it(client, city, office, typed, said):
    person = person_of(city)
    answer = client.post(page_of(person), {"do": "open", "username": typed})
    assert (wrong(answer), f'value="{typed}"' in answer.content.decode() or not typed) == ([said], True)
    assert not User.objects.filter(representative=person).exists()


def test_an_account_of_nobody_is_linked_and_taken_off_again(client, city, office):
    person = person_of(city)
    account = operations.open_account(username="ding", display_name="丁示例", phone=PHONE, actor=None)
    client.post(page_of(person), {"do": "link", "login": "139 0000 0001"})
    linked = Representative.objects.get(pk=person.pk).user
    client.post(page_of(person), {"do": "unlink"})
    lines = ModelLogEntry.objects.filter(object_id=str(person.pk), data__account=account.pk)
    assert (linked, Representative.objects.get(pk=person.pk).user, sorted(lines.values_list("action", flat=True))) == (
        account, None, ["portal.link_account", "portal.unlink_account"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["office", "recorder2", "rep1", "nobody"])
def test_an_account_that_is_anothers_or_may_do_more_is_not_given_away(client, city, office, name):
    city.representative("李示例")
    person = person_of(city)
    answer = client.post(page_of(person), {"do": "link", "login": name})
    assert [line[:13] for line in wrong(answer)] == ["没有找到可以关联的账号。请"]
    assert Representative.objects.get(pk=person.pk).user is None


def state_in(answer):
    return re.search(r'name="state" value="(\w+)"', answer.content.decode())[1]


def test_a_forgotten_password_is_replaced_once_for_one_click(client, city, office, tries):
    person = city.representative("丁示例", phone=PHONE).representative
    User.objects.filter(pk=person.user_id).update(phone=PHONE)
    theirs = client.__class__()
    theirs.post("/accounts/login/", {"login": "rep1", "password": PASSWORD})
    for _ in range(tries):
        client.__class__().post("/accounts/login/", {"login": "139 0000 0001", "password": "wrong"})
    form = {"do": "reset", "state": state_in(client.get(page_of(person)))}
    answer, again = client.post(page_of(person), form), client.post(page_of(person), form)
    (key,) = keys(answer)
    assert (keys(again), wrong(again)) == (
        [], ["密码刚才已经换过了，没有再换。要再给一个新的，请再点一次。"],
    )  # fmt: skip
    assert theirs.get("/me/").status_code == 302
    entered = theirs.post("/accounts/login/", {"login": "139 0000 0001", "password": key})
    assert (entered.status_code, entered["Location"]) == (302, "/accounts/password/own/")
    line = ModelLogEntry.objects.get(action="portal.reset_password")
    assert (line.user, line.object_id, line.data) == (office, str(person.user_id), {})


@pytest.mark.parametrize("more", ["grant", "group", "superuser"])
def test_the_office_of_a_township_takes_over_no_account_that_may_do_more(client, city, office, editors, more):
    person = city.representative().representative
    account = person.user
    if more == "grant":
        operations.grant(user=account, area=city.county, role=Role.EDITOR, actor=None)
    elif more == "group":
        account.groups.add(editors)
    else:
        User.objects.filter(pk=account.pk).update(is_superuser=True)
    answer = client.post(page_of(person), {"do": "reset", "state": state_of(account)})
    assert (keys(answer), wrong(answer)) == ([], ["这个账号不能在这里重置密码，没有改动。"])


# --- name and number put right ------------------------------------------------------------------------------


def correct(client, person, **typed):
    """Send name and number as the page shows them, but for what is `typed`."""
    form = client.get(page_of(person)).context["correct_form"]
    shown = {name: form[name].value() for name in ("display_name", "phone", "as_opened")}
    return client.post(page_of(person), {"do": "correct"} | shown | typed)


def login_of(person):
    account = User.objects.get(representative=person)
    return account.display_name, account.phone, account.username


def test_name_and_number_are_put_right_and_the_log_tells_no_number(client, city, office):
    person = city.representative("丁示例").representative
    answer = correct(client, person, display_name="丁示范", phone="139 0000 0001")
    line = ModelLogEntry.objects.order_by("pk").last()
    assert (answer.status_code, login_of(person)) == (302, ("丁示范", PHONE, "rep1"))
    assert (line.action, line.user, line.data) == (
        "portal.change_account", office, {"changed": ["display_name", "phone"]},
    )  # fmt: skip


def test_a_user_name_that_is_the_number_goes_with_it(client, city, office):
    person = person_of(city, phone=PHONE)
    client.post(page_of(person), {"do": "open", "username": PHONE})
    correct(client, person, phone="13900000002")
    assert login_of(person) == ("丁示例", "13900000002", "13900000002")
    correct(client, person, phone="")
    assert login_of(person) == ("丁示例", None, "13900000002")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "1390000"}, "手机号应为 11 位数字。"),
        ({"phone": "13900000005"}, "这个手机号已经登记在另一个账号上，请核对。"),
        ({"display_name": " "}, "必需字段"),
    ],
)
def test_a_number_or_name_that_cannot_be_is_refused_beside_it(client, city, office, typed, said):
    operations.open_account(username="wang", display_name="王样本", phone="13900000005", actor=None)
    person = city.representative().representative
    answer = correct(client, person, **typed)
    (name, value), *_ = typed.items()
    form = answer.context["correct_form"]
    assert (wrong(answer), form.errors, form[name].value()) == ([said], {name: [said]}, value)
    assert login_of(person) == ("丁示例", None, "rep1")


def test_the_second_of_two_who_put_a_login_right_is_told(client, city, office):
    person = city.representative().representative
    form = client.get(page_of(person)).context["correct_form"]
    sent = {"do": "correct", "display_name": "丁示范", "phone": "", "as_opened": form["as_opened"].value()}
    client.post(page_of(person), sent)
    answer = client.post(page_of(person), sent | {"display_name": "丁样本"})
    assert (answer.status_code, login_of(person)[0]) == (409, "丁示范")
    assert wrong(answer)[1:] == ["已由“丁示例”改为“丁示范”。"]
    again = {"as_opened": answer.context["correct_form"]["as_opened"].value()}
    assert client.post(page_of(person), sent | {"display_name": "丁样本"} | again).status_code == 302


def test_an_account_that_may_do_more_is_corrected_by_a_keeper_of_accounts_alone(
    client, city, office, editors
):
    person = city.representative().representative
    shown = client.get(page_of(person)).text
    person.user.groups.add(editors)
    answer = client.post(page_of(person), {"do": "correct", "display_name": "丁样本", "phone": ""})
    assert (wrong(answer), login_of(person)[0]) == (["这个账号不能在这里修改，没有改动。"], "丁示例")
    assert ["保存姓名和手机号" in page for page in (shown, answer.text)] == [True, False]


def test_who_left_the_area_is_given_no_login_there(client, city, office):
    mandate = city.representative(login=False)
    operations.end_mandate(mandate=mandate, day=START.date(), actor=None)
    operations.add_mandate(
        representative=mandate.representative,
        term=city.term,
        area=city.other_township,
        starts_on=START.date().replace(month=7),
        actor=None,
    )
    assert client.get(page_of(mandate.representative)).status_code == 404


def test_only_the_office_is_led_to_logins(client, city, editors, office):
    person = person_of(city)
    form = reverse("representatives:edit", args=[person.pk])
    seen = [
        page_of(person) in client.get(form).text,
        MANY in client.get(reverse("representatives:index")).text,
    ]
    sign_in(client, staff(editors, city.township, Role.EDITOR, name="editor"))
    seen += [
        page_of(person) in client.get(form).text,
        MANY in client.get(reverse("representatives:index")).text,
    ]
    assert seen == [True, True, False, False]


# --- many ---------------------------------------------------------------------------------------------------


def listed(answer):
    return re.findall(r'<label for="person-\d+">(.*?)</label>', answer.content.decode())


def test_many_are_listed_by_strokes_and_opened_together_with_a_slip_each(client, city, office):
    people = [
        person_of(city, name, phone=phone)
        for name, phone in (("林示例", ""), ("丁示例", PHONE), ("王示例", ""))
    ]
    city.representative("田示例")
    person_of(city, "孙示范", area=city.other_township, group=None)
    assert listed(client.get(MANY)) == ["丁示例", "王示例", "林示例"]
    form = {"person": [person.pk for person in people]}
    answer, again = client.post(MANY, form), client.post(MANY, form)
    accounts = list(User.objects.filter(representative__in=people).order_by("representative__stroke_key"))
    assert [account.username for account in accounts] == [PHONE, "wangshili", "linshili"]
    assert [check_password(k, a.password) for k, a in zip(keys(answer), accounts, strict=True)] == [True] * 3
    assert (keys(again), listed(again), "名单有变化" in again.text) == ([], [], True)
    assert "no-store" in answer["Cache-Control"]


def test_slips_that_were_lost_are_printed_again_for_who_never_signed_in(client, city, office):
    people = [person_of(city, name) for name in ("丁示例", "王示例")]
    city.representative("田示例")  # has a password of their own
    first = keys(client.post(MANY, {"person": [person.pk for person in people]}))
    form = {"person": re.findall(r'name="person" value="(.*?)"', client.get(MANY, {"of": "waiting"}).text)}
    answer, again = (client.post(f"{MANY}?of=waiting", form) for _ in "ab")
    accounts = User.objects.filter(representative__in=people).order_by("representative__stroke_key")
    held = [
        [check_password(k, a.password) for k, a in zip(each, accounts, strict=True)]
        for each in (first, keys(answer))
    ]
    assert (held, keys(again), listed(again)) == ([[False] * 2, [True] * 2], [], ["丁示例", "王示例"])


def test_one_who_cannot_have_a_login_leaves_all_without(client, city, office):
    people = [person_of(city, "丁示例"), person_of(city, "王示例", phone=PHONE)]
    operations.open_account(username="other", display_name="另一位", phone=PHONE, actor=None)
    answer = client.post(MANY, {"person": [person.pk for person in people]})
    assert wrong(answer) == [f"王示例{NUMBER_TAKEN}。一个账号也没有开通。"]
    assert User.objects.filter(representative__in=people).count() == 0


@pytest.mark.parametrize(
    ("ticked", "said"),
    [([], "还没有选人，请至少勾选一位。"), (["x"], "名单有变化：")],
)
def test_nobody_ticked_and_a_foreign_person_are_refused_in_words(client, city, office, ticked, said):
    there = person_of(city, area=city.other_township, group=None)
    answer = client.post(MANY, {"person": [there.pk if each == "x" else each for each in ticked]})
    assert [line[: len(said)] for line in wrong(answer)] == [said]


def test_the_list_is_narrowed_to_an_area_and_a_group(client, city, office):
    person_of(city, "丁示例")
    person_of(city, "王示例", group=None)
    other = operations.add_group(term=city.term, area=city.other_township, name="清源镇小组", actor=None)
    found = [
        listed(client.get(MANY, {"group": city.group.pk})),
        listed(client.get(MANY, {"area": city.township.pk})),
    ]
    foreign = client.get(MANY, {"group": other.pk, "area": city.other_township.pk})
    assert (found, len(wrong(foreign))) == ([["丁示例"], ["丁示例", "王示例"]], 2)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_and_the_opening_ask_as_much_for_three_as_for_one(
    client, just_started, city, office, number
):
    people = [person_of(city, name) for name in ("丁示例", "王示例", "林示例")[:number]]
    client.get(MANY)
    with CaptureQueriesContext(connection) as looked:
        client.get(MANY)
    with CaptureQueriesContext(connection) as opened:
        answer = client.post(MANY, {"person": [person.pk for person in people]})
    assert (len(keys(answer)), len(looked), len(opened)) == (number, 15, 16)


def test_names_that_are_taken_get_the_next_figure_and_case_counts_for_nothing():
    people = [Representative(name=n, pinyin=p) for n, p in (("丁示例", "ding shi li"),) * 2 + (("𠮷", "𠮷"),)]
    planned = plan_logins(people, [("DingShiLi", None)])
    assert [each.username for each in planned] == ["dingshili2", "dingshili3", "daibiao"]


def test_the_same_number_twice_in_one_list_is_refused_for_the_second():
    planned = plan_logins(
        [Representative(name="丁", phone=PHONE), Representative(name="王", phone=PHONE)], []
    )
    assert [each.trouble for each in planned] == ["", NUMBER_TAKEN]


def test_a_reset_is_refused_for_ones_own_account_and_a_closed_one(city):
    closed = city.representative().representative.user
    User.objects.filter(pk=closed.pk).update(is_active=False)
    said = []
    for account in (city.office, closed):
        with pytest.raises(PersonRefused) as refused:
            operations.reset_passwords(seen={account.pk: ""}, moment=START, actor=city.office)
        said.append(str(refused.value))
    assert said == [
        "这是您自己的账号，请点网站页脚的“修改密码”。",
        "丁示例的账号已经停用，请先在“设置 → 用户”里启用。",
    ]
