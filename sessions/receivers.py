"""A published session page announces its activity; this covers scheduled publishing and workflows too."""

from typing import Any

from wagtail.signals import page_published

from sessions.models import SharingSessionPage
from sessions.operations import announce_session


def _announce(sender: type[Any], instance: SharingSessionPage, **kwargs: Any) -> None:
    revision = kwargs.get("revision")
    announce_session(page=instance, actor=revision.user if revision else None)


def connect() -> None:
    """Connect once, at start."""
    page_published.connect(_announce, sender=SharingSessionPage, dispatch_uid="sharing.announce_session")
