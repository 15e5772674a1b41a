"""What decides an attempt before any row is touched: the activity's state, the code, the time. Reads only.

The same rules answer the page that shows what would happen (GET) and the operation that writes (POST).
"""

from datetime import datetime, timedelta

from sessions.checkin.codes import Verdict, judge_digits, judge_token
from sessions.models import Activity, Attendance, AttendanceEvent

Reason = AttendanceEvent.Reason
Status = Attendance.Status
EARLY: dict[str, str] = {Status.PRESENT: Status.LEFT_EARLY, Status.LATE: Status.LATE_LEFT}
SCAN_KEPT = timedelta(minutes=5)  # a scan waits this long for a slow login; the scan's moment counts
OTHERS_LOOKED_AT = 50  # activities of the same half-day whose code may have been meant


def state_reason(activity: Activity) -> str:
    """Return why nobody can check in to this activity now, whatever the code; "" when one can (rules 20, 21)."""
    if activity.state == Activity.State.CANCELLED:
        return Reason.REVOKED
    if activity.locked or activity.state == Activity.State.CLOSED:
        return Reason.LOCKED
    if activity.state == Activity.State.DRAFT:
        return Reason.INVALID
    return ""


def code_reason(activity: Activity, *, when: datetime, token: str = "", digits: str = "") -> str:
    """Return why a scanned `token` or typed `digits` does not hold at `when`; "" when it does (rule 13).

    A code of another activity of these hours is told apart from a wrong one (1 query, only for wrong codes).
    """
    judged = _judge(activity.check_in_key, token, digits, when)
    if judged is Verdict.VALID:
        return ""
    if judged is Verdict.EXPIRED:
        return Reason.EXPIRED
    return Reason.WRONG_ACTIVITY if _of_another(activity, token, digits, when) else Reason.INVALID


def window_reason(activity: Activity, *, when: datetime, seen: bool) -> str:
    """Return `not_open` or `window_closed` when `when` lies outside the window, else "" (rules 4 and 5).

    Both ends belong to the window. `seen`: who has a row already is answered from it even afterwards.
    """
    if when < activity.opens_at:
        return Reason.NOT_OPEN
    if when > activity.late_until and not seen:
        return Reason.WINDOW_CLOSED
    return ""


def status_at(activity: Activity, when: datetime) -> str:
    """Return `present` up to start + grace, both ends included, else `late` (rule 4)."""
    return Status.PRESENT if when <= activity.present_until else Status.LATE


def leaving_reason(activity: Activity, *, when: datetime, early: bool) -> str:
    """Return `not_open` or `window_closed` when leaving at `when` is not taken, else "" (rule 6).

    From end − x to an hour after the end, both ends included; earlier only for who says so (`early`).
    """
    if when > activity.check_out_until:
        return Reason.WINDOW_CLOSED
    return Reason.NOT_OPEN if when < activity.check_out_from and not early else ""


def status_leaving(activity: Activity, status: str, when: datetime) -> str:
    """Return the status of who leaves at `when`: before end − x present is left_early, late is late_left (rule 6)."""
    return EARLY.get(status, status) if when < activity.check_out_from else status


def scan_moment(scanned_at: datetime | None, moment: datetime) -> datetime:
    """Return the moment that counts: that of the scan when a login of up to five minutes lay between."""
    return scanned_at if scanned_at and timedelta(0) <= moment - scanned_at <= SCAN_KEPT else moment


def _judge(key: str, token: str, digits: str, when: datetime) -> Verdict:
    return judge_token(key, token, when) if token else judge_digits(key, digits, when)


def _of_another(activity: Activity, token: str, digits: str, when: datetime) -> bool:
    others = Activity.objects.checking_in(when).exclude(pk=activity.pk)
    keys = others.values_list("check_in_key", flat=True)[:OTHERS_LOOKED_AT]
    return any(_judge(key, token, digits, when) is Verdict.VALID for key in keys)
