"""公开数据: numbers, the rows they open, who is not in them, years without anything, a fixed number of queries."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from bs4 import BeautifulSoup

from portal import generation
from sessions.operations import cancel_activity, close_roll, record_status
from sessions.programme import year_figures
from stations import operations as stations_operations
from tests.conftest import START
from tests.replay import built_upon
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea

DAY = timedelta(days=1)
NOW = START + timedelta(days=150)  # 15 November 2026


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


def drop_stored_pages():
    generation.advance()


def held(city, site, *, came=(), ideas=0, **more):
    """Hold a session whose closed roll has `came` people present, with so many released ideas."""
    page = face(city, site, **more)
    activity = page.activity
    city.enrol(activity, *came)
    for mandate in came:
        record_status(activity=activity, representative=mandate.representative, status="present",
                      actor=city.recorder, moment=activity.starts_at)  # fmt: skip
    close_roll(activity=activity, actor=city.recorder, moment=activity.ends_at)
    for number in range(ideas):
        idea(city, title=f"示例金点子 {number}", activity=activity, moment=activity.starts_at)
    return page


@pytest.fixture
def year(city, site):
    """Three sessions held, one called off, one to come, one draft; four pieces of courseware; a year with nothing."""
    return built_upon([city, *site.values()], "a year of figures", lambda: _year(city, site))


def _year(city, site):
    people = [city.representative(name, login=False) for name in ("丁示例", "田示范", "王样本")]
    station = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, actor=None
    )
    first = held(city, site, came=people, title="甲场", theme="联系群众", station=station, ideas=2)
    held(
        city,
        site,
        came=people[:1],
        title="乙场",
        theme="联系群众",
        starts_at=START + 30 * DAY,
        ideas=3,
    )
    held(city, site, came=people[:2], title="丙场", starts_at=START.replace(month=1, day=1, hour=0, minute=5))
    held(city, site, came=people, title="前年", starts_at=START - 2 * 365 * DAY)
    cancel_activity(activity=face(city, site, title="取消").activity, reason="示例", actor=city.office)
    face(city, site, title="还没到", starts_at=NOW + DAY)
    face(city, site, title="草稿", state="draft")
    courseware(site, title="甲课件", session=first, theme="联系群众", day=date(2026, 6, 20))
    courseware(site, title="乙课件", day=date(2026, 12, 31))
    courseware(site, title="去年课件", day=date(2025, 12, 31))
    courseware(site, title="没公布", day=date(2026, 6, 1), live=False)
    return station


def cells(html):
    """Return {(line, measure): (number, address)} of every number that opens something."""
    found = re.findall(
        r'<a class="num" href="([^"]+)" aria-label="([^"]+?)(分享会|参加|会上金点子|课件) (\d+) ', html
    )
    return {(line, measure): (int(number), unescape(href)) for href, line, measure, number in found}


def test_the_numbers_by_month_theme_and_station(client, year):
    html = client.get("/shuju/").content.decode()
    numbers = {key: number for key, (number, _) in cells(html).items()}
    assert numbers == {
        ("1 月", "分享会"): 1, ("1 月", "参加"): 2,
        ("6 月", "分享会"): 1, ("6 月", "参加"): 3, ("6 月", "会上金点子"): 2, ("6 月", "课件"): 1,
        ("7 月", "分享会"): 1, ("7 月", "参加"): 1, ("7 月", "会上金点子"): 3, ("12 月", "课件"): 1,
        ("联系群众", "分享会"): 2, ("联系群众", "参加"): 4, ("联系群众", "会上金点子"): 5, ("联系群众", "课件"): 1,
        ("未分主题", "分享会"): 1, ("未分主题", "参加"): 2, ("未分主题", "课件"): 1,
        ("石桥镇代表联络站", "分享会"): 1, ("石桥镇代表联络站", "参加"): 3, ("石桥镇代表联络站", "会上金点子"): 2,
        ("石桥镇代表联络站", "课件"): 1,
        ("其他地点", "分享会"): 2, ("其他地点", "参加"): 3, ("其他地点", "会上金点子"): 3, ("其他地点", "课件"): 1,
        ("合计", "分享会"): 3, ("合计", "参加"): 6, ("合计", "会上金点子"): 5, ("合计", "课件"): 2,
    }  # fmt: skip


def rows_behind(client, href):
    """Return what a list says: its sums and, added up by hand, its rows."""
    html = client.get(href).content.decode()
    told = {
        name: int(n)
        for name, n in re.findall(
            r"(分享会|参加|会上金点子|课件) (\d+) (?:期|人次|条|件)", html.split("lead")[1]
        )
    }
    counted = {
        "分享会": html.count('<th scope="row">'),
        "课件": len(re.findall(r'<li><span><a href="/kejian/', html)),
    }
    for name in ("参加", "会上金点子"):
        counted[name] = sum(int(n) for n in re.findall(rf'data-label="{name}">(\d+)<', html))
    return told, counted


def test_every_number_equals_the_list_it_opens(client, year):
    opened = cells(client.get("/shuju/2026/").content.decode())
    assert len(opened) == 29
    for (line, measure), (number, href) in opened.items():
        told, counted = rows_behind(client, href)
        assert (line, measure, told[measure], counted[measure]) == (line, measure, number, number)


def test_the_home_page_says_the_same_and_leads_here(client, year):
    figures = year_figures(NOW)
    table = cells(client.get("/shuju/").content.decode())
    named = {
        "分享会": figures.sessions,
        "参加": figures.people,
        "会上金点子": figures.ideas,
        "课件": figures.courseware,
    }
    assert {name: table["合计", name][0] for name in named} == named
    home = client.get("/").content.decode()
    wanted = ('href="/shuju/2026/fenxianghui/"', 'href="/shuju/2026/kejian/"', 'href="/shuju/"')
    assert [address for address in wanted if address not in home] == []


def test_the_list_says_what_it_holds_and_keeps_out_the_rest(client, year):
    html = client.get("/shuju/2026/fenxianghui/", {"theme": "联系群众", "month": "2026-06"}).content.decode()
    assert "2026 年 6 月 · 主题“联系群众” · 分享会" in html
    titles = ("甲场", "乙场", "丙场", "前年", "取消", "还没到", "草稿")
    assert [title for title in titles if f">{title}</a>" in html] == ["甲场"]
    station = client.get("/shuju/2026/fenxianghui/", {"station": year.pk}).content.decode()
    assert "2026 年 · 石桥镇代表联络站 · 分享会" in station


def test_the_year_is_that_of_the_place(client, city, site):
    held(city, site, title="除夕夜", starts_at=START.replace(year=2025, month=12, day=31, hour=23, minute=50))
    assert ("12 月", "分享会") in cells(client.get("/shuju/2025/").content.decode())
    assert cells(client.get("/shuju/2026/").content.decode()) == {}


def test_a_year_without_anything_says_so_and_one_beyond_is_not_found(client, year):
    html = client.get("/shuju/2025/fenxianghui/").content.decode()
    assert "没有符合条件的记录" in html
    answers = [client.get(f"/shuju/{each}/").status_code for each in (2023, 2024, 2025, 2026, 2027, 99999)]
    assert answers == [404, 200, 200, 200, 404, 404]
    lists = [client.get(f"/shuju/2027/{each}/").status_code for each in ("fenxianghui", "kejian")]
    assert lists == [404, 404]


def test_an_empty_site_has_a_page_that_says_what_will_come(client, site):
    html = client.get("/shuju/").content.decode()
    assert ("这一年还没有可以公布的数据" in html, '<svg class="cols' in html) == (True, False)


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=2025-06", "month=%00", "station=99999999999999999999", "theme=%00"]
)
def test_nonsense_in_the_address_breaks_nothing(client, year, query):
    assert client.get(f"/shuju/2026/fenxianghui/?{query}").status_code == 200


def test_nobody_is_named_and_no_rate_is_told(client, year):
    pages = [
        client.get(a).content.decode() for a in ("/shuju/", "/shuju/2026/fenxianghui/", "/shuju/2026/kejian/")
    ]
    private = ("丁示例", "田示范", "王样本", "请假", "缺席", "率")
    assert [(word, n) for n, page in enumerate(pages) for word in private if word in page] == []


def test_the_session_of_a_file_that_is_not_public_lends_it_no_station(client, city, site, year):
    hidden = face(city, site, title="不公开", station=year, live=False)
    courseware(site, title="丁课件", session=hidden, day=date(2026, 3, 3))
    table = cells(client.get("/shuju/").content.decode())
    assert (table["石桥镇代表联络站", "课件"][0], table["其他地点", "课件"][0]) == (1, 2)


def test_charts_carry_title_and_words(client, year):
    html = client.get("/shuju/").content.decode()
    assert re.findall(r'<svg class="cols" role="img" aria-labelledby="(\w+)-t \1-d">', html) == [
        "sessions", "people", "ideas", "courseware",
    ]  # fmt: skip
    assert '<desc id="people-d">1 月 2 人次，6 月 3 人次，7 月 1 人次。最多的是 6 月。</desc>' in html


def test_the_pages_are_stored_with_known_words_only(client, year):
    for address in ("/shuju/2026/", "/shuju/2026/fenxianghui/?month=2026-06&theme=x&station=3&page=1"):
        assert [client.get(address).get("X-Cache") for _ in range(2)] == ["miss", "hit"]
    assert client.get("/shuju/2026/fenxianghui/?who=1").get("X-Cache") is None


@pytest.mark.parametrize(
    ("address", "queries"), [("/shuju/", 7), ("/shuju/2026/fenxianghui/", 6), ("/shuju/2026/kejian/", 6)]
)
def test_the_same_queries_at_any_length(client, city, site, django_assert_num_queries, address, queries):
    person = city.representative("丁示例", login=False)
    for number in (1, 3):
        for _ in range(number):
            page = held(city, site, came=[person], ideas=1)
            courseware(site, session=page)
        client.get("/tongzhi/")
        drop_stored_pages()
        with django_assert_num_queries(queries):
            client.get(address)


def test_of_many_stations_a_page_shows_thirty_and_the_sum_of_all(client, city, site):
    for number in range(31):
        station = stations_operations.add_station(
            kind="liaison", name=f"示例{number:02d}站", area=city.township, actor=None
        )
        face(city, site, station=station)
    tables = [BeautifulSoup(client.get(f"/shuju/?page={page}").content, "html.parser") for page in (1, 2)]
    rows = [table.select("section[aria-labelledby=by-station] tbody th") for table in tables]
    assert ([len(each) for each in rows], rows[1][0].get_text()) == ([30, 1], "示例30站")
    sums = [table.select_one("section[aria-labelledby=by-station] tfoot td a").get_text() for table in tables]
    assert sums == ["31", "31"]
