"""Saved content drops the stored pages: the only thing a signal may do in this house (door 4)."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal.covers.keeping import forget
from portal.pagecache import forget_all, forget_pages

# Written on every click of a signed-in person and shown to nobody else: they drop nothing.
QUIET_APPS = frozenset(
    {"sessions", "admin", "axes", "django_tasks_database", "wagtailsearch", "contenttypes", "mfa", "account"}
)
QUIET_MODELS = frozenset(
    {
        "portal.user",
        "wagtailimages.rendition",
        "wagtailcore.revision",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
    }
)
# What stands around every page (portal.frame) is made of these; a page of none of them changes nothing there.
FRAME = frozenset(
    {
        "portal.articlepage",
        "portal.congresssettings",
        "portal.headingfont",
        "portal.homepage",
        "portal.sitetheme",
        "wagtailcore.locale",
        "wagtailcore.page",
        "wagtailcore.pageviewrestriction",
        "wagtailcore.site",
        "wagtailimages.image",
    }
)


def _forget(sender: type[Model], **kwargs: Any) -> None:
    (forget_all if sender._meta.label_lower in FRAME else forget_pages)()


def _saved(sender: type[Model], **kwargs: Any) -> None:
    label = sender._meta.label_lower
    if sender._meta.app_label in QUIET_APPS or label in QUIET_MODELS or getattr(sender, "quiet", False):
        return
    _forget(sender)


def _forget_cover(instance: Any, **kwargs: Any) -> None:
    transaction.on_commit(lambda: forget(instance.pk), robust=True)


def connect() -> None:
    """Connect once, at start."""
    for signal in (page_published, page_unpublished, post_page_move, page_slug_changed):
        signal.connect(_forget, dispatch_uid="portal.forget_pages")
    page_unpublished.connect(_forget_cover, dispatch_uid="portal.forget_cover")
    for signal in (post_save, post_delete):
        signal.connect(_saved, dispatch_uid="portal.forget_pages_saved")
