"""The public pages of sessions: the list with its month, and one session before, while and after it is held."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from sessions.models import SessionSpeaker, SharingSessionPage
from sessions.operations import cancel_activity, change_activity, close_roll, record_status, sign_up
from stations.models import ProfilePage
from tests.conftest import START
from tests.sessions.attending import scan
from tests.sessions.faces import DAY_AFTER, HOUR_AFTER, HOUR_BEFORE, courseware, face
from tests.sessions.voiced import idea, question


@pytest.fixture
def at():
    """Travel to a moment for the rest of the test."""
    travels = []

    def go(moment):
        travel = time_machine.travel(moment, tick=False)
        travel.start()
        travels.append(travel)

    yield go
    for travel in reversed(travels):
        travel.stop()


def get(client, address="/fenxianghui/", /, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response


def rows(html, section):
    """Return the titles listed under the heading with the id `section`."""
    part = html.split(f'id="{section}"', 1)[1].split("</section>", 1)[0]
    return [re.sub("<[^>]*>", "", title) for title in re.findall(r"<h3>(.*?)</h3>", part, re.DOTALL)]


def test_the_list_shows_what_comes_first_and_what_was_latest_first(client, city, site, at):
    at(HOUR_BEFORE)
    for title, days in (("后一场", 20), ("下一场", 3), ("上一场", -3), ("更早的一场", -40)):
        face(city, site, title=title, starts_at=START + timedelta(days=days))
    html = get(client).content.decode()
    assert rows(html, "ahead") == ["下一场", "后一场"]
    assert rows(html, "past") == ["上一场", "更早的一场"]


def test_what_runs_is_not_listed_as_still_to_come(client, city, site, at, commits):
    with commits():
        face(city, site, title="这一场")
        face(city, site, title="下一场", starts_at=START + timedelta(days=3))
    heads = []
    for moment in (HOUR_BEFORE, HOUR_AFTER, DAY_AFTER):
        at(moment)
        cache.clear()
        heads.append(re.search(r'id="ahead">(.*?)</h2>', get(client).content.decode()).group(1))
    assert heads == ["即将举办", "正在进行与即将举办", "即将举办"]


def test_the_list_without_sessions_says_so_and_offers_the_feed(client, city, site, at):
    at(START)
    html = get(client).content.decode()
    assert "还没有安排新的分享会" in html
    assert "这个月还没有安排分享会" in html
    assert 'href="/calendar/"' in html


def test_a_filter_keeps_only_what_fits_and_an_empty_result_offers_to_clear_it(client, city, site, at):
    at(HOUR_BEFORE)
    face(city, site, title="甲场", theme="联系群众", page={"format": "interactive"})
    face(city, site, title="乙场", theme="撰写建议")
    assert rows(get(client, theme="撰写建议").content.decode(), "ahead") == ["乙场"]
    assert rows(get(client, format="interactive").content.decode(), "ahead") == ["甲场"]
    nothing = get(client, theme="撰写建议", format="interactive").content.decode()
    assert rows(nothing, "past") == []
    assert "没有找到符合条件的场次" in nothing


def test_nonsense_in_the_address_shows_the_nearest_sensible_page(client, city, site, at):
    at(HOUR_BEFORE)
    face(city, site, title="甲场")
    for query in (
        {"month": "2026-99"},
        {"month": "明年"},
        {"month": "9999-01"},
        {"month": "0000-00"},
        {"page": "-3"},
        {"page": "x"},
        {"theme": "没有的主题"},
        {"format": "'; --"},
    ):
        assert rows(get(client, **query).content.decode(), "ahead") == ["甲场"]


def test_a_month_further_than_any_session_comes_back_to_the_last_one(client, city, site, at):
    at(HOUR_BEFORE)
    face(city, site, title="甲场", starts_at=START + timedelta(days=60))
    assert str(get(client, month="2031-05").context["month"]) == "2026-09"
    assert str(get(client, month="1999-05").context["month"]) == "2026-05"


def test_the_month_table_holds_each_session_on_its_local_day(client, city, site, at):
    at(HOUR_BEFORE)
    late = START.replace(day=30, hour=23, minute=50)  # the next day in UTC would be another month's view
    page = face(city, site, title="月末夜场", starts_at=late)
    weeks = get(client, month="2026-06").context["weeks"]
    found = {cell.day.isoformat(): cell.sessions for week in weeks for cell in week if cell.sessions}
    assert found == {"2026-06-30": (page,)}


def test_an_upcoming_row_says_how_many_seats_are_left(client, city, site, at, commits):
    at(HOUR_BEFORE)
    page = face(city, site, title="小会场", capacity=1)
    assert "还可报名 1 人" in get(client).content.decode()
    person = city.representative().representative
    with commits():
        sign_up(activity=page.activity, representative=person, moment=HOUR_BEFORE)
    assert "名额已满，可候补" in get(client).content.decode()


def test_a_past_row_says_what_came_of_it(client, city, site, at):
    at(DAY_AFTER)
    page = face(city, site, page={"number": 14})
    idea(city, activity=page.activity, title="一", handling="adopted")
    idea(city, activity=page.activity, title="二", handling="studying")
    idea(city, activity=page.activity, title="三", released=False)
    courseware(site, session=page)
    came, absent = city.representative(), city.representative("王样本")
    city.enrol(page.activity, came, absent)
    close(city, page, (came, "present"))
    html = get(client).content.decode()
    for words in ("第十四期", "金点子 2 条", "已采纳 1 条", "课件 1 份", "1 人参加"):
        assert words in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_at_any_length(
    client, city, site, at, number, django_assert_num_queries
):
    at(HOUR_BEFORE)
    for index in range(number):
        for days in (index, -index - 1):
            page = face(city, site, title=f"第{index}场", starts_at=START + timedelta(days=days))
        courseware(site, session=page)
    client.get("/tongzhi/")
    with django_assert_num_queries(7):
        client.get("/fenxianghui/")


def close(city, page, *people):
    """Record people of a session's list and close its roll; everybody else of the list is absent."""
    for mandate, status in people:
        record_status(
            activity=page.activity,
            representative=mandate.representative,
            status=status,
            actor=city.recorder,
            moment=START,
        )
    close_roll(activity=page.activity, actor=city.recorder, moment=START + timedelta(hours=2))


