"""What the public figures are counted from: sessions held, people who came, ideas, courseware. Reads only.

People are counted as person-times of closed rolls; no name and no rate of anybody is reckoned here.
"""

from datetime import datetime
from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from portal.visibility import open_to_all
from sessions.courseware.shelf import listed
from sessions.figures.tables import Fact, Measure
from sessions.models import CoursewarePage
from sessions.programme import held, with_outcomes
from stations.views.links import ENOUGH

COUNTED = ("starts_at", "theme", "station__name")  # of an activity


def measures_of(year: int) -> tuple[Measure, ...]:
    """Return the columns of a year's tables, each with the address of its list."""
    sessions, files = (reverse(name, args=[year]) for name in ("figures_sessions", "figures_courseware"))
    return (
        Measure("sessions", "分享会", "期", sessions),
        Measure("people", "参加", "人次", sessions),
        Measure("ideas", "会上金点子", "条", sessions),
        Measure("courseware", "课件", "件", files),
    )


def years_with_figures(moment: datetime) -> list[int]:
    """Return the years from the first session or courseware to this one, the latest first (2 queries)."""
    now = timezone.localtime(moment).year
    first = held(moment).order_by().aggregate(first=Min("activity__starts_at"))["first"]
    dates = open_to_all(CoursewarePage.objects.all()).aggregate(first=Min("date"), last=Max("date"))
    years = [timezone.localtime(first).year] if first else []
    years += [day.year for day in dates.values() if day]
    return list(range(max([now, *years]), min([now, *years]) - 1, -1))


def session_facts(year: int, moment: datetime) -> list[Fact]:
    """Return the sessions held in the local `year` up to `moment`, the latest first (1 query).

    The ideas of a session are those released, a merged group counted once.
    """
    pages = with_outcomes(held(moment)).filter(activity__starts_at__year=year)
    return [_session(page) for page in pages.only(*ENOUGH, *(f"activity__{name}" for name in COUNTED))]


def _session(page: Any) -> Fact:
    activity = page.activity
    return Fact(
        month=timezone.localtime(activity.starts_at).month,
        theme=activity.theme,
        station=activity.station_id,
        station_name=activity.station.name if activity.station else "",
        counts={"sessions": 1, "people": page.came, "ideas": page.idea_count},
        row=page,
    )


def courseware_facts(year: int) -> list[Fact]:
    """Return the public courseware dated in `year`, the newest first (1 query).

    It belongs to the station of its session, as long as that session is public itself.
    """
    items = listed().filter(date__year=year)
    items = items.select_related("session__activity__station")
    named = ("theme", "date", "session__live", "session__activity__station__name")
    return [_courseware(item) for item in items.only(*ENOUGH, *named)]


def _courseware(item: Any) -> Fact:
    station = item.session.activity.station if item.session and item.session.live else None
    return Fact(
        month=item.date.month,
        theme=item.theme,
        station=station.pk if station else None,
        station_name=station.name if station else "",
        counts={"courseware": 1},
        row=item,
    )
