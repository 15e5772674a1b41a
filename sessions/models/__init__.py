"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import (
    Activity,
    Enrolment,
    Series,
    Tour,
)
from sessions.models.attendance import (
    Attendance,
    AttendanceEvent,
)
from sessions.models.calendars import (
    CalendarToken,
)
from sessions.models.certificates import (
    Certificate,
    CertificateYear,
)
from sessions.models.courseware import (
    CoursewareFile,
    CoursewareIndexPage,
    CoursewarePage,
    CoursewareTag,
    DownloadCount,
    FileFacts,
    FilePreview,
    FileText,
)
from sessions.models.declarations import (
    DEED_KINDS,
    MOST_FILES,
    Declaration,
    DeclarationEvent,
    DeclarationFile,
    LockedPeriod,
)
from sessions.models.desk import (
    CodeCard,
    RollConflict,
)
from sessions.models.leave import (
    LeaveEvent,
    LeaveRequest,
)
from sessions.models.lists import (
    ListSource,
)
from sessions.models.meetings import (
    Meeting,
    MeetingImport,
)
from sessions.models.notices import (
    Notice,
    ReminderRule,
)
from sessions.models.pages import (
    SessionIndexPage,
    SessionSpeaker,
    SessionTag,
    SharingSessionPage,
)
from sessions.models.paper import (
    RollImport,
    RollSheet,
    RollSheetVoid,
)
from sessions.models.temporary import (
    TemporaryEntry,
)
from sessions.models.voices import (
    Idea,
    IdeaAuthor,
    IdeaEvent,
    Question,
)

__all__ = [
    "DEED_KINDS",
    "MOST_FILES",
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "Certificate",
    "CertificateYear",
    "CodeCard",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "CoursewareTag",
    "Declaration",
    "DeclarationEvent",
    "DeclarationFile",
    "DownloadCount",
    "Enrolment",
    "FileFacts",
    "FilePreview",
    "FileText",
    "Idea",
    "IdeaAuthor",
    "IdeaEvent",
    "LeaveEvent",
    "LeaveRequest",
    "ListSource",
    "LockedPeriod",
    "Meeting",
    "MeetingImport",
    "Notice",
    "Question",
    "ReminderRule",
    "RollConflict",
    "RollImport",
    "RollSheet",
    "RollSheetVoid",
    "Series",
    "SessionIndexPage",
    "SessionSpeaker",
    "SessionTag",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
