"""Addresses of a session's life: the online part, tours with their stops. Read before the check-in addresses."""

from django.urls import path

from sessions.views import online, tours

urlpatterns = [
    path("c/<slug:door>/online/", online.show, name="check_in_online"),
    path("xunjiang/", tours.index, name="tours"),
    path("xunjiang/<int:pk>/", tours.show, name="tour_route"),
]
