"""The recorder keeps the roll: ticks, confirms, closes, corrects (PRODUCT.md, rules 4, 8, 10–12, 16, 20, 21)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.audit import record
from portal.models import User
from portal.pagecache import forget_pages
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from sessions.operations.activities import mandate_for
from stations.models import Representative

Kind = AttendanceEvent.Kind
Method, Status = Attendance.Method, Attendance.Status


class RollRefused(ValueError):
    """The roll cannot be changed like this; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list the recorder has: who, with which status, when they came."""

    representative: Representative
    status: str
    arrived_at: datetime | None = None


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
) -> Attendance:
    """Enter or change one person's status and return the row.

    A first entry needs no reason before the late limit; a late entry (rule 4), any change of a row, and every
    change after the close (rule 20) need one. Somebody not on the list becomes a `visitor` (rule 12). Raises
    RollRefused without a reason, for a locked roll (rule 21), a draft or cancelled activity.
    """
    activity = _locked(activity)
    reason = reason.strip()
    if status not in Status.values:
        raise RollRefused("请选择一个状态。")
    row = (
        Attendance.objects.select_for_update()
        .filter(activity=activity, representative=representative)
        .first()
    )
    if row and row.status == status and row.confirmed_at:
        return row
    needs_reason = activity.state == Activity.State.CLOSED or (row is not None and row.status != status)
    if row is None and moment > activity.late_until and status in {Status.PRESENT, Status.LATE}:
        needs_reason = True
    if needs_reason and not reason:
        raise RollRefused("这一改动要写明原因，例如“当场核对身份”。")
    closed = activity.state == Activity.State.CLOSED
    how = Method.CORRECTION if closed else method
    old = row.status if row else ""
    if row is None:
        row = _new_row(activity, representative, status, moment)
    row.status, row.method = status, how
    row.confirmed_at, row.confirmed_by = moment, actor
    row.save()
    _history(row, Kind.CHANGED if old else Kind.CREATED, old, how, actor, moment, reason)
    if closed:
        forget_pages()
    return row


def _new_row(activity: Activity, representative: Representative, status: str, moment: datetime) -> Attendance:
    enrolment = Enrolment.objects.expected().filter(activity=activity, representative=representative).first()
    if enrolment is None and status not in {Status.VISITOR, Status.PRESENT, Status.LATE}:
        raise RollRefused("名单里没有这位代表，只能登记为列席来访。")
    came = status in {*Attendance.CAME, Status.VISITOR}
    return Attendance(
        activity=activity,
        representative=representative,
        mandate_id=enrolment.mandate_id if enrolment else mandate_for(representative, activity).pk,
        role=enrolment.role if enrolment else Enrolment.Role.ATTENDEE,
        units=activity.units,
        obliged=bool(enrolment and enrolment.basis == Enrolment.Basis.OBLIGED),
        arrived_at=moment if came else None,
    )


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
    nothing. Everybody must be on the activity's list. Raises RollRefused naming who is not.
    """
    activity = _locked(activity)
    if activity.state == Activity.State.CLOSED:
        raise RollRefused("名册已经收册，请逐条更正并写明原因。")
    entries = list(entries)
    listed = {e.representative_id: e for e in Enrolment.objects.expected().filter(activity=activity)}
    strangers = [e.representative.name for e in entries if e.representative.pk not in listed]
    if strangers:
        raise RollRefused(f"名单里没有：{'、'.join(strangers[:5])}。请先编入名单，或登记为列席来访。")
    seen = set(Attendance.objects.filter(activity=activity).values_list("representative_id", flat=True))
    rows = []
    for entry in entries:
        if entry.representative.pk in seen:
            continue
        seen.add(entry.representative.pk)
        rows.append(
            _row_of(listed[entry.representative.pk], entry.status, method, entry.arrived_at, actor, moment)
        )
    _append(rows, method, actor, moment, "")
    return len(rows)


def _row_of(
    enrolment: Enrolment, status: str, method: str, arrived_at: datetime | None, actor: User, moment: datetime
) -> Attendance:
    return Attendance(
        activity_id=enrolment.activity_id,
        representative_id=enrolment.representative_id,
        mandate_id=enrolment.mandate_id,
        status=status,
        method=method,
        role=enrolment.role,
        units=enrolment.activity.units,
        obliged=enrolment.basis == Enrolment.Basis.OBLIGED,
        arrived_at=arrived_at,
        confirmed_at=moment,
        confirmed_by=actor,
    )


