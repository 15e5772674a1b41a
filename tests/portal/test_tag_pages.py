"""The pages of tags: everything public that carries a word, whatever its sort; addresses in pinyin; nothing else."""

from datetime import date, timedelta
from importlib import import_module

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from wagtail.models import PageViewRestriction

from portal.models import NoticePage, Tag
from portal.models.tags import slug_of
from portal.tagged import shelves
from sessions.models import Activity
from sessions.operations import clone_session
from stations.models import ProfilePage
from tests.conftest import START
from tests.migrated import back_to, forth
from tests.replay import built_upon
from tests.sessions.faces import courseware, face

WORD = "联系群众"
ADDRESS = "/biaoqian/lian-xi-qun-zhong/"


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def tagged(page, *words):
    page.tags.add(*words)
    page.save()
    return page


def notice(site, title="示例通知", day=date(2026, 6, 1), **more):
    page = NoticePage(title=title, slug=f"n-{NoticePage.objects.count()}", date=day, **more)
    return site["tongzhi"].add_child(instance=page)


def story(city, site, name="丁示例", title="烟字留在墙上"):
    person = city.representative(name, login=False).representative
    page = ProfilePage(title=title, slug=f"s-{person.pk}", representative=person, date=date(2026, 6, 2))
    return site["daibiao"].add_child(instance=page)


@pytest.fixture
def everything(city, site):
    """One page of every sort that carries the word."""
    return built_upon([city, *site.values()], "a page of every sort", lambda: _everything(city, site))


def _everything(city, site):
    return [
        tagged(page, WORD)
        for page in (
            story(city, site),
            face(city, site, title="示例分享会", starts_at=START - timedelta(days=9)),
            courseware(site, title="示例课件"),
            notice(site),
        )
    ]


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("联系群众", "lian-xi-qun-zhong"),
        ("重点建议", "zhong-dian-jian-yi"),
        ("银行", "yin-hang"),
        ("3D打印2号", "3d-da-yin-2-hao"),
        ("女性", "nv-xing"),
        ("Ｗｅｂ ３.０", "web-30"),
        ("WTO规则", "wto-gui-ze"),
        ("𠮷庆", "u20bb7-qing"),
        ("☂", "u2602"),
        ("<b>", "b"),
        ("!", "u"),
        ("词" * 100, ("ci-" * 27)[:80].strip("-")),
    ],
)
def test_a_word_has_an_address_in_pinyin(word, slug):
    assert slug_of(word) == slug


def test_homophones_have_addresses_of_their_own_which_stay(db):
    first, second, third = (Tag.objects.create(name=name) for name in ("事实", "实事", "史诗"))
    assert (first.slug, second.slug, third.slug) == ("shi-shi", "shi-shi-2", "shi-shi-3")
    second.name = "改了名的词"
    second.save()
    assert Tag.objects.get(pk=second.pk).slug == "shi-shi-2"


def test_a_word_shows_everything_public_that_carries_it_by_sort(client, everything):
    page = soup(client, ADDRESS)
    sections = [
        (words(section.select_one("h2")), [a["href"] for a in section.select("h3 a")])
        for section in page.select("main section")
    ]
    assert sections == [
        ("代表事迹", [everything[0].url]),
        ("分享会", [everything[1].url]),
        ("课件", [everything[2].url]),
        ("通知公告", [everything[3].url]),
    ]
    assert [words(chip) for chip in page.select(".chip")] == [
        "全部 4",
        "代表事迹 1",
        "分享会 1",
        "课件 1",
        "通知公告 1",
    ]
    assert words(page.select_one("h1")) == WORD


def test_every_floor_brings_its_shelves(db):
    assert [shelf.key for shelf in shelves()] == ["shiji", "fenxianghui", "kejian", "tongzhi"]
    for config in apps.get_app_configs():
        if config.name in {"stations", "sessions"}:
            assert import_module(f"{config.name}.tagged").SHELVES


def test_one_sort_is_paged_and_nonsense_shows_all(client, site):
    for number in range(14):
        tagged(notice(site, f"第{number}号", date(2026, 5, 1 + number)), WORD)
    page = soup(client, f"{ADDRESS}?kind=tongzhi&page=2")
    assert [words(row) for row in page.select(".rows h3")] == ["第1号", "第0号"]
    first = soup(client, f"{ADDRESS}?kind=nonsense")
    assert [words(row) for row in first.select(".rows h3")] == [f"第{13 - n}号" for n in range(6)]
    assert words(first.select_one(".more")) == "全部 14 篇"


def test_all_words_in_use_stand_in_the_list_the_most_used_first(client, everything, city, site):
    tagged(story(city, site, "田示例"), "窑火")
    Tag.objects.create(name="没人用的词")
    chips = [(words(chip), chip["href"]) for chip in soup(client, "/biaoqian/").select("main .chip")]
    assert chips == [("联系群众 4", ADDRESS), ("窑火 1", "/biaoqian/yao-huo/")]


