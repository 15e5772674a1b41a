"""What the head of a public page tells: one address of ours, words for chat apps, the government sites' tags, JSON-LD."""

import re

import pytest
import time_machine
from wagtail.models import PageViewRestriction

from portal.models import ArticlePage, CongressSettings, NoticePage
from portal.slugs import spelled
from tests.conftest import START
from tests.furnished import furnish
from tests.portal.heads import alternates, canonical, metas, things

OURS = "https://ren-da.example.cn"
EVIL = {
    "HTTP_HOST": "testserver",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
}
PUBLIC = (
    "/", "/daibiao/", "/daibiao/ding/", "/daibiao/minglu/", "/fenxianghui/", "/lianluozhan/", "/lianluozhan/shiqiao/",
    "/kejian/", "/kejian/courseware-0/", "/tongzhi/", "/tongzhi/n1/", "/guanyu/", "/jindianzi/", "/jindianzi/2026-1/",
    "/xunjiang/", "/shuju/", "/shuju/2026/", "/shuju/2026/fenxianghui/", "/calendar/", "/biaozhun/", "/ditu/", "/dingyue/",
)  # fmt: skip


@pytest.fixture
def ours(settings):
    settings.PUBLIC_URL = OURS


@pytest.fixture
def there(city, site, ours):
    with time_machine.travel(START, tick=False):
        yield furnish(city, site, START)


@pytest.fixture
def notice(site, ours):
    def publish(title="关于自评的通知", **more):
        page = NoticePage(title=title, date="2026-06-01", **more)
        return site["tongzhi"].add_child(instance=page)

    return publish


def html(client, address, **extra):
    answer = client.get(address, **extra)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_public_page_has_one_canonical_address_of_ours_and_all_of_open_graph(client, there):
    for address in PUBLIC:
        page = html(client, address, **EVIL)
        told = metas(page)
        assert (address, canonical(page)) == (address, [OURS + address])
        assert (told["og:url"], told["twitter:card"]) == (OURS + address, "summary_large_image")
        assert [
            n
            for n in ("description", "og:title", "og:description", "og:image", "og:site_name")
            if not told[n]
        ] == []
        assert (told["og:locale"], told["og:image"].startswith(f"{OURS}/fengmian/")) == ("zh_CN", True)
        assert "evil.example" not in page


def test_title_and_description_are_those_of_open_graph_too(client, notice):
    page = html(client, notice(summary="请在月底前|完成 <自评>").url)
    told = metas(page)
    assert "<title>关于自评的通知 - 代表履职分享平台</title>" in page
    assert (told["description"], told["og:description"], told["og:title"]) == (
        "请在月底前完成 <自评>",
        "请在月底前完成 <自评>",
        "关于自评的通知",
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"search_description": "给检索看的话", "summary": "提要"}, "给检索看的话"),
        ({"summary": "提要"}, "提要"),
        (
            {"body": [("heading", "小标题"), ("paragraph", "<p>正文的<b>第一段</b> &amp; 后来。</p>")]},
            "正文的第一段 & 后来。",
        ),
        ({}, "关于自评的通知，代表履职分享平台。"),
    ],
)
def test_the_description_is_never_empty(client, notice, more, words):
    assert metas(html(client, notice(**more).url))["description"] == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("/fenxianghui/?theme=联系群众&utm_source=a&page=1", "?theme=%E8%81%94%E7%B3%BB%E7%BE%A4%E4%BC%97"),
        ("/fenxianghui/?theme=没有这个&format=odd&month=2026-06&page=99", ""),
        ("/fenxianghui/?month=2026-05&format=topic", "?format=topic&month=2026-05"),
        ("/daibiao/minglu/?sort=pinyin&kind=liaison&kind=odd&group=x&page=-1", "?kind=liaison&sort=pinyin"),
        ("/daibiao/?tag=没有这个", ""),
        ("/kejian/?theme=联系群众&kind=odd&sort=downloads", "?sort=downloads&theme=%E8%81%94%E7%B3%BB%E7%BE%A4%E4%BC%97"),
        ("/lianluozhan/?kind=liaison&kind2=1", "?kind=liaison"),
        ("/jindianzi/?state=adopted&theme=odd&year=1999", "?state=adopted"),
        ("/shuju/2026/fenxianghui/?month=2026-06&theme=联系群众", "?month=2026-06&theme=%E8%81%94%E7%B3%BB%E7%BE%A4%E4%BC%97"),
        ("/tongzhi/?page=abc&theme=x", ""),
        ("/tongzhi/n1/?from=chat", ""),
    ],
)  # fmt: skip
def test_a_filtered_list_keeps_the_words_it_understood_and_drops_all_others(client, there, asked, words):
    assert canonical(html(client, asked)) == [OURS + asked.split("?")[0] + words]