@pytest.fixture
def full(city, site):
    """A session with everything on its page: speakers, agenda, questions, ideas, outcome."""
    station = make_station(city)
    page = face(
        city,
        site,
        title="走进联络站：怎样让群众|愿意来",
        theme="联系群众",
        station=station,
        page={
            "number": 14,
            "summary": "这一期讲接待。",
            "intro": [("paragraph", "<p>三位讲述人从一线说起。</p>")],
            "agenda": [("row", {"time": time(14, 30), "title": "三位分享", "who": "每人 15 分钟"})],
            "outcome": [("paragraph", "<p>收到一条金点子。</p>")],
            "takeaways": [("point", "先听完，再记录。")],
        },
    )
    speaker = city.representative("王样本")
    page.speakers = [
        SessionSpeaker(representative=speaker.representative, topic="四十七趟"),
        SessionSpeaker(guest_name="周虚构", guest_title="站长", topic="站里的一天"),
    ]
    page.save()
    question(city, page.activity, answer="先听完。")
    idea(city, activity=page.activity, handling="studying")
    return page


def make_station(city):
    from stations.models import Station

    return Station.objects.create(
        kind="liaison",
        name="石桥镇代表联络站",
        area=city.township,
        address="示例路 8 号",
        phone="0000-7654321",
    )


def body(client, page):
    return get(client, page.url).content.decode()


def test_before_the_start_the_page_invites_and_shows_no_outcome(client, full, at):
    at(HOUR_BEFORE)
    html = body(client, full)
    for words in (
        "第十四期",
        "三位分享",
        "三位讲述人从一线说起。",
        "王样本",
        "周虚构",
        "先听完。",
        "研究中",
        "示例路 8 号",
    ):
        assert words in html
    assert "代表请登录后报名" in html
    assert "会后小结" not in html
    assert "参加情况" not in html
    assert "csrfmiddlewaretoken" not in html


def test_while_it_runs_the_page_leads_to_the_check_in_desk(client, full, at):
    at(HOUR_AFTER)
    html = body(client, full)
    assert "正在进行，请到现场签到" in html
    assert "代表请登录后报名" not in html


def test_afterwards_an_open_roll_shows_the_outcome_but_no_figure(client, city, full, at):
    at(DAY_AFTER)
    city.enrol(full.activity, city.representative("丁示例"))
    html = body(client, full)
    assert "收到一条金点子。" in html
    assert "先听完，再记录。" in html
    assert "名册整理后会在这里公布参加人数" in html
    assert "应到" not in html


