"""The forms of the staff's side: each knows who fills it in, offers only that person's areas, writes by one verb."""

from stations.forms.base import ScopedForm
from stations.forms.mandates import MandateForm, NewMandateForm, NewSuspensionForm, SuspensionForm
from stations.forms.people import NewRepresentativeForm, RepresentativeForm
from stations.forms.places import (
    AreaForm,
    AreaGrantForm,
    NewAreaForm,
    NewRosterEntryForm,
    RosterEntryForm,
    StationForm,
)
from stations.forms.receptions import NewReceptionDayForm, ReceptionDayForm
from stations.forms.terms import DeputyGroupForm, TermForm

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
