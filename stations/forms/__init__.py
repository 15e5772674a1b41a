"""The forms of the staff's side: each knows who fills it in, offers only that person's areas, writes by one verb."""

from stations.forms.base import ScopedForm
from stations.forms.people import (
    DeputyGroupForm,
    MandateForm,
    NewMandateForm,
    NewRepresentativeForm,
    NewSuspensionForm,
    RepresentativeForm,
    SuspensionForm,
    TermForm,
)
from stations.forms.places import (
    AreaForm,
    AreaGrantForm,
    NewAreaForm,
    NewReceptionDayForm,
    NewRosterEntryForm,
    ReceptionDayForm,
    RosterEntryForm,
    StationForm,
)

__all__ = [
    "AreaForm",
    "AreaGrantForm",
    "DeputyGroupForm",
    "MandateForm",
    "NewAreaForm",
    "NewMandateForm",
    "NewReceptionDayForm",
    "NewRepresentativeForm",
    "NewRosterEntryForm",
    "NewSuspensionForm",
    "ReceptionDayForm",
    "RepresentativeForm",
    "RosterEntryForm",
    "ScopedForm",
    "StationForm",
    "SuspensionForm",
    "TermForm",
]
