"""How reception days look at a moment: running, later today, over, or another day. Pure: values in, values out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.utils import timezone

WEEKDAYS = "一二三四五六日"
NOON = 12

Phase = Literal["open", "soon", "over", "later"]


class Reception(NamedTuple):
    """One reception day as it is shown; `phase` is seen from the moment it was asked for."""

    key: int
    day: date
    starts_at: datetime
    ends_at: datetime
    phase: Phase
    station: Any
    names: str
    topic: str

    @property
    def hours(self) -> str:
        """The hours as people write them: 9:00—11:30."""
        return spoken_hours(self.starts_at, self.ends_at)

    @property
    def begins(self) -> str:
        """The start as people write it: 9:00."""
        start = timezone.localtime(self.starts_at)
        return f"{start.hour}:{start:%M}"

    @property
    def half(self) -> str:
        """上午 or 下午: what a short label says of a reception later today."""
        return "上午" if timezone.localtime(self.starts_at).hour < NOON else "下午"

    @property
    def label(self) -> str:
        """The word beside the reception in lists."""
        words = {"open": "正在接待", "soon": f"{self.half}开始", "over": "已结束"}
        return words.get(self.phase, f"周{WEEKDAYS[self.day.weekday()]}")


class LiveState(NamedTuple):
    """What the card of a station says now; `kind` is "open", "soon" or "rest" and chooses its ground."""

    kind: Literal["open", "soon", "rest"]
    heading: str
    line: str
    names: str


def phase_at(starts_at: datetime, ends_at: datetime, now: datetime) -> Phase:
    """Return how a reception stands at `now`; the start counts as open, the end as over."""
    if starts_at <= now < ends_at:
        return "open"
    if ends_at <= now:
        return "over"
    return "soon" if timezone.localdate(starts_at) == timezone.localdate(now) else "later"


def reception_at(row: Any, now: datetime) -> Reception:
    """Return the reception day `row` (with station and people loaded) as it looks at `now`."""
    return Reception(
        key=row.pk,
        day=timezone.localdate(row.starts_at),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        phase=phase_at(row.starts_at, row.ends_at, now),
        station=row.station,
        names="、".join(person.representative.name for person in row.representatives.all()),
        topic=row.topic,
    )


def spoken_hours(starts_at: datetime, ends_at: datetime) -> str:
    """Return the hours as people write them: 9:00—11:30."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return f"{start.hour}:{start:%M}—{end.hour}:{end:%M}"


def spoken_day(day: date, today: date) -> str:
    """Return the day as one would say it: 今天, 明天, or 11 月 27 日（周五）."""
    near = {0: "今天", 1: "明天"}.get((day - today).days)
    return near or f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"


def live_state(receptions: Iterable[Reception], today: date) -> LiveState:
    """Return what a station's card says, from its receptions of today and later in order of time."""
    days = list(receptions)
    for reception in days:
        if reception.phase == "open":
            return LiveState("open", "现在正在接待", f"今天 {reception.hours}", reception.names)
    for reception in days:
        if reception.phase == "soon":
            return LiveState(
                "soon", f"今天 {reception.begins} 开始接待", f"今天 {reception.hours}", reception.names
            )
    over = any(reception.phase == "over" for reception in days)
    heading = "今天的接待已结束" if over else "今天不接待"
    following = next((reception for reception in days if reception.phase == "later"), None)
    if following is None:
        return LiveState("rest", heading, "下一次接待日确定后会在这里公布。", "")
    line = f"下次：{spoken_day(following.day, today)}{following.hours}"
    return LiveState("rest", heading, line, following.names)
