"""Addresses of what the public reads: the calendar. The pages themselves are Wagtail's."""

from django.urls import path

from sessions.views import calendar

urlpatterns = [
    path("calendar/sessions.ics", calendar.sessions_calendar, name="sessions_calendar"),
    path("calendar/sessions/<int:pk>.ics", calendar.session_calendar, name="session_calendar"),
]