def test_a_page_of_a_list_is_an_address_of_its_own_and_one_beyond_the_last_is_the_last(client, notice):
    for number in range(13):
        notice(f"通知{number}")
    seen = [canonical(html(client, f"/tongzhi/?page={n}")) for n in ("1", "2", "99")]
    assert seen == [[f"{OURS}/tongzhi/"], [f"{OURS}/tongzhi/?page=2"], [f"{OURS}/tongzhi/?page=2"]]


def test_results_of_a_search_in_a_list_are_followed_but_not_listed_by_engines(client, there):
    told = metas(html(client, "/daibiao/minglu/?q=丁"))
    assert (told["robots"], "robots" in metas(html(client, "/daibiao/minglu/"))) == ("noindex,follow", False)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/no-such/", 404), ("/sousuo/?q=a", 200), ("/accounts/login/", 200), ("/dingyue/odd.atom", 404)],
)
def test_what_is_no_page_for_engines_names_no_address_and_no_picture(client, site, address, status):
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.status_code, canonical(page), things(page).keys() - {"BreadcrumbList"}) == (
        status,
        [],
        set(),
    )
    assert [name for name in metas(page) if name.startswith("og:")] == []
    assert metas(page).get("robots", "noindex") == "noindex"


def test_a_missing_page_is_stored_without_trail_and_without_address(client, site):
    first, second = client.get("/no-such/"), client.get("/no-such/")
    page = second.content.decode()
    assert (first.status_code, second["X-Cache"]) == (404, "hit")
    assert ('class="crumb"' in page, "/no-such/" in page, 'content="noindex"' in page) == (False, False, True)


def test_stored_and_fresh_pages_tell_the_same_in_either_order(client, notice):
    address = notice().url
    fresh = html(client, address, **EVIL)
    stored = client.get(address)
    assert (stored["X-Cache"], stored.content.decode()) == ("hit", fresh)


def test_an_unknown_host_is_refused_before_and_after_a_page_is_stored(client, notice):
    address = notice().url
    asked = [address, "/sitemap.xml", "/dingyue/quanbu.atom", "/robots.txt"]
    before = [client.get(each, HTTP_HOST="evil.example").status_code for each in asked]
    for each in asked:
        client.get(each)
    after = [client.get(each, HTTP_HOST="evil.example").status_code for each in asked]
    assert (before, after) == ([400] * 4, [400] * 4)


# --- the government sites' tags ---------------------------------------------------------------------------------


def test_an_article_tells_site_section_title_day_and_source(client, site, notice, just_started):
    CongressSettings.objects.create(
        site=site["home"].get_site(),
        site_name="示范县代表平台",
        host_name="示范县人大常委会",
        site_code="9900000001",
    )
    told = metas(html(client, notice(source="代工委", editor="孙拟稿", summary="提要。").url))
    names = ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords",
             "ColumnType", "ArticleTitle", "PubDate", "ContentSource", "Author", "description", "Url")  # fmt: skip
    assert {name: told[name] for name in names} == {
        "SiteName": "示范县代表平台",
        "SiteDomain": "ren-da.example.cn",
        "SiteIDCode": "9900000001",
        "ColumnName": "通知公告",
        "ColumnDescription": "通知公告，示范县人大常委会。",
        "ColumnKeywords": "通知公告",
        "ColumnType": "通知公告",
        "ArticleTitle": "关于自评的通知",
        "PubDate": "2026-06-01 00:00",
        "ContentSource": "代工委",
        "Author": "孙拟稿",
        "description": "提要。",
        "Url": f"{OURS}/tongzhi/{spelled('关于自评的通知')}/",
    }


def test_a_section_tells_its_name_and_what_it_is_for_and_no_empty_tag_is_written(client, site, notice):
    notice(source="", editor="")
    section = metas(html(client, "/tongzhi/"))
    article = metas(html(client, f"/tongzhi/{spelled('关于自评的通知')}/"))
    column = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType", "ArticleTitle")
    assert [section.get(name) for name in column] == [
        "通知公告",
        section["description"],
        "通知公告",
        "通知公告",
        None,
    ]
    assert [name for name, text in {**section, **article}.items() if not text] == []
    assert {"SiteIDCode", "Author", "Keywords"} & article.keys() == set()


