"""A published session page announces its activity; a seat taken or given back drops the pages that count seats.

Published courseware is put on its shelf, and again when one of its files is replaced or moved in the admin. A mandate is
not reopened over days whose year was handed up.
"""

from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.documents import get_document_model
from wagtail.signals import page_published

from portal.pagecache import forget_pages
from sessions.courseware.tasks import examine_document
from sessions.models import CoursewarePage, Enrolment, FilePreview, LockedPeriod, SharingSessionPage
from sessions.operations import announce_session, shelve_courseware
from sessions.operations.periods import hold_branch
from sessions.querysets import paths_to
from stations.models import Mandate
from stations.operations import PersonRefused, mandate_reopens


def _announce(sender: type[Any], instance: SharingSessionPage, **kwargs: Any) -> None:
    if not instance.live:
        return  # scheduled: Wagtail sends the signal now and again when the time has come
    revision = kwargs.get("revision")
    announce_session(page=instance, actor=revision.user if revision else None)


def _forget_seats(sender: type[Any], instance: Enrolment, **kwargs: Any) -> None:
    if instance.activity.capacity is not None:
        forget_pages()


def _shelve(sender: type[Any], instance: CoursewarePage, **kwargs: Any) -> None:
    if instance.live:
        revision = kwargs.get("revision")
        _shelve_page(instance, revision.user if revision else None)


def _shelve_again(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if kwargs["created"] or kwargs["raw"] or kwargs["update_fields"]:
        return  # the shelving itself moves documents by update_fields
    for page in CoursewarePage.objects.live().filter(files__document=instance).distinct():
        _shelve_page(page, None)


def _shelve_page(page: CoursewarePage, actor: Any) -> None:
    for key in shelve_courseware(page=page, actor=actor):
        transaction.on_commit(partial(examine_document.enqueue, key), robust=True)


def _drop_picture(sender: type[Any], instance: FilePreview, **kwargs: Any) -> None:
    if instance.image.name:
        transaction.on_commit(partial(instance.image.storage.delete, instance.image.name), robust=True)


def _refuse_reopening(sender: type[Mandate], mandate: Mandate, first: date, **kwargs: Any) -> None:
    area = mandate.area
    hold_branch(area)
    locks = LockedPeriod.objects.filter(area__path__in=paths_to(area), ends_on__gte=first)
    lock = locks.order_by("starts_on").first()
    if lock:
        raise PersonRefused(
            f"{area}的 {lock.starts_on.year} 年度已经上报，离任日不能收回；"
            "确需更正请向代表工作委员会提出补充决定。"
        )


def connect() -> None:
    """Connect once, at start."""
    post_save.connect(_forget_seats, sender=Enrolment, dispatch_uid="sharing.forget_seats")
    page_published.connect(_announce, sender=SharingSessionPage, dispatch_uid="sharing.announce_session")
    page_published.connect(_shelve, sender=CoursewarePage, dispatch_uid="sharing.shelve_courseware")
    post_save.connect(_shelve_again, sender=get_document_model(), dispatch_uid="sharing.shelve_again")
    mandate_reopens.connect(_refuse_reopening, dispatch_uid="sharing.refuse_reopening")
    post_delete.connect(_drop_picture, sender=FilePreview, dispatch_uid="sharing.drop_picture")