def test_courseware_is_awaited_for_some_days_and_then_no_more(client, full, at):
    lines = []
    for days in (1, 9, 11, 30):
        at(START + timedelta(days=days))
        cache.clear()
        html = body(client, full)
        lines.append([words in html for words in ("这期课件还没有上传", "这期没有课件上传。")])
    assert lines == [[True, False], [True, False], [False, True], [False, True]]


def test_a_closed_roll_is_shown_in_figures_and_never_in_names(client, city, full, at):
    at(DAY_AFTER)
    names = ("丁示例", "田示范", "谢示教", "陈示意", "郭例言")
    on_time, late, leave, absent, guest = (city.representative(name) for name in names)
    city.enrol(full.activity, on_time, late, leave, absent)
    close(city, full, (on_time, "present"), (late, "late"), (leave, "leave"), (guest, "visitor"))
    response = get(client, full.url)
    numbers = response.context["numbers"]
    assert (numbers.expected, numbers.came, numbers.late, numbers.leave, numbers.others) == (4, 2, 1, 1, 1)
    html = response.content.decode()
    assert [name for name in names if name in html] == []


def test_a_session_called_off_says_so_and_takes_no_sign_up(client, city, full, at):
    at(HOUR_BEFORE)
    cancel_activity(activity=full.activity, reason="内部原因", actor=city.office)
    html = body(client, full)
    assert "这一期分享会已取消" in html
    assert "代表请登录后报名" not in html
    assert "内部原因" not in html


def test_a_speaker_with_a_story_leads_to_it(client, city, site, full, at):
    at(HOUR_BEFORE)
    speaker = full.speakers.first().representative
    story = ProfilePage(title="四十七趟", slug="wang", representative=speaker, date=START.date())
    site["daibiao"].add_child(instance=story)
    assert [s.story for s in get(client, full.url).context["speakers"]] == [story, None]
    assert 'href="/daibiao/wang/">王样本</a>' in body(client, full)


def test_a_speaker_is_shown_with_the_group_of_the_day_and_without_unit_or_phone(client, city, site, at):
    at(HOUR_BEFORE)
    page = face(city, site)
    speaker = city.representative("王样本", phone="13900000001", occupation="示范厂厂长")
    page.speakers = [SessionSpeaker(representative=speaker.representative)]
    page.save()
    html = body(client, page)
    assert "人大代表 · 石桥镇代表小组" in html
    assert "13900000001" not in html
    assert "示范厂厂长" not in html


@pytest.mark.parametrize("number", [1, 3])
def test_a_session_takes_the_same_queries_with_more_speakers_courseware_questions_and_ideas(
    client, city, site, at, number, django_assert_num_queries
):
    at(HOUR_BEFORE)
    page = face(city, site)
    page.speakers = [
        SessionSpeaker(representative=city.representative(f"样本{n}").representative) for n in range(number)
    ]
    page.save()
    for index in range(number):
        courseware(site, title=f"课件{index}", session=page)
        asking = city.representative(f"示例{index}")
        question(city, page.activity, asking)
        idea(city, asking, activity=page.activity)
    client.get("/tongzhi/")
    with django_assert_num_queries(9):
        client.get(page.url)


