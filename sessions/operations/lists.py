"""Writes of the list of who is expected, beyond single people: from groups and places, and taking people off again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.lists.sources import mandates_of
from sessions.models import Activity, Attendance, Enrolment, ListSource
from sessions.operations.activities import ActivityRefused, enrol, still_open
from sessions.operations.off_list import TAKEN_OFF, end_waiting_leave
from sessions.operations.seats import give_free_seats
from stations.models import Representative


@dataclass(frozen=True, slots=True)
class Listed:
    """How many people were meant, and how many of them were not on the list before."""

    chosen: int
    added: int


@transaction.atomic
def enrol_from(*, activity: Activity, sources: Iterable[ListSource], actor: User | None) -> Listed:
    """Put on the list whom `sources` (not saved; basis and role set) mean on the activity's day.

    The sources are kept, so that a copy of the activity can ask the same of its own day; the list itself is
    people and does not follow later changes of groups (rule 11). Raises ActivityRefused once the roll is closed.
    """
    activity = still_open(activity)
    day, chosen, added = timezone.localdate(activity.starts_at), set(), 0
    for source in sources:
        ListSource.objects.get_or_create(
            activity=activity,
            basis=source.basis,
            role=source.role,
            group=source.group,
            station=source.station,
            area=source.area,
            tag=source.tag,
        )
        people = mandates_of(source, day)
        chosen |= {mandate.representative_id for mandate in people}
        if people:
            added += enrol(
                activity=activity, mandates=people, basis=source.basis, role=source.role, actor=actor
            )
    return Listed(len(chosen), added)


@transaction.atomic
def take_off_list(
    *, activity: Activity, representatives: Iterable[Representative], actor: User, moment: datetime
) -> int:
    """Take people off the list and return how many were on it; seats that become free go to who waits.

    The row stays as it was and says who took it off and when; leave of theirs that waits is withdrawn with that
    reason. The log keeps the people's numbers and what they were listed as. Raises ActivityRefused once the roll is
    closed (rule 11), and when one of them has a row of the roll.
    """
    activity = still_open(activity)
    rows = list(
        Enrolment.objects.filter(activity=activity, representative__in=list(representatives))
        .exclude(state=Enrolment.State.WITHDRAWN)
        .select_related("representative")
    )
    seen = Attendance.objects.filter(
        activity=activity, representative__in=[row.representative_id for row in rows]
    )
    names = list(seen.order_by("pk").values_list("representative__name", flat=True)[:5])
    if names:
        raise ActivityRefused(f"{'、'.join(names)}已有签到记录，不能移出名单；记录有误的请在名册里更正。")
    if not rows:
        return 0
    was = {str(row.representative_id): row.basis for row in rows}
    for row in rows:
        row.state, row.taken_off_at, row.taken_off_by = Enrolment.State.WITHDRAWN, moment, actor
    Enrolment.objects.bulk_update(rows, ["state", "taken_off_at", "taken_off_by"], batch_size=500)
    end_waiting_leave(
        activity=activity,
        people=[row.representative_id for row in rows],
        reason=TAKEN_OFF,
        actor=actor,
        moment=moment,
    )
    give_free_seats(activity)
    record("sharing.take_off_list", activity, actor=actor, people=was)
    return len(rows)


@transaction.atomic
def put_back(*, activity: Activity, representatives: Iterable[Representative], actor: User) -> int:
    """Put people who were taken off back as what they were, and return how many; of others nothing changes.

    Who had signed up gets a seat where one is free, else the place in the queue of that sign-up (rule 22). Raises
    ActivityRefused once the roll is closed (rule 11).
    """
    activity = still_open(activity)
    off = Enrolment.objects.filter(activity=activity, state=Enrolment.State.WITHDRAWN)
    rows = list(off.filter(taken_off_at__isnull=False, representative__in=list(representatives)))
    if not rows:
        return 0
    for row in rows:
        row.taken_off_at = row.taken_off_by = None
        row.state = Enrolment.State.LISTED
        if row.basis == Enrolment.Basis.VOLUNTARY:
            limited = activity.capacity is not None
            row.state = Enrolment.State.WAITING if limited else Enrolment.State.SIGNED_UP
    Enrolment.objects.bulk_update(rows, ["state", "taken_off_at", "taken_off_by"], batch_size=500)
    give_free_seats(activity)
    was = {str(row.representative_id): row.basis for row in rows}
    record("sharing.put_back", activity, actor=actor, people=was)
    return len(rows)
