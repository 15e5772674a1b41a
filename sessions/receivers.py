"""A published session page announces its activity; a seat taken or given back drops the pages that count seats.

Published courseware is put on its shelf, and again when one of its files is replaced or moved in the admin. A mandate
neither gets nor loses days whose year was handed up, and keeps those on which the person took part in something.
"""

from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.signals import page_published

from portal.pagecache import forget_pages
from sessions.courseware.tasks import examine_document
from sessions.models import (
    Activity,
    Attendance,
    CoursewarePage,
    Enrolment,
    FilePreview,
    LockedPeriod,
    SharingSessionPage,
)
from sessions.operations import announce_session, shelve_courseware
from stations.models import Mandate
from stations.operations import PersonRefused, hold_branch, mandate_days_change
from stations.tree import paths_to


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


def _refuse_days(
    sender: type[Mandate], mandate: Mandate, first: date, last: date, joins: bool, **kwargs: Any
) -> None:
    area = mandate.area
    hold_branch(area)
    locks = LockedPeriod.objects.filter(
        area__path__in=paths_to(area), starts_on__lte=last, ends_on__gte=first
    )
    lock = locks.order_by("ends_on").last()
    if lock:
        raise PersonRefused(
            f"{area}的 {lock.starts_on.year} 年度已经上报，{lock.ends_on:%Y-%m-%d} 和以前的任期不能再改；"
            "确需更正请向代表工作委员会提出补充决定。"
        )
    if joins:
        return
    came = Attendance.objects.filter(
        Q(confirmed_at__isnull=False) | Q(activity__state=Activity.State.CLOSED),
        mandate=mandate,
        status__in=Attendance.CAME,
    ).select_related("activity")
    held = came.filter(activity__starts_at__date__gte=first, activity__starts_at__date__lte=last)
    if row := held.order_by("activity__starts_at").first():
        day = timezone.localdate(row.activity.starts_at)
        raise PersonRefused(
            f"{mandate}在 {day:%Y-%m-%d} 还以代表身份参加了“{row.activity}”（{row.get_status_display()}），"
            "这一天应在任期之内。请核对日期；签到有误的，请先更正那次签到。"
        )


def connect() -> None:
    """Connect once, at start."""
    post_save.connect(_forget_seats, sender=Enrolment, dispatch_uid="sharing.forget_seats")
    page_published.connect(_announce, sender=SharingSessionPage, dispatch_uid="sharing.announce_session")
    page_published.connect(_shelve, sender=CoursewarePage, dispatch_uid="sharing.shelve_courseware")
    post_save.connect(_shelve_again, sender=get_document_model(), dispatch_uid="sharing.shelve_again")
    mandate_days_change.connect(_refuse_days, dispatch_uid="sharing.refuse_days")
    post_delete.connect(_drop_picture, sender=FilePreview, dispatch_uid="sharing.drop_picture")
