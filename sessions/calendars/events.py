"""Entries as iCalendar text. Pure: values in, bytes out; the same entries give the same bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vText

ZONE = "Asia/Shanghai"
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # the zone has had one offset since 1991
REFRESH = timedelta(hours=6)  # how often a subscribed calendar may ask again
# Other ways to end a line than the format's own; the rest of the control characters may not stand in it at all.
BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar. `sequence` may only rise; `uid` never changes; `alarms` are offsets from the start."""

    uid: str
    sequence: int
    touched: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    words: str = ""
    url: str = ""
    cancelled: bool = False
    tentative: bool = False
    private: bool = False
    alarms: tuple[timedelta, ...] = ()

    @property
    def status(self) -> str:
        """What a calendar shows struck through, in outline or plain."""
        return "CANCELLED" if self.cancelled else "TENTATIVE" if self.tentative else "CONFIRMED"


def calendar_of(entries: Iterable[Entry], title: str) -> bytes:
    """Return the iCalendar text of `entries` under the calendar's `title`, lines folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", "-//congress-portal//sessions//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(clean(title)))  # an X- name is not escaped by itself
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def clean(text: str) -> str:
    """Return `text` without what iCalendar cannot hold; every sort of line break becomes a plain one."""
    return CONTROLS.sub("", BREAKS.sub("\n", text)).strip()


@cache
def _zone() -> Timezone:
    zone = Timezone.from_tzid(ZONE, first_date=FIRST, last_date=LAST)
    zone.pop("COMMENT", None)
    return zone


def _event(entry: Entry) -> Event:
    zone = ZoneInfo(ZONE)
    touched = entry.touched.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", touched)
    event.add("last-modified", touched)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", clean(entry.title))
    event.add("status", entry.status)
    if entry.private:
        event.add("class", "PRIVATE")
    for name, words in (("location", entry.place), ("description", entry.words), ("url", entry.url)):
        if clean(words):
            event.add(name, clean(words))
    for before in () if entry.cancelled else entry.alarms:
        event.add_component(_alarm(clean(entry.title), before))
    return event


def _alarm(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm
