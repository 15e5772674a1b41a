"""The map on the pages of stations: who stands where, what is linked, what readers without eyes are told."""

from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup

from stations import operations
from stations.models import IndustryPointPage, Station, StationPage
from stations.views.places import Place
from stations.views.schematic import labels_of, schematic
from tests.conftest import START
from tests.opened import opened

INDEX = "/lianluozhan/"


def add(city, name="石桥镇代表联络站", *, x=None, y=None, area=None, industry=""):
    return operations.add_station(
        kind="industry" if industry else "liaison",
        name=name,
        area=area or city.township,
        industry=industry,
        map_x=None if x is None else Decimal(x),
        map_y=None if y is None else Decimal(y),
        actor=city.office,
    )


def publish(site, station):
    model = IndustryPointPage if station.kind == "industry" else StationPage
    page = model(title=station.name, slug=f"z{station.pk}", station=station)
    return site["lianluozhan"].add_child(instance=page)


def drawn(*stations, today=(), shown=None):
    return schematic([Place(one, 0, None, None, one in today) for one in stations], shown)


def soup(client, path):
    with time_machine.travel(START, tick=False):
        response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_while_nobody_set_a_position_all_stand_in_a_grid_in_their_order(city):
    stations = [add(city, f"第{n}站") for n in range(4)]
    spots = drawn(*stations).spots
    assert [spot.name for spot in spots] == [one.name for one in stations]
    rows = {spot.y for spot in spots}
    assert (len(rows), drawn(*stations).left_out) == (2, 0)
    assert drawn(*stations) == drawn(*stations)


def test_what_has_a_position_stands_there_and_the_rest_is_told_of(city):
    first, second = add(city, x=0, y=100), add(city, "二站")
    whole = drawn(first, second)
    assert [(spot.name, spot.x, spot.y) for spot in whole.spots] == [(first.name, "64.0", "416.0")]
    assert whole.left_out == 1


def test_cells_belong_to_liaison_stations_and_to_points_only_where_there_are_no_others(city):
    station, point = add(city, x=20, y=20), add(city, "三粉联络点", x=80, y=80, industry="三粉")
    assert [(spot.industry, bool(spot.cell)) for spot in drawn(point, station).spots] == [
        (False, True),
        (True, False),
    ]
    assert [(spot.industry, bool(spot.cell)) for spot in drawn(point).spots] == [(True, True)]


def test_two_at_one_place_do_not_cover_each_other(city):
    spots = drawn(add(city, x=50, y=50), add(city, "二站", x=50, y=50)).spots
    assert (spots[0].x, spots[0].y) == ("340.0", "240.0")
    assert (spots[0].x, spots[0].y) != (spots[1].x, spots[1].y)


def test_no_station_is_no_map():
    assert schematic([]) is None


def test_names_on_the_map_are_short(city):
    stations = [
        add(city, "清源镇示例联络站", area=city.other_township),
        add(city, "石桥镇代表联络站"),
        add(city, "石桥镇东街很长的代表联络站"),
        add(city, "钧陶瓷联络点", industry="钧陶瓷"),
        add(city, "联络点", industry="特别长的产业名称"),
    ]
    assert labels_of(stations) == ["清源镇", "石桥镇", "石桥镇东…", "钧陶瓷", "特别长的…"]


def test_the_page_draws_every_station_as_a_link_with_its_whole_name(client, site, city):
    station, point = add(city, x=20, y=20), add(city, "三粉联络点", x=80, y=80, industry="三粉")
    bare = add(city, "没有页面的站", x=50, y=50)
    pages = [publish(site, each) for each in (station, point)]
    operations.plan_reception(
        station=station,
        starts_at=START,
        ends_at=START.replace(hour=17),
        mandates=[],
        actor=city.office,
    )
    svg = soup(client, INDEX).select_one(".map-card svg")
    assert [(a["href"], a["aria-label"]) for a in svg.select("a")] == [
        (pages[0].url, "石桥镇代表联络站，今天接待"),
        (pages[1].url, "三粉联络点"),
    ]
    ground = svg.select_one("g[role=img]")
    assert ground["aria-labelledby"] == "map-t map-d"
    assert ground.select_one("title").get_text() == "联络站点分布示意图"
    assert ground.select_one("desc").get_text() == (
        "2 个代表联络站与 1 个产业联络点的相对位置示意，不作为行政区划依据。完整信息见旁边和下面的列表。"
    )
    assert (len(svg.select(".area")), len(svg.select(".area.duty"))) == (2, 1)
    assert (len(svg.select(".dot")), len(svg.select(".dot.duty")), len(svg.select(".ind"))) == (2, 1, 1)
    assert [name.get_text() for name in svg.select("g.spot .name")] == [
        bare.name.removesuffix("站")[:4] + "…"
    ]


