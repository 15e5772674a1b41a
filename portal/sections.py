"""The sections every installation has below its home page; each floor lends its own (`<app>.sections.SECTIONS`)."""

from importlib import import_module
from typing import Any, NamedTuple

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from portal.models import NoticeIndexPage
from portal.templatetags.portal_tags import NAV


class Section(NamedTuple):
    """A page that stands once, at an address that the navigation knows (`NAV`)."""

    page: type[Any]
    title: str
    slug: str
    summary: str = ""
    below: tuple[Any, ...] = ()  # sections of its own


NOTICES = Section(NoticeIndexPage, "通知公告", "tongzhi")
SECTIONS = (NOTICES,)


def sections() -> list[Section]:
    """Return the sections of all floors in the order of the navigation, which must name each."""
    found = list(SECTIONS)
    for config in apps.get_app_configs():
        if config.name != "portal" and module_has_submodule(config.module, "sections"):
            found += import_module(f"{config.name}.sections").SECTIONS
    order = [address for _, address in NAV]
    return sorted(found, key=lambda section: order.index(f"/{section.slug}/"))