def test_markup_in_a_title_is_shown_as_text(client, city, site, at):
    at(HOUR_BEFORE)
    bad = "<script>alert(1)</script>"
    page = face(city, site, title=bad, theme="<b>粗</b>", place="<img src=x>", slug="bad")
    for address in (page.url, "/fenxianghui/", "/"):
        html = body(client, page) if address == page.url else get(client, address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "&lt;script&gt;" in html


def test_a_draft_page_exists_for_nobody_outside(client, city, site, at):
    at(HOUR_BEFORE)
    page = face(city, site, title="还没写完的一场", live=False)
    assert client.get("/fenxianghui/" + page.slug + "/").status_code == 404
    for address in ("/", "/fenxianghui/", "/calendar/sessions.ics"):
        assert "还没写完的一场" not in client.get(address).content.decode()
    assert client.get(f"/calendar/sessions/{page.activity_id}.ics").status_code == 404


def test_a_page_whose_activity_is_in_preparation_is_in_no_list(client, city, site, at):
    at(HOUR_BEFORE)
    face(city, site, title="筹备中的一场", state="draft")
    assert rows(get(client).content.decode(), "past") == []
    assert "筹备中的一场" not in get(client).content.decode()


def test_unpublishing_drops_the_stored_page_and_the_list_at_once(client, city, site, at, commits):
    at(HOUR_BEFORE)
    page = face(city, site, title="要撤下的一场")
    address = page.url
    assert [client.get(address)["X-Cache"], client.get(address)["X-Cache"]] == ["miss", "hit"]
    assert "要撤下的一场" in client.get("/fenxianghui/").content.decode()
    with commits():
        SharingSessionPage.objects.get(pk=page.pk).unpublish()
    assert client.get(address).status_code == 404
    assert "要撤下的一场" not in client.get("/fenxianghui/").content.decode()


def test_a_signed_in_page_is_never_stored_nor_shown_to_another(client, city, site, at):
    at(HOUR_BEFORE)
    page = face(city, site)
    signed_up, other = city.representative("丁示例"), city.representative("王样本")
    sign_up(activity=page.activity, representative=signed_up.representative, moment=HOUR_BEFORE)
    client.force_login(signed_up.representative.user)
    mine = client.get(page.url)
    client.logout()
    client.cookies.clear()
    anonymous = client.get(page.url)
    client.force_login(other.representative.user)
    theirs = client.get(page.url)
    assert ["X-Cache" in answer for answer in (mine, anonymous, theirs)] == [False, True, False]
    assert ["您已报名" in answer.content.decode() for answer in (mine, anonymous, theirs)] == [
        True,
        False,
        False,
    ]
    assert ["报名参加" in answer.content.decode() for answer in (mine, theirs)] == [False, True]
    assert len({answer.content for answer in (mine, anonymous, theirs)}) == 3


@pytest.mark.parametrize("moment", [START - timedelta(minutes=15), HOUR_AFTER])
def test_who_is_there_is_told_so_on_the_page_and_nobody_else_is(client, city, site, at, moment):
    at(moment)
    page, mandate = face(city, site), city.representative()
    change_activity(activity=page.activity, actor=city.office, check_out_required=True)
    city.enrol(page.activity, mandate, basis="invited")
    scan(page.activity, mandate, START - timedelta(minutes=15))
    client.force_login(mandate.representative.user)
    mine = body(client, page)
    client.logout()
    client.cookies.clear()
    anonymous = body(client, page)
    words = ("您已签到 14:15", "16:15 起请签退", "请到现场签到")
    assert [word in mine for word in words] == [True, True, False]
    assert reverse("me_withdraw", args=(page.activity.pk,)) not in mine
    assert [word in anonymous for word in words] == [False, False, moment == HOUR_AFTER]


def test_in_the_time_of_leaving_the_page_leads_who_is_there_to_the_door(client, city, site, at):
    page, mandate = face(city, site), city.representative()
    change_activity(activity=page.activity, actor=city.office, check_out_required=True)
    city.enrol(page.activity, mandate)
    scan(page.activity, mandate)
    at(START + timedelta(minutes=110))
    client.force_login(mandate.representative.user)
    html = body(client, page)
    assert ("去签退" in html, reverse("check_in", args=(page.activity.door,)) in html) == (True, True)


def test_who_is_invited_reads_so_on_the_page_and_may_say_no(client, city, site, at):
    at(HOUR_BEFORE)
    page, mandate = face(city, site), city.representative()
    city.enrol(page.activity, mandate, basis="invited")
    client.force_login(mandate.representative.user)
    html = body(client, page)
    assert [word in html for word in ("您受邀参加", "不参加了", "取消报名")] == [True, True, False]


def test_who_is_signed_in_without_a_mandate_is_told_who_may_sign_up(client, city, site, at):
    at(HOUR_BEFORE)
    page = face(city, site)
    client.force_login(city.office)
    html = body(client, page)
    assert "您现在的账号没有关联代表身份" in html
    assert "me/activities" not in html


def test_a_preview_shows_what_the_editor_has_typed_and_not_saved(city, site, at):
    at(HOUR_BEFORE)
    session, piece = face(city, site, title="旧题目"), courseware(site, title="旧课件")
    session.title, piece.title = "新题目", "新课件"
    session.speakers = [SessionSpeaker(representative=city.representative("王样本").representative)]
    answers = [page.make_preview_request().content.decode() for page in (session, piece)]
    shown = [re.findall("<h1>(.*?)</h1>", html) for html in answers]
    assert (shown, "王样本" in answers[0]) == ([["新题目"], ["新课件"]], True)
