"""The scoring app."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "履职积分"

    def ready(self) -> None:
        from scoring import receivers  # noqa: PLC0415 -- models are loaded by now

        receivers.connect()
