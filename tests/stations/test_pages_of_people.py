"""The public pages of people: the directory in order, stories, and nothing private on any of them."""

import json
from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import RequestFactory

from stations import operations
from stations.models import ProfilePage, Station, StationPage
from stations.views.directory import directory_context
from stations.views.stories import profile_context
from tests.conftest import START
from tests.replay import built_upon

DIRECTORY = "/daibiao/minglu/"
STORIES = "/daibiao/"
PHONE = "13900000001"
BORN = date(1961, 2, 3)
# Of these, 7 are the frame: site, route, settings, footer.
DIRECTORY_QUERIES = 11
STORIES_QUERIES = 13


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


def story(site, mandate, *, title="守着窑火，也守着乡亲的事", day=date(2026, 6, 1), **more):
    person = mandate.representative
    page = ProfilePage(
        title=title, slug=f"gushi-{person.pk}", representative=person, date=day, summary="提要一句。", **more
    )
    return site["daibiao"].add_child(instance=page)


def names(page):
    return [row.select_one("b").find(string=True).strip() for row in page.select(".people li")]


def asked(path, now=START):
    return directory_context(RequestFactory().get(path), now)


def listed(context):
    return [row.person.name for section in context["sections"] for row in section.people]


@time_machine.travel(START, tick=False)
def test_the_directory_stands_in_the_order_of_strokes_with_headings(client, site, city):
    for name in ("林示例", "王文", "丁示例", "曾示例", "王一"):
        city.representative(name, login=False)
    page = soup(client, DIRECTORY)
    assert names(page) == ["丁示例", "王　一", "王　文", "林示例", "曾示例"]
    assert [words(heading) for heading in page.select(".grp-h")] == [
        "二画 1 人",
        "四画 2 人",
        "八画 1 人",
        "十二画 1 人",
    ]
    signs = [(words(sign), sign.get("href")) for sign in page.select(".idx > *")]
    assert signs == [
        ("二画", "#s-2"),
        ("三画", None),
        ("四画", "#s-4"),
        ("五画", None),
        ("六画", None),
        ("七画", None),
        ("八画", "#s-8"),
        ("九画", None),
        ("十画", None),
        ("十一画", None),
        ("十二画", "#s-12"),
        ("十三画及以上", None),
    ]
    assert words(page.select_one("[role=status]")) == "共 5 名代表，按姓名笔画为序"


def test_surnames_of_many_strokes_and_unknown_ones_have_sections_of_their_own(city):
    for name in ("解示例", "魏示例", "𠮷示例", "乙示例"):
        city.representative(name, login=False)
    context = asked(DIRECTORY)
    assert [(section.label, section.size) for section in context["sections"]] == [
        ("一画", 1),
        ("十三画及以上", 2),
        ("其他", 1),
    ]
    assert [entry.label for entry in context["index"] if entry.page] == ["一画", "十三画及以上", "其他"]


def test_only_who_has_a_mandate_today_is_listed(city):
    gone, coming = city.representative("丁示例"), city.representative("王示例", starts_on=date(2026, 6, 19))
    operations.end_mandate(mandate=gone, day=date(2026, 6, 18), actor=city.office)
    assert coming.starts_on == date(2026, 6, 19)
    assert listed(asked(DIRECTORY)) == ["丁示例"]
    assert listed(asked(DIRECTORY, START.replace(day=19))) == ["王示例"]


def test_two_people_of_one_name_are_both_listed(city):
    city.representative("王示例"), city.representative("王示例")
    assert listed(asked(DIRECTORY)) == ["王示例", "王示例"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("单", ["单田芳"]),
        ("田芳", ["单田芳"]),
        ("单　田芳", ["单田芳"]),
        ("shantian", ["单田芳"]),
        ("shan tian", ["单田芳"]),
        ("ＳＴＦ", ["单田芳"]),
        ("stf", ["单田芳"]),
        ("tian", []),
        ("小学", ["吕示例"]),
        ("石桥 教师", ["吕示例"]),
        ("教师 单", []),
        ("lü", ["吕示例"]),
        ("an", []),
        ("%", []),
        ("", ["吕示例", "单田芳"]),
        ("\0'\"", []),
    ],
)
def test_people_are_found_by_name_pinyin_initials_and_unit(city, typed, found):
    city.representative("单田芳", login=False)
    city.representative("吕示例", login=False, occupation="小学教师")
    request = RequestFactory().get(DIRECTORY, {"q": typed})
    assert listed(directory_context(request, START)) == found


