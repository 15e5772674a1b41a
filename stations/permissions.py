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
READS_LOG = (Role.OFFICE, Role.AUDITOR)
NOTHING = Q(pk__in=[])
REMEMBERED = "_area_grants"  # on a user: what `grants_of` found


def grants_of(user: Someone) -> list[tuple[str, Area]]:
    """Return what `user` may do where as (role, root of a branch), by path (1 query; none for anonymous).

    Asked once for each user that was loaded, so once in a request, as Django asks for its own permissions: the menu of
    the admin alone asks fifteen times.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    known: list[tuple[str, Area]] | None = getattr(user, REMEMBERED, None)
    if known is None:
        rows = AreaGrant.objects.filter(user=user).select_related("area").order_by("area__path")
        known = [(row.role, row.area) for row in rows]
        setattr(user, REMEMBERED, known)
    return known


def forget_grants(user: User) -> None:
    """Let the grants of `user` be asked for anew: one was given or taken back."""
    setattr(user, REMEMBERED, None)


def granted_areas(user: Someone, roles: Iterable[str]) -> list[Area]:
    """Return the roots of the branches in which `user` holds one of `roles`, each once, by path."""
    wanted = set(roles)
    return list({area.path: area for role, area in grants_of(user) if role in wanted}.values())


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
    return not {role for role, _ in grants_of(user)}.isdisjoint(roles)


def reads_log(user: Someone) -> bool:
    """Whether `user` reads the audit log: a line belongs to no area, so only who holds a role over a whole tree."""
    return any(role in READS_LOG and area.is_root() for role, area in grants_of(user))
