"""The sitemap for engines and for people, robots.txt and security.txt: everything public, nothing else."""

import re
from xml.etree import ElementTree as ET

import pytest
import time_machine
from wagtail.models import Page, PageViewRestriction

from portal.conventions import sitemap as maps
from portal.environment import read_environment
from portal.models import NoticePage
from tests.conftest import START
from tests.furnished import furnish

OURS = "https://ren-da.example.cn"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
VIEWS = {"/ditu/", "/dingyue/", "/jindianzi/", "/xunjiang/", "/shuju/", "/calendar/", "/biaozhun/"}


@pytest.fixture(autouse=True)
def _ours(settings):
    settings.PUBLIC_URL = OURS


def listed(client, address="/sitemap.xml", **extra):
    """Return {path: lastmod} of a sitemap; every address is ours."""
    answer = client.get(address, **extra)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    rows = ET.fromstring(answer.content).iter(f"{SPACE}url")  # noqa: S314 -- our own
    seen = {row.findtext(f"{SPACE}loc"): row.findtext(f"{SPACE}lastmod", "") for row in rows}
    assert {address.startswith(f"{OURS}/") for address in seen} == {True}
    return {address.removeprefix(OURS): changed for address, changed in seen.items()}


def notice(site, title="示例", **more):
    return site["tongzhi"].add_child(instance=NoticePage(title=title, date="2026-06-01", **more))


def test_every_public_page_of_every_floor_is_listed_and_every_address_opens(client, city, site):
    with time_machine.travel(START, tick=False):
        furnish(city, site, START)
        seen = listed(client)
        assert {
            "/",
            "/daibiao/ding/",
            "/daibiao/minglu/",
            "/lianluozhan/shiqiao/",
            "/tongzhi/n1/",
            "/guanyu/",
        } <= seen.keys()
        assert seen.keys() >= VIEWS
        assert {"/jindianzi/2026-1/", "/shuju/2026/"} <= seen.keys()
        assert [path for path in seen if client.get(path).status_code != 200] == []


def test_what_is_not_public_is_not_listed(client, site):
    notice(site, slug="open")
    notice(site, slug="draft", live=False)
    closed = notice(site, slug="closed")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    PageViewRestriction.objects.create(page=site["kejian"], restriction_type="login")
    pages = listed(client).keys() - VIEWS
    assert pages & {"/tongzhi/open/", "/tongzhi/draft/", "/tongzhi/closed/", "/kejian/"} == {"/tongzhi/open/"}


def test_a_published_page_says_when_it_last_changed(client, site):
    page = notice(site, slug="n1")
    with time_machine.travel(START, tick=False):
        page.save_revision().publish()
        assert listed(client)["/tongzhi/n1/"] == "2026-06-18T14:30:00+08:00"


def test_a_page_that_is_taken_back_leaves_the_list_at_once(client, site, commits):
    page = notice(site, slug="n1")
    assert "/tongzhi/n1/" in listed(client)
    with commits():
        page.unpublish()
    assert "/tongzhi/n1/" not in listed(client)


def test_very_many_pages_are_told_in_several_files(client, site, monkeypatch):
    for number in range(5):
        notice(site, f"通知{number}")
    whole = listed(client)
    monkeypatch.setattr(maps, "A_FILE", 7)
    index = ET.fromstring(client.get("/sitemap.xml?fresh=1").content)  # noqa: S314 -- our own
    files = [each.text.removeprefix(OURS) for each in index.iter(f"{SPACE}loc")]
    assert (index.tag, files) == (
        f"{SPACE}sitemapindex",
        ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"],
    )
    parts = [listed(client, file) for file in files]
    assert [len(part) for part in parts] == [7, 7, len(whole) - 14]
    assert {path for part in parts for path in part} == whole.keys()
    assert [client.get(f"/sitemap-{n}.xml").status_code for n in (0, 4, 99999)] == [404] * 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sitemap_asks_the_same_few_questions_for_any_number_of_pages(
    client, site, rows, django_assert_num_queries
):
    for number in range(rows):
        notice(site, f"通知{number}")
    client.get("/tongzhi/")
    with django_assert_num_queries(6):  # the pages; five of the views
        client.get("/sitemap.xml")


# --- for people -------------------------------------------------------------------------------------------------


