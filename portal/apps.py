"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Let saved pages, settings, images and snippets drop the stored pages (caches only, never facts)."""
        from portal import receivers  # noqa: PLC0415 -- models are ready only now

        receivers.connect()
        from portal.pictures import receivers as pictures  # noqa: PLC0415

        pictures.connect()
