"""Standards, what earns beside attendance, assessments, the year with its frozen sheets, editions of the book."""

from scoring.models.assessments import Assessment, AssessmentEvent
from scoring.models.earned import Honour, MediaReport, MediaReportSubject, Outlet, Proposal, ProposalMover
from scoring.models.imports import ProposalImport
from scoring.models.objections import Objection
from scoring.models.standards import Standard
from scoring.models.supplements import Supplement, SupplementLine
from scoring.models.years import AreaReview, Edition, FrozenSheet, Year, YearEvent, YearTotal

__all__ = [
    "AreaReview",
    "Assessment",
    "AssessmentEvent",
    "Edition",
    "FrozenSheet",
    "Honour",
    "MediaReport",
    "MediaReportSubject",
    "Objection",
    "Outlet",
    "Proposal",
    "ProposalImport",
    "ProposalMover",
    "Standard",
    "Supplement",
    "SupplementLine",
    "Year",
    "YearEvent",
    "YearTotal",
]
