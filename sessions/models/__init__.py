"""Activities with their rolls, and the public pages of sessions and courseware."""

from sessions.models.activities import Activity, Enrolment, Tour
from sessions.models.attendance import Attendance, AttendanceEvent
from sessions.models.calendars import CalendarToken
from sessions.models.pages import (
    CoursewareFile,
    CoursewareIndexPage,
    CoursewarePage,
    SessionIndexPage,
    SessionSpeaker,
    SharingSessionPage,
)
from sessions.models.temporary import TemporaryEntry
from sessions.models.voices import Idea, IdeaAuthor, IdeaEvent, Question

__all__ = [
    "Activity",
    "Attendance",
    "AttendanceEvent",
    "CalendarToken",
    "CoursewareFile",
    "CoursewareIndexPage",
    "CoursewarePage",
    "Enrolment",
    "Idea",
    "IdeaAuthor",
    "IdeaEvent",
    "Question",
    "SessionIndexPage",
    "SessionSpeaker",
    "SharingSessionPage",
    "TemporaryEntry",
    "Tour",
]