def test_the_home_page_tells_the_site_alone(client, site, ours, just_started):
    CongressSettings.objects.create(site=site["home"].get_site(), site_code="9900000001")
    told = metas(html(client, "/"))
    known = [name for name in told if name.startswith(("Site", "Column", "Article"))]
    assert known == ["SiteName", "SiteDomain", "SiteIDCode"]


# --- structured data --------------------------------------------------------------------------------------------


def test_the_home_page_names_the_body_behind_it_and_its_search(client, site, ours):
    told = things(html(client, "/"))
    assert told.keys() == {"WebSite", "GovernmentOrganization"}
    search = told["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert (search, told["GovernmentOrganization"]["url"]) == (
        OURS + "/sousuo/?q={search_term_string}",
        f"{OURS}/",
    )


def test_the_trail_of_every_page_below_home_is_told_as_it_is_shown(client, there):
    for address in PUBLIC[1:]:
        page = html(client, address)
        shown = re.search(r'<nav class="crumb".*?</nav>', page, re.DOTALL)[0]
        names = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<li[^>]*>(.*?)</li>", shown)]
        told = things(page)["BreadcrumbList"]["itemListElement"]
        assert (address, [step["name"] for step in told]) == (address, names)
        assert [step["position"] for step in told] == list(range(1, len(names) + 1))
        assert {step["item"].startswith(f"{OURS}/") for step in told} == {True}
        assert told[-1]["item"] == OURS + address


def test_markup_in_a_title_can_neither_end_the_data_nor_open_a_script(client, notice):
    bad = "</script><script>alert(1)</script><!--\u2028]]>"
    page = html(client, notice(bad, source=bad, editor=bad[:30], summary=bad, slug="bad").url)
    assert things(page)["Article"]["headline"] == bad.replace("\u2028", " ")
    assert [
        each for each in re.findall(r"<script[^>]*>", page) if "src=" not in each and "ld+json" not in each
    ] == []
    assert "<script>alert" not in page


def test_data_blocks_are_the_only_scripts_without_a_source_and_hold_no_markup(client, there):
    for address in PUBLIC:
        page = html(client, address)
        blocks = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", page, re.DOTALL)
        assert {attributes for attributes, _ in blocks} == {' type="application/ld+json"'}
        assert [text for _, text in blocks if re.search("[<>&]", text)] == []


def test_a_preview_and_a_restricted_page_tell_machines_nothing(client, city, notice):
    page = notice()
    preview = page.make_preview_request().content.decode()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    hidden = client.get(page.url)
    assert (canonical(preview), things(preview), hidden.status_code) == ([], {}, 302)


# --- feeds named in the head ------------------------------------------------------------------------------------


def test_each_page_names_the_feeds_that_fit_it(client, there, site):
    whole = ("全站更新", f"{OURS}/dingyue/quanbu.atom")
    story, place = (
        site[n].get_children().get(slug=s).pk for n, s in (("daibiao", "ding"), ("lianluozhan", "shiqiao"))
    )
    seen = {
        a: alternates(html(client, a))
        for a in ("/", "/guanyu/", "/daibiao/ding/", "/lianluozhan/shiqiao/", "/jindianzi/")
    }
    assert seen == {
        "/": [whole],
        "/guanyu/": [whole],
        "/daibiao/ding/": [
            ("丁示例代表", f"{OURS}/dingyue/daibiao/{story}.atom"),
            ("代表风采", f"{OURS}/dingyue/daibiao.atom"),
            whole,
        ],
        "/lianluozhan/shiqiao/": [("石桥镇代表联络站", f"{OURS}/dingyue/zhan/{place}.atom"), whole],
        "/jindianzi/": [("金点子", f"{OURS}/dingyue/jindianzi.atom"), whole],
    }


def test_a_page_tells_machines_without_a_query_of_its_own(client, site, ours, django_assert_num_queries):
    page = ArticlePage(title="关于本站", slug="guanyu", body=[("paragraph", "<p>说明。</p>")])
    site["home"].add_child(instance=page)
    client.get("/tongzhi/")
    with django_assert_num_queries(2):
        client.get("/guanyu/?cb=1")