@pytest.fixture
def places(city, site):
    """A liaison station with 丁, an industry point with 王, who has a story; 田 is of another group, area and rank."""
    return built_upon([city, *site.values()], "places of people", lambda: _places(city, site))


def _places(city, site):
    second = operations.add_group(
        term=city.term, area=city.other_township, name="清源镇代表小组", actor=city.office
    )
    people = [
        city.representative("丁示例", login=False),
        city.representative("王示例", login=False, occupation="窑工"),
        city.representative(
            "田示例",
            login=False,
            group=second,
            area=city.other_township,
            occupation="村医",
            tags=["standing_member", "secret_word"],
        ),
    ]
    page = story(site, people[1], excellent_year=2025)
    page.tags.add("窑火")
    page.save()
    station = operations.add_station(kind="liaison", name="一站", area=city.township, actor=city.office)
    point = operations.add_station(
        kind="industry", name="一点", area=city.township, industry="铸造", actor=city.office
    )
    for place, mandate in ((station, people[0]), (point, people[1])):
        operations.add_to_roster(station=place, mandates=[mandate], starts_on=START.date(), actor=city.office)
    return {
        "group": second.pk,
        "first": city.group.pk,
        "point": point.pk,
        "station": station.pk,
        "here": city.township.pk,
        "other": city.other_township.pk,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=liaison", ["丁示例"]),
        ("kind=industry", ["王示例"]),
        ("kind=liaison&kind=industry", ["丁示例", "王示例"]),
        ("group={group}", ["田示例"]),
        ("group={group}&group={first}", ["丁示例", "王示例", "田示例"]),
        ("point={point}", ["王示例"]),
        ("point={station}", ["丁示例", "王示例", "田示例"]),
        ("station={station}", ["丁示例"]),
        ("station={station}&point={point}", []),
        ("area={other}", ["田示例"]),
        ("area={other}&area={here}", ["丁示例", "王示例", "田示例"]),
        ("kind=standing_member", ["田示例"]),
        ("kind=story", ["王示例"]),
        ("kind=excellent", ["王示例"]),
        ("tag=yao-huo", ["王示例"]),
        ("tag=窑火", ["丁示例", "王示例", "田示例"]),
        ("group={group}&kind=industry", []),
        ("group=abc&kind=x&point=²&sort=z&page=-1", ["丁示例", "王示例", "田示例"]),
        ("group=99999999999999999999", ["丁示例", "王示例", "田示例"]),
        ("sort=pinyin", ["丁示例", "田示例", "王示例"]),
        ("sort=group", ["丁示例", "王示例", "田示例"]),
    ],
)
def test_filters_narrow_the_directory(places, query, found):
    assert listed(asked(f"{DIRECTORY}?{query.format(**places)}")) == found


def test_the_line_under_a_name_is_group_and_trade(places):
    rows = [row for section in asked(DIRECTORY)["sections"] for row in section.people]
    assert [row.line for row in rows] == [
        "石桥镇代表小组",
        "石桥镇代表小组 · 铸造",
        "清源镇代表小组 · 村医",
    ]


def boxes(query, key):
    return [(box.label, box.size, box.chosen) for box in asked(DIRECTORY + query)["facets"][key]]


