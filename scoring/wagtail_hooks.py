"""Registration only: the admin of scoring, and who may use it."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from scoring.models import Honour, MediaReport, Outlet, Proposal, Standard
from scoring.permissions import OfficePolicy
from scoring.viewsets import scoring_group

for model in (Honour, MediaReport, Outlet, Proposal, Standard):
    register_permission_policy(model, OfficePolicy(model))


@hooks.register("register_admin_viewset")
def register_scoring_viewsets() -> Any:
    """Give the admin its group 履职积分."""
    return scoring_group
