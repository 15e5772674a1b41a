"""The public calendars over HTTP: what stands in them, what never does, and what a reader is told twice."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from icalendar import Calendar

from portal import generation
from sessions.operations import cancel_activity, change_activity, reschedule_activity
from stations import operations as stations_operations
from stations.models import StationPage
from tests.conftest import START
from tests.sessions.faces import face


def events(client, address="/calendar/sessions.ics"):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_one_session_says_what_when_and_where(client, city, site):
    page = face(
        city, site, title="走进联络站：怎样|说真话", place="示范街道", page={"summary": "讲接待，谈办法"}
    )
    (event,) = events(client, f"/calendar/sessions/{page.activity_id}.ics")
    read = {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "STATUS")}
    assert read == {
        "SUMMARY": "走进联络站：怎样说真话",
        "LOCATION": "示范街道",
        "DESCRIPTION": "讲接待，谈办法",
        "URL": f"http://testserver/fenxianghui/{page.slug}/",
        "STATUS": "CONFIRMED",
    }
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (START, START + timedelta(hours=2))
    assert str(event["DTSTART"].dt.tzinfo) == "Asia/Shanghai"


def test_the_file_has_a_chinese_name_and_a_plain_one_for_old_readers(client, city, site):
    page = face(city, site, title="改窑/改路")
    answer = client.get(f"/calendar/sessions/{page.activity_id}.ics")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="session-{page.activity_id}.ics"; '
        "filename*=UTF-8''%E6%94%B9%E7%AA%91%EF%BC%8F%E6%94%B9%E8%B7%AF.ics"
    )


def test_rule_24_the_uid_stays_when_the_host_moves_and_tells_no_door(client, city, site, settings):
    page = face(city, site)
    (before,) = events(client)
    settings.PUBLIC_URL = "https://moved.example.cn"
    drop_stored_pages()
    (after,) = events(client)
    assert (str(after["UID"]), page.activity.door in str(after["UID"])) == (str(before["UID"]), False)
    assert str(after["URL"]).startswith("https://moved.example.cn/")


def test_the_same_sessions_give_the_same_bytes(client, city, site):
    face(city, site)
    first = client.get("/calendar/sessions.ics").content

    caches["pages"].clear()
    assert client.get("/calendar/sessions.ics").content == first


def test_rule_24_what_a_calendar_shows_raises_the_sequence_and_nothing_else_does(city, site):
    activity = face(city, site).activity
    raised = []
    for change in (
        {"theme": "乡村振兴"},
        {"place": "三楼"},
        {"title": "改了名"},
        {"place": "三楼"},
        {"capacity": 9},
    ):
        activity = change_activity(activity=activity, actor=city.office, **change)
        raised.append(activity.sequence)
    later = {"starts_at": START + timedelta(days=1), "ends_at": START + timedelta(days=1, hours=1)}
    raised.append(reschedule_activity(activity=activity, actor=city.office, **later).sequence)
    raised.append(cancel_activity(activity=activity, reason="示例", actor=city.office).sequence)
    assert raised == [0, 1, 2, 2, 2, 3, 4]


def test_rule_24_a_change_raises_the_sequence_and_keeps_the_uid(client, city, site):
    activity = face(city, site).activity
    before = events(client)[0]
    change_activity(activity=activity, actor=city.office, starts_at=START + timedelta(minutes=30))
    generation.advance()
    after = events(client)[0]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"]
    assert after["DTSTART"].dt == START + timedelta(minutes=30)


def test_rule_24_a_session_called_off_stays_as_cancelled_without_its_reason(client, city, site):
    activity = face(city, site, title="取消的一场").activity
    cancel_activity(activity=activity, reason="内部原因", actor=city.office)
    (event,) = events(client)
    assert (str(event["SUMMARY"]), str(event["STATUS"]), event["SEQUENCE"]) == ("取消的一场", "CANCELLED", 1)
    assert "内部原因" not in client.get("/calendar/sessions.ics").content.decode()


def test_rule_24_what_was_called_off_leaves_the_calendar_after_a_year(client, city, site):
    for days in (365, 367):
        page = face(city, site, title=f"{days} 天前", starts_at=START - timedelta(days=days))
        cancel_activity(activity=page.activity, reason="示例", actor=city.office)
    with time_machine.travel(START, tick=False):
        assert [str(event["SUMMARY"]) for event in events(client)] == ["365 天前"]


def test_rule_24_what_is_not_announced_is_in_no_calendar(client, city, site):
    draft_page = face(city, site, title="草稿页", live=False)
    draft_activity = face(city, site, title="筹备中", state="draft")
    bare = city.activity(title="没有页面")
    assert events(client) == []
    addresses = [
        f"/calendar/sessions/{pk}.ics" for pk in (draft_page.activity_id, draft_activity.activity_id)
    ]
    answers = [client.get(a).status_code for a in (*addresses, f"/calendar/sessions/{bare.pk}.ics")]
    assert answers == [404, 404, 404]


def test_rule_24_the_public_feed_names_nobody(client, city, site):
    person = city.representative("王样本", phone="13900000001")
    page = face(city, site)
    city.enrol(page.activity, person)
    text = client.get("/calendar/sessions.ics").content.decode()
    assert [private for private in ("王样本", "13900000001", page.activity.door) if private in text] == []


def drop_stored_pages():
    """Make every stored page worthless, as a commit would; in Redis, clearing one cache would empty them all."""
    generation.advance()


def test_the_feed_takes_the_same_queries_at_any_length(client, city, site, django_assert_num_queries):
    client.get("/tongzhi/")
    for number in (1, 3):
        while len(events(client)) < number:
            face(city, site, title=f"场{len(events(client))}")
            drop_stored_pages()
        drop_stored_pages()
        with django_assert_num_queries(4):
            client.get("/calendar/sessions.ics")


@pytest.mark.parametrize("address", ["/calendar/sessions.ics", "/calendar/stations/shiqiao.ics"])
def test_who_has_the_calendar_is_told_so_stored_or_not(client, city, site, address):
    station(city, site)
    face(city, site)
    first = client.get(address)
    assert (first.status_code, first.get("Cache-Control", "")) == (200, "")
    asks = []
    for drop in (True, False, False):
        if drop:
            drop_stored_pages()
        asks.append(client.get(address, headers={"if-none-match": first["ETag"]}).status_code)
    assert asks == [304, 304, 304]
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_last_modified_is_when_the_activity_was_last_written(client, city, site):
    with time_machine.travel(START, tick=False):
        page = face(city, site)
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        change_activity(activity=page.activity, actor=city.office, place="三楼")
        answer = client.get("/calendar/sessions.ics")
    assert answer["Last-Modified"] == "Thu, 18 Jun 2026 06:35:00 GMT"


def station(city, site):
    """A station with a page, one announced session, one draft and one reception day of two people."""
    place = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, address="示例路 18 号", phone="0000-1", actor=None
    )  # fmt: skip
    site["lianluozhan"].add_child(instance=StationPage(title=place.name, slug="shiqiao", station=place))
    return place


def plan(city, place, starts_at, *mandates, topic=""):
    return stations_operations.plan_reception(
        station=place, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), mandates=mandates,
        topic=topic, actor=city.office,
    )  # fmt: skip


def test_a_station_has_its_own_sessions_and_reception_days(client, city, site):
    place = station(city, site)
    face(city, site, title="在站里", station=place)
    face(city, site, title="在别处")
    face(city, site, title="没公布", station=place, state="draft")
    plan(city, place, START, city.representative("丁示例"), city.representative("田示范"), topic="道路")
    with time_machine.travel(START, tick=False):
        read = events(client, "/calendar/stations/shiqiao.ics")
    assert [(str(e["SUMMARY"]), str(e["LOCATION"])) for e in read] == [
        ("在站里", "石桥镇代表联络站，示例路 18 号"),
        ("代表接待日：道路", "石桥镇代表联络站，示例路 18 号"),
    ]
    assert str(read[1]["DESCRIPTION"]) == "接待代表：丁示例、田示范"
    assert [client.get(f"/calendar/stations/{s}.ics").status_code for s in ("nowhere", "%2e%2e")] == [
        404,
        404,
    ]


def test_a_reception_day_that_moves_keeps_its_uid_and_rises(client, city, site):
    place = station(city, site)
    day = plan(city, place, START)
    with time_machine.travel(START, tick=False):
        (before,) = events(client, "/calendar/stations/shiqiao.ics")
        stations_operations.change_reception(
            reception_day=day, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2),
            mandates=[], topic="", actor=city.office,
        )  # fmt: skip
        drop_stored_pages()
        (after,) = events(client, "/calendar/stations/shiqiao.ics")
    assert (after["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (before["UID"], 1, 2)


def test_a_station_whose_page_is_not_public_has_no_calendar(client, city, site):
    station(city, site)
    StationPage.objects.update(live=False)
    assert client.get("/calendar/stations/shiqiao.ics").status_code == 404
    assert "石桥镇" not in client.get("/calendar/").content.decode()


def test_a_stations_calendar_takes_the_same_queries_at_any_length(
    client, city, site, django_assert_num_queries
):
    place = station(city, site)
    mandates = [city.representative("丁示例"), city.representative("田示范")]
    client.get("/tongzhi/")
    for number in (1, 3):
        while len(StationPage.objects.get().station.activities.all()) < number:
            face(city, site, station=place)
            plan(city, place, START + timedelta(days=place.reception_days.count()), *mandates)
        drop_stored_pages()
        with time_machine.travel(START, tick=False), django_assert_num_queries(6):
            client.get("/calendar/stations/shiqiao.ics")


def test_the_page_tells_how_to_follow_and_where(client, city, site, settings):
    settings.PUBLIC_URL = "https://example.cn"
    station(city, site)
    html = client.get("/calendar/").content.decode()
    wanted = (
        'value="https://example.cn/calendar/sessions.ics"', 'href="webcal://example.cn/calendar/sessions.ics"',
        'href="/calendar/stations/shiqiao.ics"', "苹果手机", "安卓手机", "Outlook",
    )  # fmt: skip
    assert [words for words in wanted if words not in html] == []


def test_ones_own_calendar_is_offered_to_everybody_but_signed_in_staff(client, city, site):
    offered = []
    for user in (None, city.representative().representative.user, city.office):
        if user:
            client.force_login(user)
        offered.append("代表本人的日历" in client.get("/calendar/").content.decode())
    assert offered == [True, True, False]


def test_of_many_stations_a_page_names_sixty(client, city, site):
    for number in range(61):
        one = stations_operations.add_station(
            kind="liaison", name=f"示例{number:02d}站", area=city.township, actor=city.office
        )
        site["lianluozhan"].add_child(instance=StationPage(title=one.name, slug=f"z{number}", station=one))
    pages = [client.get(f"/calendar/?page={page}").content.decode() for page in (1, 2)]
    assert [page.count("/calendar/stations/") for page in pages] == [60, 1]
    assert ("z59.ics" in pages[0], "z60.ics" in pages[1]) == (True, True)
