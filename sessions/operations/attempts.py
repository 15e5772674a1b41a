"""One attempt at the door: how it is kept, limited, and answered again for the same nonce (rules 3, 13, 15, 20).

Checking in and checking out are both attempts; what each of them does with the row is their own.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import User
from sessions.checkin.rules import state_reason
from sessions.models import Activity, Attendance, AttendanceEvent
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason
Method = Attendance.Method
GUESSES = 5  # wrong codes an account may give one activity by one method …
GUESS_WINDOW = timedelta(minutes=10)  # … in this time
ATTEMPTS = uuid.UUID("6b9a3e0c-8a54-4f0e-9d0e-0f6f5c1d7a20")  # the name space of event ids made from a nonce


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The answer: `outcome` is "created", "left" or a reason code; `attendance` the row as it stands.

    None means that there is no row; `already` without a row means that an approved leave stands instead of one.
    """

    outcome: str
    attendance: Attendance | None = None
    new: bool = False  # whether this very request wrote the row


@dataclass(frozen=True, slots=True)
class Attempt:
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
    online: bool = False  # takes part by the online meeting, a method of its own
    leaving: str = ""  # how it was asked: "" to come in, "out" to leave, "early" to leave before the time

    @property
    def method(self) -> str:
        """Whether a code was scanned or digits were typed, or the person takes part online."""
        if self.online:
            return Method.SELF_ONLINE
        return Method.SELF_QR if self.token else Method.SELF_CODE

    @property
    def identity(self) -> uuid.UUID:
        """The event's id: with a nonce a name of all that was asked, so that other content shows (rule 3)."""
        if not self.nonce:
            return uuid.uuid4()
        asked = (self.activity.pk, self.nonce, self.representative.pk, self.token, self.digits)
        how = [word for word in (self.leaving, "online" if self.online else "") if word]
        return uuid.uuid5(ATTEMPTS, "\n".join(map(str, (*asked, self.despite_leave, *how))))

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that share one allowance of guesses: the online page gives no second one for digits."""
        return (self.method,) if self.token else (Method.SELF_CODE, Method.SELF_ONLINE)

    def event(self, kind: str, *, nonce: bool = True, **more: str) -> AttendanceEvent:
        """Return the line of the history for this attempt, not saved; a nonce stands on one line only."""
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


def same_nonce(attempt: Attempt) -> CheckIn | None:
    """Return the first answer when this nonce was used before: the same again, or `conflict` (rule 3)."""
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.filter(activity=attempt.activity, nonce=attempt.nonce).first()
    return _answer_again(first, attempt) if first else None


def _answer_again(first: AttendanceEvent, attempt: Attempt) -> CheckIn:
    if first.pk != attempt.identity:
        AttendanceEvent.objects.bulk_create(
            [attempt.event(Kind.REFUSED, nonce=False, reason_code=Reason.CONFLICT)]
        )
        return CheckIn(Reason.CONFLICT)
    done = "left" if first.kind == Kind.LEFT else "created"
    return CheckIn(first.reason_code or done, row_of_attempt(attempt))


def _wrong_codes(attempt: Attempt) -> int:
    """How many wrong codes of this method the account gave lately; an expired one was right once, no guess."""
    return AttendanceEvent.objects.filter(
        activity=attempt.activity,
        representative=attempt.representative,
        method__in=attempt.methods,
        reason_code__in=[Reason.INVALID, Reason.WRONG_ACTIVITY],
        received_at__gt=attempt.received_at - GUESS_WINDOW,
    ).count()


def too_many_guesses(attempt: Attempt) -> bool:
    """Whether the account has given too many wrong codes lately (rule 15); a closed roll is told as such."""
    return not state_reason(attempt.activity) and _wrong_codes(attempt) >= GUESSES


def rate_limited(attempt: Attempt) -> CheckIn:
    """Refuse, whatever the code; the history takes one such line a window, so that guessing cannot fill it."""
    said = AttendanceEvent.objects.filter(
        activity=attempt.activity,
        representative=attempt.representative,
        method__in=attempt.methods,
        reason_code=Reason.RATE_LIMITED,
        received_at__gt=attempt.received_at - GUESS_WINDOW,
    )
    if said.exists():
        return CheckIn(Reason.RATE_LIMITED, row_of_attempt(attempt))
    return refuse(attempt, Reason.RATE_LIMITED)


def refuse(attempt: Attempt, reason: str) -> CheckIn:
    """Keep the attempt as refused for `reason` and return that answer."""
    return keep(attempt, attempt.event(Kind.REFUSED, reason_code=reason)) or CheckIn(
        reason, row_of_attempt(attempt)
    )


def keep(attempt: Attempt, event: AttendanceEvent) -> CheckIn | None:
    """Add the event. When a parallel request with the same nonce was first, return its answer instead."""
    AttendanceEvent.objects.bulk_create([event], ignore_conflicts=bool(attempt.nonce))
    if not attempt.nonce:
        return None
    first = AttendanceEvent.objects.get(activity=attempt.activity, nonce=attempt.nonce)
    ours = (first.pk, first.kind, first.reason_code) == (event.pk, event.kind, event.reason_code)
    return None if ours else _answer_again(first, attempt)


def row_of_attempt(attempt: Attempt) -> Attendance | None:
    """Return the row of who tries, None when there is none (1 query)."""
    return Attendance.objects.filter(activity=attempt.activity, representative=attempt.representative).first()
