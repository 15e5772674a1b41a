"""Every address leads to its page in two queries, and to nothing that is not open to its reader."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from wagtail.models import Page, PageViewRestriction, Site

from portal import routing
from portal.models import NoticePage


@pytest.fixture
def notice(site):
    return site["tongzhi"].add_child(instance=NoticePage(title="示例通知", slug="n1", date="2026-06-01"))


def ask(path="tongzhi/n1/"):
    request = RequestFactory().get(f"/{path}")
    request.user = AnonymousUser()
    request._wagtail_site = Site.objects.select_related("root_page").get()
    return routing.find(request, path)


@pytest.mark.parametrize(
    ("path", "title"), [("", "首页"), ("tongzhi/", "通知公告"), ("tongzhi/n1/", "示例通知")]
)
def test_a_page_of_any_depth_takes_two_queries(notice, path, title, django_assert_num_queries):
    with django_assert_num_queries(3):  # one of them is the site, which a served request remembers
        assert ask(path).title == title


def test_the_pages_above_are_known_without_asking(notice, django_assert_num_queries):
    page = ask()
    with django_assert_num_queries(0):
        assert [(parent.title, parent.url_path) for parent in page.parents()] == [
            ("通知公告", "/home/tongzhi/")
        ]


def test_the_breadcrumb_of_a_page_that_was_found_otherwise_is_the_same(notice):
    assert [parent.title for parent in notice.parents()] == ["通知公告"]


@pytest.mark.parametrize(
    "path", ["tongzhi/n2/", "n1/", "tongzhi/n1/n1/", "home/", "tongzhi/tongzhi/n1/", "%00/"]
)
def test_an_address_without_a_page_is_not_found(client, notice, path):
    assert client.get(f"/{path}").status_code == 404


def test_an_address_deeper_than_anything_is_not_found(client, notice):
    assert client.get("/tongzhi/" * 40).status_code == 404


def test_an_unpublished_page_is_not_found(client, notice):
    notice.unpublish()
    assert client.get("/tongzhi/n1/").status_code == 404


@pytest.mark.parametrize("where", ["/home/tongzhi/n1/", "/home/tongzhi/", "/home/"])
def test_a_restriction_of_the_page_or_above_it_asks_to_sign_in(client, notice, where):
    closed = Page.objects.get(url_path=where)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    answer = client.get("/tongzhi/n1/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/tongzhi/n1/")


def test_a_restriction_of_a_neighbour_closes_nothing(client, site, notice):
    PageViewRestriction.objects.create(page=site["kejian"], restriction_type="login")
    assert client.get("/tongzhi/n1/").status_code == 200


def test_an_alias_of_a_closed_page_is_as_closed(client, site, notice):
    alias = notice.create_alias(parent=site["tongzhi"], update_slug="n1-alias")
    assert client.get(alias.url).status_code == 200
    PageViewRestriction.objects.create(page=notice, restriction_type="login")
    assert client.get(f"{alias.url}?not=stored").status_code == 302


def test_a_page_keeps_its_restrictions_for_who_asks_the_page(notice):
    PageViewRestriction.objects.create(page=notice, restriction_type="login")
    assert NoticePage.objects.get(pk=notice.pk).get_view_restrictions().count() == 1


def test_two_pages_of_one_slug_are_told_apart(client, site, notice):
    site["kejian"].add_child(instance=Page(title="另一页", slug="n1"))
    assert ask().title == "示例通知"