def test_a_box_counts_who_fits_beside_the_filters_of_other_kinds(places):
    query = f"?group={places['group']}"
    assert boxes(query, "group") == [("石桥镇代表小组", 2, False), ("清源镇代表小组", 1, True)]
    assert boxes(query, "point") == [("铸造", 0, False)]
    assert boxes(query, "area") == [("石桥镇", 0, False), ("清源镇", 1, False)]
    assert boxes("", "station") == [("一站", 1, False)]
    assert boxes("", "tag") == [("窑火", 1, False)]
    assert boxes("?q=王", "kind") == [
        ("有事迹报道", 1, False),
        ("年度优秀代表", 1, False),
        ("常委会组成人员", 0, False),
        ("驻代表联络站", 0, False),
        ("驻产业联络点", 1, False),
    ]


def test_a_word_of_a_standard_is_no_filter_and_stands_nowhere(client, places):
    assert "secret_word" not in client.get(DIRECTORY).content.decode()
    assert asked(f"{DIRECTORY}?kind=secret_word")["choice"].active == 0


@time_machine.travel(START, tick=False)
def test_a_box_that_would_show_nobody_stays_but_is_disabled(client, places):
    page = soup(client, f"{DIRECTORY}?group={places['group']}&point={places['point']}")
    rail = page.select_one(".only-d form")
    ticks = {
        (box["name"], box["value"]): ("disabled" in box.attrs, "checked" in box.attrs)
        for box in rail.select("[name=group], [name=point], [name=area]")
    }
    assert ticks == {
        ("group", str(places["first"])): (False, False),
        ("group", str(places["group"])): (False, True),
        ("point", str(places["point"])): (False, True),
        ("area", str(places["here"])): (True, False),
        ("area", str(places["other"])): (True, False),
    }
    assert words(page.select_one("details.only-m summary")) == "筛选 2 项已选"
    assert words(rail.select_one("button")) == "应用筛选"


def test_the_story_that_is_no_longer_public_marks_nobody(places):
    ProfilePage.objects.get().unpublish()
    assert boxes("", "tag") == []
    assert boxes("", "kind")[:2] == [("有事迹报道", 0, False), ("年度优秀代表", 0, False)]


def test_the_order_of_pinyin_has_letters_for_headings(city):
    for name in ("曾示例", "翟示例", "单示例"):
        city.representative(name, login=False)
    context = asked(f"{DIRECTORY}?sort=pinyin")
    assert [(section.label, section.size) for section in context["sections"]] == [("S", 1), ("Z", 2)]
    assert [entry.label for entry in context["index"]] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_people_without_a_group_come_last(city):
    city.representative("丁示例", login=False, group=None)
    city.representative("王示例", login=False)
    context = asked(f"{DIRECTORY}?sort=group")
    assert [section.label for section in context["sections"]] == ["石桥镇代表小组", "未编入小组"]


def test_a_section_on_a_later_page_is_linked_there(city, monkeypatch):
    monkeypatch.setattr("stations.views.directory.PEOPLE_A_PAGE", 2)
    for name in ("丁一例", "丁二例", "丁三例", "王示例"):
        city.representative(name, login=False)
    context = asked(f"{DIRECTORY}?page=2")
    assert listed(context) == ["丁三例", "王示例"]
    assert [(entry.label, entry.page) for entry in context["index"] if entry.page] == [
        ("二画", 1),
        ("四画", 2),
    ]


@time_machine.travel(START, tick=False)
def test_a_search_keeps_order_and_filters(client, site, places):
    page = soup(client, f"{DIRECTORY}?group={places['group']}&sort=pinyin&q=t")
    kept = [(field["name"], field["value"]) for field in page.select(".search input[type=hidden]")]
    assert kept == [("group", str(places["group"])), ("sort", "pinyin")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "代表名录正在整理 整理好后会在这里公布。"),
        ("?q=x", "没有符合条件的代表 可只输入姓氏，或按小组查看。 清除筛选 搜索全站"),
    ],
)
def test_an_empty_directory_says_why(client, site, query, said):
    assert words(soup(client, DIRECTORY + query).select_one(".state")) == said


