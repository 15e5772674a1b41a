"""Addresses of unknown people on a roll."""

from django.urls import path

from sessions.views import temporary

urlpatterns = [
    path("roll/<int:pk>/temporary/", temporary.add, name="temporary_add"),
    path("roll/<int:pk>/temporary/<int:entry>/", temporary.merge, name="temporary_merge"),
    path("roll/<int:pk>/temporary/<int:entry>/drop/", temporary.drop, name="temporary_drop"),
]
