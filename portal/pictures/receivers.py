"""A published page, a changed image and a changed logo ask for their pictures: on commit, made by the worker.

What an editor publishes in the admin has its WebP at once, so that readers never see the stand-in.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest
from wagtail.images import get_image_model
from wagtail.signals import page_published

from portal.models import CongressSettings
from portal.pictures.making import make_for_pages
from portal.pictures.tasks import (
    FAST,
    LATER,
    SLOW,
    make_missing_pictures,
    make_pictures_of_image,
    make_pictures_of_page,
)
from portal.pictures.wanted import pictures_of

SHOWN = frozenset({"file", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"})


def _ask(task: Any, key: int) -> None:
    task.enqueue(key, FAST)
    task.using(priority=LATER).enqueue(key, SLOW)


def _published(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if instance.live and any(pictures_of(instance)):
        transaction.on_commit(partial(_ask, make_pictures_of_page, instance.pk), robust=True)


def _changed(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if kwargs["created"] or kwargs["raw"] or not SHOWN & set(kwargs["update_fields"] or SHOWN):
        return
    transaction.on_commit(partial(_ask, make_pictures_of_image, instance.pk), robust=True)


def _identified(sender: type[Any], instance: CongressSettings, **kwargs: Any) -> None:
    if instance.logo_id and not kwargs["raw"]:
        transaction.on_commit(make_missing_pictures.enqueue, robust=True)


def make_at_once(request: HttpRequest, page: Any) -> None:
    """Make WebP of what a page shows before the editor who published it is answered (hook after_publish_page)."""
    make_for_pages(pages=[page], kinds=("webp",))


def connect() -> None:
    """Connect once, at start."""
    page_published.connect(_published, dispatch_uid="portal.pictures_of_page")
    post_save.connect(_changed, sender=get_image_model(), dispatch_uid="portal.pictures_of_image")
    post_save.connect(_identified, sender=CongressSettings, dispatch_uid="portal.pictures_of_settings")
