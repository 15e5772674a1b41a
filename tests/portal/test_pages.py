"""The home page, notices and standing pages as a reader gets them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from wagtail.models import PageViewRestriction

from portal.models import ArticlePage, CongressSettings, NoticePage
from portal.templatetags.notice_tags import latest_notices
from portal.visibility import open_to_all
from sessions.models import SessionSpeaker
from tests.conftest import START
from tests.sessions.faces import courseware, face


def notice(site, title="示例通知", day=date(2026, 6, 1), **more):
    """Publish a notice and return its page."""
    page = NoticePage(title=title, slug=f"notice-{NoticePage.objects.count()}", date=day, **more)
    site["tongzhi"].add_child(instance=page)
    return page


def test_an_empty_home_page_says_what_is_being_prepared(client, site):
    html = client.get("/").content.decode()
    for words in ("把履职的经验", "新场次筹备中", "还没有通知公告。", "订阅提醒", "今日接待", "代表风采"):
        assert words in html
    assert html.count("<h1") == 1


def test_the_home_page_shows_the_next_session_with_its_speakers(client, city, site):
    with time_machine.travel(START - timedelta(days=6), tick=False):
        page = face(city, site, title="怎样说真话", theme="联系群众", place="示范街道")
        page.speakers = [SessionSpeaker(guest_name="周虚构"), SessionSpeaker(guest_name="李拟名")]
        page.save()
        html = client.get("/").content.decode()
    for words in ("下一场分享会", '还有 <b class="num">6</b> 天', "周虚构、李拟名", "14:00 开始签到"):
        assert words in html


def test_the_home_page_says_when_a_session_is_running(client, city, site):
    with time_machine.travel(START + timedelta(minutes=20), tick=False):
        face(city, site)
        html = client.get("/").content.decode()
    assert "正在进行" in html
    assert "16:30 结束" in html


def test_without_coming_sessions_the_home_page_shows_the_last_ones(client, city, site):
    with time_machine.travel(START + timedelta(days=9), tick=False):
        face(city, site, title="办过的一场")
        html = client.get("/").content.decode()
    assert "新场次筹备中" in html
    assert "办过的一场" in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_home_page_takes_the_same_queries_with_more_rows(
    client, city, site, number, django_assert_num_queries
):
    with time_machine.travel(START - timedelta(days=1), tick=False):
        for index in range(number):
            page = face(city, site, title=f"场{index}", starts_at=START + timedelta(days=index))
            page.speakers = [SessionSpeaker(guest_name="周虚构")]
            page.save()
            face(city, site, title=f"往期{index}", starts_at=START - timedelta(days=index + 2))
            courseware(site, title=f"课件{index}")
            notice(site, f"通知{index}")
        client.get("/tongzhi/")
        with django_assert_num_queries(10):
            client.get("/")


def test_what_is_saved_stands_on_the_home_page_at_once_though_its_parts_are_kept(client, city, site, commits):
    with time_machine.travel(START, tick=True):
        first = client.get("/?anew=1").content.decode()
        with commits():
            notice(site, "刚发的通知", START.date())
            courseware(site, title="刚发的课件", day=START.date())
        again = client.get("/?anew=2").content.decode()
    assert ["刚发的通知" in html for html in (first, again)] == [False, True]
    band = [html.split('class="stats"', 1)[1].split("</section>", 1)[0] for html in (first, again)]
    assert band[0] != band[1]


def test_the_parts_of_the_home_page_that_are_kept_ask_nothing(client, city, site, django_assert_num_queries):
    with time_machine.travel(START, tick=False):
        client.get("/?anew=1")
        with django_assert_num_queries(6):
            client.get("/?anew=2")


def test_each_figure_of_the_year_leads_to_rows_that_exist(client, city, site):
    html = client.get("/").content.decode()
    band = html.split('class="stats"', 1)[1].split("</section>", 1)[0]
    addresses = [part.split('"', 1)[0].split("#")[0] for part in band.split('href="')[1:]]
    assert [client.get(address).status_code for address in addresses] == [200] * 5


def test_notices_are_listed_newest_first_and_only_public_ones(site):
    for title, day in (("旧", 1), ("新", 9), ("中", 5)):
        notice(site, title, date(2026, 6, day))
    closed = notice(site, "内部", date(2026, 6, 20))
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    notice(site, "草稿", date(2026, 6, 21), live=False)
    assert [page.title for page in latest_notices()] == ["新", "中", "旧"]


def test_a_restriction_closes_the_pages_below_it_and_no_neighbour(site):
    one = notice(site, "一")
    PageViewRestriction.objects.create(page=site["tongzhi"], restriction_type="login")
    assert one not in open_to_all(NoticePage.objects.all())
    assert list(open_to_all(type(site["kejian"]).objects.all())) == [site["kejian"]]


def test_a_list_of_visible_pages_takes_one_query(site, django_assert_num_queries):
    notice(site)
    with django_assert_num_queries(1):
        assert len(latest_notices()) == 1


def test_the_list_of_notices_pages_and_forgives_nonsense(client, site):
    for number in range(13):
        notice(site, f"通知{number}", date(2026, 6, 1) + timedelta(days=number))
    first, last, nonsense = (
        [row.title for row in client.get("/tongzhi/", query).context["notices"]]
        for query in ({}, {"page": "99"}, {"page": "<b>"})
    )
    assert (len(first), last, nonsense) == (12, ["通知0"], first)


def test_an_empty_list_of_notices_says_so(client, site):
    assert "还没有通知公告" in client.get("/tongzhi/").content.decode()


def test_a_notice_names_source_date_and_editor(client, site):
    page = notice(
        site,
        "关于自评的通知",
        source="代工委",
        editor="孙拟稿",
        body=[("paragraph", "<p>请于月底前完成。</p>")],
    )
    html = client.get(page.url).content.decode()
    for words in (
        "来源：代工委",
        "2026 年 6 月 1 日（周一）",
        "责任编辑：孙拟稿",
        "请于月底前完成。",
        "打印",
    ):
        assert words in html


def test_a_standing_page_shows_its_text(client, site):
    page = ArticlePage(title="无障碍说明", slug="wza", body=[("paragraph", "<p>支持大字版。</p>")])
    site["home"].add_child(instance=page)
    assert "支持大字版。" in client.get(page.url).content.decode()


def test_markup_in_titles_and_settings_is_shown_as_text(client, site):
    bad = "<script>alert(1)</script>"
    page = notice(site, bad, source=bad, editor="<i>x</i>")
    from wagtail.models import Site

    words = CongressSettings.for_site(Site.objects.get())
    words.statement = bad
    words.save()
    for address in ("/", "/tongzhi/", page.url):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html


def test_no_public_page_carries_inline_styles_scripts_or_a_form_token(client, city, site):
    with time_machine.travel(START - timedelta(days=1), tick=False):
        pages = [face(city, site), courseware(site), notice(site)]
        addresses = ["/", "/fenxianghui/", "/kejian/", "/tongzhi/", *(page.url for page in pages)]
        answers = {address: client.get(address).content.decode() for address in addresses}
    marks = (" style=", "<style", "onclick=", "csrfmiddlewaretoken", "<script>")
    assert [(address, m) for address, html in answers.items() for m in marks if m in html] == []


def test_a_saved_setting_stands_in_the_frame_at_once(client, site, commits):
    root = site["home"].get_site()
    with commits():
        settings = CongressSettings.objects.create(site=root, phone="0000-1112222")
    first = client.get("/accounts/login/").content.decode()
    with commits():
        settings.phone = "0000-3334444"
        settings.save()
    second = client.get("/accounts/login/").content.decode()
    seen = [("0000-1112222" in text, "0000-3334444" in text) for text in (first, second)]
    assert seen == [(True, False), (False, True)]


def test_a_site_without_an_identity_is_shown_and_looking_writes_none(client, city, site):
    assert "代表履职分享平台" in client.get("/accounts/login/").content.decode()
    looked = CongressSettings.objects.count()
    client.force_login(city.office)
    form = client.get(reverse("wagtailsettings:edit", args=["portal", "congresssettings"]), follow=True)
    assert (looked, form.status_code, CongressSettings.objects.count()) == (0, 200, 1)


def test_the_frame_of_a_second_reader_asks_for_neither_site_nor_settings_nor_links(
    client, site, django_assert_num_queries
):
    client.get("/accounts/login/")
    with django_assert_num_queries(0):
        client.get("/accounts/login/")
