"""Registration only: the permission policies, the admin of people, places and accounts, its choosers."""

from django.utils import timezone
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from stations.models import (
    Area,
    AreaGrant,
    DeputyGroup,
    Mandate,
    ReceptionDay,
    Representative,
    RosterEntry,
    Station,
    Suspension,
    Term,
)
from stations.policies import OFFICE_ONLY, AreaPermissionPolicy

# Before anything asks for a policy: Wagtail would make a plain one without areas.
for model, policy in (
    (Representative, AreaPermissionPolicy(Representative, prefix="mandates__area")),
    (Mandate, AreaPermissionPolicy(Mandate, roles=OFFICE_ONLY)),
    (Suspension, AreaPermissionPolicy(Suspension, prefix="mandate__area", roles=OFFICE_ONLY)),
    (DeputyGroup, AreaPermissionPolicy(DeputyGroup)),
    (Station, AreaPermissionPolicy(Station)),
    (RosterEntry, AreaPermissionPolicy(RosterEntry, prefix="station__area")),
    (ReceptionDay, AreaPermissionPolicy(ReceptionDay, prefix="station__area")),
    (Term, AreaPermissionPolicy(Term, prefix=None, roles=OFFICE_ONLY)),
    (Area, AreaPermissionPolicy(Area, prefix="", roles=OFFICE_ONLY)),
    (AreaGrant, AreaPermissionPolicy(AreaGrant, roles=OFFICE_ONLY)),
):
    register_permission_policy(model, policy)

from portal.content_checks import HOOK  # noqa: E402
from stations.choosers import representative_chooser, station_chooser  # noqa: E402
from stations.content_checks import check_people_and_places  # noqa: E402
from stations.viewsets import PeopleAndPlaces  # noqa: E402
from stations.viewsets_accounts import AssignGroup, DeleteAccounts, SetActive  # noqa: E402

hooks.register(HOOK, check_people_and_places)
for action in (AssignGroup, DeleteAccounts, SetActive):
    hooks.register("register_bulk_action", action, order=1)  # after Wagtail's own, which they replace


@hooks.register("register_admin_viewset")
def register_people_and_places() -> PeopleAndPlaces:
    """Put 人员与站点 into the menu."""
    return PeopleAndPlaces()


@hooks.register("register_admin_viewset")
def register_choosers() -> list[object]:
    """Let page forms choose representatives and stations."""
    return [representative_chooser, station_chooser]


@hooks.register("register_heading_texts")
def register_names() -> list[str]:
    """Names of people and places are set in the heading font."""
    people = Representative.objects.serving(timezone.localdate()).values_list("name", flat=True)
    return [*people, *Station.objects.values_list("name", flat=True)]
