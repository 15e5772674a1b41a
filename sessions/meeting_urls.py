"""Addresses of meetings of several days, for who keeps the rolls of their area."""

from django.urls import path

from sessions.views import meeting_lists, meetings

urlpatterns = [
    path("roll/meetings/", meetings.index, name="meetings"),
    path("roll/meetings/new/", meetings.new, name="meeting_new"),
    path("roll/meetings/missed/", meetings.missed, name="meetings_missed"),
    path("roll/meetings/<int:pk>/", meetings.show, name="meeting"),
    path("roll/meetings/<int:pk>/edit/", meetings.edit, name="meeting_edit"),
    path("roll/meetings/<int:pk>/sitting/", meetings.sitting, name="meeting_sitting"),
    path("roll/meetings/<int:pk>/workbook/", meeting_lists.workbook, name="meeting_workbook"),
    path("roll/meetings/<int:pk>/export/", meeting_lists.export, name="meeting_export"),
    path("roll/meetings/<int:pk>/import/", meeting_lists.read_in, name="meeting_import"),
    path("roll/meetings/<int:pk>/import/<uuid:pending>/", meeting_lists.preview, name="meeting_preview"),
]
