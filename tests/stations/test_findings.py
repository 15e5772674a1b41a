"""What the search finds of places: by their page where they have one, else where the list shows them."""

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import PageViewRestriction

from stations.models import IndustryPointPage, StationPage
from stations.operations import add_station
from tests.searched import found, index

PLANNER = 1 if connection.vendor == "postgresql" else 0  # SET LOCAL before the one statement
PRIVATE = {"phone": "0000-7654321", "hours": "每周三上午", "access": "坡道在东侧"}


def place(city, name="白鹤湾联络站", kind="liaison", **more):
    return add_station(kind=kind, name=name, area=city.township, actor=city.office, **more)


def rows(client, query):
    return [
        (row.hit.title, row.hit.href, row.hit.label, str(row.snippet))
        for row in client.get(reverse("search"), {"q": query}).context["rows"]
    ]


def test_a_place_without_a_page_leads_to_the_list_that_shows_it(client, city, site):
    place(city, "钧陶瓷联络点", "industry", industry="釉料烧造", address="窑火路 8 号", **PRIVATE)
    index()
    way = "/lianluozhan/?q=%E9%92%A7%E9%99%B6%E7%93%B7%E8%81%94%E7%BB%9C%E7%82%B9"
    assert rows(client, "钧陶瓷") == [("钧陶瓷联络点", way, "产业联络点", "窑火路 8 号")]
    shown = client.get(way).context["industry_points"]
    assert [point.station.name for point in shown] == ["钧陶瓷联络点"]
    assert [found(client, query) for query in ("釉料烧造", "窑火路")] == [["钧陶瓷联络点"]] * 2
    assert [found(client, query) for query in ("7654321", "每周三", "坡道")] == [[], [], []]
    assert client.get("/sousuo/tishi/?q=钧陶").context["rows"][0].hit.href == way


@pytest.mark.parametrize("kind", [StationPage, IndustryPointPage])
def test_a_place_with_a_page_is_one_result_that_leads_there(client, city, site, kind):
    station = place(city)
    page = kind(title="湾里的站", slug="wan", station=station, summary="提要。")
    site["lianluozhan"].add_child(instance=page)
    index()
    label = kind._meta.verbose_name
    assert rows(client, "白鹤湾") == [("湾里的站", "/lianluozhan/wan/", label, "提要。")]
    page.unpublish()
    assert [href.partition("?")[0] for _, href, *_ in rows(client, "白鹤湾 联络站")] == ["/lianluozhan/"]


def test_a_place_whose_list_is_closed_is_not_found(client, city, site):
    place(city)
    index()
    assert found(client, "白鹤湾") == ["白鹤湾联络站"]
    PageViewRestriction.objects.create(page=site["lianluozhan"], restriction_type=PageViewRestriction.LOGIN)
    assert found(client, "白鹤湾") == []


@pytest.mark.parametrize("count", [1, 3])
def test_places_take_the_same_questions_for_any_number(client, city, site, count, django_assert_num_queries):
    for number in range(count):
        place(city, f"白鹤湾{number}")
        station = place(city, f"白鹤湾口{number}")
        site["lianluozhan"].add_child(
            instance=StationPage(title=station.name, slug=f"wan{number}", station=station)
        )
    index()
    client.get("/sousuo/?q=白鹤湾&cb=0")
    with django_assert_num_queries(PLANNER + 5):  # the two of every search, two sorts of pages, the list
        shown = client.get("/sousuo/?q=白鹤湾&cb=1").context["rows"]
    assert len(shown) == 2 * count
