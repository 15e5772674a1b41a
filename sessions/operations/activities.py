"""Writes of an activity's life before its roll: create, list people, open, sign up, cancel."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Enrolment, Tour
from sessions.models.activities import new_key
from stations.models import Area, Mandate, Representative, Station

STRENGTH: dict[str, int] = {
    Enrolment.Basis.VOLUNTARY: 0,
    Enrolment.Basis.INVITED: 1,
    Enrolment.Basis.OBLIGED: 2,
}
OFF_THE_LIST = (Enrolment.State.WITHDRAWN, Enrolment.State.WAITING)


class ActivityRefused(ValueError):
    """What was asked of the activity cannot be done; the message says why and what to do instead."""


@transaction.atomic
def create_activity(
    *,
    kind: str,
    title: str,
    area: Area,
    starts_at: datetime,
    ends_at: datetime,
    actor: User | None,
    theme: str = "",
    station: Station | None = None,
    place: str = "",
    units: Decimal = Decimal(1),
    capacity: int | None = None,
    tour: Tour | None = None,
    stop_number: int | None = None,
) -> Activity:
    """Create an activity in the state `draft` and return it; its public page and its list come after.

    Raises ActivityRefused when it would end before it starts.
    """
    if ends_at <= starts_at:
        raise ActivityRefused("结束时间要晚于开始时间，请改一下时间。")
    activity = Activity.objects.create(
        kind=kind,
        title=title.strip(),
        theme=theme,
        area=area,
        station=station,
        place=place or (station.name if station else ""),
        starts_at=starts_at,
        ends_at=ends_at,
        units=units,
        capacity=capacity,
        tour=tour,
        stop_number=stop_number,
    )
    record("sharing.create_activity", activity, actor=actor)
    return activity


@transaction.atomic
def enrol(
    *,
    activity: Activity,
    mandates: Iterable[Mandate],
    basis: str,
    actor: User | None,
    role: str = Enrolment.Role.ATTENDEE,
) -> int:
    """Put people on the activity's list and return how many were not on it before.

    Who is on the list already keeps the stronger basis (obliged before invited before voluntary) and takes the
    new role when it is speaker or host; who had withdrawn or waits is on the list again once the office lists
    them. Raises ActivityRefused once the roll is closed (rule 11: a closed roll's obliged set never changes).
    """
    activity = _still_open(activity)
    known = {e.representative_id: e for e in Enrolment.objects.filter(activity=activity)}
    fresh, changed = {}, []
    for mandate in mandates:
        enrolment = known.get(mandate.representative_id)
        if enrolment is None:
            fresh[mandate.representative_id] = Enrolment(
                activity=activity,
                representative_id=mandate.representative_id,
                mandate=mandate,
                basis=basis,
                role=role,
            )
            continue
        if STRENGTH[basis] > STRENGTH[enrolment.basis]:
            enrolment.basis = basis
        if basis != Enrolment.Basis.VOLUNTARY and enrolment.state in OFF_THE_LIST:
            enrolment.state = Enrolment.State.LISTED
        if role != Enrolment.Role.ATTENDEE:
            enrolment.role = role
        changed.append(enrolment)
    Enrolment.objects.bulk_create(fresh.values(), batch_size=500)
    Enrolment.objects.bulk_update(changed, ["basis", "role", "state"], batch_size=500)
    record("sharing.enrol", activity, actor=actor, added=len(fresh), basis=str(basis))
    return len(fresh)


@transaction.atomic
def open_activity(*, activity: Activity, actor: User | None) -> Activity:
    """Make a draft public: people may sign up and, in its time, check in. Opening twice changes nothing."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state == Activity.State.OPEN:
        return activity
    if activity.state != Activity.State.DRAFT:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再发布。")
    activity.state = Activity.State.OPEN
    activity.save(update_fields=["state"])
    record("sharing.open_activity", activity, actor=actor)
    return activity


@transaction.atomic
def cancel_activity(*, activity: Activity, reason: str, actor: User) -> Activity:
    """Call an activity off. A closed roll stays; raises ActivityRefused for it and without a reason."""
    activity = _still_open(activity)
    if not reason.strip():
        raise ActivityRefused("请写明取消的原因，报名的代表会看到。")
    activity.state = Activity.State.CANCELLED
    activity.sequence += 1
    activity.save(update_fields=["state", "sequence"])
    record("sharing.cancel_activity", activity, actor=actor, reason=reason.strip())
    forget_pages()
    return activity


@transaction.atomic
def renew_key(*, activity: Activity, actor: User) -> Activity:
    """Give the activity a new secret: every code shown before stops working at once (rule 13)."""
    activity = _still_open(activity)
    activity.check_in_key = new_key()
    activity.save(update_fields=["check_in_key"])
    record("sharing.renew_key", activity, actor=actor)
    return activity


@transaction.atomic
def sign_up(*, activity: Activity, representative: Representative, moment: datetime) -> Enrolment:
    """Sign a representative up and return the enrolment: `signed_up`, or `waiting` when no seat is left (rule 22).

    Whom the office has listed is never refused and takes no seat away from the volunteers. Raises ActivityRefused
    when the activity is not open, has begun, or the person has no mandate on its day.
    """
    activity = _still_open(activity)
    if activity.state != Activity.State.OPEN:
        raise ActivityRefused("这场活动还没有发布，暂时不能报名。")
    if moment >= activity.starts_at:
        raise ActivityRefused("活动已经开始，不用报名，请到现场签到。")
    known: Enrolment | None = Enrolment.objects.filter(
        activity=activity, representative=representative
    ).first()
    if known and known.state in {Enrolment.State.SIGNED_UP, Enrolment.State.WAITING}:
        return known
    state = Enrolment.State.SIGNED_UP
    if _full(activity) and not (known and known.basis != Enrolment.Basis.VOLUNTARY):
        state = Enrolment.State.WAITING
    if known:
        known.state, known.signed_up_at = state, moment
        known.save(update_fields=["state", "signed_up_at"])
        return known
    entry: Enrolment = Enrolment.objects.create(
        activity=activity,
        representative=representative,
        mandate=mandate_for(representative, activity),
        basis=Enrolment.Basis.VOLUNTARY,
        state=state,
        signed_up_at=moment,
    )
    return entry


@transaction.atomic
def withdraw(*, activity: Activity, representative: Representative, moment: datetime) -> Enrolment:
    """Take a sign-up back and give the seat to the first who waits. Obliged people ask for leave instead."""
    activity = _still_open(activity)
    enrolment: Enrolment | None = Enrolment.objects.filter(
        activity=activity, representative=representative
    ).first()
    if enrolment is None or enrolment.state == Enrolment.State.WITHDRAWN:
        raise ActivityRefused("您没有报名这场活动。")
    if moment >= activity.starts_at:
        raise ActivityRefused("活动已经开始，不能再取消报名。")
    if enrolment.basis == Enrolment.Basis.OBLIGED:
        raise ActivityRefused("您在应到名单里，不能来请向小组或代表工作委员会请假。")
    enrolment.state = Enrolment.State.WITHDRAWN
    enrolment.save(update_fields=["state"])
    first = (
        Enrolment.objects.filter(activity=activity, state=Enrolment.State.WAITING)
        .order_by("signed_up_at", "pk")
        .first()
    )
    if first and not _full(activity):  # once: the seat that became free, not one that nobody had taken
        first.state = Enrolment.State.SIGNED_UP
        first.save(update_fields=["state"])
    return enrolment


def mandate_for(representative: Representative, activity: Activity) -> Mandate:
    """Return the mandate that was in force on the activity's day; raises ActivityRefused when there was none."""
    day = timezone.localdate(activity.starts_at)
    mandate = Mandate.objects.on(day).filter(representative=representative).order_by("-starts_on").first()
    if mandate is None:
        raise ActivityRefused("活动当天您没有在任的代表身份，请联系代表工作委员会核对。")
    assert isinstance(mandate, Mandate)
    return mandate


def _full(activity: Activity) -> bool:
    if activity.capacity is None:
        return False
    taken: Any = Enrolment.objects.filter(activity=activity, state=Enrolment.State.SIGNED_UP)
    return bool(taken.filter(basis=Enrolment.Basis.VOLUNTARY).count() >= activity.capacity)


def _still_open(activity: Activity) -> Activity:
    """Lock the activity's row and return it fresh; raises ActivityRefused when its roll is closed or it is off."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state in {Activity.State.CLOSED, Activity.State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改。")
    return activity
