"""The page of the search as a reader gets it: what is found, what is not, in which order, with which words marked."""

import random
from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from wagtail.documents import get_document_model
from wagtail.models import PageViewRestriction

from portal.models import NoticePage
from portal.search import reading
from portal.search.words import clean_query, words
from stations.models import ProfilePage, StationPage
from stations.operations import add_station, end_mandate
from tests.conftest import START
from tests.searched import found, index
from tests.sessions.faces import courseware, face
from tests.sessions.voiced import idea

PLANNER = 1 if connection.vendor == "postgresql" else 0  # SET LOCAL before the one statement


@pytest.fixture
def notices(site):
    def publish(title, text="", day="2026-06-01", **more):
        slug = f"n{NoticePage.objects.count()}"
        body = [("paragraph", f"<p>{text}</p>")] if text else []
        page = NoticePage(title=title, slug=slug, date=day, body=body, **more)
        return site["tongzhi"].add_child(instance=page)

    return publish


@pytest.fixture
def today():
    with time_machine.travel(START, tick=False):
        yield START


def main(answer):
    return answer.content.decode().split("<main", 1)[1].split("</main>")[0]


# --- how one gets there -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/daibiao/minglu/?q=", "/daibiao/?tag=", "/lianluozhan/?q=", "/kejian/?q=", "/jindianzi/?q="]
)
def test_a_list_without_a_find_leads_to_the_search_of_the_whole_site(client, city, site, address):
    add_station(area=city.township, name="石桥镇代表联络站", kind="liaison", actor=city.office)
    state = BeautifulSoup(client.get(address + "窑%26火").content, "html.parser").select_one(".state")
    way = next(link["href"] for link in state.select("a") if link.text == "搜索全站")
    assert (way, client.get(way).context["query"]) == ("/sousuo/?q=%E7%AA%91%26%E7%81%AB", "窑&火")


# --- what is found ------------------------------------------------------------------------------------------


def test_each_word_is_to_be_held_somewhere_in_title_summary_or_text(client, notices):
    notices("夏季接待安排", "石桥镇联络站每周三开门。")
    notices("冬季接待安排", "清源镇联络站每周三开门。")
    notices("秋季安排", summary="石桥镇的接待日。")
    index()
    assert sorted(found(client, "接待　石桥镇")) == ["夏季接待安排", "秋季安排"]


def test_titles_come_before_texts(client, notices):
    notices("一", "接待日" * 40)
    notices("接待日的安排很长很长很长很长很长很长", "别的")
    notices("二", "接待日" * 3)
    index()
    assert found(client, "接待日")[0] == "接待日的安排很长很长很长很长很长很长"


def test_a_person_is_found_by_name_pinyin_initials_and_unit(client, city, site, today):
    city.representative("丁示例", occupation="示例粉条合作社社员", electing_unit="示例选区")
    city.representative("单拟名")
    index()
    asked = (
        "丁示例",
        "示例 丁",
        "丁　示例",
        "丁",
        "dingshili",
        "DING SHI",
        "shili",
        "dsl",
        "粉条合作社",
        "示例选区",
    )
    assert {query: found(client, query) for query in asked} == {query: ["丁示例"] for query in asked}
    assert (found(client, "shanniming"), found(client, "dannm")) == (["单拟名"], [])


def test_a_person_is_shown_with_group_and_unit_and_leads_to_the_story_or_the_directory(
    client, city, site, today
):
    mandate = city.representative("丁示例", occupation="社员")
    city.representative("田示范")
    index()
    without = client.get("/sousuo/?q=丁示例").context["rows"][0]
    story = ProfilePage(
        title="窑火", slug="ding", representative=mandate.representative, date=date(2026, 1, 1)
    )
    site["daibiao"].add_child(instance=story)
    index()
    rows = client.get("/sousuo/?q=丁示例&kind=person").context["rows"]
    assert without.hit.href == "/daibiao/minglu/?q=%E4%B8%81%E7%A4%BA%E4%BE%8B"
    assert [(row.hit.href, row.snippet) for row in rows] == [("/daibiao/ding/", "石桥镇代表小组 · 社员")]


def test_who_is_no_longer_in_office_is_found_no_more_and_nobody_by_what_is_private(client, city, site, today):
    gone = city.representative("丁示例", phone="13977770001", birth_date=date(1961, 2, 3))
    city.representative("丁示范", phone="13977770002")
    index()
    end_mandate(mandate=gone, day=START.date() - timedelta(days=1), actor=city.office)
    assert found(client, "丁示") == ["丁示范"]
    assert [found(client, query) for query in ("13977770002", "7777", "1961", "汉族")] == [[], [], [], []]


