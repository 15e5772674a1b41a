"""How dates and times are written on the site, always in local time; nothing for None."""

from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def _local(moment: date | datetime | None) -> date | None:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def cn_date(moment: date | datetime | None) -> str:
    """Return 2026 年 11 月 26 日（周四）, in local time; empty for None."""
    day = _local(moment)
    return f"{day.year} 年 {day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）" if day else ""


def cn_month_day(moment: date | datetime | None) -> str:
    """Return 11 月 26 日; empty for None."""
    day = _local(moment)
    return f"{day.month} 月 {day.day} 日" if day else ""


def cn_day(moment: date | datetime | None) -> str:
    """Return the day in two digits, for a date block: 03."""
    day = _local(moment)
    return f"{day.day:02d}" if day else ""


def cn_month_weekday(moment: date | datetime | None) -> str:
    """Return the line under the day of a date block: 11 月 · 周四."""
    day = _local(moment)
    return f"{day.month} 月 · 周{WEEKDAYS[day.weekday()]}" if day else ""


def cn_year_month_weekday(moment: date | datetime | None) -> str:
    """Return 2026 年 11 月 · 周四; empty for None."""
    day = _local(moment)
    return f"{day.year} 年 {cn_month_weekday(moment)}" if day else ""


def cn_weekday(moment: date | datetime | None) -> str:
    """Return 周四; empty for None."""
    day = _local(moment)
    return f"周{WEEKDAYS[day.weekday()]}" if day else ""


def cn_time(moment: datetime | None) -> str:
    """Return 14:30 in local time; empty for None."""
    local = _local(moment)
    return f"{local:%H:%M}" if isinstance(local, datetime) else ""


def cn_span(start: datetime | None, end: datetime | None = None) -> str:
    """Return 14:30—16:30, or the start alone when no end is known; 22:40—次日 00:40, and a date for a later day."""
    first, last = _local(start), _local(end)
    if first is None or last is None or not isinstance(first, datetime) or not isinstance(last, datetime):
        return cn_time(start) or cn_time(end)
    days = (last.date() - first.date()).days
    day = "" if days == 0 else "次日 " if days == 1 else f"{cn_month_day(end)} "
    return f"{cn_time(start)}—{day}{cn_time(end)}"
