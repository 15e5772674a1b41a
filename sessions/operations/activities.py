"""Writes of an activity's life before its roll: create, list people, open, sign up, cancel."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from portal.audit import record
from portal.models import User
from sessions.models import Activity, Enrolment, LockedPeriod, Meeting, Series, Tour
from sessions.models.activities import new_key
from sessions.operations.off_list import STAYS_AWAY, end_waiting_leave
from sessions.operations.seats import give_free_seats, is_full
from stations.models import Area, Mandate, Representative, Station
from stations.operations import hold_areas

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
    series: Series | None = None,
    mode: str = Activity.Mode.ONSITE,
    online_url: str = "",
    meeting: Meeting | None = None,
) -> Activity:
    """Create an activity in the state `draft` and return it; its public page and its list come after.

    Raises ActivityRefused when it would end before it starts, for a sitting outside its meeting's days, and on a day
    whose year the area has handed up; a submission under way is waited for.
    """
    if ends_at <= starts_at:
        raise ActivityRefused("结束时间要晚于开始时间，请改一下时间。")
    refuse_outside(meeting, starts_at, ends_at)
    hold_areas(area)
    refuse_handed_up(area, starts_at)
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
        series=series,
        mode=mode,
        online_url=online_url,
        meeting=meeting,
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
    them, and who was taken off with the basis named now. Raises ActivityRefused once the roll is closed (rule 11: a closed roll's obliged set never changes).
    """
    activity = still_open(activity)
    known = {e.representative_id: e for e in Enrolment.objects.filter(activity=activity)}
    fresh, changed = {}, []
    for mandate in mandates:
        enrolment = known.get(mandate.representative_id)
        if enrolment is None:
            fresh[mandate.representative_id] = Enrolment(
                activity_id=activity.pk,
                representative_id=mandate.representative_id,
                mandate_id=mandate.pk,
                basis=basis,
                role=role,
            )
            continue
        back = basis != Enrolment.Basis.VOLUNTARY and enrolment.state in OFF_THE_LIST
        if STRENGTH[basis] > STRENGTH[enrolment.basis] or (back and enrolment.taken_off_at):
            enrolment.basis = basis
        if back:
            enrolment.state = Enrolment.State.LISTED
            enrolment.taken_off_at = enrolment.taken_off_by = None
        if role != Enrolment.Role.ATTENDEE:
            enrolment.role = role
        changed.append(enrolment)
    Enrolment.objects.bulk_create(fresh.values(), batch_size=500)
    columns = ["basis", "role", "state", "taken_off_at", "taken_off_by"]
    Enrolment.objects.bulk_update(changed, columns, batch_size=500)
    if changed and activity.capacity is not None:
        give_free_seats(activity)  # who must come now gives the seat they had signed up for to the next
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
def renew_key(*, activity: Activity, actor: User) -> Activity:
    """Give the activity a new secret: every code shown before stops working at once (rule 13)."""
    activity = still_open(activity)
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
    activity = still_open(activity)
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
    if is_full(activity) and not (known and known.called):
        state = Enrolment.State.WAITING
    if known:
        if not known.called:  # taken off the list, and here of their own accord
            known.basis = Enrolment.Basis.VOLUNTARY
        known.state, known.signed_up_at = state, moment
        known.taken_off_at = known.taken_off_by = None
        known.save(update_fields=["basis", "state", "signed_up_at", "taken_off_at", "taken_off_by"])
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
    """Take a sign-up back, or an invitation, and give the seat to the first who waits.

    Leave that the person asked for and nobody has decided goes with it. Obliged people ask for leave instead.
    """
    activity = still_open(activity)
    enrolment: Enrolment | None = Enrolment.objects.filter(
        activity=activity, representative=representative
    ).first()
    if enrolment is None or enrolment.state == Enrolment.State.WITHDRAWN:
        raise ActivityRefused("您没有报名这场活动。")
    if moment >= activity.starts_at:
        raise ActivityRefused("活动已经开始，不能再取消报名。")
    if enrolment.basis == Enrolment.Basis.OBLIGED:
        raise ActivityRefused("您在应到名单里，不能到场的，请在“我的履职”里请假。")
    enrolment.state = Enrolment.State.WITHDRAWN
    enrolment.save(update_fields=["state"])
    if representative.user:  # only by an account of their own can somebody say so
        end_waiting_leave(
            activity=activity,
            people=[representative.pk],
            reason=STAYS_AWAY,
            actor=representative.user,
            moment=moment,
        )
    give_free_seats(activity)  # once: the seat that became free, not one that nobody had taken
    return enrolment


def refuse_outside(meeting: Meeting | None, starts_at: datetime, ends_at: datetime) -> None:
    """Raise ActivityRefused for times that do not lie within the days of the meeting, where there is one."""
    if meeting and not meeting.holds(starts_at, ends_at):
        raise ActivityRefused(
            f"这次会议属于“{meeting}”，时间要在会期内（{meeting.starts_on:%Y-%m-%d} 至 {meeting.ends_on:%Y-%m-%d}）。"
        )


def refuse_handed_up(area: Area, starts_at: datetime) -> None:
    """Raise ActivityRefused for a day whose year the area has handed up: it takes no further roll (rule 21; 1 query).

    Who writes holds the area before it asks (`hold_areas`).
    """
    day = timezone.localdate(starts_at)
    if LockedPeriod.objects.over(area, day).exists():
        raise ActivityRefused(
            f"{area.name}的 {day.year} 年度已经上报，{day.month} 月 {day.day} 日不能再安排活动；"
            "确需补记请向代表工作委员会提出补充决定。"
        )


def mandate_for(representative: Representative, activity: Activity) -> Mandate:
    """Return the mandate that was in force on the activity's day; raises ActivityRefused when there was none."""
    day = timezone.localdate(activity.starts_at)
    mandate = Mandate.objects.on(day).filter(representative=representative).order_by("-starts_on").first()
    if mandate is None:
        raise ActivityRefused("活动当天您没有在任的代表身份，请联系代表工作委员会核对。")
    assert isinstance(mandate, Mandate)
    return mandate


def still_open(activity: Activity) -> Activity:
    """Lock the activity's row and return it fresh; raises ActivityRefused when its roll is closed or it is off."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.state in {Activity.State.CLOSED, Activity.State.CANCELLED}:
        raise ActivityRefused(f"这场活动{activity.get_state_display()}，不能再改。")
    return activity
