"""The text of a calendar, read back by a second library (ical) that shares nothing with the one that writes it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from sessions.calendars.events import Entry, calendar_of, clean
from tests.conftest import START

TOUCHED = datetime(2026, 6, 1, 1, 2, 3, tzinfo=UTC)


def entry(**more):
    facts = {"uid": "a", "sequence": 3, "touched": TOUCHED, "starts_at": START, "title": "示例分享会"}
    return Entry(**{**facts, "ends_at": START + timedelta(hours=2), **more})


def read(entries, title="示例日历"):
    return IcsCalendarStream.calendar_from_ics(calendar_of(entries, title).decode()).events


def test_another_library_reads_every_fact():
    (event,) = read(
        [entry(place="二楼, 会议室; 东", words="第一行\n第二行", url="https://example.cn/fenxianghui/")]
    )
    assert (event.uid, event.sequence, event.summary, event.status) == ("a", 3, "示例分享会", "CONFIRMED")
    assert (event.dtstart, event.dtend) == (START, START + timedelta(hours=2))
    assert (event.dtstart.utcoffset(), str(event.dtstart.tzinfo)) == (timedelta(hours=8), "Asia/Shanghai")
    assert (event.dtstamp, event.last_modified) == (TOUCHED, TOUCHED)
    assert (event.location, event.description) == ("二楼, 会议室; 东", "第一行\n第二行")
    assert str(event.url) == "https://example.cn/fenxianghui/"


def test_the_zone_is_written_out():
    text = calendar_of([entry()], "示例").decode()
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:" in text
    assert "DTSTART;TZID=Asia/Shanghai:20260618T143000\r\n" in text


def test_what_was_called_off_says_so_and_rings_no_bell():
    alarms = (timedelta(days=-1), timedelta(hours=-2))
    off, on = read([entry(cancelled=True, alarms=alarms), entry(uid="b", alarms=alarms)])
    assert (off.status, off.alarm) == ("CANCELLED", [])
    assert [alarm.trigger for alarm in on.alarm] == list(alarms)


def test_lines_are_folded_at_75_octets_and_never_inside_a_character():
    body = calendar_of([entry(title="一二三四五六七八九十" * 12, words="𠮷🎉" * 60)], "示例")
    lines = body.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines][-1] == ""  # every line by itself is whole UTF-8
    (event,) = read([entry(title="一二三四五六七八九十" * 12, words="𠮷🎉" * 60)])
    assert (event.summary, event.description) == ("一二三四五六七八九十" * 12, "𠮷🎉" * 60)


def test_other_line_ends_and_control_characters_cannot_break_a_line():
    typed = "甲\r\n乙\r丙\u2028丁\x85戊\x00\x07\x1b"
    assert clean(typed) == "甲\n乙\n丙\n丁\n戊"
    (event,) = read([entry(words=typed + "\nBEGIN:VEVENT\nSUMMARY:假的")])
    assert event.description == "甲\n乙\n丙\n丁\n戊\nBEGIN:VEVENT\nSUMMARY:假的"
    assert event.summary == "示例分享会"


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=120) | st.text(
    "一,;:\\\n\"'🎉𠮷𮬿ꓽ ", max_size=120
)


@given(title=words, place=words, told=words)
def test_any_text_comes_back_as_it_was_typed(title, place, told):
    (event,) = read([entry(title=title, place=place, words=told)], title)
    assert (event.summary, event.location or "", event.description or "") == (
        clean(title), clean(place), clean(told),
    )  # fmt: skip
