"""Areas, terms, people with their mandates and groups, stations with rosters, and their public pages."""

from stations.models.imports import RegisterImport
from stations.models.pages import (
    DirectoryPage,
    IndustryPointPage,
    ProfileIndexPage,
    ProfilePage,
    ProfileTag,
    StationIndexPage,
    StationPage,
)
from stations.models.people import (
    DeputyGroup,
    GroupMembership,
    Mandate,
    MandateTag,
    Representative,
    Suspension,
    Term,
)
from stations.models.places import Area, AreaGrant, ReceptionDay, ReceptionDuty, RosterEntry, Station

__all__ = [
    "Area",
    "AreaGrant",
    "DeputyGroup",
    "DirectoryPage",
    "GroupMembership",
    "IndustryPointPage",
    "Mandate",
    "MandateTag",
    "ProfileIndexPage",
    "ProfilePage",
    "ProfileTag",
    "ReceptionDay",
    "ReceptionDuty",
    "RegisterImport",
    "Representative",
    "RosterEntry",
    "Station",
    "StationIndexPage",
    "StationPage",
    "Suspension",
    "Term",
]