def test_the_map_for_people_counts_the_pages_of_each_section_and_leads_to_them(client, city, site):
    with time_machine.travel(START, tick=False):
        furnish(city, site, START)
        notice(site, "草稿", live=False)
        page = client.get("/ditu/")
    counted = {section.path: section.number for section in page.context["sections"]}
    assert counted == {"/daibiao/": 2, "/fenxianghui/": 2, "/lianluozhan/": 1, "/kejian/": 1, "/tongzhi/": 1}
    html = page.content.decode()
    assert [
        a for a in ("/daibiao/ding/", "/guanyu/", "/jindianzi/", "/biaozhun/") if f'href="{a}"' not in html
    ] == []
    assert "草稿" not in html


def test_a_large_section_names_some_and_leads_to_the_rest(client, site, monkeypatch):
    monkeypatch.setattr(maps, "IN_SECTION", 2)
    for number in range(3):
        notice(site, f"通知{number}")
    (section,) = [each for each in client.get("/ditu/").context["sections"] if each.path == "/tongzhi/"]
    assert (section.number, len(section.pages), section.more) == (3, 2, True)


@pytest.mark.parametrize(("limit", "named"), [(2, ["通知2", "通知0"]), (3, ["通知0", "通知1", "通知2"])])
def test_a_large_section_names_its_newest_pages_and_a_small_one_all_in_their_order(
    client, site, monkeypatch, limit, named
):
    monkeypatch.setattr(maps, "IN_SECTION", limit)
    for number, day in enumerate((2, 1, 3)):
        page = notice(site, f"通知{number}")
        Page.objects.filter(pk=page.pk).update(first_published_at=START.replace(day=day))
    (section,) = [each for each in client.get("/ditu/").context["sections"] if each.path == "/tongzhi/"]
    assert [page["title"] for page in section.pages] == named


@pytest.mark.parametrize("rows", [1, 3])
def test_the_map_asks_the_same_few_questions(client, site, rows, django_assert_num_queries):
    for number in range(rows):
        notice(site, f"通知{number}")
    client.get("/tongzhi/")
    with django_assert_num_queries(2):  # sections, their pages
        client.get("/ditu/")


def test_the_footer_leads_to_the_map_and_to_following(client, site):
    foot = client.get("/").content.decode().split("<footer", 1)[1]
    assert ('href="/ditu/"' in foot, 'href="/dingyue/"' in foot) == (True, True)


# --- robots and contact -----------------------------------------------------------------------------------------


def test_robots_are_shown_the_sitemap_and_kept_from_the_rooms_of_people(client, site):
    lines = client.get("/robots.txt", HTTP_X_FORWARDED_HOST="evil.example").content.decode().splitlines()
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert {
        "/admin/",
        "/accounts/",
        "/me/",
        "/c/",
        "/roll/",
        "/review/",
        "/zs/",
        "/documents/",
        "/sousuo/",
    } <= set(closed)
    assert {"/", "/static/", "/media/", "/fengmian/"} & set(closed) == set()
    assert (lines[0], lines[-1]) == ("User-agent: *", f"Sitemap: {OURS}/sitemap.xml")


def test_no_address_of_the_sitemap_is_closed_to_robots(client, city, site):
    closed = re.findall(r"Disallow: (\S+)", client.get("/robots.txt").content.decode())
    with time_machine.travel(START, tick=False):
        furnish(city, site, START)
        assert [path for path in listed(client) if path.startswith(tuple(closed))] == []


def test_whom_to_tell_of_a_weakness_stands_there_only_when_somebody_is_named(client, site, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:anquan@example.cn"
    with time_machine.travel(START, tick=False):
        text = client.get("/.well-known/security.txt?fresh=1").content.decode()
    assert text.splitlines() == [
        "Contact: mailto:anquan@example.cn",
        "Expires: 2026-12-01T00:00:00Z",
        "Preferred-Languages: zh, en",
        f"Canonical: {OURS}/.well-known/security.txt",
    ]


def test_a_contact_that_is_none_stops_the_start_with_words(monkeypatch):
    monkeypatch.setenv("SECURITY_CONTACT", "call us")
    with pytest.raises(SystemExit, match=r"SECURITY_CONTACT: .*must look like mailto:name@host"):
        read_environment()
