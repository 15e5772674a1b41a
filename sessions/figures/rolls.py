"""What the figures of attendance are counted from, for staff: closed rolls of their own areas. Reads only."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from portal.models import User
from sessions.figures.tables import Fact, Measure
from sessions.models import Activity, Attendance

Status = Attendance.Status
LATE = (Status.LATE, Status.LEFT_EARLY, Status.LATE_LEFT)


def roll_measures(year: int) -> tuple[Measure, ...]:
    """Return the columns: 应到 is 到场 + 请假 + 缺席 + 免出席, always (rule 10); 迟到早退 is part of 到场."""
    address = reverse("roll_figures_rolls", args=[year])
    named = {
        "rolls": ("活动", "场"),
        "obliged": ("应到", "人次"),
        "came": ("到场", "人次"),
        "late": ("其中迟到早退", "人次"),
        "leave": ("请假", "人次"),
        "absent": ("缺席", "人次"),
        "exempt": ("免出席", "人次"),
    }
    return tuple(Measure(key, label, unit, address) for key, (label, unit) in named.items())


def closed_rolls(user: User) -> Any:
    """Return the activities with a closed roll that `user` keeps (1 query for the areas)."""
    return Activity.objects.recorded_by(user).filter(state=Activity.State.CLOSED)


def years_with_rolls(user: User, year: int) -> list[int]:
    """Return the years from the first closed roll of `user` to `year`, this one, the latest first (2 queries)."""
    first = closed_rolls(user).aggregate(first=Min("starts_at"))["first"]
    earliest = timezone.localtime(first).year if first else year
    return list(range(year, min(earliest, year) - 1, -1))


def roll_facts(user: User, year: int) -> list[Fact]:
    """Return the closed rolls of a local year with their people by status, the latest first (3 queries)."""
    activities = closed_rolls(user).filter(starts_at__year=year)
    obliged = Attendance.objects.filter(activity__in=activities.values("pk"), obliged=True).order_by()
    counted: dict[int, dict[str, int]] = {}
    for key, status, number in obliged.values_list("activity", "status").annotate(n=Count("pk")):
        counted.setdefault(key, {})[status] = number
    rows = activities.select_related("area", "station").order_by("-starts_at", "-pk")
    return [_roll(row, counted.get(row.pk, {})) for row in rows]


def _roll(activity: Activity, by_status: dict[str, int]) -> Fact:
    counts = {
        "rolls": 1,
        "obliged": sum(by_status.values()),
        "came": sum(by_status.get(status, 0) for status in Attendance.CAME),
        "late": sum(by_status.get(status, 0) for status in LATE),
        **{s: by_status.get(s, 0) for s in ("leave", "absent", "exempt")},
    }
    return Fact(
        month=timezone.localtime(activity.starts_at).month,
        theme=activity.theme,
        station=activity.station_id,
        station_name=activity.station.name if activity.station else "",
        counts=counts,
        row=activity,
    )
