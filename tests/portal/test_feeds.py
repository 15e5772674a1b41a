"""Feeds of sections: what stands in them and what never does, lasting ids, our own host, and 304 to who has them."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.utils.http import http_date, parse_http_date
from wagtail.models import PageViewRestriction

from portal import generation
from portal.models import CongressSettings, NoticePage
from tests.conftest import START
from tests.portal.atoms import SPACE, entries, feed, titles

NOTICES, ALL = "/dingyue/tongzhi.atom", "/dingyue/quanbu.atom"


@pytest.fixture
def notice(site):
    def publish(title="示例通知", day="2026-06-01", **more):
        return site["tongzhi"].add_child(instance=NoticePage(title=title, date=day, **more))

    return publish


def test_an_entry_says_what_where_when_and_by_whom(client, notice):
    page = notice("关于|自评", source="代工委", summary="请在 <月底> 前 & 完成。", slug="n1")
    (entry,) = entries(client, NOTICES)
    assert entry == {
        "id": page.translation_key.urn,
        "title": "关于自评",
        "link": "http://testserver/tongzhi/n1/",
        "words": "请在 &lt;月底&gt; 前 &amp; 完成。",  # the summary is HTML: a reader shows the marks as text
        "published": "2026-06-01T00:00:00+08:00",
        "updated": "2026-06-01T00:00:00+08:00",
        "authors": ["代工委"],
    }


def test_the_feed_names_itself_its_page_and_who_publishes(client, site, just_started):
    words = CongressSettings.for_site(site["home"].get_site())
    words.site_name, words.host_name = "示例平台", "示范县人大常委会"
    words.save()
    root = feed(client, NOTICES)
    links = {each.get("rel"): each.get("href") for each in root.findall("a:link", SPACE)}
    assert links == {"self": f"http://testserver{NOTICES}", "alternate": "http://testserver/tongzhi/"}
    said = [root.findtext(f"a:{name}", namespaces=SPACE) for name in ("title", "author/a:name")]
    assert said == ["示例平台 · 通知公告", "示范县人大常委会"]


def test_the_newest_come_first_and_at_most_thirty(client, notice):
    for day in range(1, 32):
        notice(f"第{day}天", f"2026-05-{day:02d}")
    assert titles(client, NOTICES) == [f"第{day}天" for day in range(31, 1, -1)]


def test_drafts_scheduled_and_restricted_pages_never_stand_in_a_feed(client, notice):
    notice("公开")
    notice("草稿", live=False)
    page = notice("改了还没有发布")
    page.title = "未发布的改动"
    page.save_revision()
    later = notice("定时", live=False)
    later.go_live_at = START + timedelta(days=900)
    later.save_revision().publish()
    closed = notice("内部")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    for address in (NOTICES, ALL):
        assert sorted(titles(client, address)) == sorted(["公开", "改了还没有发布"])


def test_a_page_taken_back_leaves_the_feed_at_once(client, notice, commits):
    page = notice()
    assert titles(client, NOTICES) == ["示例通知"]
    with commits():
        page.unpublish()
    assert titles(client, NOTICES) == []


def test_ids_stay_when_title_address_and_host_change(client, notice, commits, settings):
    page = notice(slug="n1")
    before = entries(client, NOTICES)[0]
    own = feed(client, NOTICES).findtext("a:id", namespaces=SPACE)
    settings.PUBLIC_URL = "https://moved.example.cn"
    with commits():
        page.title, page.slug = "新的题目", "n2"
        page.save_revision().publish()
    after = entries(client, NOTICES)[0]
    assert (after["id"], after["link"]) == (before["id"], "https://moved.example.cn/tongzhi/n2/")
    assert feed(client, NOTICES).findtext("a:id", namespaces=SPACE) == own


def test_a_later_publication_moves_the_update_and_not_the_first_day(client, notice):
    page = notice()
    with time_machine.travel(START, tick=False):
        page.save_revision().publish()
    page.refresh_from_db()
    with time_machine.travel(START + timedelta(days=2), tick=False):
        page.save_revision().publish()
    (entry,) = entries(client, NOTICES)
    assert (entry["published"], entry["updated"]) == (
        "2026-06-18T06:30:00+00:00",
        "2026-06-20T06:30:00+00:00",
    )


def test_what_xml_cannot_hold_is_left_out(client, notice):
    notice("坏\x01的\x0b标\ufffe题\x85]]>", summary="提\x00要".replace("\x00", "\x02"), source="源\x1f")
    (entry,) = entries(client, NOTICES)
    assert (entry["title"], entry["words"], entry["authors"]) == (
        "坏的标题 ]]&gt;".replace("&gt;", ">"),
        "提要",
        ["源"],
    )


def test_the_host_of_the_request_stands_nowhere(client, notice):
    notice()
    for address in (NOTICES, ALL):
        body = client.get(address, HTTP_X_FORWARDED_HOST="evil.example").content
        assert b"evil.example" not in body
        assert client.get(address, HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("warm", [True, False])
def test_who_has_the_feed_is_told_that_nothing_changed(client, notice, commits, warm):
    page = notice()
    first = client.get(NOTICES)
    if not warm:
        generation.advance()
    same = client.get(NOTICES, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    with commits():
        page.title = "改过"
        page.save_revision().publish()
    assert client.get(NOTICES, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("address", [NOTICES, f"{NOTICES}?fresh=1"], ids=["stored", "made anew"])
def test_without_an_etag_the_date_of_the_newest_entry_decides(client, notice, address):
    notice()
    known = client.get(address)["Last-Modified"]
    assert client.get(address, HTTP_IF_MODIFIED_SINCE=known).status_code == 304
    earlier = http_date(parse_http_date(known) - 1)
    assert client.get(address, HTTP_IF_MODIFIED_SINCE=earlier).status_code == 200


def test_an_empty_feed_is_a_feed_and_the_same_one_tomorrow(client, site):
    first = client.get(NOTICES)
    with time_machine.travel(START + timedelta(days=30), tick=False):
        generation.advance()
        again = client.get(NOTICES, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (ET.fromstring(first.content).findall("a:entry", SPACE), again.status_code) == ([], 304)  # noqa: S314 -- our own


@pytest.mark.parametrize("address", ["/dingyue/odd.atom", "/dingyue/tongzhi.rss", "/dingyue/TONGZHI.atom"])
def test_an_unknown_feed_is_not_found(client, site, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_feed_asks_the_same_few_questions(client, notice, rows, django_assert_num_queries):
    for _ in range(rows):
        notice()
    client.get("/tongzhi/")
    with django_assert_num_queries(2):  # the notices, and the key of the site
        client.get(NOTICES)


# --- the page on following --------------------------------------------------------------------------------------


def test_the_page_on_following_lists_every_section_in_the_order_of_the_site(client, site):
    page = client.get("/dingyue/")
    rows = [(channel.title, address) for channel, address in page.context["rows"]]
    assert rows == [
        (title, f"http://testserver/dingyue/{name}.atom")
        for title, name in (
            ("代表风采", "daibiao"), ("分享会", "fenxianghui"), ("课件库", "kejian"), ("金点子", "jindianzi"), ("通知公告", "tongzhi"),
        )
    ]  # fmt: skip
    html = page.content.decode()
    assert [each for _, each in rows if f'href="{each}"' not in html] == []
    assert ('href="/calendar/"' in html, "csrfmiddlewaretoken" in html, page["X-Cache"]) == (
        True,
        False,
        "miss",
    )
