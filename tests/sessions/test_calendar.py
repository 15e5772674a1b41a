"""The public calendar, read back by the library that other calendars are read with."""

from datetime import timedelta

from django.core.cache import caches
from icalendar import Calendar

from portal.pagecache import generation
from sessions.operations import cancel_activity, change_activity
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
    read = {name: str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "STATUS", "UID")}
    assert read == {
        "SUMMARY": "走进联络站：怎样说真话",
        "LOCATION": "示范街道",
        "DESCRIPTION": "讲接待，谈办法",
        "URL": f"http://testserver/fenxianghui/{page.slug}/",
        "STATUS": "CONFIRMED",
        "UID": f"activity-{page.activity_id}@testserver",
    }
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (START, START + timedelta(hours=2))
    assert event["DTSTART"].dt.tzname() == "UTC"


def test_the_same_sessions_give_the_same_bytes(client, city, site):
    face(city, site)
    first = client.get("/calendar/sessions.ics").content
    from django.core.cache import caches

    caches["pages"].clear()
    assert client.get("/calendar/sessions.ics").content == first


def test_a_change_raises_the_sequence_and_keeps_the_uid(client, city, site):
    activity = face(city, site).activity
    before = events(client)[0]
    change_activity(activity=activity, actor=city.office, starts_at=START + timedelta(minutes=30))
    from portal.pagecache import _raise_generation

    _raise_generation()
    after = events(client)[0]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"]
    assert after["DTSTART"].dt == START + timedelta(minutes=30)


def test_a_session_called_off_stays_as_cancelled_without_its_reason(client, city, site):
    activity = face(city, site, title="取消的一场").activity
    cancel_activity(activity=activity, reason="内部原因", actor=city.office)
    (event,) = events(client)
    assert (str(event["SUMMARY"]), str(event["STATUS"]), event["SEQUENCE"]) == ("取消的一场", "CANCELLED", 1)
    assert "内部原因" not in client.get("/calendar/sessions.ics").content.decode()


def test_what_is_not_announced_is_in_no_calendar(client, city, site):
    draft_page = face(city, site, title="草稿页", live=False)
    draft_activity = face(city, site, title="筹备中", state="draft")
    bare = city.activity(title="没有页面")
    assert events(client) == []
    addresses = [
        f"/calendar/sessions/{pk}.ics" for pk in (draft_page.activity_id, draft_activity.activity_id)
    ]
    answers = [client.get(a).status_code for a in (*addresses, f"/calendar/sessions/{bare.pk}.ics")]
    assert answers == [404, 404, 404]


def test_the_feed_names_nobody(client, city, site):
    person = city.representative("王样本", phone="13900000001")
    page = face(city, site)
    city.enrol(page.activity, person)
    text = client.get("/calendar/sessions.ics").content.decode()
    assert [private for private in ("王样本", "13900000001", page.activity.door) if private in text] == []


def drop_stored_pages():
    """Make every stored page worthless, as a commit would; in Redis, clearing one cache would empty them all."""
    caches["shared"].set("generation", generation() + 1, timeout=None)


def test_the_feed_takes_the_same_queries_at_any_length(client, city, site, django_assert_num_queries):
    client.get("/tongzhi/")
    for number in (1, 3):
        while len(events(client)) < number:
            face(city, site, title=f"场{len(events(client))}")
            drop_stored_pages()
        drop_stored_pages()
        with django_assert_num_queries(4):
            client.get("/calendar/sessions.ics")
