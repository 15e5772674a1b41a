"""Feeds of sessions, courseware and ideas, of one representative and at one station: nothing of lists, nothing private."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import PageViewRestriction

from sessions.models import SessionSpeaker
from sessions.operations import cancel_activity, handle_idea, release_ideas, reschedule_activity
from stations import operations as stations_operations
from stations.models import ProfilePage, StationPage
from tests.conftest import START
from tests.furnished import BORN, DEED, LEAVE, PHONE, furnish
from tests.portal.atoms import SPACE, entries, feed, titles
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea

SESSIONS, FILES, IDEAS, STORIES, ALL = (
    f"/dingyue/{name}.atom" for name in ("fenxianghui", "kejian", "jindianzi", "daibiao", "quanbu")
)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(START - timedelta(days=3), tick=False):
        yield


def story(site, mandate, *, title="烟字留在墙上", slug=None, **more):
    page = ProfilePage(
        title=title, slug=slug or f"s{ProfilePage.objects.count()}", representative=mandate.representative,
        date=date(2026, 6, 2), summary="提要。", **more,
    )  # fmt: skip
    return site["daibiao"].add_child(instance=page)


def station(city, site, name="石桥镇代表联络站"):
    row = stations_operations.add_station(kind="liaison", name=name, area=city.township, actor=city.office)
    page = StationPage(title=name, slug=f"z{row.pk}", station=row)
    return row, site["lianluozhan"].add_child(instance=page)


def of(page, sort="person"):
    return reverse(f"feed_{sort}", args=[page.pk])


# --- sections ---------------------------------------------------------------------------------------------------


def test_a_session_says_when_and_where_and_what_it_is_about(client, city, site):
    page = face(city, site, title="怎样|说真话", place="示范街道", page={"summary": "讲接待。"})
    (entry,) = entries(client, SESSIONS)
    assert (entry["title"], entry["id"]) == ("怎样说真话", page.translation_key.urn)
    assert entry["words"] == "2026 年 6 月 18 日（周四）14:30，示范街道。讲接待。"
    assert entry["published"] <= "2026-06-16"  # when it was announced, not when it will be


def test_a_session_that_moves_or_is_called_off_counts_as_updated(client, city, site, commits):
    page = face(city, site)
    before = entries(client, SESSIONS)[0]
    with time_machine.travel(START - timedelta(days=2), tick=False), commits():
        reschedule_activity(
            activity=page.activity, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=1, hours=2),
            actor=city.office,
        )  # fmt: skip
    moved = entries(client, SESSIONS)[0]
    with time_machine.travel(START - timedelta(days=1), tick=False), commits():
        cancel_activity(activity=page.activity, reason="示例原因", actor=city.office)
    off = entries(client, SESSIONS)[0]
    assert (
        before["updated"] < moved["updated"] < off["updated"],
        before["id"] == moved["id"] == off["id"],
    ) == (True, True)
    assert (moved["words"], off["words"][:4]) == ("2026 年 6 月 19 日（周五）14:30。", "已取消。")
    assert "示例原因" not in off["words"]


def test_what_is_not_announced_stands_in_no_feed(client, city, site):
    face(city, site, title="草稿活动", state="draft")
    face(city, site, title="草稿页面", live=False)
    closed = face(city, site, title="内部")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert (titles(client, SESSIONS), titles(client, ALL)) == ([], [])


def test_courseware_names_its_author_and_never_a_file(client, city, site):
    author = city.representative("丁示例").representative
    courseware(site, title="公开课件", author=author)
    courseware(
        site, title="仅代表可下", access="representatives", guest_author="周虚构", day=date(2026, 6, 2)
    )
    courseware(site, title="草稿", live=False)
    rows = entries(client, FILES)
    assert [(row["title"], row["authors"]) for row in rows] == [
        ("仅代表可下", ["周虚构"]),
        ("公开课件", ["丁示例"]),
    ]
    assert b"/kejian/xz/" not in client.get(FILES).content


def test_an_idea_comes_with_its_release_and_is_updated_by_its_handling(client, city, site, commits):
    mandate = city.representative("丁示例")
    made = idea(city, mandate, released=False, moment=START - timedelta(days=9))
    assert titles(client, IDEAS) == []
    with commits():
        release_ideas(ideas=[made], moment=START - timedelta(days=8), actor=city.office)
    first = entries(client, IDEAS)[0]
    with time_machine.travel(START - timedelta(days=2), tick=False), commits():
        handle_idea(
            idea=made, handling="adopted", happened_on=(START - timedelta(days=7)).date(),
            moment=START - timedelta(days=7), actor=city.office, reply="照办。",
        )  # fmt: skip
    later = entries(client, IDEAS)[0]
    assert (first["title"], first["authors"], first["link"]) == (
        "延时接待", ["丁示例"], "http://testserver/jindianzi/2026-1/",
    )  # fmt: skip
    assert (first["published"], later["published"]) == ("2026-06-10T06:30:00+00:00",) * 2
    assert (first["id"] == later["id"], first["updated"] < later["updated"]) == (True, True)
    assert (first["words"][:3], later["words"][:4]) == ("已收。", "已采纳。")


def test_the_feed_of_everything_holds_each_section_newest_first(client, city, site):
    mandate = city.representative("丁示例")
    story(site, mandate)
    courseware(site)
    face(city, site, title="一场")
    idea(city, mandate, moment=START - timedelta(days=20))
    published = [entry["published"] for entry in entries(client, ALL)]
    assert sorted(titles(client, ALL)) == sorted(["烟字留在墙上", "示例课件", "一场", "延时接待"])
    assert len({entry["id"] for entry in entries(client, ALL)}) == 4
    assert published == sorted(published, reverse=True)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "number"), [(SESSIONS, 3), (FILES, 2), (STORIES, 2), (IDEAS, 5), (ALL, 10)]
)
def test_a_section_asks_the_same_few_questions(
    client, city, site, rows, address, number, django_assert_num_queries
):
    for index in range(rows):
        mandate = city.representative(f"丁示例{index}")
        story(site, mandate)
        courseware(site, author=mandate.representative)
        face(city, site, title=f"场{index}")
        idea(city, mandate, moment=START - timedelta(days=20))
    client.get("/tongzhi/")
    with django_assert_num_queries(number):
        client.get(address)


# --- one representative, one station ----------------------------------------------------------------------------


def test_the_feed_of_a_representative_holds_story_sessions_and_courseware_of_them_alone(client, city, site):
    mine, other = city.representative("丁示例"), city.representative("丁示例")
    page, _ = story(site, mine), story(site, other, title="同名的人")
    for mandate, title in ((mine, "我讲的"), (other, "别人讲的")):
        spoken = face(city, site, title=title)
        spoken.speakers = [
            SessionSpeaker(representative=mandate.representative),
            SessionSpeaker(guest_name="周虚构"),
        ]
        spoken.save()
        courseware(site, title=f"{title}课件", author=mandate.representative)
    attended = face(city, site, title="只是参加")
    city.enrol(attended.activity, mine)
    assert sorted(titles(client, of(page))) == sorted(["烟字留在墙上", "我讲的", "我讲的课件"])
    root = feed(client, of(page))
    assert root.findtext("a:title", namespaces=SPACE) == "代表履职分享平台 · 丁示例代表"


def test_the_feed_of_a_station_holds_what_is_held_there(client, city, site):
    here, page = station(city, site)
    there, elsewhere = station(city, site, "清源镇代表联络站")
    held = face(city, site, title="在这里", station=here)
    face(city, site, title="在那里", station=there)
    courseware(site, title="这里的课件", session=held)
    assert (titles(client, of(page, "place")), titles(client, of(elsewhere, "place"))) == (
        ["这里的课件", "在这里"][::-1],
        ["在那里"],
    )


@pytest.mark.parametrize("sort", ["person", "place"])
def test_without_a_public_page_there_is_no_feed(client, city, site, sort):
    page = story(site, city.representative()) if sort == "person" else station(city, site)[1]
    address = of(page, sort)
    assert client.get(address).status_code == 200
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    closed = client.get(f"{address}?fresh=1").status_code
    restriction.delete()
    page.unpublish()
    assert (closed, client.get(f"{address}?fresh=2").status_code) == (404, 404)
    other = "place" if sort == "person" else "person"
    assert client.get(reverse(f"feed_{other}", args=[page.pk])).status_code == 404


def test_the_address_of_a_feed_stays_when_the_page_is_renamed(client, city, site, commits):
    page = story(site, city.representative("丁示例"))
    before = feed(client, of(page)).findtext("a:id", namespaces=SPACE)
    with commits():
        page.slug = "renamed"
        page.save_revision().publish()
    after = feed(client, of(page))
    assert after.findtext("a:id", namespaces=SPACE) == before
    assert entries(client, of(page))[0]["link"] == "http://testserver/daibiao/renamed/"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("sort", "number"), [("person", 6), ("place", 5)])
def test_a_feed_of_one_asks_the_same_few_questions(
    client, city, site, rows, sort, number, django_assert_num_queries
):
    mandate = city.representative("丁示例")
    row, place = station(city, site)
    page = story(site, mandate) if sort == "person" else place
    for index in range(rows):
        spoken = face(city, site, title=f"场{index}", station=row)
        spoken.speakers = [SessionSpeaker(representative=mandate.representative)]
        spoken.save()
        courseware(site, author=mandate.representative, session=spoken)
    client.get("/tongzhi/")
    with django_assert_num_queries(number):
        client.get(of(page, sort))


def test_the_page_on_following_counts_people_and_stations_with_words_of_their_own(client, city, site):
    story(site, city.representative("丁示例"))
    station(city, site)
    html = client.get("/dingyue/").content.decode()
    units = [("某一位代表", "位"), ("某一个站点", "个")]
    assert [html.count(f"<h2>{title}<small>1 {unit}</small>") for title, unit in units] == [1, 1]


@pytest.mark.parametrize("address", ["/dingyue/", "/calendar/"])
def test_stations_to_follow_stand_by_area_code_then_name(client, city, site, address):
    first, second = sorted((city.township, city.other_township), key=lambda area: area.code)
    for name, area in (("丁站", second), ("乙站", first), ("丙站", first)):
        row = stations_operations.add_station(kind="liaison", name=name, area=area, actor=city.office)
        site["lianluozhan"].add_child(instance=StationPage(title=name, slug=f"z{row.pk}", station=row))
    html = client.get(address).content.decode()
    assert re.findall("[乙丙丁]站", html) == ["丙站", "乙站", "丁站"]


def test_the_page_on_following_names_people_in_stroke_order_and_stations(client, city, site):
    pages = {name: story(site, city.representative(name)) for name in ("田示范", "丁示例")}
    _, place = station(city, site)
    people, places = client.get("/dingyue/").context["groups"]
    assert [name for name, _ in people.rows] == ["丁示例", "田示范"]
    assert people.rows[0][1] == f"http://testserver{of(pages['丁示例'])}"
    assert places.rows == [("石桥镇代表联络站", f"http://testserver{of(place, 'place')}")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_on_following_asks_the_same_few_questions(
    client, city, site, rows, django_assert_num_queries
):
    for index in range(rows):
        story(site, city.representative(f"丁示例{index}"))
        station(city, site, f"示例站{index}")
    client.get("/tongzhi/")
    with django_assert_num_queries(4):  # people, stations, industry points, the footer
        client.get("/dingyue/")


def test_no_feed_holds_anything_private(client, city, site):
    with time_machine.travel(START, tick=False):
        there = furnish(city, site, START)
        page = ProfilePage.objects.get()
        place = StationPage.objects.get()
        addresses = [
            SESSIONS,
            FILES,
            IDEAS,
            STORIES,
            ALL,
            "/dingyue/tongzhi.atom",
            of(page),
            of(place, "place"),
        ]
        texts = {address: client.get(address).content.decode() for address in addresses}
    secrets = (
        PHONE,
        PHONE[3:],
        str(BORN),
        LEAVE,
        DEED,
        there.coming.check_in_key,
        there.coming.door,
        f"{there.total:f}",
    )
    assert [(address, word) for address, text in texts.items() for word in secrets if word in text] == []
    assert "守着窑火，也守着乡亲的事" in texts[ALL]


def test_of_many_stations_the_page_on_following_names_some_and_says_so(client, city, site):
    for index in range(101):
        station(city, site, f"示例站{index:03d}")
    _, places = client.get("/dingyue/").context["groups"]
    assert (len(places.rows), places.rows[-1][0]) == (100, "示例站099")
    assert places.words == ("在这个站举办的分享会和会后的课件。这里列出前 100 个，其余的在各自的页面上订阅。")
