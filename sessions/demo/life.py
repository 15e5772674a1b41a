"""What is planned and changed in the demonstration: a series with its next draft, a full hybrid lecture, a move."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from portal.models import User
from sessions.demo.rolls import at, plan, working_day
from sessions.models import Series, SharingSessionPage
from sessions.operations import clone_session, create_series, reschedule_activity, sign_up, withdraw
from stations.models import Area, Mandate

THEME = "联系群众"
SEATS = 2


def series_of_sessions(office: User) -> Series:
    """Create the series that the sessions of one theme belong to."""
    return create_series(
        title="联系群众系列",
        theme=THEME,
        summary="同一个主题分几期讲：怎样走进群众、怎样把听到的事办成。",
        actor=office,
    )


def planned_life(moment: datetime, mandates: list[Mandate], city: Area, office: User) -> None:
    """Show what the office does between sessions; nothing here is a closed roll, so no point changes."""
    today = timezone.localdate(moment)
    _next_of_series(today, office)
    visitors = [m for m in mandates if m.representative.user_id]
    others = [m for m in mandates if not m.representative.user_id][:SEATS]
    _full_lecture(moment, _in_days(today, 16), [*others, *visitors], city, office)
    _moved_inspection(_in_days(today, 12), [*visitors, *others], city, office)


def _in_days(today: date, days: int) -> date:
    return working_day(today + timedelta(days=days))


def _next_of_series(today: date, office: User) -> None:
    """A copy of the last session of the series, still a draft."""
    page = (
        SharingSessionPage.objects.filter(activity__series__title="联系群众系列").order_by("-number").first()
    )
    if page is None:
        return
    length = page.activity.ends_at - page.activity.starts_at
    start = at(_in_days(today, 40), "14:30")
    clone_session(
        page=page,
        starts_at=start,
        ends_at=start + length,
        actor=office,
        title="下一期：把听到的事办成（草稿示例）",
    )


def _full_lecture(moment: datetime, day: date, people: list[Mandate], city: Area, office: User) -> None:
    """Two seats, a queue, one withdrawal: the first who waited has the seat and is told."""
    lecture = plan(
        "lecture",
        "代表大课堂：怎样写好一件建议（示例）",
        city,
        at(day, "15:00"),
        office,
        theme="撰写建议",
        place="市人大机关二楼会议室",
        mode="hybrid",
        online_url="https://meeting.example/demo",
        capacity=SEATS,
    )
    for minute, mandate in enumerate(people):
        when = moment - timedelta(days=1) + timedelta(minutes=minute)
        sign_up(activity=lecture, representative=mandate.representative, moment=when)
    withdraw(activity=lecture, representative=people[0].representative, moment=moment - timedelta(hours=2))


def _moved_inspection(day: date, people: list[Mandate], city: Area, office: User) -> None:
    """An inspection that was put off by a week."""
    inspection = plan(
        "inspection", "视察农贸市场改造（示例）", city, at(day, "09:00"), office, obliged=people
    )
    later = inspection.starts_at + timedelta(days=7)
    reschedule_activity(
        activity=inspection, starts_at=later, ends_at=later + timedelta(hours=2), actor=office
    )
