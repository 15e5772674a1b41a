"""Addresses of calendars to follow and of the figures with their rows."""

from django.urls import path

from sessions.views import calendar, my_calendar

urlpatterns = [
    path("calendar/", calendar.subscribe, name="calendars"),
    path("calendar/stations/<str:slug>.ics", calendar.station_calendar, name="station_calendar"),
    path("calendar/me/<slug:token>.ics", calendar.personal_calendar, name="personal_calendar"),
    path("me/calendar/", my_calendar.my_calendar, name="me_calendar"),
]
