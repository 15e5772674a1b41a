"""The recorder keeps the roll: ticks, confirms, corrects (PRODUCT.md, rules 4, 8, 12, 16, 20, 21)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portal.models import User
from portal.pagecache import forget_pages
from sessions.checkin.conflicts import open_conflicts
from sessions.checkin.handed_up import first_handed_up
from sessions.leave.policy import approves
from sessions.leave.requests import granted_to
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment, LeaveRequest
from sessions.operations.activities import ActivityRefused, mandate_for
from stations.models import Mandate, Representative

Kind = AttendanceEvent.Kind
Method, Status = Attendance.Method, Attendance.Status
CAME = (*Attendance.CAME, Status.VISITOR)
EXCUSES = (Status.LEAVE, Status.EXEMPT)
HANDED_UP = "本年度已经上报，名册不能再改；确需更正请向代表工作委员会提出补充决定。"
OWN_EXCUSE = "自己的请假和免出席不能自己登记，请由其他记录员或代表工作委员会来办。"


class RollRefused(ValueError):
    """The roll cannot be changed like this; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list the recorder has: who, with which status, when they came, and what the history says of it."""

    representative: Representative
    status: str
    arrived_at: datetime | None = None
    reason: str = ""


@transaction.atomic
def record_status(
    *,
    activity: Activity,
    representative: Representative,
    status: str,
    actor: User,
    moment: datetime,
    reason: str = "",
    method: str = Method.STAFF_TICK,
    expected: str | None = None,
) -> Attendance:
    """Enter, confirm or change one person's status and return the row.

    A first entry needs no reason before the late limit; a late entry (rule 4), any change of a row, and every
    change after the close (rule 20) need one. The status a claim already has confirms it (rule 16). Somebody not
    on the list becomes a `visitor` (rule 12). `expected` is the status that the recorder had before their eyes
    ("" for none): when somebody else has changed it since, nothing is written. Who has approved leave is never
    absent but on leave (rule 7). Raises RollRefused then, without a reason, for a locked roll and whose own area has
    handed up (rule 21), a draft or cancelled activity, and for leave that the actor may not grant (rule 9).
    """
    activity = locked(activity)
    reason = reason.strip()
    if status not in Status.values:
        raise RollRefused("请选择一个状态。")
    if open_conflicts(activity).filter(representative=representative).exists():
        raise RollRefused("这位代表有两处登记不一致，请先在名册上方核定。")
    theirs = {"activity": activity, "representative": representative}
    enrolment = Enrolment.objects.expected().filter(**theirs).select_related("mandate").first()
    status = fitting(status, enrolment)
    on_leave = granted_to(representative, activity)
    if status == Status.ABSENT and on_leave:
        status = Status.LEAVE
    row = Attendance.objects.filter(**theirs).select_related("mandate").first()
    if activity.state == Activity.State.CLOSED:
        seat = row or enrolment
        refuse_handed_up(activity, [seat.mandate if seat else _mandate(representative, activity)])
    if row and row.status == status:
        return _confirmed(row, actor, moment)
    old = row.status if row else ""
    if not on_leave:
        _excusable(status, representative, activity, actor)
    if expected is not None and expected != old:
        now = row.get_status_display() if row else "没有记录"
        raise RollRefused(f"这条记录刚被别人更新，现在是“{now}”。请看过再改。")
    if not reason and _needs_reason(activity, old, status, moment):
        raise RollRefused("这一改动要写明原因，例如“当场核对身份”。")
    closed = activity.state == Activity.State.CLOSED
    if row is None:
        row = new_row(activity, representative, enrolment)
    row.status, row.method = status, Method.CORRECTION if closed else method
    if status not in CAME:
        row.arrived_at = row.left_at = None
    elif old not in CAME:
        # After the close, from a sheet of paper and from a declaration, nobody knows when.
        told = closed or method in {Method.IMPORT, Method.DECLARATION}
        row.arrived_at = None if told else moment
    row.confirmed_at, row.confirmed_by = moment, actor
    row.save()
    _history(row, Kind.CHANGED if old else Kind.CREATED, old, row.method, actor, moment, reason)
    if closed:
        forget_pages()
    return row


def refuse_handed_up(activity: Activity, mandates: Iterable[Mandate]) -> None:
    """Raise RollRefused when `first_handed_up` finds somebody; the caller has taken the row of the activity."""
    if first := first_handed_up(activity, mandates):
        raise RollRefused(f"{first.area.name}的{first.representative.name}：{HANDED_UP}")


def fitting(status: str, enrolment: Enrolment | None) -> str:
    """Return the status as the list allows it: who is not on it came as a visitor, who must come never does.

    Raises RollRefused for a status that the person cannot have.
    """
    if enrolment is None:
        if status in CAME:
            return Status.VISITOR
        if status != Status.ABSENT:  # "not seen": takes back a visitor entered by mistake
            raise RollRefused("名单里没有这位代表，只能登记为列席来访。")
    elif status == Status.VISITOR:
        raise RollRefused("这位代表在名单里，请登记为出席或迟到。")
    return status


def _excusable(status: str, representative: Representative, activity: Activity, actor: User) -> None:
    """Refuse an excuse that the actor may not grant: their own, or from a kind that others decide on (rule 9)."""
    if status not in EXCUSES:
        return
    if representative.user_id == actor.pk:
        raise RollRefused(OWN_EXCUSE)
    if status == Status.LEAVE and not approves(actor, activity):
        raise RollRefused(
            f"{activity.get_kind_display()}的请假由代表工作委员会来批，请先代为提出请假，批准后会自动记上。"
        )


def _needs_reason(activity: Activity, old: str, status: str, moment: datetime) -> bool:
    if old or activity.state == Activity.State.CLOSED:
        return True
    return status in CAME and moment > activity.late_until


def _confirmed(row: Attendance, actor: User, moment: datetime) -> Attendance:
    """Confirm a claim as it stands: method and time of arrival stay, both names are kept (rule 16)."""
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = moment, actor
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        _history(row, Kind.CONFIRMED, row.status, row.method, actor, moment, "")
    return row


def new_row(activity: Activity, representative: Representative, enrolment: Enrolment | None) -> Attendance:
    """Return a row without a status, not saved; raises RollRefused when the person held no mandate on the day."""
    return Attendance(
        activity=activity,
        representative=representative,
        mandate_id=enrolment.mandate_id if enrolment else _mandate(representative, activity).pk,
        role=enrolment.role if enrolment else Enrolment.Role.ATTENDEE,
        units=activity.units,
        obliged=bool(enrolment and enrolment.basis == Enrolment.Basis.OBLIGED),
    )


def _mandate(representative: Representative, activity: Activity) -> Mandate:
    try:
        return mandate_for(representative, activity)
    except ActivityRefused as refused:
        raise RollRefused(f"{representative.name}在活动当天没有在任的代表身份，请先核对任期。") from refused


@transaction.atomic
def record_roll(
    *,
    activity: Activity,
    entries: Iterable[Entry],
    actor: User,
    moment: datetime,
    method: str = Method.IMPORT,
) -> int:
    """Enter a whole list at once, all or nothing, and return how many rows are new.

    Only first entries: a person who has a row already keeps it, so that reading the same list twice changes
    nothing. Everybody must be on the activity's list. Who has approved leave is entered as on leave, not absent.
    Raises RollRefused naming who is not, or whose status is none that a listed person can have, and when the list
    excuses the actor (rule 9).
    """
    activity = locked(activity)
    if activity.state == Activity.State.CLOSED:
        raise RollRefused("名册已经收册，请逐条更正并写明原因。")
    entries = list(entries)
    listed = {e.representative_id: e for e in Enrolment.objects.expected().filter(activity=activity)}
    strangers = [e.representative.name for e in entries if e.representative.pk not in listed]
    if strangers:
        raise RollRefused(f"名单里没有：{'、'.join(strangers[:5])}。请先编入名单，或登记为列席来访。")
    # Once: the choices are put together anew whenever they are asked for.
    known = {*Status.values} - {Status.VISITOR}
    odd = [e.representative.name for e in entries if e.status not in known]
    if odd:
        raise RollRefused(f"这几位的状态认不出来：{'、'.join(odd[:5])}。请改成名册上的状态再导入。")
    own = [e for e in entries if e.status in EXCUSES and e.representative.user_id == actor.pk]
    # Approved leave is asked for where it tells something: of a list on which everybody came it does not.
    asks = own or any(e.status == Status.ABSENT for e in entries)
    leave = LeaveRequest.objects.granted().filter(activity=activity)
    on_leave = set(leave.values_list("representative_id", flat=True)) if asks else set()
    if any(e.representative.pk not in on_leave for e in own):
        raise RollRefused(OWN_EXCUSE)
    seen = set(Attendance.objects.filter(activity=activity).values_list("representative_id", flat=True))
    rows = []
    for entry in entries:
        if entry.representative.pk in seen:
            continue
        seen.add(entry.representative.pk)
        excused = entry.status == Status.ABSENT and entry.representative.pk in on_leave
        status = Status.LEAVE if excused else entry.status
        enrolment = listed[entry.representative.pk]
        rows.append(row_of(activity, enrolment, status, method, entry.arrived_at, actor, moment))
    told = {e.representative.pk: e.reason for e in entries if e.reason}
    append(rows, method, actor, moment, "", told=told)
    return len(rows)


def row_of(
    activity: Activity,
    enrolment: Enrolment,
    status: str,
    method: str,
    arrived_at: datetime | None,
    actor: User,
    moment: datetime,
) -> Attendance:
    """Return a new confirmed row of a person on the activity's list, not saved.

    `arrived_at` is None for who did not come. Keys suffice: a list has hundreds of rows, and objects are checked anew
    for each of them.
    """
    return Attendance(
        activity_id=activity.pk,
        representative_id=enrolment.representative_id,
        mandate_id=enrolment.mandate_id,
        status=status,
        method=method,
        role=enrolment.role,
        units=activity.units,
        obliged=enrolment.basis == Enrolment.Basis.OBLIGED,
        arrived_at=arrived_at,
        confirmed_at=moment,
        confirmed_by_id=actor.pk,
    )


def append(
    rows: list[Attendance],
    method: str,
    actor: User,
    moment: datetime,
    reason: str,
    *,
    told: Mapping[int, str] | None = None,
) -> None:
    """Write new rows and the first line of their history; `told` holds reasons of single people, by their number."""
    told = told or {}
    Attendance.objects.bulk_create(rows, batch_size=200)
    AttendanceEvent.objects.bulk_create(
        [
            AttendanceEvent(
                activity_id=row.activity_id,
                representative_id=row.representative_id,
                kind=Kind.CREATED,
                new_status=row.status,
                method=method,
                reason=told.get(row.representative_id, reason)[:200],
                actor_id=actor.pk,
                happened_at=row.arrived_at or moment,
                received_at=moment,
            )
            for row in rows
        ],
        batch_size=200,
    )


@transaction.atomic
def confirm_claims(
    *,
    activity: Activity,
    actor: User,
    moment: datetime,
    representatives: Iterable[Representative] | None = None,
) -> int:
    """Confirm self check-ins, all or those of `representatives`, and return how many (rule 16).

    Who has an open conflict is passed over: a person settles that first (rule 18).
    """
    activity = locked(activity)
    claims = Attendance.objects.select_for_update().filter(activity=activity, confirmed_at__isnull=True)
    claims = claims.exclude(representative__in=open_conflicts(activity).values("representative"))
    if representatives is not None:
        claims = claims.filter(representative__in=list(representatives))
    return confirm(list(claims), actor, moment)


def confirm(rows: list[Attendance], actor: User, moment: datetime) -> int:
    """Confirm these claims and return how many, of an activity whose row this transaction has taken."""
    for row in rows:
        row.confirmed_at, row.confirmed_by = moment, actor
    Attendance.objects.bulk_update(rows, ["confirmed_at", "confirmed_by"], batch_size=200)
    AttendanceEvent.objects.bulk_create(
        [event_of(row, Kind.CONFIRMED, row.status, row.method, actor, moment, "") for row in rows],
        batch_size=200,
    )
    return len(rows)


def locked(activity: Activity) -> Activity:
    """Take the activity's row for this transaction; raises RollRefused when nobody may change its roll."""
    rows = Activity.objects.select_for_update(of=("self",)).select_related("area")
    activity = rows.get(pk=activity.pk)
    if activity.locked:
        raise RollRefused(HANDED_UP)
    if activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
        raise RollRefused(f"这场活动{activity.get_state_display()}，没有名册可记。")
    return activity


def _history(
    row: Attendance, kind: str, old: str, method: str, actor: User, moment: datetime, reason: str
) -> AttendanceEvent:
    event = event_of(row, kind, old, method, actor, moment, reason)
    event.save(force_insert=True)
    return event


def event_of(
    row: Attendance, kind: str, old: str, method: str, actor: User, moment: datetime, reason: str
) -> AttendanceEvent:
    """Return a line of the history for the row as it now stands, not saved; `old` is "" for a first entry."""
    return AttendanceEvent(
        activity_id=row.activity_id,
        representative_id=row.representative_id,
        kind=kind,
        old_status=old,
        new_status=row.status,
        method=method,
        reason=reason,
        actor_id=actor.pk,
        happened_at=moment,
        received_at=moment,
    )