def _append(rows: list[Attendance], method: str, actor: User, moment: datetime, reason: str) -> None:
    """Write new rows and the first line of their history."""
    Attendance.objects.bulk_create(rows, batch_size=200)
    AttendanceEvent.objects.bulk_create(
        [
            AttendanceEvent(
                activity_id=row.activity_id,
                representative_id=row.representative_id,
                kind=Kind.CREATED,
                new_status=row.status,
                method=method,
                reason=reason,
                actor=actor,
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
    """Confirm self check-ins, all or those of `representatives`, and return how many (rule 16)."""
    activity = _locked(activity)
    claims = Attendance.objects.select_for_update().filter(activity=activity, confirmed_at__isnull=True)
    if representatives is not None:
        claims = claims.filter(representative__in=list(representatives))
    rows = list(claims)
    for row in rows:
        row.confirmed_at, row.confirmed_by = moment, actor
    Attendance.objects.bulk_update(rows, ["confirmed_at", "confirmed_by"], batch_size=200)
    AttendanceEvent.objects.bulk_create(
        [_event(row, Kind.CONFIRMED, row.status, row.method, actor, moment, "") for row in rows],
        batch_size=200,
    )
    return len(rows)


@transaction.atomic
def close_roll(*, activity: Activity, actor: User, moment: datetime) -> Activity:
    """Close the roll: every obliged person gets a row, every claim counts. Closing twice changes nothing.

    After it obliged = present + late + left_early + late_left + leave + absent + exempt (rule 10); who has no
    row and no approved leave is `absent` (rule 8). Raises RollRefused before the start and for a draft.
    """
    activity = _locked(activity)
    if activity.state == Activity.State.CLOSED:
        return activity
    if moment < activity.starts_at:
        raise RollRefused("活动还没有开始，开始以后才能收册。")
    confirm_claims(activity=activity, actor=actor, moment=moment)
    seen = Attendance.objects.filter(activity=activity).values("representative_id")
    missing = Enrolment.objects.obliged().filter(activity=activity).exclude(representative__in=seen)
    rows = [
        _row_of(e, Status.ABSENT, Method.ROLL_CLOSE, None, actor, moment)
        for e in missing.select_related("activity")
    ]
    _append(rows, Method.ROLL_CLOSE, actor, moment, "收册时没有记录")
    activity.state, activity.closed_at, activity.closed_by = Activity.State.CLOSED, moment, actor
    activity.save(update_fields=["state", "closed_at", "closed_by"])
    record("sharing.close_roll", activity, actor=actor, absent=len(rows))
    forget_pages()
    return activity


def lock_rolls(*, activities: Any) -> int:
    """Lock the closed rolls of a queryset when their area has submitted its year (rule 21); return how many."""
    return int(activities.filter(state=Activity.State.CLOSED, locked=False).update(locked=True))


def _locked(activity: Activity) -> Activity:
    """Take the activity's row for this transaction; raises RollRefused when nobody may change its roll."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.locked:
        raise RollRefused("本年度已经上报，名册不能再改；确需更正请向代表工作委员会提出补充决定。")
    if activity.state in {Activity.State.DRAFT, Activity.State.CANCELLED}:
        raise RollRefused(f"这场活动{activity.get_state_display()}，没有名册可记。")
    return activity


def _history(
    row: Attendance, kind: str, old: str, method: str, actor: User, moment: datetime, reason: str
) -> AttendanceEvent:
    event = _event(row, kind, old, method, actor, moment, reason)
    event.save(force_insert=True)
    return event


def _event(
    row: Attendance, kind: str, old: str, method: str, actor: User, moment: datetime, reason: str
) -> AttendanceEvent:
    return AttendanceEvent(
        activity_id=row.activity_id,
        representative_id=row.representative_id,
        kind=kind,
        old_status=old,
        new_status=row.status,
        method=method,
        reason=reason,
        actor=actor,
        happened_at=moment,
        received_at=moment,
    )
