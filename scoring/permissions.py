"""Who keeps what earns: the office, each row in its branches of areas; standards and outlets belong to no area."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from portal.models import User
from scoring.models import Honour, MediaReport, Proposal
from stations.models import Mandate
from stations.permissions import Role, holds_anywhere, scope

KEEPS = (Role.OFFICE,)
AREA_OF: dict[type[Model], str] = {
    MediaReport: "subjects__mandate__area",
    Proposal: "movers__mandate__area",
    Honour: "mandate__area",
}


def kept_by(user: Any, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` keeps: those about somebody of their branches, each once."""
    rows: QuerySet[Any] = model._default_manager.all()
    if model not in AREA_OF:
        return rows if holds_anywhere(user, KEEPS) else rows.none()
    about = model._default_manager.filter(scope(user, KEEPS, AREA_OF[model]))
    return rows.filter(pk__in=about.order_by().values("pk"))


def mandates_kept_by(user: Any) -> QuerySet[Mandate]:
    """Return the mandates that `user` may name in a record."""
    return Mandate.objects.filter(scope(user, KEEPS))


class OfficePolicy(BasePermissionPolicy):
    """Wagtail's question "may this user" answered by area grants."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether `user` holds the office anywhere; rows are narrowed by kept_by()."""
        return holds_anywhere(user, KEEPS)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Return the same for whichever action."""
        return holds_anywhere(user, KEEPS)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Return whether `user` keeps this row."""
        return kept_by(user, type(instance)).filter(pk=instance.pk).exists()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Return the office's users."""
        return User.objects.filter(area_grants__role__in=KEEPS).distinct()