def test_two_people_of_one_name_are_two_results(client, city, site, today):
    city.representative("丁示例", occupation="农民")
    city.representative("丁示例", occupation="教师")
    index()
    rows = client.get("/sousuo/?q=丁示例").context["rows"]
    assert sorted(str(row.snippet) for row in rows) == ["石桥镇代表小组 · 农民", "石桥镇代表小组 · 教师"]


def test_every_kind_of_page_is_found_by_what_belongs_to_it(client, city, site, today):
    mandate = city.representative("丁示例")
    station = add_station(
        kind="industry", name="示例陶瓷联络点", industry="陶瓷釉料", area=city.township, actor=city.office
    )
    site["lianluozhan"].add_child(instance=StationPage(title="城东的点", slug="d", station=station))
    page = face(city, site, title="夜谈", theme="联系群众", place="二楼会议室", station=station)
    page.speakers = [page.speakers.model(guest_name="周虚构", topic="怎样接话")]
    page.save()
    courseware(site, title="接访手册", theme="撰写建议", author=mandate.representative)
    story = ProfilePage(
        title="烟字留在墙上", slug="ding", representative=mandate.representative, date=date(2026, 1, 1),
        body=[("quote", {"text": "先把窑改了", "who": "丁示例"})],
        timeline=[("entry", {"date": date(2025, 1, 2), "text": "领办煤改气"})],
    )  # fmt: skip
    site["daibiao"].add_child(instance=story)
    story.tags.add("乡村振兴")
    story.save()
    idea(city, mandate, title="延时接待", text="下班也能来。", activity=page.activity)
    index()
    expected = {
        "陶瓷釉料": ["城东的点"], "联系群众 夜谈": ["夜谈"], "周虚构": ["夜谈"], "怎样接话": ["夜谈"], "会议室": ["夜谈"],
        "撰写建议": ["接访手册"], "把窑改": ["烟字留在墙上"], "煤改气": ["烟字留在墙上"], "乡村振兴": ["烟字留在墙上"],
        "下班也能": ["延时接待"], "代表名录": ["代表名录"],
    }  # fmt: skip
    assert {query: found(client, query) for query in expected} == expected
    assert sorted(found(client, "陶瓷联络点")) == ["城东的点", "夜谈"]
    assert sorted(found(client, "丁示例")) == ["丁示例", "延时接待", "接访手册", "烟字留在墙上"]


def test_full_width_letters_one_character_and_rare_characters_are_found(client, notices):
    notices("关于AB|的通知")
    notices("𠮷姓代表与㐂姓", "第5届5G网络")
    index()
    asked = {"ＡＢ": "关于AB|的通知", "AB的": "关于AB|的通知", "𠮷": "𠮷姓代表与㐂姓", "𠮷姓": "𠮷姓代表与㐂姓", "㐂": "𠮷姓代表与㐂姓",
             "５Ｇ网络": "𠮷姓代表与㐂姓", "第５届": "𠮷姓代表与㐂姓", "届": "𠮷姓代表与㐂姓"}  # fmt: skip
    assert {query: found(client, query) for query in asked} == {
        query: [title.replace("|", "")] for query, title in asked.items()
    }


# --- what is not found --------------------------------------------------------------------------------------


