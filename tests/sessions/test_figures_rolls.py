"""Figures of attendance for staff: the sum of rule 10 in every line, own areas only, each number opens its rolls."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from sessions.operations import close_roll, record_status
from stations import operations as stations_operations
from tests.conftest import START
from tests.replay import built_upon

NOW = START + timedelta(days=150)
HEADS = ("活动", "应到", "到场", "其中迟到早退", "请假", "缺席", "免出席")


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


def roll(city, mandates, statuses, *, by=None, **more):
    """Close a roll on which these people, all obliged, have these statuses; None is left to the close (absent)."""
    activity = city.activity(**more)
    city.enrol(activity, *mandates)
    for mandate, status in zip(mandates, statuses, strict=True):
        if status:
            record_status(activity=activity, representative=mandate.representative, status=status, reason="示例缘由",
                          actor=by or city.recorder, moment=activity.starts_at)  # fmt: skip
    close_roll(activity=activity, actor=by or city.recorder, moment=activity.ends_at)
    return activity


@pytest.fixture
def kept(city):
    """Two closed rolls of 石桥镇, one of 清源镇, one still open, one of the year before."""
    return built_upon([city], "rolls kept", lambda: _kept(city))


def _kept(city):
    people = [city.representative(name, login=False) for name in ("丁示例", "田示范", "王样本", "林示例")]
    station = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, actor=None
    )
    first = roll(city, people, ("present", "late", "leave", None), title="甲", station=station)
    visitor = city.representative("来访示例", login=False)
    record_status(activity=first, representative=visitor.representative, status="visitor", reason="示例",
                  actor=city.recorder, moment=START)  # fmt: skip
    roll(
        city,
        people[:2],
        ("left_early", "exempt"),
        title="乙",
        kind="inspection",
        starts_at=START + timedelta(days=30),
    )
    roll(city, people[:1], ("present",), title="去年", starts_at=START - timedelta(days=365))
    other = [city.representative("邻镇示例", area=city.other_township, group=None, login=False)]
    roll(city, other, ("present",), title="邻镇", area=city.other_township, by=city.other_recorder)
    city.enrol(city.activity(title="没收册"), *people)
    return station


def table(client, who, address="/roll/figures/"):
    """Return {line: (numbers in the order of HEADS)} of the lines that are not all nought, and the addresses."""
    client.force_login(who)
    html = client.get(address).content.decode()
    numbers, hrefs = {}, {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        label = re.search(r'<th scope="row">([^<]+)<', row)
        if label:
            found = tuple(int(n) for n in re.findall(r'class="num[^"]*"[^>]*>(\d+)<', row))
            if any(found):
                numbers[label[1]] = found
                hrefs[label[1]] = [
                    unescape(href) for href in re.findall(r'<a class="num" href="([^"]+)"', row)
                ]
    return numbers, hrefs


def test_rule_10_every_line_adds_up_and_visitors_stay_outside(client, city, kept):
    numbers, _ = table(client, city.recorder)
    assert numbers == {
        "6 月": (1, 4, 2, 1, 1, 1, 0),
        "7 月": (1, 2, 1, 1, 0, 0, 1),
        "石桥镇代表联络站": (1, 4, 2, 1, 1, 1, 0),
        "其他地点": (1, 2, 1, 1, 0, 0, 1),
        "合计": (2, 6, 3, 2, 1, 1, 1),
    }
    assert [
        line for line, (_, obliged, came, _, *rest) in numbers.items() if obliged != came + sum(rest)
    ] == []


def test_everybody_sees_the_rolls_of_their_own_areas(client, city, kept):
    sums = {
        name: table(client, getattr(city, name))[0].get("合计")
        for name in ("recorder", "other_recorder", "office")
    }
    assert sums == {
        "recorder": (2, 6, 3, 2, 1, 1, 1), "other_recorder": (1, 1, 1, 0, 0, 0, 0), "office": (3, 7, 4, 2, 1, 1, 1),
    }  # fmt: skip


def test_who_keeps_no_rolls_finds_nothing(client, city, kept):
    assert client.get("/roll/figures/").status_code == 302
    answers = {}
    for name in ("reviewer", "auditor"):
        client.force_login(getattr(city, name))
        answers[name] = [
            client.get(f"/roll/figures/{rest}").status_code for rest in ("", "2026/", "2026/rolls/")
        ]
    assert answers == {"reviewer": [404] * 3, "auditor": [404] * 3}


def test_every_number_equals_the_rolls_it_opens(client, city, kept):
    numbers, hrefs = table(client, city.recorder)
    for line, addresses in hrefs.items():
        for href in set(addresses):
            html = client.get(href).content.decode()
            told = tuple(int(re.search(rf"{head} (\d+) (?:场|人次)", html)[1]) for head in HEADS)
            counted = [sum(map(int, re.findall(rf'data-label="{head}">(\d+)<', html))) for head in HEADS[1:]]
            assert (line, told, tuple(counted)) == (line, numbers[line], numbers[line][1:])
            assert html.count('<th scope="row">') == numbers[line][0]


def test_another_area_cannot_be_asked_for(client, city, kept):
    client.force_login(city.other_recorder)
    html = client.get("/roll/figures/2026/rolls/", {"station": kept.pk}).content.decode()
    assert ("没有符合条件的名册" in html, "石桥镇代表联络站" in html) == (True, False)


def test_the_rows_lead_to_the_rolls(client, city, kept):
    client.force_login(city.recorder)
    html = client.get("/roll/figures/2026/rolls/", {"month": "2026-07"}).content.decode()
    addresses = re.findall(r'<a href="(/roll/\d+/)">乙</a>', html)
    assert [client.get(address).status_code for address in addresses] == [200]
    assert "2026 年 7 月" in html


def test_the_year_before_stands_by_itself_and_one_beyond_is_not_found(client, city, kept):
    assert table(client, city.recorder, "/roll/figures/2025/")[0]["合计"] == (1, 1, 1, 0, 0, 0, 0)
    assert [client.get(f"/roll/figures/{year}/").status_code for year in (2024, 2027)] == [404, 404]


def test_the_chart_tells_each_series(client, city, kept):
    client.force_login(city.recorder)
    html = client.get("/roll/figures/").content.decode()
    words = re.search(r"<desc[^>]*>([^<]+)</desc>", html)[1]
    assert words == (
        "到场：6 月 2 人次，7 月 1 人次。最多的是 6 月。 请假：6 月 1 人次。最多的是 6 月。 "
        "缺席：6 月 1 人次。最多的是 6 月。 免出席：7 月 1 人次。最多的是 7 月。"
    )


def test_no_name_and_no_reason_stands_here_and_nobody_stores_it(client, city, kept):
    client.force_login(city.recorder)
    for address in ("/roll/figures/", "/roll/figures/2026/rolls/"):
        answer = client.get(address)
        text = answer.content.decode()
        assert [word for word in ("丁示例", "来访示例", "示例缘由") if word in text] == []
        assert ("no-store" in answer["Cache-Control"], answer.get("X-Cache")) == (True, None)


@pytest.mark.parametrize(("address", "queries"), [("/roll/figures/", 6), ("/roll/figures/2026/rolls/", 6)])
def test_the_same_queries_at_any_length(client, city, site, django_assert_num_queries, address, queries):
    person = city.representative("丁示例", login=False)
    client.force_login(city.recorder)
    for number in (1, 3):
        for _ in range(number):
            roll(city, [person], ("present",))
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)
