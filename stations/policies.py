"""Wagtail's permission policy with the scope of areas: the right to a model and the branch the row lies in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from portal.models import User
from stations.models import Mandate, Representative
from stations.permissions import (
    NOTHING,
    Role,
    Someone,
    granted_areas,
    grants_of,
    holds,
    holds_anywhere,
    scope,
)

EDITS = (Role.EDITOR, Role.OFFICE)
OFFICE_ONLY = (Role.OFFICE,)


def unlimited(user: Someone) -> bool:
    """Whether `user` keeps the installation: a superuser gives the first grant and therefore sees every area."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def reach(user: Someone, roles: Iterable[str], prefix: str = "area") -> Q:
    """Return the condition for the rows `user` reaches in one of `roles`; everything for a superuser.

    `prefix` is the way from the row to its area; empty when the rows are areas themselves.
    """
    if unlimited(user):
        return Q()
    if prefix:
        return scope(user, roles, prefix)
    condition = NOTHING
    for area in granted_areas(user, roles):
        condition |= Q(path__startswith=area.path)
    return condition


class AreaPermissionPolicy(ModelPermissionPolicy):
    """Django's permission says whether, the person's grants say where: both must hold.

    `prefix` is the way from the row to its area; None when the model belongs to no area and any grant of `roles` will do.
    """

    def __init__(
        self, model: type[Model], *, prefix: str | None = "area", roles: tuple[str, ...] = EDITS
    ) -> None:
        super().__init__(model)
        self.prefix = prefix
        self.roles = roles

    def rows(self, user: Someone) -> QuerySet[Any]:
        """Return the rows that lie in the user's areas, each once."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        if self.prefix is None:
            return rows if unlimited(user) or holds_anywhere(user, self.roles) else rows.none()
        found: QuerySet[Any] = rows.filter(reach(user, self.roles, self.prefix))
        return rows.filter(pk__in=found.values("pk")) if "__" in self.prefix else found

    def user_has_permission(self, user: Someone, action: str) -> bool:
        permitted: bool = super().user_has_permission(user, action)
        return permitted and (unlimited(user) or holds_anywhere(user, self.roles))

    def user_has_any_permission(self, user: Someone, actions: Iterable[str]) -> bool:
        permitted = any(
            super(AreaPermissionPolicy, self).user_has_permission(user, action) for action in actions
        )
        return permitted and (unlimited(user) or holds_anywhere(user, self.roles))

    def user_has_permission_for_instance(self, user: Someone, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action) and self.rows(user).filter(pk=instance.pk).exists()

    def user_has_any_permission_for_instance(
        self, user: Someone, actions: Iterable[str], instance: Model
    ) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_permission_for(self, user: Someone, action: str) -> QuerySet[Any]:
        return self.instances_user_has_any_permission_for(user, [action])

    def instances_user_has_any_permission_for(self, user: Someone, actions: Iterable[str]) -> QuerySet[Any]:
        rows = self.rows(user)
        return rows if self.user_has_any_permission(user, actions) else rows.none()


def gives_logins(user: Someone) -> bool:
    """Whether `user` gives logins anywhere: for buttons, and for the list that is narrowed to own areas."""
    may_change = policy_registry.get_by_type(Representative).user_has_permission(user, "change")
    return bool(may_change and (unlimited(user) or holds_anywhere(user, OFFICE_ONLY)))


def office_of(user: Someone, person: Representative, day: date) -> bool:
    """Whether `user` is the office of the person's area: of a mandate that has not ended on `day`, else of the last one.

    Asked for what the office alone does for a person, such as giving a login (1 query beside the grants).
    """
    seats = list(Mandate.objects.filter(representative=person).select_related("area").order_by("-starts_on"))
    current = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= day] or seats[:1]
    return unlimited(user) or any(holds(user, OFFICE_ONLY, seat.area) for seat in current)


def keeps_account(user: Someone, account: User) -> bool:
    """Whether `user` may hand out a password of `account`, or give the account to somebody.

    Only where the account may do nothing beyond the user's own area: with a new password the user could be its owner.
    """
    if unlimited(user):
        return True
    if account.is_superuser or account.groups.exists() or account.user_permissions.exists():
        return False
    return all(holds(user, OFFICE_ONLY, area) for _, area in grants_of(account))


def resets_account(user: Someone, account: User, day: date) -> bool:
    """Whether `user` may change how `account` signs in: who keeps accounts, or the office whose representative it is.

    The account of a keeper of the whole site is changed by another keeper alone; others' by the rule of `keeps_account`.
    """
    if policy_registry.get_by_type(User).user_has_permission(user, "change"):
        return unlimited(user) or not account.is_superuser
    person = Representative.objects.filter(user=account).first()
    return bool(
        person and gives_logins(user) and office_of(user, person, day) and keeps_account(user, account)
    )