def test_the_caption_says_that_it_is_no_map_of_boundaries(client, site, city):
    add(city, x=1, y=1), add(city, "二站")
    caption = soup(client, INDEX).select_one(".map-card .cap").get_text()
    assert caption == "示意图，不作为行政区划依据；另有 1 个站点没有标位置，见列表"


def test_what_was_not_asked_for_steps_back(client, site, city):
    publish(site, add(city, x=20, y=20)), publish(site, add(city, "三粉联络点", x=80, y=80, industry="三粉"))
    page = soup(client, f"{INDEX}?kind=industry")
    assert [a["aria-label"] for a in page.select(".map-card a.away")] == ["石桥镇代表联络站"]


@pytest.mark.parametrize("count", [1, 2, 26, 60])
def test_any_number_of_stations_is_drawn(client, site, city, count):
    rows = [Station(kind="liaison", name=f"第{n}站", area=city.township) for n in range(count)]
    Station.objects.bulk_create(rows)
    svg = soup(client, INDEX).select_one(".map-card svg")
    assert len(svg.select(".area")) == count


def test_a_markup_in_a_name_is_text_on_the_map(client, site, city):
    publish(site, add(city, '"><script>x</script>', x=1, y=1))
    page = soup(client, INDEX)
    assert page.select(".map-card script") == []
    assert page.select_one(".map-card a.spot")["aria-label"] == '"><script>x</script>'


def test_a_stations_own_page_shows_where_it_lies_once_it_has_a_position(client, site, city):
    station, other = add(city, x=20, y=20), add(city, "二站")
    page = soup(client, publish(site, station).url)
    assert page.select_one(".mini title").get_text() == "石桥镇代表联络站在各站点之间的大致方位"
    assert len(page.select(".mini .here")) == 1
    assert soup(client, publish(site, other).url).select(".mini") == []


def test_staff_set_the_position_in_the_stations_form(client, city):
    station = add(city)
    client.force_login(city.office)
    address = f"/admin/stations/edit/{station.pk}/"
    facts = {"kind": "liaison", "name": station.name, "area": station.area_id} | opened(client, address)
    refused = client.post(address, facts | {"map_x": "5", "map_y": ""})
    assert "示意图的横向和纵向位置请一起填写" in refused.content.decode()
    refused = client.post(address, facts | {"map_x": "101", "map_y": "5"})
    assert "请填写 0 到 100 之间的数。" in refused.content.decode()
    assert client.post(address, facts | {"map_x": "12.5", "map_y": "５０"}).status_code == 302
    assert Station.objects.values_list("map_x", "map_y").get() == (Decimal("12.50"), Decimal("50.00"))


def crowd(city, number):
    """Make so many stations in two townships, turn about, at two heights of the map."""
    Station.objects.bulk_create(
        Station(
            kind="liaison",
            name=f"示例{n:02d}站",
            area=city.other_township if n % 2 else city.township,
            map_x=Decimal(n) % 100,
            map_y=Decimal(80 if n % 2 else 20),
        )
        for n in range(number)
    )
    return list(Station.objects.select_related("area").order_by("pk"))


def test_of_more_than_sixty_stations_their_areas_are_drawn_in_the_middle_of_them(city):
    stations = crowd(city, 61)
    assert (drawn(*stations[:60]).grouped, len(drawn(*stations[:60]).spots)) == (False, 60)
    whole = drawn(*stations, today=stations[1:2], shown={stations[0].pk})
    facts = [(spot.name, spot.number, spot.x, spot.y, spot.duty, spot.away) for spot in whole.spots]
    assert (whole.grouped, facts) == (
        True,
        [
            (city.township.name, 31, "229.6", "134.4", False, False),
            (city.other_township.name, 30, "229.6", "345.6", True, True),
        ],
    )


def test_areas_stand_in_a_grid_while_nobody_set_a_position(city):
    stations = crowd(city, 61)
    for one in stations:
        one.map_x = one.map_y = None
    assert [(spot.x, spot.y) for spot in drawn(*stations).spots] == [("202.0", "240.0"), ("478.0", "240.0")]


def test_one_area_that_holds_all_of_many_stations_is_no_map(city):
    assert drawn(*crowd(city, 130)[::2]) is None


def test_an_area_on_the_map_leads_to_the_list_of_its_stations(client, site, city):
    crowd(city, 61)
    page = soup(client, INDEX)
    marks = page.select(".map-card a.spot")
    assert [(a["href"], a["aria-label"], a.select_one(".name").get_text()) for a in marks] == [
        ("?q=%E7%9F%B3%E6%A1%A5%E9%95%87", "石桥镇，31 个站点", "石桥镇 31"),
        ("?q=%E6%B8%85%E6%BA%90%E9%95%87", "清源镇，30 个站点", "清源镇 30"),
    ]
    assert page.select_one(".map-card .legend").get_text() == "今日接待各乡镇、街道的站点数"
    assert len(soup(client, f"{INDEX}?q=石桥镇").select(".allst li")) == 31
