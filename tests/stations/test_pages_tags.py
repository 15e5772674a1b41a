"""What the first floor lends to the home page: who receives today, stories, names in columns."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.template import Context, Template

from stations import operations
from stations.models import ProfilePage
from stations.templatetags.stations_tags import aligned, dialled
from tests.conftest import START


def rendered(text, request):
    html = Template("{% load stations_tags %}" + text).render(Context({"request": request}))
    return BeautifulSoup(html, "html.parser")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


def plan(city, *hours):
    mandate = city.representative("王示例")
    for n, hour in enumerate(hours):
        station = operations.add_station(kind="liaison", name=f"{n}站", area=city.township, actor=city.office)
        starts_at = START + timedelta(hours=hour)
        operations.plan_reception(
            station=station,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            mandates=[mandate],
            actor=city.office,
        )


@pytest.mark.parametrize(("name", "shown"), [("王文", "王　文"), ("王示例", "王示例"), ("王", "王")])
def test_a_name_of_two_characters_fills_the_column(name, shown):
    assert aligned(name) == shown


def test_a_telephone_number_is_dialled_without_marks():
    assert dialled("0000-1112222 转 3") == "000011122223"


@time_machine.travel(START, tick=False)
def test_who_receives_now_stands_before_who_receives_later(site, city, rf):
    plan(city, -3, 2, 0, 24)
    shown = rendered("{% stations_today limit=4 %}", rf.get("/"))
    assert [words(row) for row in shown.select("li")] == [
        "2站 14:30—16:30 王示例 正在接待",
        "1站 16:30—18:30 王示例 下午开始",
        "0站 11:30—13:30 王示例 已结束",
    ]


@time_machine.travel(START, tick=False)
def test_the_limit_keeps_the_list_short(site, city, rf):
    plan(city, 0, 1, 2)
    assert len(rendered("{% stations_today limit=2 %}", rf.get("/")).select("li")) == 2


@time_machine.travel(START, tick=False)
def test_a_day_without_receptions_names_the_next_of_the_week(site, city, rf):
    plan(city, 48)
    shown = rendered("{% stations_today %}", rf.get("/"))
    assert words(shown) == "今天没有接待安排。最近一次：6 月 20 日，0站。"


@pytest.mark.parametrize("rows", [1, 3])
def test_todays_receptions_ask_three_queries(site, city, rf, rows, django_assert_num_queries):
    plan(city, *range(rows))
    with time_machine.travel(START, tick=False), django_assert_num_queries(3):
        rendered("{% stations_today %}", rf.get("/"))


def publish(site, city, rows):
    for n in range(rows):
        body = [{"type": "quote", "value": {"text": f"第{n}句。", "who": ""}}]
        page = ProfilePage(
            title=f"第{n}篇",
            slug=f"p{n}",
            representative=city.representative(f"丁示{n}", login=False).representative,
            date=date(2026, 6, 1 + n),
            body=json.dumps(body),
        )
        site["daibiao"].add_child(instance=page)


def test_the_newest_story_is_large_with_its_quotation(site, city, rf):
    publish(site, city, 3)
    with time_machine.travel(START, tick=False):
        shown = rendered("{% story_highlights limit=2 %}", rf.get("/"))
    assert words(shown.select_one(".feat-main h3")) == "第2篇"
    assert words(shown.select_one(".quote")) == "第2句。"
    assert [words(row) for row in shown.select(".side-st h3")] == ["第1篇"]


def test_a_home_without_stories_says_so(site, rf):
    assert words(rendered("{% story_highlights %}", rf.get("/"))) == "代表事迹正在采写，写好后会在这里刊登。"


@pytest.mark.parametrize("rows", [1, 3])
def test_story_highlights_ask_five_queries(site, city, rf, rows, django_assert_num_queries):
    publish(site, city, rows)
    with time_machine.travel(START, tick=False), django_assert_num_queries(5):
        rendered("{% story_highlights %}", rf.get("/"))
