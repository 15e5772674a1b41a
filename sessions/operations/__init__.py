"""Every write of activities and rolls, one verb each; the moment is always passed in."""

from sessions.operations.activities import (
    ActivityRefused,
    create_activity,
    enrol,
    open_activity,
    renew_key,
    sign_up,
    withdraw,
)
from sessions.operations.belonging import add_stop, change_series, create_series, order_stops
from sessions.operations.calendars import close_calendar, open_calendar, renew_calendar
from sessions.operations.checkin import CheckIn, check_in
from sessions.operations.closing import close_roll, lock_rolls, unlock_rolls
from sessions.operations.copying import clone_activity, clone_session, create_sessions_of
from sessions.operations.lists import Listed, enrol_from, take_off_list
from sessions.operations.planning import announce_session, change_activity, create_session
from sessions.operations.reminding import send_again, set_reminders
from sessions.operations.roll import (
    Entry,
    RollRefused,
    confirm_claims,
    record_roll,
    record_status,
)
from sessions.operations.schedule import cancel_activity, reschedule_activity
from sessions.operations.temporary import add_temporary, drop_temporary, merge_temporary
from sessions.operations.walk_ins import request_walk_in, take_refusal

__all__ = [
    "ActivityRefused",
    "CheckIn",
    "Entry",
    "Listed",
    "RollRefused",
    "add_stop",
    "add_temporary",
    "announce_session",
    "cancel_activity",
    "change_activity",
    "change_series",
    "check_in",
    "clone_activity",
    "clone_session",
    "close_calendar",
    "close_roll",
    "confirm_claims",
    "create_activity",
    "create_series",
    "create_session",
    "create_sessions_of",
    "drop_temporary",
    "enrol",
    "enrol_from",
    "lock_rolls",
    "merge_temporary",
    "open_activity",
    "open_calendar",
    "order_stops",
    "record_roll",
    "record_status",
    "renew_calendar",
    "renew_key",
    "request_walk_in",
    "reschedule_activity",
    "send_again",
    "set_reminders",
    "sign_up",
    "take_off_list",
    "take_refusal",
    "unlock_rolls",
    "withdraw",
]
