"""The sessions app; its label is `sharing`, as `sessions` belongs to Django's login sessions."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "sharing"
    verbose_name = "分享会"
