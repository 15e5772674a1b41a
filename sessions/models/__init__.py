"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import Activity, Enrolment, Series, Tour
from sessions.models.attendance import Attendance, AttendanceEvent
from sessions.models.calendars import CalendarToken
from sessions.models.lists import ListSource
from sessions.models.notices import Notice, ReminderRule
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
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "Enrolment",
    "ListSource",
    "Notice",
    "ReminderRule",
    "Series",
    "SessionIndexPage",
    "SessionSpeaker",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
