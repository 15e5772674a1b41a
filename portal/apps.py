"""The portal app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Let what is saved drop the stored pages (caches only, never facts) and ask for pictures and the heading
        font; learn what may be followed.
        """
        from portal import receivers  # noqa: PLC0415 -- models are ready only now
        from portal.headings import asking  # noqa: PLC0415 -- as above

        receivers.connect()
        autodiscover_modules("followed")  # what readers may follow of the floors above
        from portal.pictures import receivers as pictures  # noqa: PLC0415

        pictures.connect()
        asking.connect()
