"""Addresses of calendars to follow and of the figures with their rows."""

from django.urls import path

from sessions.views import calendar, figures, my_calendar

urlpatterns = [
    path("calendar/", calendar.subscribe, name="calendars"),
    path("calendar/stations/<str:slug>.ics", calendar.station_calendar, name="station_calendar"),
    path("calendar/stations/<str:slug>/<int:pk>.ics", calendar.reception_calendar, name="reception_calendar"),
    path("calendar/me/<slug:token>.ics", calendar.personal_calendar, name="personal_calendar"),
    path("me/calendar/", my_calendar.my_calendar, name="me_calendar"),
    path("shuju/", figures.year_figures, name="figures"),
    path("shuju/<int:year>/", figures.year_figures, name="figures_year"),
    path("shuju/<int:year>/fenxianghui/", figures.session_rows, name="figures_sessions"),
    path("shuju/<int:year>/kejian/", figures.courseware_rows, name="figures_courseware"),
    path("roll/figures/", figures.roll_figures, name="roll_figures"),
    path("roll/figures/<int:year>/", figures.roll_figures, name="roll_figures_year"),
    path("roll/figures/<int:year>/rolls/", figures.roll_rows, name="roll_figures_rolls"),
]
