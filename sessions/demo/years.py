"""The other activities of last year and of this year so far, and some still to come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.models import User
from sessions.demo.meetings import congress_meeting, preliminary
from sessions.demo.rolls import Diligence, at, hold, plan, working_day
from stations.models import Area, Mandate, Station
from stations.operations import plan_reception

AHEAD = timedelta(days=35)  # what lies further in the future is not announced yet


def other_activities(
    moment: datetime,
    mandates: list[Mandate],
    diligence: Diligence,
    city: Area,
    office: User,
    recorder: User,
    words: dict[str, Any],
) -> None:
    """Hold everything that was to be held before `moment`; announce what comes in the next five weeks."""
    keeper = _Keeper(moment, diligence, office, recorder)
    for year in (timezone.localdate(moment).year - 1, timezone.localdate(moment).year):
        _congress(keeper, year, mandates, city, words)
        _for_everybody(keeper, year, mandates, city, words)
        _for_some(keeper, year, mandates, city, words)
        _in_townships(keeper, year, mandates, words)


class _Keeper:
    """Plans one activity and, when it lies in the past, keeps and closes its roll."""

    def __init__(self, moment: datetime, diligence: Diligence, office: User, recorder: User) -> None:
        self.moment, self.diligence, self.office, self.recorder = moment, diligence, office, recorder

    def oblige(self, kind: str, title: str, area: Area, day: date, crowd: list[Mandate], **more: Any) -> None:
        start = at(working_day(day), more.pop("clock", "09:00"))
        if start > self.moment + AHEAD:
            return
        activity = plan(kind, title, area, start, self.office, obliged=crowd, **more)
        if activity.ends_at < self.moment:
            statuses = [(m, self.diligence.status(m)) for m in crowd]
            hold(activity, statuses, self.recorder, self.diligence.random)

    def invite(
        self, kind: str, title: str, area: Area, day: date, crowd: list[Mandate], share: float, **more: Any
    ) -> None:
        start = at(working_day(day), more.pop("clock", "15:00"))
        if start > self.moment + AHEAD:
            return
        came = [m for m in crowd if self.diligence.comes(m, share)]
        activity = plan(kind, title, area, start, self.office, invited=came, **more)
        if kind == "reception":
            plan_reception(
                station=more["station"],
                starts_at=start,
                ends_at=activity.ends_at,
                mandates=came[:2],
                actor=self.office,
            )
        if activity.ends_at < self.moment:
            hold(activity, [(m, "present") for m in came], self.recorder, self.diligence.random)


def _spread(year: int, count: int, first_month: int = 2, last_month: int = 12) -> Iterator[date]:
    """Yield `count` days spread over the months of a year."""
    for number in range(count):
        month = first_month + (last_month - first_month) * number // max(count - 1, 1)
        yield date(year, month, 6 + (number * 7) % 20)


def _congress(keeper: _Keeper, year: int, mandates: list[Mandate], city: Area, words: dict[str, Any]) -> None:
    first, last = sorted(working_day(date(year, 1, day)) for day in (14, 15))
    if at(first, "09:00") < keeper.moment + AHEAD:
        meeting = congress_meeting(year, first, last, city, keeper.office)
        if year == timezone.localdate(keeper.moment).year and at(first, "09:00") < keeper.moment:
            preliminary(meeting, mandates, keeper.office)
        for number, row in enumerate(words["congress"]):
            day, clock = date(year, 1, 14 + number // 2), ("09:00" if number % 2 == 0 else "14:30")
            keeper.oblige(
                "congress", row["title"], city, day, mandates, clock=clock, hours=3, place="市会议中心",
                meeting=meeting,
            )  # fmt: skip
    for number in range(2):
        keeper.invite(
            "congress",
            f"分团审议发言（第 {number + 1} 场）",
            city,
            date(year, 1, 16 + number),
            mandates,
            0.95,
            role="speaker",
            clock="09:30",
        )


def _for_everybody(
    keeper: _Keeper, year: int, mandates: list[Mandate], city: Area, words: dict[str, Any]
) -> None:
    for kind in ("training", "lecture"):
        for row, day in zip(words[kind], _spread(year, len(words[kind]), 4, 11), strict=True):
            keeper.oblige(kind, row["title"], city, day, mandates, place="市人大机关二楼会议室")
    if year < timezone.localdate(keeper.moment).year:
        for number, day in enumerate(_spread(year, 6, 2, 10)):
            crowd = [m for i, m in enumerate(mandates) if i % 2 == number % 2]
            keeper.oblige(
                "sharing", f"{year} 年第 {number + 1} 期代表分享会", city, day, crowd, clock="14:30"
            )


def _for_some(keeper: _Keeper, year: int, mandates: list[Mandate], city: Area, words: dict[str, Any]) -> None:
    shares = {
        "standing_committee": 0.8,
        "inspection": 0.35,
        "research": 0.35,
        "enforcement_check": 0.75,
        "appraisal": 0.75,
    }
    for kind, share in (*shares.items(), ("hearing", 0.7)):
        for row, day in zip(words[kind], _spread(year, len(words[kind]), 3, 12), strict=True):
            keeper.invite(kind, row["title"], city, day, mandates, share)


def _in_townships(keeper: _Keeper, year: int, mandates: list[Mandate], words: dict[str, Any]) -> None:
    stations = Station.objects.filter(kind=Station.Kind.LIAISON).select_related("area").order_by("area__code")
    for number, station in enumerate(stations):
        area = station.area
        crowd = [m for m in mandates if m.area_id == area.pk]
        subjects, talks, reports = words["group_activity"], words["reception"], words["duty_report"]
        for turn, day in enumerate(_spread(year, 5, 2, 12)):
            title = f"{area.name}代表小组：{subjects[(number + turn) % len(subjects)]['title']}"
            keeper.oblige(
                "group_activity", title, area, day + timedelta(days=number % 5), crowd, station=station
            )
        for turn, day in enumerate(_spread(year, 6, 1, 11)):
            title = f"{area.name}接待日：{talks[(number + turn) % len(talks)]['title']}"
            keeper.invite(
                "reception", title, area, day + timedelta(days=number % 7), crowd, 0.92, station=station
            )
        title = f"{area.name}代表{reports[number % len(reports)]['title']}"
        keeper.invite(
            "duty_report", title, area, date(year, 10, 10 + number % 15), crowd, 1.0, station=station
        )
