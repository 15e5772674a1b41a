"""Registration only: the admin of activities and who may use it, the award of courseware, its documents."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy

from portal.content_checks import HOOK
from sessions.content_checks import check_sessions_and_courseware
from sessions.models import Activity, CoursewarePage, Series, Tour
from sessions.permissions import GrantPolicy
from sessions.views.courseware_staff import SelectCoursewareView, lead_to_the_shelf, warn_of_known_files
from sessions.viewsets import activity_chooser, sessions_group

register_permission_policy(Activity, GrantPolicy(Activity))
register_permission_policy(Series, GrantPolicy(Series))
register_permission_policy(Tour, GrantPolicy(Tour))


@hooks.register("register_admin_viewset")
def register_sessions_viewsets() -> list[Any]:
    """Give the admin its group of activities and the chooser of page forms."""
    return [sessions_group, activity_chooser]


@hooks.register("register_admin_urls")
def register_courseware_urls() -> list[Any]:
    """Give the award its address."""
    return [path("courseware/<int:pk>/select/", SelectCoursewareView.as_view(), name="select_courseware")]


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def register_award(
    page: Any, user: Any, view_name: str = "", next_url: str | None = None
) -> Iterator[Button]:
    """Offer the award beside a published courseware."""
    if page.live and page.specific_class is CoursewarePage and page.permissions_for_user(user).can_publish():
        address = reverse("select_courseware", args=[page.pk])
        yield Button("评选优秀课件", address, icon_name="pick", priority=45)


@hooks.register("after_publish_page")
def register_known_files(request: HttpRequest, page: Any) -> None:
    """Point to the courseware that had the same file first."""
    warn_of_known_files(request, page)


hooks.register("before_serve_document", lead_to_the_shelf, order=-2)
hooks.register(HOOK, check_sessions_and_courseware)