@time_machine.travel(START, tick=False)
def test_who_has_a_story_is_linked_and_marked(client, site, city):
    mandate = city.representative("丁示例", login=False)
    city.representative("王示例", login=False)
    page_of_story = story(site, mandate, excellent_year=2025)
    page = soup(client, DIRECTORY)
    assert [a["href"] for a in page.select(".people a")] == [page_of_story.url]
    assert words(page.select_one(".stamp")) == "优 秀代表"


def test_the_directory_promises_a_story_only_of_who_has_one(client, site):
    said = words(soup(client, DIRECTORY).select_one(".lead"))
    assert said == "可按姓名、小组、联络站和产业查找；有履职故事的代表，点开名字即可阅读。"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_asks_five_queries_for_any_number_of_people(
    city, site, rows, django_assert_num_queries
):
    for n in range(rows):
        story(site, city.representative(f"丁示{n}", login=False))
    with django_assert_num_queries(5):
        assert asked(DIRECTORY)["items"].paginator.count == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_page_asks_the_same_number_of_queries(
    client, city, site, rows, django_assert_num_queries
):
    for n in range(rows):
        story(site, city.representative(f"丁示{n}", login=False))
    with time_machine.travel(START, tick=False), django_assert_num_queries(DIRECTORY_QUERIES):
        assert client.get(DIRECTORY).status_code == 200


@time_machine.travel(START, tick=False)
def test_stories_stand_newest_first_the_first_one_large(client, site, city):
    for n, name in enumerate(("丁示例", "王示例", "田示例")):
        story(site, city.representative(name, login=False), title=f"第{n}篇", day=date(2026, 6, 1 + n))
    page = soup(client, STORIES)
    assert words(page.select_one(".feat-main h2")) == "第2篇"
    assert [words(row) for row in page.select(".story-rows h2")] == ["第1篇", "第0篇"]
    assert words(page.select_one(".story-rows .meta")) == "王示例 · 石桥镇代表小组"


def test_a_word_narrows_the_stories(client, site, city):
    for name, word in (("丁示例", "创业故事"), ("王示例", "联系群众")):
        page = story(site, city.representative(name, login=False), title=name)
        page.tags.add(word)
        page.save()
    shown = soup(client, f"{STORIES}?tag=联系群众")
    assert words(shown.select_one(".feat-main h2")) == "王示例"
    assert [words(chip) for chip in shown.select(".chip")] == ["全部", "创业故事 1", "联系群众 1"]
    nothing = soup(client, f"{STORIES}?tag=没有")
    assert words(nothing.select_one(".state h2")) == "没有找到“没有”"


def test_a_section_without_stories_leads_to_the_directory(client, site):
    page = soup(client, STORIES)
    assert words(page.select_one(".state")) == "代表事迹正在采写 写好的事迹会在这里刊登。 查代表名录"
    assert page.select_one(".state a")["href"] == DIRECTORY


def test_a_draft_is_nowhere_to_be_seen(client, site, city):
    page = story(site, city.representative(login=False))
    page.unpublish()
    assert client.get(page.url).status_code == 404
    assert soup(client, STORIES).select(".feat-main") == []
    with time_machine.travel(START, tick=False):
        assert soup(client, DIRECTORY).select(".people a") == []


BODY = [
    {"type": "paragraph", "value": "<p>凌晨四点。</p>"},
    {"type": "heading", "value": "把联络点安在作坊旁"},
    {"type": "quote", "value": {"text": "群众的话，要听。", "who": "丁示例"}},
]


@time_machine.travel(START, tick=False)
def test_a_story_shows_text_person_and_timeline(client, site, city):
    mandate = city.representative("丁示例", nation="回族", electing_unit="石桥镇选区", occupation="村医")
    station = operations.add_station(kind="liaison", name="一站", area=city.township, actor=city.office)
    operations.add_to_roster(station=station, mandates=[mandate], starts_on=START.date(), actor=city.office)
    timeline = [{"type": "entry", "value": {"date": "2025-10-01", "text": "公共检测室启用"}}]
    page = story(site, mandate, body=json.dumps(BODY), timeline=json.dumps(timeline), excellent_year=2025)
    shown = soup(client, page.url)
    assert words(shown.select_one("h1")) == "守着窑火， 也守着乡亲的事"
    assert words(shown.select_one(".stamp")) == "优秀代表"
    assert words(shown.select_one(".prose")) == ("凌晨四点。 把联络点安在作坊旁 群众的话， 要听。 ——丁示例")
    assert words(shown.select_one(".side .kv")) == (
        "姓名 丁示例 性别 女 民族 回族 单位职务 村医 选举单位 石桥镇选区 代表小组 石桥镇代表小组 联络站点 一站"
    )
    assert [words(row) for row in shown.select(".tl li")] == ["2025 年 10 月 公共检测室启用"]


