"""Holding an activity of the demonstration: list, publish, keep the roll, close — through the operations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from portal.models import User
from sessions.models import Activity
from sessions.operations import Entry, close_roll, create_activity, enrol, open_activity, record_roll
from stations.models import Area, Mandate, Station


class Diligence:
    """How often each invented person comes: between 0 and 1, fixed by the seed; people of stories nearly always."""

    def __init__(self, random: Random, mandates: Sequence[Mandate], diligent: int) -> None:
        self._of = {m.pk: random.triangular(0.2, 1.0, 0.88) for m in mandates}
        self._of |= {m.pk: 0.97 for m in mandates[:diligent]}
        self.random = random

    def of(self, mandate: Mandate) -> float:
        return self._of[mandate.pk]

    def comes(self, mandate: Mandate, share: float = 1.0) -> bool:
        return self.random.random() < self.of(mandate) * share

    def status(self, mandate: Mandate) -> str:
        """Whether an obliged person was there, late, excused or not."""
        if self.random.random() < 0.34 + 0.66 * self.of(mandate):
            return "present"
        return self.random.choices(["late", "leave", "absent"], [25, 45, 30])[0]


def at(day: date, clock: str) -> datetime:
    """Return the aware local moment of `clock` ("14:30") on `day`."""
    hour, minute = clock.split(":")
    return timezone.make_aware(datetime.combine(day, time(int(hour), int(minute))))


def working_day(day: date) -> date:
    """Return `day`, or the Thursday before it when it falls on a week-end."""
    return day - timedelta(days=day.weekday() - 3) if day.weekday() > 4 else day


def plan(
    kind: str,
    title: str,
    area: Area,
    starts_at: datetime,
    office: User,
    *,
    hours: float = 2,
    obliged: Iterable[Mandate] = (),
    invited: Iterable[Mandate] = (),
    role: str = "attendee",
    **more: Any,
) -> Activity:
    """Create an activity with its list and publish it."""
    activity = create_activity(
        kind=kind,
        title=title,
        area=area,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        actor=office,
        **more,
    )
    for people, basis, as_what in ((obliged, "obliged", "attendee"), (invited, "invited", role)):
        crowd = list(people)
        if crowd:
            enrol(activity=activity, mandates=crowd, basis=basis, role=as_what, actor=office)
    return open_activity(activity=activity, actor=office)


def hold(
    activity: Activity, statuses: Iterable[tuple[Mandate, str]], recorder: User, random: Random
) -> Activity:
    """Keep the roll as a paper list is kept, and close it."""
    entries = [
        Entry(m.representative, status, _arrival(activity, status, random))
        for m, status in statuses
        if status != "absent"
    ]
    record_roll(activity=activity, entries=entries, actor=recorder, moment=activity.ends_at)
    return close_roll(activity=activity, actor=recorder, moment=activity.ends_at + timedelta(minutes=10))


def _arrival(activity: Activity, status: str, random: Random) -> datetime | None:
    if status == "late":
        return activity.starts_at + timedelta(minutes=random.randint(11, 29))
    return activity.starts_at - timedelta(minutes=random.randint(1, 28)) if status == "present" else None


def where(place: str, stations: Sequence[Station]) -> Station | None:
    """Return the station a place's words name, by its name or township; None for a meeting room."""
    return next(
        (
            s
            for s in stations
            if s.name == place or s.area.name in place or (s.industry and s.industry in place)
        ),
        None,
    )
