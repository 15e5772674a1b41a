"""Copying pages in the admin: what there is once is not offered for copying and refused in words; the rest is copied."""

import pytest
from bs4 import BeautifulSoup
from django.db.models import OneToOneField
from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction, CopyPagePermissionError
from wagtail.actions.create_alias import CreatePageAliasAction, CreatePageAliasPermissionError
from wagtail.models import Page

from portal.models import NoticePage
from portal.models.pages import kinds_of_pages
from stations.models import IndustryPointPage, StationPage
from stations.operations import add_station
from tests.portal.pictured import notice, story
from tests.sessions.faces import face

KINDS = ("session", "station", "point", "story")
WORDS = {
    "session": "一场分享会只有一个页面，页面不能复制。要再办一场，请到“分享会与活动”的活动列表里用“复制为新的一场”。",
    "station": "一个站点只有一个页面，页面不能复制。别的站点请新建页面。",
    "point": "一个站点只有一个页面，页面不能复制。别的站点请新建页面。",
    "story": "一位代表只有一篇事迹，页面不能复制。别的代表请新建页面。",
}


@pytest.fixture
def office(client, city, site):
    client.force_login(city.office)
    return client


def place(city, site, model, kind):
    station = add_station(
        kind=kind, name="石桥镇示例站", area=city.township, industry="示例产业", actor=city.office
    )
    page = model(title=station.name, slug=f"zhan-{station.pk}", station=station)
    return site["lianluozhan"].add_child(instance=page)


@pytest.fixture
def once(city, site):
    """Return the maker of a page that there is once, by its kind."""
    make = {
        "session": lambda: face(city, site),
        "station": lambda: place(city, site, StationPage, "liaison"),
        "point": lambda: place(city, site, IndustryPointPage, "industry"),
        "story": lambda: story(city, site),
    }
    return lambda kind: make[kind]()


def copying(page, **more):
    parent = page.get_parent()
    return {"new_title": "副本", "new_slug": "fu-ben", "new_parent_page": parent.pk, **more}


def address(page):
    return reverse("wagtailadmin_pages:copy", args=[page.pk])


def offers(office, page):
    """Return how often the list and the page's own menu offer to copy it."""
    views = [
        reverse("wagtailadmin_explore", args=[page.get_parent().pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ]
    return [office.get(view).text.count(f'href="{address(page)}') for view in views]


def test_every_page_that_something_has_one_of_is_never_copied(db):
    def single(model):
        own = [field for field in model._meta.local_fields if isinstance(field, OneToOneField)]
        return any(not field.remote_field.parent_link for field in own)

    kinds = kinds_of_pages()
    assert [kind for kind in kinds if single(kind)] == [kind for kind in kinds if kind.not_copied]


@pytest.mark.parametrize("kind", KINDS)
def test_no_menu_offers_to_copy_what_there_is_once(office, once, kind):
    assert offers(office, once(kind)) == [0, 0]


def test_the_menus_offer_to_copy_a_notice(office, site):
    assert [count > 0 for count in offers(office, notice(site))] == [True, True]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [None, {}, {"alias": "on"}])
def test_the_address_of_copying_refuses_what_there_is_once_in_words(office, once, kind, more):
    page = once(kind)
    count = Page.objects.count()
    given = {} if more is None else copying(page, **more)
    answer = (office.get if more is None else office.post)(address(page), given, follow=True)
    html = BeautifulSoup(answer.content, "html.parser")
    said = [text for line in html.select(".messages li.error") for text in list(line.stripped_strings)[:1]]
    assert (answer.redirect_chain, said, Page.objects.count()) == (
        [(reverse("wagtailadmin_pages:edit", args=[page.pk]), 302)],
        [WORDS[kind]],
        count,
    )


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        (lambda page, user: CopyPageAction(page, to=page.get_parent(), user=user), CopyPagePermissionError),
        (lambda page, user: CreatePageAliasAction(page, user=user), CreatePageAliasPermissionError),
    ],
)
def test_no_other_way_of_wagtail_copies_what_there_is_once(city, once, action, refused):
    page = once("story")
    count = Page.objects.count()
    with pytest.raises(refused):
        action(page, city.office).execute()
    assert Page.objects.count() == count


@pytest.mark.parametrize("more", [{}, {"alias": "on"}])
def test_a_notice_is_copied_as_ever(office, site, more):
    page = notice(site)
    assert office.get(address(page)).status_code == 200
    answer = office.post(address(page), copying(page, **more))
    assert (answer.status_code, NoticePage.objects.filter(slug="fu-ben").count()) == (302, 1)


def test_who_may_not_edit_the_page_is_told_no_more_than_that(client, city, once):
    client.force_login(city.recorder)
    answer = client.get(address(once("story")))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))
