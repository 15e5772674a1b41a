"""The list of sessions: what can be joined from afar, the month as a list, recordings; reception days one by one."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from icalendar import Calendar

from stations import operations
from stations.models import StationPage
from tests.conftest import START
from tests.sessions.faces import courseware, face


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(START.replace(hour=13), tick=False) as clock:
        yield clock


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(page, section):
    return [a.get_text() for a in page.select(f"section[aria-labelledby={section}] h3 a")]


def test_what_can_be_joined_from_afar_is_a_form_among_the_forms(client, city, site):
    for title, mode in (("只在现场", "onsite"), ("只在线上", "online"), ("两处同步", "hybrid")):
        face(city, site, title=title, mode=mode)
    page = soup(client, "/fenxianghui/?format=online")
    assert titles(page, "ahead") == ["只在线上", "两处同步"]
    assert [chip.get_text() for chip in page.select("[aria-labelledby=by-format] [aria-current]")] == [
        "可线上参加"
    ]


def test_a_month_is_shown_as_a_table_or_as_a_list_and_keeps_what_was_chosen(client, city, site):
    face(city, site, title="本月一场", theme="联系群众")
    table = soup(client, "/fenxianghui/?theme=联系群众&month=2026-06")
    assert (len(table.select("table.cal")), len(table.select(".rows.only-m"))) == (1, 1)
    views = {a.get_text(): a["href"] for a in table.select(".seg a")}
    rows = soup(client, "/fenxianghui/" + views["列表"])
    assert (len(rows.select("table.cal")), len(rows.select(".rows.only-m"))) == (0, 0)
    assert [a.get_text() for a in rows.select("#month ~ .rows h3 a")] == ["本月一场"]
    assert [a.get_text() for a in rows.select(".seg [aria-current]")] == ["列表"]
    assert rows.select_one("[aria-labelledby=by-theme] [aria-current]").get_text() == "联系群众"
    assert client.get("/fenxianghui/" + views["列表"]).get("X-Cache") == "hit"


def test_recordings_are_counted_beside_courseware(client, city, site):
    page = face(city, site, title="往期", starts_at=START - timedelta(days=9))
    for kind in ("slides", "document", "video"):
        courseware(site, title=kind, kind=kind, session=page)
    said = soup(client, "/fenxianghui/").select_one("section[aria-labelledby=past] .meta")
    assert [span.get_text() for span in said.select("span")] == ["2026 年", "课件 2 份", "录像 1 段"]


@pytest.fixture
def days(city, site):
    """Two reception days of a station with a page, one of another."""
    made = []
    for name, slug, starts in (("石桥镇代表联络站", "shiqiao", (0, 14)), ("二站", "er", (1,))):
        station = operations.add_station(kind="liaison", name=name, area=city.township, actor=city.office)
        site["lianluozhan"].add_child(instance=StationPage(title=name, slug=slug, station=station))
        for later in starts:
            start = START + timedelta(days=later)
            made.append(
                operations.plan_reception(
                    station=station, starts_at=start, ends_at=start + timedelta(hours=2), mandates=[], topic="道路",
                    actor=city.office,
                )
            )  # fmt: skip
    return made


def test_each_coming_reception_day_can_be_put_into_a_calendar(client, days):
    page = soup(client, "/lianluozhan/shiqiao/")
    links = [(a["href"], a.get_text(), a["aria-label"]) for a in page.select(".duty td a")]
    assert links == [
        (f"/calendar/stations/shiqiao/{days[0].pk}.ics", "加入日历", "加入日历：6 月 18 日 14:30—16:30"),
        (f"/calendar/stations/shiqiao/{days[1].pk}.ics", "加入日历", "加入日历：7 月 2 日 14:30—16:30"),
    ]
    feed = page.select_one('a[href="/calendar/stations/shiqiao.ics"]')
    assert feed.get_text() == "本站日历（.ics）"


def test_one_reception_day_is_the_same_entry_as_in_the_stations_calendar(client, days):
    answer = client.get(reverse("reception_calendar", args=["shiqiao", days[1].pk]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    whole = Calendar.from_ical(client.get("/calendar/stations/shiqiao.ics").content).walk("VEVENT")
    assert entry.to_ical() == whole[1].to_ical()
    assert str(entry["SUMMARY"]) == "代表接待日：道路"


def test_the_day_of_another_station_and_one_that_was_taken_off_are_not_found(client, city, days):
    statuses = [
        client.get(f"/calendar/stations/{slug}/{pk}.ics").status_code
        for slug, pk in (("shiqiao", days[2].pk), ("nowhere", days[0].pk), ("shiqiao", 10**30))
    ]
    assert statuses == [404, 404, 404]
    gone = days[0].pk
    operations.cancel_reception(reception_day=days[0], actor=city.office)
    assert client.get(f"/calendar/stations/shiqiao/{gone}.ics").status_code == 404