def test_the_search_never_finds_what_is_not_public(client, notices, site):
    """The index holds all of it: the page asks at each query what is open to all."""
    hidden, closed, below, moved = (notices(f"内部安排{n}") for n in range(4))
    index()
    assert len(found(client, "内部安排")) == 4
    hidden.unpublish()
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    PageViewRestriction.objects.create(
        page=below, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert found(client, "内部安排") == ["内部安排3"]
    moved.move(site["home"].get_parent(), pos="last-child")
    assert found(client, "内部安排") == []


def test_a_change_that_waits_for_its_release_is_not_found(client, notices):
    page = notices("已经公布的安排", "公布的")
    page.title, page.body = "另外的打算", [("paragraph", "<p>密不示人</p>")]
    page.save_revision()
    index()
    assert (found(client, "密不示人"), found(client, "另外"), found(client, "打算")) == ([], [], [])
    assert found(client, "公布的安排") == ["已经公布的安排"]


def test_ideas_that_wait_were_declined_or_merged_are_not_found(client, city, site, today):
    from sessions.operations import decline_ideas, merge_ideas

    mandate = city.representative("丁示例")
    idea(city, mandate, title="等着的点子", released=False)
    declined = idea(city, mandate, title="退回的点子")
    head, other = (
        idea(city, mandate, title=f"并好的点子{n}", moment=START + timedelta(hours=n)) for n in (1, 2)
    )
    index()
    assert len(found(client, "的点子")) == 3
    decline_ideas(ideas=[declined], reason="不公开", moment=START, actor=city.office)
    merge_ideas(idea=other, into=head, moment=START, actor=city.office)
    assert found(client, "的点子") == ["并好的点子1"]


def test_a_session_in_preparation_is_not_found(client, city, site, today):
    face(city, site, title="筹备的一场", state="draft")
    index()
    assert found(client, "筹备的一场") == []


def test_a_session_is_shown_under_the_day_it_is_held_and_not_the_one_it_was_published(
    client, city, site, today
):
    page = face(
        city, site, title="夜谈", starts_at=START + timedelta(days=20, hours=15)
    )  # still the 8th in UTC
    page.save_revision().publish()
    index()
    (row,) = client.get("/sousuo/?q=夜谈").context["rows"]
    assert row.hit.day == date(2026, 7, 9)


def test_what_is_indexed_for_the_admin_alone_takes_no_ones_place(client, notices, monkeypatch):
    notices("接待日照片")
    for _ in range(3):
        get_document_model().objects.create(title="接待日照片", file="a.pdf")
    index()
    monkeypatch.setattr(reading, "MOST", 2)
    assert found(client, "接待日照片") == ["接待日照片"]


# --- how it is shown ----------------------------------------------------------------------------------------


def test_the_words_are_marked_in_escaped_text(client, notices):
    notices("<b>接待</b>日", "前面" * 40 + "石桥镇的&lt;script&gt;接待&amp;日" + "后面" * 60)
    index()
    html = main(client.get("/sousuo/?q=接待 石桥镇"))
    assert "&lt;b&gt;<mark>接待</mark>&lt;/b&gt;日" in html
    assert "<mark>石桥镇</mark>的&lt;script&gt;<mark>接待</mark>&amp;日" in html
    assert "…" in html
    assert "<script>" not in html


def test_the_kinds_are_counted_and_narrow_the_list(client, city, site, notices, today):
    for number in range(2):
        notices(f"接待通知{number}")
    courseware(site, title="接待手册")
    index()
    everything, one, none = (
        client.get(f"/sousuo/?q=接待{more}") for more in ("", "&kind=notice", "&kind=<b>")
    )
    assert everything.context["kinds"] == [("courseware", "课件", 1), ("notice", "通知公告", 2)]
    assert [row.hit.label for row in one.context["rows"]] == ["通知公告", "通知公告"]
    assert one.context["kinds"] == everything.context["kinds"]
    assert len(none.context["rows"]) == 3
    assert "这一类里没有" in main(client.get("/sousuo/?q=接待&kind=idea"))


def test_many_results_come_in_pages_and_nonsense_shows_the_nearest(client, notices):
    for number in range(13):
        notices(f"接待{number}")
    index()
    sizes = [len(found(client, "接待", page=page)) for page in ("", "2", "99999", "-1", "<b>")]
    assert sizes == [12, 1, 1, 1, 12]


def test_what_holds_some_of_the_words_is_shown_as_related_and_said_so(client, notices):
    notices("石桥镇的路灯")
    notices("清源镇敬老院")
    index()
    answer = client.get("/sousuo/?q=石桥镇 敬老院")
    assert answer.context["results"].related
    assert "没有同时含有“石桥镇 敬老院”全部字词的内容" in main(answer)
    assert sorted(row.hit.title for row in answer.context["rows"]) == ["清源镇敬老院", "石桥镇的路灯"]
    assert sorted(found(client, "石桥镇敬老院食堂")) == ["清源镇敬老院", "石桥镇的路灯"]


def test_a_search_without_result_says_so_and_leads_to_the_directory(client, site):
    text = main(client.get("/sousuo/", {"q": "没有<这个>"}))
    assert "没有找到“没有&lt;这个&gt;”" in text
    assert "/daibiao/minglu/?q=%E6%B2%A1%E6%9C%89%3C%E8%BF%99%E4%B8%AA%3E" in text
    assert "没有找到" in main(client.get("/sousuo/?q=！！"))
    assert "想找什么？" in main(client.get("/sousuo/?q=+"))


# --- any query, any reader, any number ----------------------------------------------------------------------

STRANGE = [
    "q=%00", "q=%FF%FE", "q=%ED%A0%80", "q=" + "%F0%A0%AE%B7" * 400, "q=%25_%5C'%22;--", "q=" + "a+" * 900,
    "q=a&q=b", "q[]=1", "q=a&page=99999", "q=a&page=%00", "q=a&page=" + "9" * 5000, "q=a&page=-1", "", "q=%22",
    "q=%22a", "q=a+AND", "q=NEAR(", "q=NEAR(a+b,2)", "q=*", "q=a*", "q=^a", "q=title:a", "q=(", "q=a:*%26!b",
    "q=" + "%E7%9F%B3" * 10_000, "q='a'::tsquery", "q=\\", "q=a%5C%27", "q={}", "q=%F0%B0%BB%9E", "q=a&kind=%00",
    "q=%E0%AE%95%E0%AF%8D", "q=%F0%92%80%80", "q=%CC%81", "q=-a", "q=a%0Ab", "q=%C2%A0",
]  # fmt: skip


@pytest.mark.parametrize("query", STRANGE)
def test_no_query_makes_the_search_fail(client, notices, query):
    notices("安排 a")
    index()
    assert client.get(f"/sousuo/?{query}").status_code == 200
    assert client.get(f"/sousuo/tishi/?{query}").status_code == 200


def test_two_thousand_random_queries_are_answered(site, city):
    """Any characters at all, most of them no letters: the index of either database answers each of them."""
    chance = random.Random(44)
    city.representative("丁示例")
    index()
    backend = get_search_backend()
    for _ in range(2000):
        signs = [chr(chance.choice((chance.randrange(0x250), chance.randrange(0x110000)))) for _ in range(12)]
        typed = words(clean_query("".join(signs)))
        for loose in (False, True):
            if typed:
                keys = backend.best(typed, ["title", "body"], 10, loose=loose)
                held = backend.exact(entries(keys), typed, ["title", "body"], loose=loose)
                assert {entry.pk for entry in held} <= set(keys)


def entries(keys):
    return get_app_config().get_model("IndexEntry").objects.filter(pk__in=keys)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_search_asks_the_same_few_questions_for_any_number_of_pages(
    client, notices, rows, django_assert_num_queries
):
    for _ in range(rows):
        notices("接待安排")
    index()
    client.get("/sousuo/?q=接待&cb=0")
    with django_assert_num_queries(PLANNER + 3):  # what answers, who may see it, and one page of it
        client.get("/sousuo/?q=接待&cb=1")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_several_kinds_takes_the_same_questions_for_any_number(
    client, city, site, today, rows, django_assert_num_queries
):
    for number in range(rows):
        mandate = city.representative(f"接待{number}")
        face(city, site, title=f"接待分享{number}")
        courseware(site, title=f"接待课件{number}", author=mandate.representative)
        idea(city, mandate, title="接待点子", moment=START + timedelta(minutes=number))
    index()
    client.get("/sousuo/?q=接待&cb=0")
    with django_assert_num_queries(PLANNER + 7):  # people need two: themselves and their stories
        shown = client.get("/sousuo/?q=接待&cb=1").context
    assert [size for _, _, size in shown["kinds"]] == [rows] * 4


def test_nothing_found_takes_four_statements_at_most(client, site, django_assert_num_queries):
    client.get("/sousuo/?q=a&cb=0")
    with django_assert_num_queries(4 * (PLANNER + 1)):
        client.get("/sousuo/?q=没有这样的词 也没有那样的词&cb=1")


def test_only_known_parameters_of_a_search_are_stored(client, site):
    client.get("/sousuo/?q=a&page=1&kind=idea")
    again, odd, other, typed = (
        client.get(f"/sousuo/{query}")
        for query in ("?q=a&page=1&kind=idea", "?q=a&utm=1", "?q=a&theme=1", "tishi/?q=a")
    )
    assert again["X-Cache"] == "hit"
    assert ["X-Cache" in answer for answer in (odd, other, typed)] == [False, False, False]
    assert [answer["Cache-Control"] for answer in (other, typed)] == ["private", "private, max-age=60"]
