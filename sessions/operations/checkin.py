"""A representative checks in: one row always, every attempt kept (PRODUCT.md, rules 1–5, 7, 13, 15, 20)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from portal.models import User
from sessions.checkin.online import part_of
from sessions.checkin.rules import code_reason, scan_moment, state_reason, status_at, window_reason
from sessions.models import Activity, Attendance, AttendanceEvent, Enrolment
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
Method, Status = Attendance.Method, Attendance.Status
GUESSES = 5  # wrong codes an account may give one activity by one method …
GUESS_WINDOW = timedelta(minutes=10)  # … in this time
ATTEMPTS = uuid.UUID("6b9a3e0c-8a54-4f0e-9d0e-0f6f5c1d7a20")  # the name space of event ids made from a nonce


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
    token: str
    digits: str
    despite_leave: bool
    nonce: str
    device: str
    actor: User | None
    happened_at: datetime
    received_at: datetime
    online: bool = False

    @property
    def method(self) -> str:
        if self.online:
            return Method.SELF_ONLINE
        return Method.SELF_QR if self.token else Method.SELF_CODE

    @property
    def identity(self) -> uuid.UUID:
        """The event's id: with a nonce a name of all that was asked, so that other content shows (rule 3)."""
        if not self.nonce:
            return uuid.uuid4()
        asked = (self.activity.pk, self.nonce, self.representative.pk, self.token, self.digits)
        more = (self.despite_leave, *(["online"] if self.online else []))
        return uuid.uuid5(ATTEMPTS, "\n".join(map(str, (*asked, *more))))

    def event(self, kind: str, *, nonce: bool = True, **more: str) -> AttendanceEvent:
        return AttendanceEvent(
            id=self.identity if nonce else uuid.uuid4(),
            activity=self.activity,
            representative=self.representative,
            kind=kind,
            method=self.method,
            nonce=self.nonce if nonce else "",
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
    attempt = _Attempt(
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
    earlier = _same_nonce(attempt)
    if earlier:
        return earlier
    if _too_many_guesses(attempt):
        return _rate_limited(attempt)
    reason = _refusal(attempt)
    if reason:
        return _refuse(attempt, reason)
    return _claim(attempt)


def _same_nonce(attempt: _Attempt) -> CheckIn | None:
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.filter(activity=attempt.activity, nonce=attempt.nonce).first()
    return _answer_again(first, attempt) if first else None


def _answer_again(first: AttendanceEvent, attempt: _Attempt) -> CheckIn:
    if first.pk != attempt.identity:
        AttendanceEvent.objects.bulk_create(
            [attempt.event(Kind.REFUSED, nonce=False, reason_code=Reason.CONFLICT)]
        )
        return CheckIn(Reason.CONFLICT)
    return CheckIn(first.reason_code or "created", _row(attempt))


def _refusal(attempt: _Attempt) -> str:
    """Return the reason code for which the attempt is refused before any row is touched; "" when it may go on."""
    activity, when = attempt.activity, attempt.happened_at
    return (
        state_reason(activity)
        or code_reason(activity, when=when, token=attempt.token, digits=attempt.digits)
        # Who has a row already is answered `already` (or leave) even after the window; so this comes last.
        or window_reason(activity, when=when, seen=when > activity.late_until and _row(attempt) is not None)
    )


def _wrong_codes(attempt: _Attempt) -> int:
    """How many wrong codes of this method the account gave lately; an expired one was right once, no guess."""
    return AttendanceEvent.objects.filter(
        activity=attempt.activity,
        representative=attempt.representative,
        method__in=_methods(attempt),
        reason_code__in=[Reason.INVALID, Reason.WRONG_ACTIVITY],
        received_at__gt=attempt.received_at - GUESS_WINDOW,
    ).count()


def _methods(attempt: _Attempt) -> tuple[str, ...]:
    """Return the methods that share one allowance of guesses: the online page gives no second one for digits."""
    return (attempt.method,) if attempt.token else (Method.SELF_CODE, Method.SELF_ONLINE)


def _too_many_guesses(attempt: _Attempt) -> bool:
    return not state_reason(attempt.activity) and _wrong_codes(attempt) >= GUESSES


def _rate_limited(attempt: _Attempt) -> CheckIn:
    """Refuse, whatever the code; the history takes one such line a window, so that guessing cannot fill it."""
    said = AttendanceEvent.objects.filter(
        activity=attempt.activity,
        representative=attempt.representative,
        method__in=_methods(attempt),
        reason_code=Reason.RATE_LIMITED,
        received_at__gt=attempt.received_at - GUESS_WINDOW,
    )
    if said.exists():
        return CheckIn(Reason.RATE_LIMITED, _row(attempt))
    return _refuse(attempt, Reason.RATE_LIMITED)


def _refuse(attempt: _Attempt, reason: str) -> CheckIn:
    return _keep(attempt, attempt.event(Kind.REFUSED, reason_code=reason)) or CheckIn(reason, _row(attempt))


def _claim(attempt: _Attempt) -> CheckIn:
    enrolment = (
        Enrolment.objects.expected()
        .filter(activity=attempt.activity, representative=attempt.representative)
        .first()
    )
    if enrolment is None:
        row = _row(attempt)  # a walk-in whom the recorder has let in scans too
        return _again(attempt, row) if row else _refuse(attempt, Reason.NOT_ELIGIBLE)
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
    row = _row(attempt)
    assert row is not None
    if row.claim != claim:
        return _again(attempt, row)
    again = _keep(attempt, attempt.event(Kind.CREATED, new_status=status))
    return again or CheckIn("created", row, new=True)


def _again(attempt: _Attempt, row: Attendance) -> CheckIn:
    """There is a row: `already`, unless it is a leave to be undone or a recorded absence (a person settles that)."""
    if row.status == Status.LEAVE and attempt.despite_leave:
        return _come_after_all(attempt, row)
    if row.status == Status.ABSENT:
        return _refuse(attempt, Reason.CONFLICT)
    event = attempt.event(
        Kind.ALREADY, reason_code=Reason.ALREADY, old_status=row.status, new_status=row.status
    )
    return _keep(attempt, event) or CheckIn(Reason.ALREADY, row)


def _come_after_all(attempt: _Attempt, row: Attendance) -> CheckIn:
    """The person came although leave was approved: the scan wins, the leave stays in the history (rule 7)."""
    if attempt.happened_at > attempt.activity.late_until:
        return _refuse(attempt, Reason.WINDOW_CLOSED)
    row.status = status_at(attempt.activity, attempt.happened_at)
    row.method, row.arrived_at = attempt.method, attempt.happened_at
    row.shared_device = _used_by_another(attempt)
    row.confirmed_at = row.confirmed_by = None
    row.save(
        update_fields=["status", "method", "arrived_at", "shared_device", "confirmed_at", "confirmed_by"]
    )
    event = attempt.event(Kind.CHANGED, old_status=Status.LEAVE, new_status=row.status, reason="请假后到场")
    return _keep(attempt, event) or CheckIn("created", row, new=True)


def _used_by_another(attempt: _Attempt) -> bool:
    """Whether this device has signed somebody else in here: flagged for the recorder, never blocked (rule 15)."""
    if not attempt.device:
        return False
    signed = AttendanceEvent.objects.filter(
        activity=attempt.activity, device=attempt.device, kind__in=[Kind.CREATED, Kind.CHANGED]
    )
    return signed.exclude(representative=attempt.representative).exists()


def _keep(attempt: _Attempt, event: AttendanceEvent) -> CheckIn | None:
    """Add the event. When a parallel request with the same nonce was first, return its answer instead."""
    AttendanceEvent.objects.bulk_create([event], ignore_conflicts=bool(attempt.nonce))
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.get(activity=attempt.activity, nonce=attempt.nonce)
    ours = (first.pk, first.kind, first.reason_code) == (event.pk, event.kind, event.reason_code)
    return None if ours else _answer_again(first, attempt)


def _row(attempt: _Attempt) -> Attendance | None:
    return Attendance.objects.filter(activity=attempt.activity, representative=attempt.representative).first()
