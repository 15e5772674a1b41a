"""The public pages of stations: live state, duties, roster, search, empty states, constant queries."""

from datetime import datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from stations import operations
from stations.models import IndustryPointPage, Station, StationPage
from stations.receptions import phase_at, spoken_day
from stations.views.places import station_context
from tests.conftest import SHANGHAI, START

INDEX = "/lianluozhan/"
PHONE = "13900000001"
# Of these, 7 are the frame: site, route, settings, footer.
INDEX_QUERIES = 12
STATION_QUERIES = 10


@pytest.fixture
def station(city):
    return operations.add_station(
        kind="liaison",
        name="石桥镇代表联络站",
        area=city.township,
        address="示例路 18 号",
        phone="0000-1112222",
        hours="工作日 8:30—17:30",
        access="无障碍坡道",
        actor=city.office,
    )


@pytest.fixture
def point(city):
    return operations.add_station(
        kind="industry", name="三粉联络点", area=city.other_township, industry="三粉", actor=city.office
    )


def publish(site, station):
    model = IndustryPointPage if station.kind == "industry" else StationPage
    page = model(title=station.name, slug=f"z{station.pk}", station=station)
    return site["lianluozhan"].add_child(instance=page)


def plan(city, station, *mandates, starts_at=START, hours=2, topic=""):
    return operations.plan_reception(
        station=station,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        mandates=mandates,
        topic=topic,
        actor=city.office,
    )


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


@pytest.mark.parametrize(
    ("seconds", "phase"), [(-1, "soon"), (0, "open"), (7199, "open"), (7200, "over"), (-86400, "later")]
)
def test_a_reception_is_open_from_its_start_until_its_end(seconds, phase):
    now = START + timedelta(seconds=seconds)
    assert phase_at(START, START + timedelta(hours=2), now) == phase


@pytest.mark.parametrize(
    ("days", "said"), [(0, "今天"), (1, "明天"), (2, "6 月 20 日（周六）"), (14, "7 月 2 日（周四）")]
)
def test_a_day_is_said_as_people_say_it(days, said):
    today = START.date()
    assert spoken_day(today + timedelta(days=days), today) == said


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, ("open", "现在正在接待", "今天 14:30—16:30", "丁示例")),
        (-2, ("soon", "今天 14:30 开始接待", "今天 14:30—16:30", "丁示例")),
        (2, ("rest", "今天的接待已结束", "下次：6 月 25 日（周四）14:30—16:30", "")),
        (-24, ("rest", "今天不接待", "下次：明天14:30—16:30", "丁示例")),
        (24 * 8, ("rest", "今天不接待", "下一次接待日确定后会在这里公布。", "")),
    ],
)
def test_the_card_of_a_station_says_how_it_stands(city, station, hours, state):
    plan(city, station, city.representative())
    plan(city, station, starts_at=START + timedelta(days=7))
    assert tuple(station_context(station, START + timedelta(hours=hours))["state"]) == state


def test_the_local_day_decides_what_is_today(city, station):
    early = datetime(2026, 6, 18, 7, 0, tzinfo=SHANGHAI)  # still the 17th in UTC
    plan(city, station, starts_at=early)
    state = station_context(station, datetime(2026, 6, 18, 0, 30, tzinfo=SHANGHAI))["state"]
    assert state.heading == "今天 7:00 开始接待"


@time_machine.travel(START, tick=False)
def test_a_station_page_shows_duties_roster_and_the_way(client, site, city, station):
    receiver = city.representative("丁示例", phone=PHONE, occupation="村医")
    second = city.representative("王　文")
    operations.add_to_roster(
        station=station, mandates=[second, receiver], starts_on=START.date(), actor=city.office
    )
    plan(city, station, receiver, topic="冬季供暖")
    page = soup(client, publish(site, station).url)
    assert words(page.select_one(".openbox")) == "现在正在接待 今天 14:30—16:30 接待代表：丁示例"
    assert [words(cell) for cell in page.select(".duty tbody td")] == [
        "6 月 18 日 今天 · 周四",
        "14:30—16:30",
        "丁示例",
        "冬季供暖",
        "正在接待",
    ]
    assert [words(person) for person in page.select(".people li")] == ["丁 丁示例 村医", "王 王 文"]
    assert words(page.select_one(".kv")) == (
        "地址 示例路 18 号 开放 工作日 8:30—17:30 电话 0000-1112222 方便 无障碍坡道"
    )
    assert page.select_one(".kv a")["href"] == "tel:00001112222"


