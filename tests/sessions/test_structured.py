"""What pages of sessions, courseware, stories and stations tell machines: events, material, people, offices; no more."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from portal.conventions.told import Around
from sessions.conventions import session
from sessions.models import SessionSpeaker, SharingSessionPage
from sessions.operations import cancel_activity, reschedule_activity
from stations import operations as stations_operations
from stations.models import ProfilePage, StationPage
from tests.conftest import START
from tests.portal.heads import metas, things
from tests.sessions.faces import courseware, face

LINK = "https://meeting.example.cn/j/123456"
SCHEMA = "https://schema.org/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(START - timedelta(days=3), tick=False):
        yield


def told(client, page, kind):
    return things(client.get(f"{page.url}?fresh=1").content.decode())[kind]


def test_a_session_is_an_event_with_time_place_and_speakers_by_name(client, city, site):
    page = face(city, site, title="怎样|说真话", place="示范街道二楼", page={"summary": "讲接待。"})
    who = city.representative("丁示例", phone="13977770001").representative
    page.speakers = [
        SessionSpeaker(representative=who),
        SessionSpeaker(guest_name="周虚构", guest_title="示例大学"),
    ]
    page.save()
    event = told(client, page, "Event")
    assert {name: event[name] for name in event.keys() - {"image", "organizer", "@context"}} == {
        "@type": "Event",
        "name": "怎样说真话",
        "description": "讲接待。",
        "startDate": "2026-06-18T14:30:00+08:00",
        "endDate": "2026-06-18T16:30:00+08:00",
        "eventStatus": f"{SCHEMA}EventScheduled",
        "eventAttendanceMode": f"{SCHEMA}OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "示范街道二楼", "address": "示范街道二楼"},
        "performer": [{"@type": "Person", "name": "丁示例"}, {"@type": "Person", "name": "周虚构"}],
        "url": f"http://testserver{page.url}",
        "inLanguage": "zh-CN",
    }


def test_a_session_that_moved_names_its_first_start_and_one_called_off_says_so(client, city, site):
    page = face(city, site)
    reschedule_activity(
        activity=page.activity, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=1, hours=2),
        actor=city.office,
    )  # fmt: skip
    moved = told(client, page, "Event")
    cancel_activity(activity=page.activity, reason="示例原因", actor=city.office)
    off = told(client, page, "Event")
    assert (moved["eventStatus"], moved["previousStartDate"], moved["startDate"]) == (
        f"{SCHEMA}EventRescheduled", "2026-06-18T14:30:00+08:00", "2026-06-19T14:30:00+08:00",
    )  # fmt: skip
    assert (off["eventStatus"], "示例原因" in json.dumps(off, ensure_ascii=False)) == (
        f"{SCHEMA}EventCancelled",
        False,
    )


@pytest.mark.parametrize(
    ("mode", "kind", "places"),
    [("online", "Online", ["VirtualLocation"]), ("hybrid", "Mixed", ["Place", "VirtualLocation"])],
)
def test_of_an_online_part_machines_learn_the_page_and_never_the_meeting(
    client, city, site, mode, kind, places
):
    page = face(city, site, mode=mode, online_url=LINK)
    event = told(client, page, "Event")
    where = event["location"] if isinstance(event["location"], list) else [event["location"]]
    assert (event["eventAttendanceMode"], [each["@type"] for each in where]) == (
        f"{SCHEMA}{kind}EventAttendanceMode", places,
    )  # fmt: skip
    assert where[-1]["url"] == f"http://testserver{page.url}"
    assert LINK not in client.get(page.url).content.decode()


def test_a_session_at_a_station_names_its_address(client, city, site):
    station = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, address="示例路 18 号", actor=city.office
    )
    page = face(city, site, station=station, place="")
    where = told(client, page, "Event")["location"]
    assert where == {"@type": "Place", "name": "石桥镇代表联络站", "address": "示例路 18 号"}


def test_what_is_not_announced_is_no_event(city, site):
    page = face(city, site, state="draft")
    around = Around(
        url="u", title="t", description="d", image="i", home="h", site_name="示例平台", host_name=""
    )  # fmt: skip
    assert session(page, around, {"activity": page.activity}).structured == ()


def test_the_preview_of_a_session_tells_machines_nothing(city, site):
    page = face(city, site)
    html = SharingSessionPage.objects.get().make_preview_request().content.decode()
    assert (things(html), page.title in html) == ({}, True)


@pytest.mark.parametrize(("access", "free"), [("public", True), ("representatives", False)])
def test_courseware_is_teaching_material_without_its_files(client, city, site, access, free):
    author = city.representative("丁示例").representative
    page = courseware(
        site, title="示例课件", author=author, access=access, theme="联系群众", summary="提要。"
    )
    material = told(client, page, "LearningResource")
    assert {name: material[name] for name in ("name", "learningResourceType", "isAccessibleForFree", "datePublished")} == {
        "name": "示例课件", "learningResourceType": "演示文稿", "isAccessibleForFree": free, "datePublished": "2026-06-01",
    }  # fmt: skip
    assert (material["author"], "/kejian/xz/" in json.dumps(material)) == (
        {"@type": "Person", "name": "丁示例"},
        False,
    )


def story(city, site, **more):
    mandate = city.representative(
        "丁示例", phone="13977770001", birth_date=date(1961, 2, 3), occupation="示例粉条合作社"
    )
    page = ProfilePage(
        title="烟字|留在墙上",
        slug="ding",
        representative=mandate.representative,
        date=date(2026, 6, 2),
        summary="提要。",
        **more,
    )
    return site["daibiao"].add_child(instance=page)


def test_a_story_is_an_article_about_a_person_of_whom_only_name_office_and_group_are_told(client, city, site):
    page = story(city, site, byline="孙拟稿")
    page.tags.add("窑火")
    page.save()
    found = things(client.get(page.url).content.decode())
    person = {
        "@type": "Person", "name": "丁示例", "jobTitle": "人大代表",
        "memberOf": {"@type": "Organization", "name": "石桥镇代表小组"},
    }  # fmt: skip
    article = found["Article"]
    assert (article["headline"], article["about"], article["author"], article["datePublished"]) == (
        "烟字留在墙上", person, {"@type": "Person", "name": "孙拟稿"}, "2026-06-02",
    )  # fmt: skip
    assert found["Person"] == {
        "@context": "https://schema.org", **person, "url": f"http://testserver{page.url}", "description": "提要。",
    }  # fmt: skip
    head = metas(client.get(page.url).content.decode())
    assert (head["Keywords"], head["Author"], head["ColumnName"]) == ("丁示例，窑火", "孙拟稿", "代表风采")


def test_a_story_of_who_serves_no_more_and_has_no_group_is_told_all_the_same(client, city, site):
    page = story(city, site)
    person = things(client.get(page.url).content.decode())["Person"]
    assert "13977770001" not in json.dumps(person)
    assert (
        things(client.get(page.url).content.decode())["Article"]["author"]["@type"]
        == "GovernmentOrganization"
    )


def test_a_station_is_an_office_with_its_address_and_without_a_telephone(client, city, site):
    row = stations_operations.add_station(
        kind="liaison", name="石桥镇代表联络站", area=city.township, address="示例路 18 号", phone="0000-3334444",
        actor=city.office,
    )  # fmt: skip
    page = StationPage(title=row.name, slug="shiqiao", station=row)
    site["lianluozhan"].add_child(instance=page)
    office = told(client, page, "GovernmentOffice")
    assert (office["name"], office["address"], "telephone" in office) == (
        "石桥镇代表联络站",
        "示例路 18 号",
        False,
    )
    assert "0000-3334444" not in json.dumps(office)
