"""Dates of a monthly series: the same day of the month, or the same weekday of it. Pure; holidays are not guessed."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sessions.months import Month, month_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposed day, and what is to be noticed about it."""

    day: date
    remark: str = ""


def same_day(first: date, count: int) -> list[Proposed]:
    """Return `count` days a month apart; where a month is too short, its last day, with a remark."""
    days = []
    for later in range(count):
        month = month_of(first) + later
        last = monthrange(month.year, month.number)[1]
        remark = f"这个月没有 {first.day} 日，取月末" if first.day > last else ""
        days.append(Proposed(date(month.year, month.number, min(first.day, last)), remark))
    return days


def same_weekday(first: date, count: int) -> list[Proposed]:
    """Return `count` days on the weekday of `first`, the how-manieth of its month; the last where there is no fifth."""
    which = (first.day - 1) // 7
    days = []
    for later in range(count):
        on = _weekdays(month_of(first) + later, first.weekday())
        remark = "" if which < len(on) else f"这个月没有第 {which + 1} 个，取最后一个"
        days.append(Proposed(on[min(which, len(on) - 1)], remark))
    return days


def _weekdays(month: Month, weekday: int) -> list[date]:
    last = monthrange(month.year, month.number)[1]
    days = (date(month.year, month.number, day) for day in range(1, last + 1))
    return [day for day in days if day.weekday() == weekday]
