"""Leaving, where the activity demands that it is seen: by the person's phone, by the recorder's tick (rule 6)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.models import User
from sessions.checkin.rules import code_reason, leaving_reason, scan_moment, state_reason, status_leaving
from sessions.models import Activity, Attendance, AttendanceEvent
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
from sessions.operations.roll import CAME, RollRefused, event_of, locked
from stations.models import Representative

Kind, Reason = AttendanceEvent.Kind, AttendanceEvent.Reason


@transaction.atomic
def check_out(
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
    early: bool = False,
) -> CheckIn:
    """Let who has checked in leave with the same codes, and return what became of it: "left" or a reason code.

    From `check_out_minutes` before the end to an hour after it, both ends included. `early` is the person's own
    word that they leave before that: present becomes left_early, late becomes late_left; without it the answer is
    `not_open`. A second time, and where the activity does not demand it, the answer is `already`. Nonces and
    refusals are as in `check_in`.
    """
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    attempt = Attempt(
        activity=activity,
        representative=representative,
        token=token,
        digits=digits,
        despite_leave=False,
        nonce=nonce[:64],
        device=device[:32],
        actor=actor,
        happened_at=scan_moment(scanned_at, moment),
        received_at=moment,
        leaving="early" if early else "out",
    )
    earlier = same_nonce(attempt)
    if earlier:
        return earlier
    if too_many_guesses(attempt):
        return rate_limited(attempt)
    when = attempt.happened_at
    reason = state_reason(activity) or code_reason(activity, when=when, token=token, digits=digits)
    row = row_of_attempt(attempt)
    if reason:
        return refuse(attempt, reason)
    if row is None or row.status not in CAME:
        return refuse(attempt, Reason.NOT_ELIGIBLE)
    if row.left_at or not activity.check_out_required:
        return _again(attempt, row)
    reason = leaving_reason(activity, when=when, early=early)
    return refuse(attempt, reason) if reason else _leave(attempt, row)


def _again(attempt: Attempt, row: Attendance) -> CheckIn:
    event = attempt.event(
        Kind.ALREADY, reason_code=Reason.ALREADY, old_status=row.status, new_status=row.status
    )
    return keep(attempt, event) or CheckIn(Reason.ALREADY, row)


def _leave(attempt: Attempt, row: Attendance) -> CheckIn:
    old = row.status
    row.left_at = max(attempt.happened_at, row.arrived_at or attempt.happened_at)
    row.status = status_leaving(attempt.activity, old, row.left_at)
    row.save(update_fields=["left_at", "status"])
    event = attempt.event(Kind.LEFT, old_status=old, new_status=row.status)
    return keep(attempt, event) or CheckIn("left", row, new=True)


@transaction.atomic
def record_leaving(
    *,
    activity: Activity,
    representatives: Iterable[Representative],
    actor: User,
    moment: datetime,
) -> int:
    """Tick people as leaving now, at the latest at the end, and return how many; no code is needed.

    Before `check_out_minutes` to the end they have left early. Who did not come or has left already is passed
    over, so that ticking twice changes nothing. Raises RollRefused once the roll is closed: then a correction
    with a reason says it.
    """
    activity = locked(activity)
    if activity.state == Activity.State.CLOSED:
        raise RollRefused("名册已经收册，请在这一行“更改记录”并写明原因。")
    there = Attendance.objects.select_for_update().filter(activity=activity, status__in=CAME, left_at=None)
    rows, events = list(there.filter(representative__in=list(representatives))), []
    for row in rows:
        old = row.status
        row.left_at = max(min(moment, activity.ends_at), row.arrived_at or activity.starts_at)
        row.status = status_leaving(activity, old, row.left_at)
        events.append(event_of(row, Kind.LEFT, old, Attendance.Method.STAFF_TICK, actor, moment, ""))
    Attendance.objects.bulk_update(rows, ["left_at", "status"], batch_size=200)
    AttendanceEvent.objects.bulk_create(events, batch_size=200)
    return len(rows)
