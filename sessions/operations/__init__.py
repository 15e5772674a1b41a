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
from sessions.operations.attempts import (
    CheckIn,
)
from sessions.operations.belonging import (
    add_stop,
    change_series,
    create_series,
    order_stops,
)
from sessions.operations.calendars import (
    close_calendar,
    open_calendar,
    renew_calendar,
)
from sessions.operations.cards import (
    renew_card,
)
from sessions.operations.certificates import (
    CertificateRefused,
    issue_certificates,
)
from sessions.operations.checkin import (
    check_in,
)
from sessions.operations.checkout import (
    check_out,
    record_leaving,
)
from sessions.operations.closing import (
    PendingLeave,
    close_roll,
    lock_rolls,
    unlock_rolls,
)
from sessions.operations.conflicts import (
    settle_conflict,
)
from sessions.operations.copying import (
    clone_activity,
    clone_session,
    create_sessions_of,
)
from sessions.operations.courseware import (
    CoursewareRefused,
    count_download,
    keep_findings,
    select_courseware,
    shelve_courseware,
)
from sessions.operations.decisions import (
    Finding,
    Outcome,
    confirm_declaration,
    confirm_declarations,
    return_declaration,
)
from sessions.operations.declarations import (
    DeclarationRefused,
    Deed,
    attach_evidence,
    declare,
    remove_evidence,
    save_declaration,
    submit_declaration,
    withdraw_declaration,
)
from sessions.operations.idea_handling import (
    handle_idea,
    merge_ideas,
    split_idea,
)
from sessions.operations.ideas import (
    decline_ideas,
    enter_idea,
    release_ideas,
    submit_idea,
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
from sessions.operations.lists import (
    Listed,
    enrol_from,
    put_back,
    take_off_list,
)
from sessions.operations.meetings import (
    add_sitting,
    change_meeting,
    create_meeting,
)
from sessions.operations.offline import (
    DeskEntry,
    take_entries,
)
from sessions.operations.paper import (
    ImportRefused,
    RollChanged,
    apply_import,
    keep_sheet,
    lines_kept,
    log_export,
    prepare_import,
    void_sheet,
)
from sessions.operations.periods import (
    lock_period,
    unlock_period,
)
from sessions.operations.planning import (
    announce_session,
    change_activity,
    create_session,
)
from sessions.operations.questions import (
    TooMany,
    VoiceRefused,
    answer_question,
    ask_question,
    bring_forward,
    judge_questions,
    write_down_question,
)
from sessions.operations.reminding import (
    send_again,
    set_reminders,
)
from sessions.operations.roll import (
    Entry,
    RollRefused,
    confirm_claims,
    record_roll,
    record_status,
)
from sessions.operations.schedule import (
    cancel_activity,
    reschedule_activity,
)
from sessions.operations.sittings import (
    apply_meeting,
    log_meeting_export,
    prepare_meeting,
)
from sessions.operations.temporary import (
    add_temporary,
    drop_temporary,
    merge_temporary,
)
from sessions.operations.walk_ins import (
    request_walk_in,
    take_refusal,
)

__all__ = [
    "ActivityRefused",
    "CertificateRefused",
    "CheckIn",
    "CoursewareRefused",
    "DeclarationRefused",
    "Deed",
    "DeskEntry",
    "Entry",
    "Finding",
    "ImportRefused",
    "LeaveDecided",
    "LeaveRefused",
    "Listed",
    "NotYours",
    "Outcome",
    "PendingLeave",
    "ReasonNeeded",
    "RollChanged",
    "RollRefused",
    "TooMany",
    "VoiceRefused",
    "add_sitting",
    "add_stop",
    "add_temporary",
    "announce_session",
    "answer_question",
    "apply_import",
    "apply_meeting",
    "ask_question",
    "attach_evidence",
    "bring_forward",
    "cancel_activity",
    "change_activity",
    "change_meeting",
    "change_series",
    "check_in",
    "check_out",
    "clone_activity",
    "clone_session",
    "close_calendar",
    "close_roll",
    "confirm_claims",
    "confirm_declaration",
    "confirm_declarations",
    "count_download",
    "create_activity",
    "create_meeting",
    "create_series",
    "create_session",
    "create_sessions_of",
    "decide_leave",
    "decide_leaves",
    "declare",
    "decline_ideas",
    "drop_temporary",
    "enrol",
    "enrol_from",
    "enter_idea",
    "file_leave",
    "handle_idea",
    "issue_certificates",
    "judge_questions",
    "keep_findings",
    "keep_sheet",
    "lines_kept",
    "lock_period",
    "lock_rolls",
    "log_export",
    "log_meeting_export",
    "merge_ideas",
    "merge_temporary",
    "open_activity",
    "open_calendar",
    "order_stops",
    "prepare_import",
    "prepare_meeting",
    "put_back",
    "record_leaving",
    "record_roll",
    "record_status",
    "release_ideas",
    "remove_evidence",
    "renew_calendar",
    "renew_card",
    "renew_key",
    "request_walk_in",
    "reschedule_activity",
    "return_declaration",
    "save_declaration",
    "select_courseware",
    "send_again",
    "set_reminders",
    "settle_conflict",
    "shelve_courseware",
    "sign_up",
    "split_idea",
    "submit_declaration",
    "submit_idea",
    "take_entries",
    "take_off_list",
    "take_refusal",
    "unlock_period",
    "unlock_rolls",
    "void_sheet",
    "withdraw",
    "withdraw_declaration",
    "withdraw_leave",
    "write_down_question",
]
