"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Let saved pages, settings, images and snippets drop the stored pages (caches only, never facts)
        and ask for the heading font.
        """
        from portal import receivers  # noqa: PLC0415 -- models are ready only now
        from portal.headings import asking  # noqa: PLC0415 -- as above

        receivers.connect()
        asking.connect()
