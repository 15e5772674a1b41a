"""Addresses of the look."""

from django.urls import re_path

from portal.theme import views

urlpatterns = [
    re_path(r"^theme/(?P<digest>[0-9a-f]{16})\.css$", views.theme, name="theme"),
    re_path(
        r"^theme/(?P<name>[0-9a-f]{16}\.woff2?)$",
        views.heading_font,
        name="heading_font",
    ),
    re_path(r"^theme/(?P<name>[0-9a-f]{32}\.(?:png|jpe?g|webp))$", views.emblem, name="emblem"),
]