def test_without_any_word_the_list_says_so(client, site):
    assert words(soup(client, "/biaoqian/").select_one(".state h2")) == "还没有标签"


@pytest.mark.parametrize("slug", ["no-such-word", "mei-ren-yong-de-ci", "没有", "a" * 200, "x%00y"])
def test_an_unknown_and_an_unused_word_are_not_found_as_designed(client, site, slug):
    Tag.objects.create(name="没人用的词")
    response = client.get(f"/biaoqian/{slug}/")
    assert (response.status_code, "这一页没有找到" in response.content.decode()) == (404, True)


def test_what_is_not_public_carries_nothing(client, everything, city, site):
    story_page, session, handout, letter = everything
    story_page.unpublish()
    Activity.objects.filter(pk=session.activity_id).update(state="draft")
    PageViewRestriction.objects.create(page=handout, restriction_type="login")
    letter.delete()
    assert client.get(ADDRESS).status_code == 404
    assert words(soup(client, "/biaoqian/").select_one(".state h2")) == "还没有标签"


def test_a_word_taken_off_the_last_page_is_gone_at_once(client, site, commits):
    page = tagged(notice(site), WORD)
    assert client.get(ADDRESS).status_code == 200
    with commits():
        page.tags.clear()
        page.save_revision().publish()
    assert client.get(ADDRESS).status_code == 404


def test_the_words_of_every_sort_of_page_lead_to_their_pages(client, everything):
    for page in everything:
        assert [a["href"] for a in soup(client, page.url).select(".word, nav[aria-label=标签] a")] == [
            ADDRESS
        ]


def test_a_copied_session_keeps_its_words(city, everything):
    copy = clone_session(
        page=everything[1],
        starts_at=START + timedelta(days=30),
        ends_at=START + timedelta(days=30, hours=2),
        actor=city.office,
    )
    assert [tag.name for tag in copy.tags.all()] == [WORD]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_tags_take_the_same_queries_at_any_length(
    client, city, site, number, django_assert_num_queries
):
    for n in range(number):
        others = [f"词{m}" for m in range(n)]
        tagged(story(city, site, f"丁例{n}"), WORD, *others)
        tagged(face(city, site, title=f"第{n}场", starts_at=START - timedelta(days=n + 1)), WORD, *others)
        tagged(courseware(site, title=f"课件{n}"), WORD, *others)
        tagged(notice(site, f"通知{n}"), WORD, *others)
    client.get("/tongzhi/")  # site and settings are remembered from here on
    with django_assert_num_queries(1):
        assert client.get("/biaoqian/").status_code == 200
    with django_assert_num_queries(6):
        assert client.get(ADDRESS).status_code == 200
    with django_assert_num_queries(4):
        assert client.get(f"{ADDRESS}?kind=fenxianghui").status_code == 200


def test_the_list_of_words_is_one_click_from_every_page(client, site):
    foot = BeautifulSoup(client.get("/").content, "html.parser").select(".foot a")
    assert [link.text for link in foot if link["href"] == "/biaoqian/"] == ["标签"]


def test_the_pages_of_tags_are_stored_with_known_words_only(client, everything):
    for address, stored in ((f"{ADDRESS}?kind=kejian&page=1", "hit"), (f"{ADDRESS}?x=1", None)):
        client.get(address)
        assert client.get(address).get("X-Cache") == stored


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_words_of_stories_move_back_to_the_old_table_and_forth_again(client, city, site):
    Tag.objects.create(name="在前面的词")  # so that the keys of the two tables differ
    page = tagged(story(city, site), "窑火", "创业")
    try:
        uses = back_to("stations", "0003_positions").get_model("stations", "ProfileTag").objects
        assert sorted(uses.values_list("tag__name", flat=True)) == ["创业", "窑火"]
        assert uses.model._meta.get_field("tag").related_model._meta.label == "taggit.Tag"
    finally:
        forth()
    assert sorted(page.tags.values_list("name", "slug")) == [("创业", "chuang-ye"), ("窑火", "yao-huo")]
    assert client.get("/biaoqian/yao-huo/").status_code == 200


def test_of_many_words_a_page_shows_a_hundred_and_fifty_the_most_used_first(client, site):
    tagged(notice(site), *(f"词{number:03d}" for number in range(151)))
    tagged(notice(site), "词150")
    pages = [BeautifulSoup(client.get(f"/biaoqian/?page={page}").content, "html.parser") for page in (1, 2)]
    chips = [[chip.get_text() for chip in page.select(".chips .chip")] for page in pages]
    assert ([len(each) for each in chips], chips[0][0], chips[1]) == ([150, 1], "词150 2", ["词149 1"])
