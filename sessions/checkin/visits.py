"""What a visit to a check-in page finds: who comes, with which code, and what would happen. Reads only (THREATS 32)."""

from dataclasses import dataclass
from datetime import datetime

from portal.models import User
from sessions.checkin.rules import Reason, code_reason, scan_moment, state_reason, window_reason
from sessions.models import Activity, Attendance, Enrolment
from stations.models import Representative

Status = Attendance.Status
OF_ROW = {
    Status.LEAVE: "leave",
    Status.EXEMPT: "exempt",
    Status.ABSENT: "recorded_absent",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """The answer of a look: `reason` names the screen, `row` is the person's row, if there is one."""

    reason: str
    row: Attendance | None = None


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
        return Visit(OF_ROW.get(Status(row.status), Reason.ALREADY), row)
    if signed_in and person is None:
        return Visit("no_mandate")
    reason = code_reason(activity, when=when, token=token) if token else ""
    reason = reason or window_reason(activity, when=when, seen=False)
    if reason or not signed_in:
        return Visit(reason or "unauthenticated")
    listed = Enrolment.objects.expected().filter(activity=activity, representative=person)
    if not listed.exists():
        return Visit(Reason.NOT_ELIGIBLE)
    return Visit("ask" if token else "type")


def _row(activity: Activity, person: Representative | None) -> Attendance | None:
    if person is None:
        return None
    return Attendance.objects.filter(activity=activity, representative=person).first()


def outcome_screen(outcome: str, row: Attendance | None) -> str:
    """Return the name of the screen for the answer of `check_in`."""
    if outcome == "created" and row:
        return "late" if row.status == Status.LATE else "created"
    if outcome in {Reason.ALREADY, Reason.CONFLICT} and row:
        return OF_ROW.get(Status(row.status), str(outcome))
    return str(outcome)
