"""What happened in a year, read once for all chapters: activities, sessions, courseware, reports."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from portal.visibility import open_to_all
from scoring.models import FrozenSheet, MediaReport, MediaReportSubject, Year
from sessions.models import Activity, Attendance, CoursewarePage, Idea, SharingSessionPage

CAME = (*Attendance.CAME, Attendance.Status.VISITOR)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the year in numbers; `attendances` are person-times at closed rolls."""

    year: int
    month: int
    activities: int
    sessions: int
    attendances: int
    courseware: int
    ideas: int
    reports: int


def local_day(activity: Any) -> date:
    """Return the local day on which an activity started."""
    return timezone.localdate(activity.starts_at)


class Records:
    """The records of one year, between its first and last day, in the order of their days."""

    def __init__(self, year: Year) -> None:
        self.year = year

    @cached_property
    def people(self) -> int:
        """How many representatives the confirmed year grades."""
        return FrozenSheet.objects.filter(year=self.year).count()

    @cached_property
    def activities(self) -> list[Any]:
        """Activities with a closed roll, each with `.came`: confirmed person-times, visitors too."""
        came = Q(attendances__status__in=CAME, attendances__confirmed_at__isnull=False)
        held = Activity.objects.held_between(self.year.starts_on, self.year.ends_on)
        closed = held.filter(state=Activity.State.CLOSED).select_related("area")
        return list(closed.annotate(came=Count("attendances", filter=came)).order_by("starts_at", "pk"))

    @cached_property
    def sessions(self) -> list[Any]:
        """Public pages of sessions whose roll is closed, the earliest first, with `.came`."""
        came = {activity.pk: activity.came for activity in self.activities}
        pages = open_to_all(SharingSessionPage.objects.filter(activity__in=came))
        rows = list(pages.select_related("activity").order_by("activity__starts_at", "pk"))
        for page in rows:
            page.came = came[page.activity_id]
        return rows

    @cached_property
    def courseware(self) -> list[Any]:
        """Public courseware of the year, the earliest first."""
        span = (self.year.starts_on, self.year.ends_on)
        pages = open_to_all(CoursewarePage.objects.filter(date__range=span))
        return list(pages.select_related("author", "session").order_by("date", "pk"))

    @cached_property
    def reports(self) -> list[Any]:
        """Verified media reports of the year, the earliest first, with their people by 姓名笔画."""
        people = MediaReportSubject.objects.select_related("mandate__representative").order_by(
            "mandate__representative__stroke_key", "pk"
        )
        span = (self.year.starts_on, self.year.ends_on)
        verified = MediaReport.objects.verified().filter(published_on__range=span)
        rows = verified.select_related("outlet").prefetch_related(Prefetch("subjects", people))
        return list(rows.order_by("published_on", "pk"))

    @property
    def attendances(self) -> int:
        """Person-times at all closed rolls."""
        return sum(activity.came for activity in self.activities)

    @cached_property
    def ideas(self) -> list[Any]:
        """Public bright ideas handed in this year, each once with all its authors, in the order of their numbers."""
        handed_in = Idea.objects.public().submitted_between(self.year.starts_on, self.year.ends_on)
        return list(handed_in.signed().order_by("year", "number"))

    def kinds(self) -> list[tuple[str, int]]:
        """Return (kind in words, activities), the most frequent first."""
        counted = Counter(str(activity.get_kind_display()) for activity in self.activities)
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    def months(self) -> list[MonthRow]:
        """Return every month from the first day of the year to the last, also those without records."""
        counted: dict[str, Counter[tuple[int, int]]] = {
            "activities": Counter(_month(local_day(a)) for a in self.activities),
            "sessions": Counter(_month(local_day(s.activity)) for s in self.sessions),
            "attendances": Counter(),
            "courseware": Counter(_month(page.date) for page in self.courseware),
            "ideas": Counter(_month(timezone.localdate(idea.submitted_at)) for idea in self.ideas),
            "reports": Counter(_month(report.published_on) for report in self.reports),
        }
        for activity in self.activities:
            counted["attendances"][_month(local_day(activity))] += activity.came
        first, last = (day.year * 12 + day.month - 1 for day in (self.year.starts_on, self.year.ends_on))
        months = [(number // 12, number % 12 + 1) for number in range(first, last + 1)]
        return [MonthRow(*month, **{name: rows[month] for name, rows in counted.items()}) for month in months]


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
