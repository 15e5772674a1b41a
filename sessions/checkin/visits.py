"""What a visit to a check-in page finds: who comes, with which code, and what would happen. Reads only (THREATS 32)."""

from dataclasses import dataclass
from datetime import datetime

from portal.dates import cn_time
from portal.models import User
from sessions.checkin.rules import (
    Reason,
    code_reason,
    leaving_reason,
    scan_moment,
    state_reason,
    window_reason,
)
from sessions.leave.requests import granted_to
from sessions.models import Activity, Attendance, Enrolment
from stations.models import Representative

Status = Attendance.Status
CAME = (*Attendance.CAME, Status.VISITOR)
OF_ROW = {
    Status.LEAVE: "leave",
    Status.EXEMPT: "exempt",
    Status.ABSENT: "recorded_absent",
}
LEAVING: dict[str, str] = {
    Reason.NOT_OPEN: "out_not_open",
    Reason.WINDOW_CLOSED: "out_closed",
    Reason.NOT_ELIGIBLE: "out_unseen",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """The answer of a look: `reason` names the screen, `row` is the person's row, if there is one."""

    reason: str
    row: Attendance | None = None


def stays(activity: Activity, row: Attendance | None, when: datetime) -> bool:
    """Whether the person came, has not left, and leaving is still to be seen (rule 6)."""
    there = row is not None and row.status in CAME and row.left_at is None
    return there and activity.check_out_required and when <= activity.check_out_until


def leaves(activity: Activity, row: Attendance | None, when: datetime) -> bool:
    """Whether the person can check out now without leaving early (rule 6)."""
    return stays(activity, row, when) and when >= activity.check_out_from


def takes_arrival(row: Attendance | None) -> bool:
    """Whether the roll leaves anything to check in: no row yet, or leave that the person comes in spite of."""
    return row is None or row.status == Status.LEAVE


def told_of(row: Attendance | None) -> str:
    """Return in a few words that the person came: 已签到 14:05, 已签退 16:20; "" for who did not."""
    if row is None or row.status not in CAME:
        return ""
    return f"已签退 {cn_time(row.left_at)}" if row.left_at else f"已签到 {cn_time(row.arrived_at)}".strip()


def representative_of(user: object) -> Representative | None:
    """Return the representative whose account this is; None for staff and for nobody (1 query)."""
    if not isinstance(user, User):
        return None
    return Representative.objects.filter(user=user).first()


def activity_behind(door: str) -> Activity | None:
    """Return the activity of a check-in address with its page, None for an unknown door or a draft (1 query).

    A deed that was declared has no door: nobody checks in, and its title is not for the public.
    """
    activity = Activity.objects.arranged().filter(door=door).exclude(state=Activity.State.DRAFT)
    return activity.select_related("page", "area").first()


def look(
    activity: Activity,
    person: Representative | None,
    *,
    signed_in: bool,
    moment: datetime,
    token: str = "",
    scanned_at: datetime | None = None,
) -> Visit:
    """Say what a scan (or, without `token`, the page for typing) would come to now; nothing is written.

    The reason comes before the login: who is not signed in is told first what is wrong with the code itself.
    """
    when = scan_moment(scanned_at, moment)
    row = _row(activity, person)
    if state_reason(activity):
        return Visit(state_reason(activity), row)
    if row and signed_in:
        return _with_row(activity, row, when, token)
    if signed_in and person is None:
        return Visit("no_mandate")
    if person and granted_to(person, activity):
        return Visit("leave")
    reason = code_reason(activity, when=when, token=token) if token else ""
    reason = reason or window_reason(activity, when=when, seen=False)
    if reason or not signed_in:
        return Visit(reason or "unauthenticated")
    listed = Enrolment.objects.expected().filter(activity=activity, representative=person)
    if not listed.exists():
        return Visit(Reason.NOT_ELIGIBLE)
    return Visit("ask" if token else "type")


def _with_row(activity: Activity, row: Attendance, when: datetime, token: str) -> Visit:
    """Who has a row is told what it says; in the time of leaving, who is still there may check out (rule 6)."""
    if not stays(activity, row, when) or leaving_reason(activity, when=when, early=False):
        return Visit(_of_row(row), row)
    reason = code_reason(activity, when=when, token=token) if token else ""
    return Visit(reason or ("ask_out" if token else "type_out"), row)


def _of_row(row: Attendance) -> str:
    if row.left_at:
        return "already_out"
    return OF_ROW.get(Status(row.status), Reason.ALREADY)


def _row(activity: Activity, person: Representative | None) -> Attendance | None:
    if person is None:
        return None
    return Attendance.objects.filter(activity=activity, representative=person).first()


def outcome_screen(outcome: str, row: Attendance | None) -> str:
    """Return the name of the screen for the answer of `check_in`; `already` without a row is an approved leave."""
    if outcome == "created" and row:
        return "late" if row.status == Status.LATE else "created"
    if outcome == Reason.ALREADY and row is None:
        return "leave"
    if outcome in {Reason.ALREADY, Reason.CONFLICT} and row:
        return OF_ROW.get(Status(row.status), str(outcome))
    return str(outcome)


def leaving_screen(outcome: str, row: Attendance | None) -> str:
    """Return the name of the screen for the answer of `check_out`."""
    if outcome == "left" and row:
        return "left" if row.status in {Status.PRESENT, Status.LATE, Status.VISITOR} else "left_early"
    if outcome == Reason.ALREADY and row:
        return _of_row(row)
    return LEAVING.get(outcome, outcome)
