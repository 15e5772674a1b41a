"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import Activity, Enrolment, Tour
from sessions.models.attendance import Attendance, AttendanceEvent
from sessions.models.calendars import CalendarToken
from sessions.models.courseware import (
    CoursewareFile,
    CoursewareIndexPage,
    CoursewarePage,
    DownloadCount,
    FileFacts,
    FilePreview,
)
from sessions.models.leave import LeaveEvent, LeaveRequest
from sessions.models.pages import SessionIndexPage, SessionSpeaker, SharingSessionPage
from sessions.models.temporary import TemporaryEntry

__all__ = [
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "DownloadCount",
    "Enrolment",
    "FileFacts",
    "FilePreview",
    "LeaveEvent",
    "LeaveRequest",
    "SessionIndexPage",
    "SessionSpeaker",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
