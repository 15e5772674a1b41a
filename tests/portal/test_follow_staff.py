"""What the office sees of followers: numbers, masked addresses of what could not be sent, and erasing on request."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from wagtail.admin.viewsets import viewsets as registered
from wagtail.models import ModelLogEntry
from wagtail.snippets.models import get_snippet_models

from portal.follow.operations import ask_to_follow
from portal.models import Delivery, Follower, MailLink, Subscription
from stations import operations as stations_operations
from tests.conftest import START
from tests.portal.following import DAY, READER, SECTION, following, notice, run, story


@pytest.fixture
def office(client, city, site):
    client.force_login(city.office)
    return client


def given_up(site, number):
    """Make `number` letters that every try ended without."""
    following(SECTION)
    for each in range(number):
        notice(site, f"通知{each}")
    run(START)
    mail.outbox.clear()
    Delivery.objects.of_items().update(
        state="failed", sent_at=None, attempts=5, last_error="ConnectionRefusedError"
    )


def test_the_office_sees_numbers_and_no_address(office, city, site):
    mandate = city.representative("丁示例")
    story(site, mandate, START - 9 * DAY)
    following(SECTION, f"representative:{mandate.representative_id}")
    following(SECTION, address="wang@example.org")
    html = office.get(reverse("follow_staff")).content.decode()
    rows = [
        [cell.split("</td>")[0] for cell in row.split("<td>")[1:]]
        for row in html.split("<tr>")[2:]
        if "<td>" in row
    ]
    assert rows == [["通知公告", "2", "0"], ["丁示例代表", "1", "0"]]
    assert ("example.org" in html, READER in html) == (False, False)


def test_what_was_given_up_is_shown_with_the_masked_address_and_sent_again(office, city, site):
    given_up(site, 2)
    html = office.get(reverse("follow_staff")).content.decode()
    assert (
        html.count("d***@example.org"),
        READER in html,
        "ConnectionRefusedError（已试 5 次）" in html,
    ) == (2, False, True)
    answer = office.post(reverse("follow_again"), follow=True)
    assert "2 条会在一分钟内重新发送。" in answer.content.decode()
    assert run(START + DAY) == [1]
    assert ModelLogEntry.objects.filter(action="portal.send_again", user=city.office).count() == 1


def test_a_confirmation_given_up_and_asked_for_anew_is_not_sent_twice(office, site):
    for moment in (START, START + DAY / 2):
        following_asked(moment)
        Delivery.objects.filter(state="pending").update(state="failed", attempts=5)
    following_asked(START + DAY)
    office.post(reverse("follow_again"))
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["failed", "failed", "pending"]


def following_asked(moment):
    ask_to_follow(address=READER, topic=SECTION, client="10.0.0.1", moment=moment)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_offices_page_asks_the_same_number_of_queries(office, site, rows, django_assert_num_queries):
    given_up(site, rows)
    for number in range(rows):
        following("section:kejian", address=f"r{number}@example.org")
    address = reverse("follow_staff")
    office.get(address)
    with django_assert_num_queries(11):
        office.get(address)


def test_an_address_is_erased_whole_and_the_log_keeps_it_masked(office, city, site):
    following(SECTION, "section:kejian")
    notice(site)
    run(START)
    answer = office.post(reverse("follow_erase"), {"address": " DING@example.org "}, follow=True)
    assert "已删除这个邮箱和它的 2 项订阅。" in answer.content.decode()
    assert [m.objects.count() for m in (Follower, Subscription, Delivery, MailLink)] == [0, 0, 0, 0]
    entry = ModelLogEntry.objects.get(action="portal.erase_follower")
    assert (entry.user, entry.label, entry.data) == (
        city.office, "d***@example.org", {"address": "d***@example.org", "topics": 2},
    )  # fmt: skip
    assert READER not in str(list(ModelLogEntry.objects.values()))


@pytest.mark.parametrize("typed", ["nobody@example.org", "", "no address"])
def test_an_address_that_is_not_there_is_said_in_words(office, site, typed):
    html = office.post(reverse("follow_erase"), {"address": typed}).content.decode()
    assert any(words in html for words in ("没有登记这个邮箱", "请填写电子邮箱", "电子邮箱没有写完整"))


def test_only_the_office_of_the_whole_congress_gets_in(client, city, site):
    rights = Permission.objects.filter(codename__in=["access_admin", "add_areagrant"])
    answers = {}
    for name, role, area in (
        ("editor", "editor", city.county),
        ("auditor2", "auditor", city.county),
        ("township", "office", city.township),
        ("reader", "office", city.county),
        ("office2", "office", city.county),
    ):
        user = stations_operations.open_account(username=name, display_name=name, actor=None)
        stations_operations.grant(user=user, area=area, role=role, actor=None)
        user.user_permissions.set(rights.exclude(codename="add_areagrant") if name == "reader" else rights)
        client.force_login(user)
        shown = client.get(reverse("follow_staff")).status_code
        menu = reverse("follow_staff") in client.get("/admin/").content.decode()
        sent = client.post(reverse("follow_again")).url
        answers[name] = (shown, menu, sent)
    refused = (302, False, "/admin/")
    assert answers == {
        "editor": refused, "auditor2": refused, "township": refused, "reader": refused, "office2": (200, True, "/admin/follow/"),
    }  # fmt: skip


def test_no_screen_of_the_admin_lists_or_exports_addresses(office, site):
    ours = {Follower, Subscription, Delivery, MailLink}
    assert ours & {getattr(each, "model", None) for each in registered.viewsets} == set()
    assert ours & set(get_snippet_models()) == set()
