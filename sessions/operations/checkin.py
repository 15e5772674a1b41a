"""A representative checks in: one row always, every attempt kept (PRODUCT.md, rules 1–5, 7, 13, 15, 20)."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.models import User
from sessions.checkin.online import part_of
from sessions.checkin.rules import code_reason, scan_moment, state_reason, status_at, window_reason
from sessions.leave.requests import granted_to
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from sessions.operations.attempts import (
    Attempt,
    CheckIn,
    keep,
    rate_limited,
    refuse,
    row_of_attempt,
    same_nonce,
    too_many_guesses,
)
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
Status = Attendance.Status


@transaction.atomic
def check_in(
    *,
    activity: Activity,
    representative: Representative,
    nonce: str,
    moment: datetime,
    token: str = "",
    digits: str = "",
    scanned_at: datetime | None = None,
    device: str = "",
    actor: User | None = None,
    despite_leave: bool = False,
    online: bool = False,
) -> CheckIn:
    """Let a representative claim presence with a scanned `token` or typed `digits` and return what became of it.

    `nonce` is the client's own random word for this attempt: the same nonce with the same content returns the
    first answer, with other content `conflict` (rule 3). `scanned_at` is when the server itself saw the code
    scanned, up to five minutes ago, where a login lay between. `despite_leave` turns an approved leave into
    presence (rule 7). `online` claims the online part of an activity that has one, and means nothing elsewhere; of
    an activity that is only online every claim is. A refusal is an answer, not an exception, and is kept with its reason code.
    """
    # The activity's row orders the attempts of one activity (SQLite's IMMEDIATE orders all writers), so state,
    # guesses and devices are judged on what is settled, and no claim slips in behind the close of the roll.
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    attempt = Attempt(
        activity=activity,
        representative=representative,
        token=token,
        digits=digits,
        despite_leave=despite_leave,
        nonce=nonce[:64],
        device=device[:32],
        actor=actor,
        happened_at=scan_moment(scanned_at, moment),
        received_at=moment,
        online=part_of(activity, online=online),
    )
    earlier = same_nonce(attempt)
    if earlier:
        return earlier
    if too_many_guesses(attempt):
        return rate_limited(attempt)
    reason = _refusal(attempt)
    if reason:
        return refuse(attempt, reason)
    return _claim(attempt)


def _refusal(attempt: Attempt) -> str:
    """Return the reason code for which the attempt is refused before any row is touched; "" when it may go on."""
    activity, when = attempt.activity, attempt.happened_at
    return (
        state_reason(activity)
        or code_reason(activity, when=when, token=attempt.token, digits=attempt.digits)
        # Who has a row already is answered `already` (or leave) even after the window; so this comes last.
        or window_reason(
            activity, when=when, seen=when > activity.late_until and row_of_attempt(attempt) is not None
        )
    )


def _claim(attempt: Attempt) -> CheckIn:
    enrolment = (
        Enrolment.objects.expected()
        .filter(activity=attempt.activity, representative=attempt.representative)
        .first()
    )
    if enrolment is None:
        row = row_of_attempt(attempt)  # a walk-in whom the recorder has let in scans too
        return _again(attempt, row) if row else refuse(attempt, Reason.NOT_ELIGIBLE)
    # Locked above, so no decision on the leave slips in between: without a row it stands for one (rule 7).
    on_leave = granted_to(attempt.representative, attempt.activity)
    if on_leave and not attempt.despite_leave and row_of_attempt(attempt) is None:
        return _still_on_leave(attempt)
    status, claim = status_at(attempt.activity, attempt.happened_at), uuid.uuid4()
    Attendance.objects.bulk_create(
        [
            Attendance(
                activity=attempt.activity,
                representative=attempt.representative,
                mandate_id=enrolment.mandate_id,
                status=status,
                method=attempt.method,
                role=enrolment.role,
                units=attempt.activity.units,
                obliged=enrolment.basis == Enrolment.Basis.OBLIGED,
                arrived_at=attempt.happened_at,
                shared_device=_used_by_another(attempt),
                claim=claim,
            )
        ],
        ignore_conflicts=True,  # insert or ignore, never check then insert (rule 1)
    )
    row = row_of_attempt(attempt)
    assert row is not None
    if row.claim != claim:
        return _again(attempt, row)
    reason = "请假后到场" if on_leave else ""
    again = keep(attempt, attempt.event(Kind.CREATED, new_status=status, reason=reason))
    return again or CheckIn("created", row, new=True)


def _again(attempt: Attempt, row: Attendance) -> CheckIn:
    """There is a row: `already`, unless it is a leave to be undone or a recorded absence (a person settles that)."""
    if row.status == Status.LEAVE and attempt.despite_leave:
        return _come_after_all(attempt, row)
    if row.status == Status.ABSENT:
        return refuse(attempt, Reason.CONFLICT)
    event = attempt.event(
        Kind.ALREADY, reason_code=Reason.ALREADY, old_status=row.status, new_status=row.status
    )
    return keep(attempt, event) or CheckIn(Reason.ALREADY, row)


def _still_on_leave(attempt: Attempt) -> CheckIn:
    """The leave is approved and nobody has said that they came after all: ask, as for a recorded leave (rule 7)."""
    event = attempt.event(Kind.ALREADY, reason_code=Reason.ALREADY, reason="请假已批准，没有改为签到")
    return keep(attempt, event) or CheckIn(Reason.ALREADY)


def _come_after_all(attempt: Attempt, row: Attendance) -> CheckIn:
    """The person came although leave was approved: the scan wins, the leave stays in the history (rule 7)."""
    if attempt.happened_at > attempt.activity.late_until:
        return refuse(attempt, Reason.WINDOW_CLOSED)
    row.status = status_at(attempt.activity, attempt.happened_at)
    row.method, row.arrived_at = attempt.method, attempt.happened_at
    row.shared_device = _used_by_another(attempt)
    row.confirmed_at = row.confirmed_by = None
    row.save(
        update_fields=["status", "method", "arrived_at", "shared_device", "confirmed_at", "confirmed_by"]
    )
    event = attempt.event(Kind.CHANGED, old_status=Status.LEAVE, new_status=row.status, reason="请假后到场")
    return keep(attempt, event) or CheckIn("created", row, new=True)


def _used_by_another(attempt: Attempt) -> bool:
    """Whether this device has signed somebody else in here: flagged for the recorder, never blocked (rule 15)."""
    if not attempt.device:
        return False
    signed = AttendanceEvent.objects.filter(
        activity=attempt.activity, device=attempt.device, kind__in=[Kind.CREATED, Kind.CHANGED]
    )
    return signed.exclude(representative=attempt.representative).exists()
