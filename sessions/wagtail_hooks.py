"""Registration only: the admin of activities, and who may use it."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from sessions.models import Activity, Series, Tour
from sessions.permissions import GrantPolicy
from sessions.viewsets import activity_chooser, sessions_group

register_permission_policy(Activity, GrantPolicy(Activity))
register_permission_policy(Series, GrantPolicy(Series))
register_permission_policy(Tour, GrantPolicy(Tour))


@hooks.register("register_admin_viewset")
def register_sessions_viewsets() -> list[Any]:
    """Give the admin its group of activities and the chooser of page forms."""
    return [sessions_group, activity_chooser]
