"""A representative checks in: one row always, every attempt kept (PRODUCT.md, rules 1–5, 13, 15, 20)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from portal.models import User
from sessions.checkin.codes import Verdict, judge_digits, judge_token
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
Method, Status = Attendance.Method, Attendance.Status
GUESSES = 5  # wrong typed codes an account may give one activity …
GUESS_WINDOW = timedelta(minutes=10)  # … in this time
SCAN_KEPT = timedelta(minutes=5)  # a scan waits this long for a slow login; the scan's moment counts


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The answer: `outcome` is "created" or a reason code, `attendance` the row as it stands (None: no row)."""

    outcome: str
    attendance: Attendance | None = None
    new: bool = False  # whether this very request wrote the row


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request, as it is kept in the history."""

    activity: Activity
    representative: Representative
    method: str
    nonce: str
    device: str
    actor: User | None
    happened_at: datetime
    received_at: datetime

    def event(self, kind: str, **more: str) -> AttendanceEvent:
        return AttendanceEvent(
            activity=self.activity,
            representative=self.representative,
            kind=kind,
            method=self.method,
            nonce=self.nonce,
            device=self.device,
            actor=self.actor,
            happened_at=self.happened_at,
            received_at=self.received_at,
            **more,
        )


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
) -> CheckIn:
    """Let a representative claim presence with a scanned `token` or typed `digits` and return what became of it.

    `nonce` is the client's own random word for this attempt: the same nonce with the same content returns the
    first answer, with other content `conflict` (rule 3). `scanned_at` is when the server itself saw the code
    scanned, up to five minutes ago, where a login lay between. `despite_leave` turns an approved leave into
    presence (rule 7). A refusal is an answer, not an exception, and is kept with its reason code.
    """
    scanned = scanned_at if scanned_at and timedelta(0) <= moment - scanned_at <= SCAN_KEPT else None
    attempt = _Attempt(
        activity=activity,
        representative=representative,
        method=Method.SELF_QR if token else Method.SELF_CODE,
        nonce=nonce[:64],
        device=device[:32],
        actor=actor,
        happened_at=scanned or moment,
        received_at=moment,
    )
    earlier = _same_nonce(attempt)
    if earlier:
        return earlier
    reason = _refusal(attempt, token, digits)
    if reason:
        return _refuse(attempt, reason)
    return _claim(attempt, despite_leave=despite_leave)


def _same_nonce(attempt: _Attempt) -> CheckIn | None:
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.filter(activity=attempt.activity, nonce=attempt.nonce).first()
    return _answer_again(first, attempt) if first else None


def _answer_again(first: AttendanceEvent, attempt: _Attempt) -> CheckIn:
    if (first.representative_id, first.method) != (attempt.representative.pk, attempt.method):
        return CheckIn(Reason.CONFLICT)
    row = _row(attempt)
    return CheckIn(first.reason_code or "created", row)


def _refusal(attempt: _Attempt, token: str, digits: str) -> str:
    """Return the reason code for which the attempt is refused before any row is touched; "" when it may go on."""
    activity, when = attempt.activity, attempt.happened_at
    if activity.state == Activity.State.CANCELLED:
        return Reason.REVOKED
    if activity.locked or activity.state == Activity.State.CLOSED:
        return Reason.LOCKED
    if activity.state == Activity.State.DRAFT:
        return Reason.INVALID
    if digits and _too_many_guesses(attempt):
        return Reason.RATE_LIMITED
    judged = (
        judge_token(activity.check_in_key, token, when)
        if token
        else judge_digits(activity.check_in_key, digits, when)
    )
    if judged is Verdict.INVALID:
        return Reason.WRONG_ACTIVITY if _of_another(activity, token, digits, when) else Reason.INVALID
    if judged is Verdict.EXPIRED:
        return Reason.EXPIRED
    if when < activity.opens_at:
        return Reason.NOT_OPEN
    # Who has a row already is answered `already` (or leave) even after the window; so this comes last.
    if when > activity.late_until and not _row(attempt):
        return Reason.WINDOW_CLOSED
    return ""


def _too_many_guesses(attempt: _Attempt) -> bool:
    wrong = AttendanceEvent.objects.filter(
        activity=attempt.activity,
        representative=attempt.representative,
        method=Method.SELF_CODE,
        reason_code__in=[Reason.INVALID, Reason.WRONG_ACTIVITY, Reason.EXPIRED],
        received_at__gt=attempt.received_at - GUESS_WINDOW,
    )
    return wrong.count() >= GUESSES


def _of_another(activity: Activity, token: str, digits: str, when: datetime) -> bool:
    others = (
        Activity.objects.checking_in(when).exclude(pk=activity.pk).values_list("check_in_key", flat=True)[:50]
    )
    judge = (
        (lambda key: judge_token(key, token, when))
        if token
        else (lambda key: judge_digits(key, digits, when))
    )
    return any(judge(key) is Verdict.VALID for key in others)


def _refuse(attempt: _Attempt, reason: str) -> CheckIn:
    return _keep(attempt, attempt.event(Kind.REFUSED, reason_code=reason)) or CheckIn(reason, _row(attempt))


def _claim(attempt: _Attempt, *, despite_leave: bool) -> CheckIn:
    enrolment = (
        Enrolment.objects.expected()
        .filter(activity=attempt.activity, representative=attempt.representative)
        .first()
    )
    if enrolment is None:
        row = _row(attempt)  # a walk-in whom the recorder has let in scans too
        if row is None:
            return _refuse(attempt, Reason.NOT_ELIGIBLE)
        return _already(attempt, row, despite_leave=False)
    on_time = attempt.happened_at <= attempt.activity.present_until
    status = Status.PRESENT if on_time else Status.LATE
    claim = uuid.uuid4()
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
    row = _row(attempt)
    assert row is not None
    if row.claim != claim:
        return _already(attempt, row, despite_leave=despite_leave)
    again = _keep(attempt, attempt.event(Kind.CREATED, new_status=status))
    return again or CheckIn("created", row, new=True)


def _already(attempt: _Attempt, row: Attendance, *, despite_leave: bool) -> CheckIn:
    if row.status == Status.LEAVE and despite_leave:
        return _come_after_all(attempt, row)
    event = attempt.event(
        Kind.ALREADY, reason_code=Reason.ALREADY, old_status=row.status, new_status=row.status
    )
    return _keep(attempt, event) or CheckIn(Reason.ALREADY, row)


def _come_after_all(attempt: _Attempt, row: Attendance) -> CheckIn:
    """The person came although leave was approved: the scan wins, the leave stays in the history (rule 7)."""
    row = Attendance.objects.select_for_update().get(pk=row.pk)
    old = row.status
    if old == Status.LEAVE:
        on_time = attempt.happened_at <= attempt.activity.present_until
        row.status = Status.PRESENT if on_time else Status.LATE
        row.method, row.arrived_at = attempt.method, attempt.happened_at
        row.confirmed_at = row.confirmed_by = None
        row.save(update_fields=["status", "method", "arrived_at", "confirmed_at", "confirmed_by"])
    event = attempt.event(Kind.CHANGED, old_status=old, new_status=row.status, reason="请假后到场")
    return _keep(attempt, event) or CheckIn("created", row, new=True)


def _used_by_another(attempt: _Attempt) -> bool:
    """Whether this device has signed somebody else in here: flagged for the recorder, never blocked (rule 15)."""
    if not attempt.device:
        return False
    return (
        AttendanceEvent.objects.filter(activity=attempt.activity, device=attempt.device, kind=Kind.CREATED)
        .exclude(representative=attempt.representative)
        .exists()
    )


def _keep(attempt: _Attempt, event: AttendanceEvent) -> CheckIn | None:
    """Add the event. When a parallel request with the same nonce was first, return its answer instead."""
    AttendanceEvent.objects.bulk_create([event], ignore_conflicts=bool(attempt.nonce))
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.get(activity=attempt.activity, nonce=attempt.nonce)
    return None if first.pk == event.pk else _answer_again(first, attempt)


def _row(attempt: _Attempt) -> Attendance | None:
    return Attendance.objects.filter(activity=attempt.activity, representative=attempt.representative).first()


@transaction.atomic
def request_walk_in(
    *, activity: Activity, representative: Representative, moment: datetime, actor: User, device: str = ""
) -> None:
    """Ask the recorder to let in somebody who is not on the list; asking twice within the hour is one request."""
    recent = AttendanceEvent.objects.filter(
        activity=activity,
        representative=representative,
        kind=Kind.REQUESTED,
        received_at__gt=moment - timedelta(hours=1),
    )
    if recent.exists():
        return
    AttendanceEvent.objects.create(
        activity=activity,
        representative=representative,
        kind=Kind.REQUESTED,
        method=Method.SELF_QR,
        reason_code=Reason.NOT_ELIGIBLE,
        actor=actor,
        device=device[:32],
        happened_at=moment,
        received_at=moment,
    )


def take_refusal(
    *,
    activity: Activity,
    reason: str,
    moment: datetime,
    method: str,
    actor: User | None = None,
    device: str = "",
) -> None:
    """Keep a refusal that belongs to no representative: somebody without a mandate, or an unknown code."""
    AttendanceEvent.objects.create(
        activity=activity,
        kind=Kind.REFUSED,
        reason_code=reason,
        method=method,
        actor=actor,
        device=device[:32],
        happened_at=moment,
        received_at=moment,
    )
