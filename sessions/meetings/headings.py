"""The heading of a column such as 2026-03-02 上午 预备会议: the day, its part, and what the sitting is called. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from sessions.declarations.days import part_of, span_of
from sessions.models import Declaration

Part = Declaration.Part
DAY = r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
WRITTEN = re.compile(DAY + r"\s*(?:\((?:周|星期).\))?\s*(上午|下午|晚上|全天)?.*", re.DOTALL)
SITTING = re.compile(r"\d\s*[-/.年月]\s*\d|上午|下午|晚上")  # what is meant as a sitting, readable or not
LUNCH = 14  # a morning that ends later than this hour is a whole day
LONGEST = 80  # characters of a sitting's name
EXAMPLE = "2026-03-02 上午 预备会议"


class HeadingUnclear(ValueError):
    """The heading cannot be read; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Heading:
    """When a sitting is and what it is called; `title` may be empty where one is only pointed at."""

    day: date
    part: Part
    title: str = ""

    @property
    def text(self) -> str:
        """The heading as it is written out."""
        return f"{self.day:%Y-%m-%d} {self.part.label} {self.title}".rstrip()

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The local times that stand for it."""
        return span_of(self.day, self.part)


def heading_at(starts_at: datetime, ends_at: datetime, title: str) -> Heading:
    """Return the heading of a sitting that is planned; one that runs from morning into the afternoon is of the day."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    part = part_of(starts_at)
    return Heading(start.date(), Part.DAY if part is Part.MORNING and end.hour >= LUNCH else part, title)


def names_a_sitting(text: str) -> bool:
    """Whether a heading is meant as a sitting: it names a day or a part of one."""
    return bool(SITTING.search(_plain(text)))


def heading_of(text: str, days: tuple[date, date]) -> Heading:
    """Return the heading written in `text`; a day without a year is looked for among the meeting's `days`.

    Raises HeadingUnclear with what to write when a day or a part is missing or is none.
    """
    found = WRITTEN.fullmatch(_plain(text))
    if not found:
        raise HeadingUnclear(f"“{text[:40]}”读不出日期，请写成“{EXAMPLE}”。")
    year, month, day, part = found.groups()
    if not part:
        raise HeadingUnclear(f"“{text[:40]}”没有写上午、下午、晚上还是全天，请写成“{EXAMPLE}”。")
    parts = {str(each.label): each for each in Part}
    return Heading(
        _day(year, month, day, text, days), parts[part], " ".join(text.partition(part)[2].split())[:LONGEST]
    )


def _day(year: str | None, month: str, day: str, text: str, days: tuple[date, date]) -> date:
    years = [int(year)] if year else range(days[0].year, days[1].year + 1)
    read = [found for each in years if (found := _date(each, int(month), int(day)))]
    fitting = read if year else [found for found in read if days[0] <= found <= days[1]]
    if len(fitting) != 1:
        raise HeadingUnclear(f"“{text[:40]}”不是会期里的一天，请写明年月日，如“{EXAMPLE}”。")
    return fitting[0]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