def test_a_station_without_anything_says_so(client, site, city, station):
    page = soup(client, publish(site, station).url)
    assert [words(line) for line in page.select(".block .soft")] == [
        "还没有新的接待日，确定后会在这里公布。",
        "驻站代表名单正在整理。",
    ]
    assert words(page.select_one(".openbox b")) == "今天不接待"


def test_a_long_roster_is_folded_after_twelve(client, site, city, station):
    mandates = [city.representative(f"丁例{n}", login=False) for n in range(14)]
    operations.add_to_roster(station=station, mandates=mandates, starts_on=START.date(), actor=city.office)
    with time_machine.travel(START, tick=False):
        page = soup(client, publish(site, station).url)
    assert len(page.select(".block > .people > li")) == 12
    assert words(page.select_one(".block details summary")) == "全部 14 名驻站代表"


def test_a_person_who_left_the_roster_is_not_shown(client, site, city, station):
    mandate = city.representative()
    operations.add_to_roster(station=station, mandates=[mandate], starts_on=START.date(), actor=city.office)
    operations.change_roster_entry(
        entry=station.roster.get(), duty="", ends_on=START.date(), actor=city.office
    )
    assert station_context(station, START)["roster_count"] == 1
    assert station_context(station, START + timedelta(days=1))["roster_count"] == 0


@time_machine.travel(START, tick=False)
def test_the_index_shows_today_the_week_points_and_all_stations(client, site, city, station, point):
    mandate = city.representative()
    publish(site, station)
    plan(city, station, mandate)
    plan(city, point, starts_at=START + timedelta(days=2))
    plan(city, point, starts_at=START + timedelta(days=8))
    page = soup(client, INDEX)
    lists = [[words(row) for row in each.select("li")] for each in page.select(".st-list")]
    assert lists == [
        ["三粉联络点 接待 6 月 20 日 14:30—16:30 清源镇"],
        ["石桥镇代表联络站 14:30—16:30 丁示例 正在接待"],
        ["三粉联络点 6 月 20 日 14:30—16:30 周六"],
    ]
    assert [words(row) for row in page.select(".allst li")] == ["01 石桥镇代表联络站 下次接待： 6 月 18 日"]
    assert [words(chip) for chip in page.select(".chip")] == [
        "全部 2",
        "今日接待 1",
        "联络站 1",
        "产业联络点 1",
    ]


@time_machine.travel(START, tick=False)
def test_an_industry_point_shows_the_hours_of_its_reception_and_not_those_it_is_open(
    client, site, city, point
):
    Station.objects.filter(pk=point.pk).update(hours="工作日 8:30—17:30")
    plan(city, point, starts_at=START + timedelta(days=8))
    plan(city, point, starts_at=START + timedelta(days=2), hours=1)
    rows = [words(row) for row in soup(client, INDEX).select(".cols li")]
    assert rows == ["三粉联络点 接待 6 月 20 日 14:30—15:30 清源镇"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=石桥", ["石桥镇代表联络站"]),
        ("?q=清源镇", ["三粉联络点"]),
        ("?q=　三粉 ", ["三粉联络点"]),
        ("?q=示例路１８", []),
        ("?q=示例路 １８", ["石桥镇代表联络站"]),
        ("?q=石桥 联络站", ["石桥镇代表联络站"]),
        ("?q=石桥 三粉", []),
        ("?kind=industry", ["三粉联络点"]),
        ("?kind=today", ["石桥镇代表联络站"]),
        ("?kind=nonsense", ["三粉联络点", "石桥镇代表联络站"]),
        ("?page=99999", ["三粉联络点", "石桥镇代表联络站"]),
    ],
)
def test_stations_are_found_by_name_township_trade_and_address(
    client, site, city, station, point, query, found
):
    plan(city, station)
    with time_machine.travel(START, tick=False):
        page = soup(client, INDEX + query)
    industry = [words(row) for row in page.select(".st-list b") if words(row) == "三粉联络点"]
    liaison = [words(row) for row in page.select(".allst b")]
    assert industry + liaison == found


def test_a_search_without_a_find_offers_the_way_back(client, site, station):
    page = soup(client, f"{INDEX}?q=<b>没有</b>")
    assert (
        words(page.select_one(".state"))
        == "没有找到“<b>没有</b>” 换个说法试试；或者减少一个筛选条件。 清除筛选 搜索全站"
    )
    ways = [link["href"] for link in page.select(".state a")]
    assert ways == [INDEX, "/sousuo/?q=%3Cb%3E%E6%B2%A1%E6%9C%89%3C%2Fb%3E"]


def test_a_day_without_receptions_names_the_next_one(client, site, city, station):
    plan(city, station, starts_at=START + timedelta(days=3))
    with time_machine.travel(START, tick=False):
        page = soup(client, f"{INDEX}?kind=today")
    assert words(page.select_one(".state")) == (
        "今天没有接待安排 最近一次：6 月 21 日，石桥镇代表联络站。 看全部安排"
    )


def test_an_installation_without_stations_says_so(client, site):
    assert words(soup(client, INDEX).select_one(".state")) == "联络站点正在登记 登记好的站点会在这里公布。"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_index_asks_the_same_number_of_queries(client, site, city, rows, django_assert_num_queries):
    for n in range(rows):
        one = operations.add_station(kind="liaison", name=f"第{n}站", area=city.township, actor=city.office)
        publish(site, one)
        people = [city.representative(f"丁{n}{m}", login=False) for m in range(rows)]
        plan(city, one, *people)
        plan(city, one, *people, starts_at=START + timedelta(days=1))
    with time_machine.travel(START, tick=False), django_assert_num_queries(INDEX_QUERIES):
        assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_station_page_asks_the_same_number_of_queries(
    client, site, city, station, rows, django_assert_num_queries
):
    url = publish(site, station).url
    mandates = [city.representative(f"丁{m}", login=False) for m in range(rows)]
    operations.add_to_roster(station=station, mandates=mandates, starts_on=START.date(), actor=city.office)
    for n in range(rows):
        plan(city, station, *mandates, starts_at=START + timedelta(days=n))
    with time_machine.travel(START, tick=False), django_assert_num_queries(STATION_QUERIES):
        assert client.get(url).status_code == 200


def test_an_unpublished_station_is_not_linked(client, site, city, station):
    publish(site, station).unpublish()
    page = soup(client, INDEX)
    assert [a["href"] for a in page.select(".allst a")] == []


def many(city, number, kind="liaison"):
    """Make so many stations, or points, in the order of their names."""
    rows = (
        Station(
            kind=kind,
            name=f"示例{kind}{n:02d}",
            area=city.township,
            industry="三粉" if kind == "industry" else "",
        )
        for n in range(number)
    )
    return Station.objects.bulk_create(rows)


def test_of_many_stations_a_page_lists_forty_eight(client, site, city):
    many(city, 61)
    pages = [soup(client, f"{INDEX}?page={page}") for page in (1, 2)]
    assert [len(page.select(".allst li")) for page in pages] == [48, 13]
    assert words(pages[1].select_one(".allst li")) == "49 示例liaison48"
    assert words(pages[0].select_one("#all .sec-h")) == "全部联络站 按区划代码排列 · 61 个"


def test_of_many_points_the_first_stand_beside_the_map_and_all_under_their_kind(client, site, city):
    many(city, 9, "industry")
    page = soup(client, INDEX)
    assert len(page.select(".st-list.cols li")) == 8
    way = page.select_one("section[aria-labelledby=points-h] .more")
    assert (words(way), way["href"]) == ("全部 9 个产业联络点", "?kind=industry")
    assert len(soup(client, f"{INDEX}?kind=industry").select(".st-list.cols li")) == 9
    many(city, 61)
    assert len(soup(client, f"{INDEX}?kind=industry&page=2").select(".st-list.cols li")) == 9


@time_machine.travel(START, tick=False)
def test_of_many_receptions_the_next_ones_are_shown_and_said_to_go_on(client, site, city):
    stations = many(city, 25)
    for one in stations:
        plan(city, one)
        plan(city, one, starts_at=START + timedelta(days=1))
    page = soup(client, INDEX)
    assert [len(each.select("li")) for each in page.select(".st-list")] == [8, 17, 4, 20]
    assert [words(each) for each in page.select("details.fold summary")] == [
        "今日全部 25 场接待",
        "前 24 场接待",
    ]
    assert words(page.select_one("details.fold .cap")) == "再往后的接待日，见各站点自己的页面。"


@time_machine.travel(START, tick=False)
def test_a_station_that_was_not_asked_for_takes_no_place_among_the_receptions(client, site, city, point):
    for one in many(city, 25):
        plan(city, one, starts_at=START + timedelta(days=1))
    plan(city, point, starts_at=START + timedelta(days=2))
    page = soup(client, f"{INDEX}?q=三粉")
    assert [words(row) for row in page.select("section[aria-labelledby=week-h] li b")] == ["三粉联络点"]
