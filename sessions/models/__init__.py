"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import (
    Activity,
    Enrolment,
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
    DownloadCount,
    FileFacts,
    FilePreview,
)
from sessions.models.pages import (
    SessionIndexPage,
    SessionSpeaker,
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
from sessions.models.voices import Idea, IdeaAuthor, IdeaEvent, Question

__all__ = [
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "Certificate",
    "CertificateYear",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "DownloadCount",
    "Enrolment",
    "FileFacts",
    "FilePreview",
    "Idea",
    "IdeaAuthor",
    "IdeaEvent",
    "Question",
    "RollImport",
    "RollSheet",
    "RollSheetVoid",
    "SessionIndexPage",
    "SessionSpeaker",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
