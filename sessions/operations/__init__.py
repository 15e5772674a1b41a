"""Every write of activities and rolls, one verb each; the moment is always passed in."""

from sessions.operations.activities import (
    ActivityRefused,
    cancel_activity,
    create_activity,
    enrol,
    open_activity,
    renew_key,
    sign_up,
    withdraw,
)
from sessions.operations.attempts import CheckIn
from sessions.operations.calendars import close_calendar, open_calendar, renew_calendar
from sessions.operations.checkin import check_in
from sessions.operations.checkout import check_out, record_leaving
from sessions.operations.closing import PendingLeave, close_roll, lock_rolls, unlock_rolls
from sessions.operations.courseware import (
    CoursewareRefused,
    count_download,
    keep_findings,
    select_courseware,
    shelve_courseware,
)
from sessions.operations.leave import (
    LeaveDecided,
    LeaveRefused,
    NotYours,
    ReasonNeeded,
    decide_leave,
    decide_leaves,
    file_leave,
    withdraw_leave,
)
from sessions.operations.planning import announce_session, change_activity, create_session
from sessions.operations.roll import (
    Entry,
    RollRefused,
    confirm_claims,
    record_roll,
    record_status,
)
from sessions.operations.schedule import reschedule_activity
from sessions.operations.temporary import add_temporary, drop_temporary, merge_temporary
from sessions.operations.walk_ins import request_walk_in, take_refusal

__all__ = [
    "ActivityRefused",
    "CheckIn",
    "CoursewareRefused",
    "Entry",
    "LeaveDecided",
    "LeaveRefused",
    "NotYours",
    "PendingLeave",
    "ReasonNeeded",
    "RollRefused",
    "add_temporary",
    "announce_session",
    "cancel_activity",
    "change_activity",
    "check_in",
    "check_out",
    "close_calendar",
    "close_roll",
    "confirm_claims",
    "count_download",
    "create_activity",
    "create_session",
    "decide_leave",
    "decide_leaves",
    "drop_temporary",
    "enrol",
    "file_leave",
    "keep_findings",
    "lock_rolls",
    "merge_temporary",
    "open_activity",
    "open_calendar",
    "record_leaving",
    "record_roll",
    "record_status",
    "renew_calendar",
    "renew_key",
    "request_walk_in",
    "reschedule_activity",
    "select_courseware",
    "shelve_courseware",
    "sign_up",
    "take_refusal",
    "unlock_rolls",
    "withdraw",
    "withdraw_leave",
]
