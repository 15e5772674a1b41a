"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import Activity, Enrolment, Tour
from sessions.models.attendance import Attendance, AttendanceEvent
from sessions.models.calendars import CalendarToken
from sessions.models.declarations import (
    DEED_KINDS,
    MOST_FILES,
    Declaration,
    DeclarationEvent,
    DeclarationFile,
    LockedPeriod,
)
from sessions.models.pages import (
    CoursewareFile,
    CoursewareIndexPage,
    CoursewarePage,
    SessionIndexPage,
    SessionSpeaker,
    SharingSessionPage,
)
from sessions.models.temporary import TemporaryEntry

__all__ = [
    "DEED_KINDS",
    "MOST_FILES",
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "Declaration",
    "DeclarationEvent",
    "DeclarationFile",
    "Enrolment",
    "LockedPeriod",
    "SessionIndexPage",
    "SessionSpeaker",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
