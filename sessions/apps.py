"""The sessions app; its label is `sharing`, as `sessions` belongs to Django's login sessions."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "sharing"
    verbose_name = "分享会"

    def ready(self) -> None:
        from sessions import receivers  # noqa: PLC0415 -- models are loaded by now

        receivers.connect()
