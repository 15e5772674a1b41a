"""Who may see and do what, where: every query of people, rolls and scores passes through here."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from portal.models import User
from stations.models import Area, AreaGrant

Role = AreaGrant.Role
Someone = User | AnonymousUser
READS_ROLLS = (Role.RECORDER, Role.OFFICE)
READS_SCORES = (Role.REVIEWER, Role.OFFICE, Role.AUDITOR)
NOTHING = Q(pk__in=[])


def granted_areas(user: Someone, roles: Iterable[str]) -> list[Area]:
    """Return the roots of the branches in which `user` holds one of `roles` (1 query; none for anonymous)."""
    if not isinstance(user, User) or not user.is_active:
        return []
    return list(
        Area.objects.filter(grants__user=user, grants__role__in=list(roles)).distinct().order_by("path")
    )


def within(areas: Iterable[Area], prefix: str = "area") -> Q:
    """Return the condition that a row's area lies in one of the branches; no branch, no rows."""
    condition = NOTHING
    for area in areas:
        condition |= Q(**{f"{prefix}__path__startswith": area.path})
    return condition


def scope(user: Someone, roles: Iterable[str], prefix: str = "area") -> Q:
    """Return the condition that limits a query to what `user` may see in one of `roles`.

    `prefix` is the way from the row to its area, e.g. "activity__area". A direct address outside the scope
    finds no row and answers 404 (THREATS 12).
    """
    return within(granted_areas(user, roles), prefix)


def holds(user: Someone, roles: Iterable[str], area: Area) -> bool:
    """Whether `user` holds one of `roles` in the branch that `area` lies in."""
    return any(area.path.startswith(root.path) for root in granted_areas(user, roles))


def holds_anywhere(user: Someone, roles: Iterable[str]) -> bool:
    """Whether `user` holds one of `roles` in any branch: for menus, never for rows."""
    return isinstance(user, User) and AreaGrant.objects.filter(user=user, role__in=list(roles)).exists()
