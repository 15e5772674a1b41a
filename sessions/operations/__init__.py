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
from sessions.operations.calendars import (
    close_calendar,
    open_calendar,
    renew_calendar,
)
from sessions.operations.certificates import (
    CertificateRefused,
    issue_certificates,
)
from sessions.operations.checkin import (
    CheckIn,
    check_in,
)
from sessions.operations.closing import (
    close_roll,
    lock_rolls,
    unlock_rolls,
)
from sessions.operations.courseware import (
    CoursewareRefused,
    count_download,
    keep_findings,
    select_courseware,
    shelve_courseware,
)
from sessions.operations.idea_handling import handle_idea, merge_ideas, split_idea
from sessions.operations.ideas import decline_ideas, enter_idea, release_ideas, submit_idea
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
from sessions.operations.roll import (
    Entry,
    RollRefused,
    confirm_claims,
    record_roll,
    record_status,
)
from sessions.operations.schedule import (
    reschedule_activity,
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
    "Entry",
    "ImportRefused",
    "RollChanged",
    "RollRefused",
    "TooMany",
    "VoiceRefused",
    "add_temporary",
    "announce_session",
    "answer_question",
    "apply_import",
    "ask_question",
    "bring_forward",
    "cancel_activity",
    "change_activity",
    "check_in",
    "close_calendar",
    "close_roll",
    "confirm_claims",
    "count_download",
    "create_activity",
    "create_session",
    "decline_ideas",
    "drop_temporary",
    "enrol",
    "enter_idea",
    "handle_idea",
    "issue_certificates",
    "judge_questions",
    "keep_findings",
    "keep_sheet",
    "lines_kept",
    "lock_rolls",
    "log_export",
    "merge_ideas",
    "merge_temporary",
    "open_activity",
    "open_calendar",
    "prepare_import",
    "record_roll",
    "record_status",
    "release_ideas",
    "renew_calendar",
    "renew_key",
    "request_walk_in",
    "reschedule_activity",
    "select_courseware",
    "shelve_courseware",
    "sign_up",
    "split_idea",
    "submit_idea",
    "take_refusal",
    "unlock_rolls",
    "void_sheet",
    "withdraw",
    "write_down_question",
]
