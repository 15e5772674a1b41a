"""A published session page announces its activity; a seat taken or given back drops the pages that count seats."""

from typing import Any

from django.db.models.signals import post_save
from wagtail.signals import page_published

from portal.pagecache import forget_pages
from sessions.models import Enrolment, SharingSessionPage
from sessions.operations import announce_session


def _announce(sender: type[Any], instance: SharingSessionPage, **kwargs: Any) -> None:
    if not instance.live:
        return  # scheduled: Wagtail sends the signal now and again when the time has come
    revision = kwargs.get("revision")
    announce_session(page=instance, actor=revision.user if revision else None)


def _forget_seats(sender: type[Any], instance: Enrolment, **kwargs: Any) -> None:
    if instance.activity.capacity is not None:
        forget_pages()


def connect() -> None:
    """Connect once, at start."""
    post_save.connect(_forget_seats, sender=Enrolment, dispatch_uid="sharing.forget_seats")
    page_published.connect(_announce, sender=SharingSessionPage, dispatch_uid="sharing.announce_session")