def test_a_story_of_who_left_says_so(client, site, city):
    mandate = city.representative("丁示例")
    page = story(site, mandate)
    operations.end_mandate(mandate=mandate, day=date(2026, 6, 1), actor=city.office)
    with time_machine.travel(START, tick=False):
        assert words(soup(client, page.url).select_one(".byline .muted")) == "曾任代表 · 2026-06-01"


def test_markup_in_a_title_is_shown_as_text(client, site, city):
    page = story(site, city.representative(), title="<script>alert(1)</script>")
    shown = soup(client, page.url)
    assert words(shown.select_one("h1")) == "<script>alert(1)</script>"
    assert shown.select("h1 script") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_stories_asks_the_same_number_of_queries(
    client, city, site, rows, django_assert_num_queries
):
    for n in range(rows):
        story(site, city.representative(f"丁示{n}", login=False))
    with time_machine.travel(START, tick=False), django_assert_num_queries(STORIES_QUERIES):
        assert client.get(STORIES).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_story_asks_four_queries_for_its_person(city, site, rows, django_assert_num_queries):
    mandate = city.representative(login=False)
    for n in range(rows):
        station = operations.add_station(kind="liaison", name=f"{n}站", area=city.township, actor=city.office)
        operations.add_to_roster(
            station=station, mandates=[mandate], starts_on=START.date(), actor=city.office
        )
    page = ProfilePage.objects.get(pk=story(site, mandate, body=json.dumps(BODY * rows)).pk)
    with django_assert_num_queries(4):
        assert len(profile_context(page, START)["posts"]) == rows


@time_machine.travel(START, tick=False)
def test_nothing_private_stands_on_any_public_page(client, site, city):
    mandate = city.representative("丁示例", phone=PHONE, birth_date=BORN)
    station = operations.add_station(kind="liaison", name="一站", area=city.township, actor=city.office)
    operations.add_to_roster(station=station, mandates=[mandate], starts_on=START.date(), actor=city.office)
    operations.plan_reception(
        station=station,
        starts_at=START,
        ends_at=START.replace(hour=16),
        mandates=[mandate],
        actor=city.office,
    )
    place = site["lianluozhan"].add_child(instance=StationPage(title="一站", slug="yi", station=station))
    one = story(site, mandate, body=json.dumps(BODY))
    private = [PHONE, "1961", "rep1", "office"]
    for path in (DIRECTORY, STORIES, one.url, place.url, "/lianluozhan/"):
        text = client.get(path).content.decode()
        assert [word for word in private if word in text] == [], path


def test_a_phone_number_finds_nobody(city):
    city.representative("丁示例", phone=PHONE)
    assert listed(asked(f"{DIRECTORY}?q={PHONE}")) == []


def test_of_many_stations_the_boxes_name_sixty_those_with_most_people_first(city, site):
    stations = Station.objects.bulk_create(
        Station(kind="liaison", name=f"示例{n:02d}站", area=city.township) for n in range(61)
    )
    mandate = city.representative("丁示例", login=False)
    operations.add_to_roster(
        station=stations[-1], mandates=[mandate], starts_on=START.date(), actor=city.office
    )
    named = boxes("", "station")
    assert (len(named), named[0]) == (60, ("示例60站", 1, False))
    assert boxes(f"?station={stations[30].pk}", "station")[0] == ("示例30站", 0, True)
