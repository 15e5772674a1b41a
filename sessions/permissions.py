"""Who may plan activities and see their list, by area grants; no grant, no rows."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from portal.models import User
from sessions.models import Activity, CoursewarePage
from stations.models import AreaGrant
from stations.permissions import READS_ROLLS, holds, holds_anywhere, scope

Role = AreaGrant.Role
PLANS = (*READS_ROLLS, Role.EDITOR)
SEES = (*PLANS, Role.REVIEWER, Role.AUDITOR)


def planned_by(user: Any) -> QuerySet[Activity]:
    """Activities `user` may plan: change, publish, call off, list people for; a declared deed is past planning."""
    return Activity.objects.arranged().filter(scope(user, PLANS))


def listed_for(user: Any) -> QuerySet[Activity]:
    """Activities in the staff list of `user`: what seen_by_staff() shows, and to editors what they plan."""
    return Activity.objects.arranged().filter(scope(user, SEES))


def announces(user: Any, activity: Activity) -> bool:
    """Whether `user` may publish a draft: where it has a page, who may publish that (三审三校)."""
    return not hasattr(activity, "page") or bool(activity.page.permissions_for_user(user).can_publish())


def alters(user: Any, activity: Activity) -> bool:
    """Whether `user` may move, change or call off an activity: once it is announced, what its page says changes too.

    Then who may publish that page, or who answers for the event: recorder and office. Drafts are every planner's.
    """
    if activity.state != Activity.State.OPEN or holds(user, READS_ROLLS, activity.area):
        return True
    return announces(user, activity)


def awards(user: Any) -> QuerySet[CoursewarePage]:
    """Courseware `user` may award: who may publish a page may also select it."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "publish")
    found: QuerySet[CoursewarePage] = CoursewarePage.objects.filter(pk__in=pages.values("pk"))
    return found


class GrantPolicy(BasePermissionPolicy):
    """Wagtail's question "may this user" answered by area grants; nothing is ever deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether `user` may do `action` in at least one area; rows are narrowed by the scope."""
        return action in {"add", "change", "view"} and holds_anywhere(user, _roles(action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Return whether `user` may do one of `actions` in at least one area."""
        roles = [role for action in actions if action != "delete" for role in _roles(action)]
        return holds_anywhere(user, roles)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Return whether `user` may do `action` with this row."""
        if not isinstance(instance, Activity):
            return self.user_has_permission(user, action)
        rows = listed_for(user) if action == "view" else planned_by(user)
        return action != "delete" and rows.filter(pk=instance.pk).exists()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Return the users who may do one of `actions` in some area."""
        roles = [role for action in actions if action != "delete" for role in _roles(action)]
        return User.objects.filter(area_grants__role__in=roles).distinct()


def _roles(action: str) -> tuple[str, ...]:
    return SEES if action == "view" else PLANS
