"""Writes of meetings of several days: the meeting itself and the sittings it is made of."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.meetings.people import expected_on
from sessions.models import Activity, Enrolment, Meeting
from sessions.operations.activities import ActivityRefused, create_activity, enrol, open_activity
from sessions.operations.periods import hold_days
from stations.models import Area, Term

FIXED = frozenset({"kind", "term", "area"})  # what the sittings share
CHANGEABLE = frozenset({*FIXED, "name", "starts_on", "ends_on", "units", "place"})


@transaction.atomic
def create_meeting(
    *,
    kind: str,
    name: str,
    term: Term,
    area: Area,
    starts_on: date,
    ends_on: date,
    actor: User | None,
    units: Decimal = Decimal(1),
    place: str = "",
) -> Meeting:
    """Create a meeting without sittings and return it; `units` is what one sitting counts (half-days).

    Raises ActivityRefused for a name that the term has already in this area, and for days that make no sense.
    """
    meeting = Meeting(
        kind=kind,
        name=name.strip(),
        term=term,
        area=area,
        starts_on=starts_on,
        ends_on=ends_on,
        units=units,
        place=place.strip(),
    )
    _sensible(meeting)
    meeting.save(force_insert=True)
    record("sharing.create_meeting", meeting, actor=actor)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, actor: User, **changes: Any) -> Meeting:
    """Change facts of a meeting (those of CHANGEABLE) and return it; sittings that stand keep their times and units.

    Raises ActivityRefused as creating does, for days that leave a sitting outside, and for kind, term or area once
    there are sittings. TypeError for a field that is no plain fact.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not changeable: {', '.join(sorted(unknown))}")
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    new = {name: value for name, value in changes.items() if getattr(meeting, name) != value}
    if not new:
        return meeting
    sittings = list(meeting.sittings.exclude(state=Activity.State.CANCELLED))
    if sittings and FIXED & new.keys():
        raise ActivityRefused("已经有会次，类别、届和区域不能再改。")
    for name, value in new.items():
        setattr(meeting, name, value)
    _sensible(meeting)
    if not all(meeting.holds(each.starts_at, each.ends_at) for each in sittings):
        raise ActivityRefused("有会次不在这些天里。请先改会次的时间，再改会期。")
    meeting.save(update_fields=sorted(new))
    record("sharing.change_meeting", meeting, actor=actor, changed=sorted(new))
    return meeting


def _sensible(meeting: Meeting) -> None:
    if not meeting.name:
        raise ActivityRefused("请写明会议的名称，如“第九届第五次会议”。")
    if meeting.ends_on < meeting.starts_on:
        raise ActivityRefused("结束日期不能早于开始日期，请改一下。")
    first, last = meeting.term.starts_on, meeting.term.ends_on
    if meeting.starts_on < first or (last and meeting.ends_on > last):
        raise ActivityRefused(f"会期不在{meeting.term}里，请核对日期，或改选那一届。")
    others = Meeting.objects.filter(term=meeting.term, area=meeting.area, name=meeting.name)
    if others.exclude(pk=meeting.pk).exists():
        raise ActivityRefused(f"{meeting.term}已经有“{meeting.name}”，请换一个名称。")


@transaction.atomic
def add_sitting(
    *,
    meeting: Meeting,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    units: Decimal | None = None,
) -> Activity:
    """Add a sitting, published, and return it; of a congress everybody who serves on its day is obliged to come.

    Raises ActivityRefused outside the meeting's days and beside another sitting, RollRefused for a day that the
    area has handed up (rule 21).
    """
    hold_days(meeting.area, timezone.localdate(starts_at))
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("area").get(pk=meeting.pk)
    activity = plan_sitting(
        meeting=meeting, title=title, starts_at=starts_at, ends_at=ends_at, actor=actor, units=units
    )
    people = list(expected_on(meeting, timezone.localdate(starts_at)))
    if people:
        enrol(activity=activity, mandates=people, basis=Enrolment.Basis.OBLIGED, actor=actor)
    return open_activity(activity=activity, actor=actor)


def plan_sitting(
    *,
    meeting: Meeting,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    units: Decimal | None = None,
) -> Activity:
    """Return a new draft sitting without a list; the row of the meeting must be held. Raises ActivityRefused."""
    if not title.strip():
        raise ActivityRefused("请写明这次会议的名称，如“预备会议”。")
    beside = meeting.sittings.exclude(state=Activity.State.CANCELLED)
    other = beside.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if other:
        raise ActivityRefused(f"这段时间已有“{other.title}”，请改一下时间。")
    return create_activity(
        kind=meeting.kind,
        title=title,
        area=meeting.area,
        starts_at=starts_at,
        ends_at=ends_at,
        place=meeting.place,
        units=meeting.units if units is None else units,
        meeting=meeting,
        actor=actor,
    )
