"""What a reader meets when something is not there: the right status, a Chinese sentence, a next step; and the search."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse
from wagtail.models import PageViewRestriction

from portal.models import NoticePage
from stations.operations import open_account
from tests.conftest import PASSWORD


def explode(request):
    raise RuntimeError("the drill")


urlpatterns = [path("explode/", explode), path("", include("portal.urls"))]


def words(answer):
    """Return the first heading, without markup."""
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1])


def steps(answer):
    """Return the addresses of the buttons that a reader may press next."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.findall(r'<a class="(?:btn|more|again)[^"]*" href="([^"]*)"', main)


# --- errors -------------------------------------------------------------------------------------------------


def test_an_unknown_address_says_so_and_offers_the_search_and_four_places(client, site):
    answer = client.get("/no-such-page/")
    assert (answer.status_code, words(answer)) == (404, "这一页没有找到")
    assert steps(answer) == ["/", "/daibiao/", "/fenxianghui/", "/lianluozhan/"]
    assert 'action="/sousuo/"' in answer.content.decode()


def test_a_form_that_grew_too_old_says_that_nothing_was_written(site):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})
    assert (answer.status_code, words(answer)) == (403, "这一页停留太久了")
    assert steps(answer) == ["/accounts/login/", "/"]


def test_an_unknown_host_is_answered_with_400_and_a_way_on(client, site):
    answer = client.get("/", HTTP_HOST="evil.example")
    assert (answer.status_code, words(answer), steps(answer)) == (400, "这个网址没有读懂", ["/"])
    assert "evil.example" not in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_shows_the_static_page_without_trace_or_database(db, settings):
    settings.DEBUG = False
    client = Client(raise_request_exception=False)
    client.get("/health/")  # whatever a process asks once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/explode/")
    assert (answer.status_code, words(answer), steps(answer)) == (500, "系统正在休息一会儿", [""])
    assert asked.captured_queries == []
    assert [w for w in ("Traceback", "RuntimeError", "the drill") if w in answer.content.decode()] == []


def test_too_many_tries_are_answered_with_429_and_how_long_to_wait(client, site, settings):
    open_account(username="lishi", display_name="李示例", password=PASSWORD, actor=None)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("account_login"), {"login": "lishi", "password": "wrong-password"})
    assert (answer.status_code, words(answer)) == (429, "请稍等一会儿再登录")
    assert steps(answer) == ["/accounts/login/", "/"]
    assert "15 分钟" in answer.content.decode()


# --- the search ---------------------------------------------------------------------------------------------


@pytest.fixture
def notices(site):
    def publish(title, summary="", day="2026-06-01", **more):
        slug = f"n{NoticePage.objects.count()}"
        page = NoticePage(title=title, slug=slug, summary=summary, date=day, **more)
        return site["tongzhi"].add_child(instance=page)

    return publish


def found(client, **query):
    return [page.title for page, _ in client.get(reverse("search"), query).context["rows"]]


def test_the_search_finds_each_word_in_title_or_summary_newest_first(client, notices):
    notices("夏季接待安排", "石桥镇联络站", "2026-05-01")
    notices("冬季接待安排", "清源镇联络站", "2026-06-02")
    notices("秋季接待安排", "石桥镇联络站", "2026-06-03")
    assert found(client, q="接待　石桥镇") == ["秋季接待安排", "夏季接待安排"]


def test_the_search_reads_full_width_letters_and_passes_over_forced_breaks(client, notices):
    notices("关于AB|的通知")
    assert (found(client, q="ＡＢ"), found(client, q="AB的")) == (["关于AB|的通知"], ["关于AB|的通知"])


@pytest.mark.parametrize("more", [{"live": False}, {"closed": True}])
def test_the_search_never_finds_what_is_not_public(client, notices, more):
    page = notices("内部安排", live=more.get("live", True))
    if "closed" in more:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert found(client, q="内部") == []


def test_the_search_names_the_kind_of_each_page(client, notices):
    notices("通知公告的写法")
    rows = client.get(reverse("search"), {"q": "通知公告"}).context["rows"]
    assert [(page.title, kind) for page, kind in rows] == [
        ("通知公告的写法", "通知公告"),
        ("通知公告", "通知公告"),
    ]


def test_a_search_without_result_says_so_and_leads_to_the_directory(client, site):
    text = client.get(reverse("search"), {"q": "没有<这个>"}).content.decode()
    assert "没有找到“没有&lt;这个&gt;”" in text
    assert "/daibiao/minglu/?q=%E6%B2%A1%E6%9C%89%3C%E8%BF%99%E4%B8%AA%3E" in text


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%FF%FE", "q=%ED%A0%80", "q=" + "%F0%A0%AE%B7" * 400, "q=%25_%5C'%22;--", "q=" + "a+" * 900,
     "q=a&q=b", "q[]=1", "q=a&page=99999", "q=a&page=%00", "q=a&page=" + "9" * 5000, "q=a&page=-1", ""],
)  # fmt: skip
def test_no_query_makes_the_search_fail(client, notices, query):
    notices("安排 a")
    assert client.get(f"/sousuo/?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_search_asks_the_same_few_questions_for_any_number_of_pages(
    client, notices, rows, django_assert_num_queries
):
    for _ in range(rows):
        notices("接待安排")
    client.get("/sousuo/?q=接待&cb=0")
    with django_assert_num_queries(2):  # how many there are, and one page of them
        client.get("/sousuo/?q=接待&cb=1")


def test_only_known_parameters_of_a_search_are_stored(client, site):
    client.get("/sousuo/?q=a&page=1")
    again, odd = client.get("/sousuo/?q=a&page=1"), client.get("/sousuo/?q=a&utm=1")
    assert (again["X-Cache"], "X-Cache" in odd) == ("hit", False)
