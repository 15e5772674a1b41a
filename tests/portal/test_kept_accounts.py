"""Deleting accounts in the admin: who stands in a record is kept, in words; who does not may go."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from portal.models import User
from stations.models import AreaGrant
from stations.operations import open_account
from tests.sessions.declared import deed

KEPT = "这个账号有履职或操作记录，不能删除；请在“编辑”里停用（取消“启用”）。"
ALL_KEPT = "选中的账号都没有删除：李示例（rep1）有履职或操作记录，不能删除；请在“编辑”里停用（取消“启用”）。"
BULK = reverse("wagtail_bulk_action", args=["portal", "user", "delete"])


@pytest.fixture
def office(client, city, site):
    client.force_login(city.office)
    return client


@pytest.fixture
def unused(city):
    return open_account(username="unused", display_name="未用过", actor=None)


@pytest.fixture
def used(city):
    """The account of somebody who declared a deed."""
    return deed(city.representative("李示例")).declared_by


def said(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [text for line in page.select(".messages li.error") for text in list(line.stripped_strings)[:1]]


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_account_with_records_is_kept_and_its_form_says_what_to_do(office, used, method):
    answer = getattr(office, method)(reverse("wagtailusers_users:delete", args=[used.pk]), follow=True)
    assert (answer.redirect_chain, said(answer), User.objects.filter(pk=used.pk).count()) == (
        [(reverse("wagtailusers_users:edit", args=[used.pk]), 302)],
        [KEPT],
        1,
    )


def test_the_form_of_an_account_has_the_words_that_the_refusal_names(office, used):
    page = office.get(reverse("wagtailusers_users:edit", args=[used.pk])).text
    assert page.count("启用") > 0


def test_an_account_without_records_is_deleted(office, unused):
    answer = office.post(reverse("wagtailusers_users:delete", args=[unused.pk]))
    assert (answer.status_code, User.objects.filter(pk=unused.pk).count()) == (302, 0)


def test_of_several_accounts_none_is_deleted_when_one_has_records(office, city, used, unused):
    grants = AreaGrant.objects.count()
    chosen = [used.pk, unused.pk, city.recorder.pk]
    answer = office.post(f"{BULK}?id={'&id='.join(map(str, chosen))}", follow=True)
    there = answer.redirect_chain
    assert (there, said(answer), User.objects.filter(pk__in=chosen).count(), AreaGrant.objects.count()) == (
        [(reverse("wagtailusers_users:index"), 302)],
        [ALL_KEPT],
        3,
        grants,
    )


def test_several_accounts_without_records_are_deleted(office, city, unused):
    chosen = [unused.pk, city.recorder.pk]
    answer = office.post(f"{BULK}?id={'&id='.join(map(str, chosen))}")
    assert (answer.status_code, User.objects.filter(pk__in=chosen).count()) == (302, 0)
