"""Every write of scoring, one verb each; the moment is always passed in."""

from scoring.operations.assessments import AssessmentClosed, AssessmentRefused, Figure, assess
from scoring.operations.corrections import (
    change_outlet,
    change_proposal,
    change_report,
    remove_proposal,
)
from scoring.operations.earned import (
    add_outlet,
    add_proposal,
    reject_report,
    report_media,
    verify_report,
)
from scoring.operations.editions import finish_edition, request_edition, start_edition, stop_edition
from scoring.operations.exports import note_export, note_list
from scoring.operations.hand_in import HandInRefused, TooManyWaiting, hand_in_honour, hand_in_report, withdraw
from scoring.operations.honours import (
    add_honour,
    change_honour,
    reject_honour,
    remove_honour,
    verify_honour,
)
from scoring.operations.locked import refuse_locked_facts
from scoring.operations.objections import (
    ObjectionRefused,
    TooManyObjections,
    answer_objection,
    file_objection,
)
from scoring.operations.profiles import draft_profile
from scoring.operations.proposal_import import (
    ImportRefused,
    RecordsChanged,
    apply_proposals,
    lines_kept,
    prepare_proposals,
)
from scoring.operations.reckoning import Reckoned, reckon_year
from scoring.operations.refused import EarnedRefused, FactsLocked
from scoring.operations.standards import (
    StandardRefused,
    adopt_standard,
    discard_standard,
    obstacles,
    store_standard,
)
from scoring.operations.supplements import (
    Adjustment,
    Change,
    SupplementChanged,
    SupplementRefused,
    record_supplement,
)
from scoring.operations.year import (
    confirm_year,
    notify_year,
    open_year,
    publicise_year,
    recheck_area,
    reopen_area,
    return_area,
    start_review,
    submit_area,
    withdraw_publicity,
)
from scoring.operations.year_settings import YearRefused, create_year, set_joiners, set_shown

__all__ = [
    "Adjustment",
    "AssessmentClosed",
    "AssessmentRefused",
    "Change",
    "EarnedRefused",
    "FactsLocked",
    "Figure",
    "HandInRefused",
    "ImportRefused",
    "ObjectionRefused",
    "Reckoned",
    "RecordsChanged",
    "StandardRefused",
    "SupplementChanged",
    "SupplementRefused",
    "TooManyObjections",
    "TooManyWaiting",
    "YearRefused",
    "add_honour",
    "add_outlet",
    "add_proposal",
    "adopt_standard",
    "answer_objection",
    "apply_proposals",
    "assess",
    "change_honour",
    "change_outlet",
    "change_proposal",
    "change_report",
    "confirm_year",
    "create_year",
    "discard_standard",
    "draft_profile",
    "file_objection",
    "finish_edition",
    "hand_in_honour",
    "hand_in_report",
    "lines_kept",
    "note_export",
    "note_list",
    "notify_year",
    "obstacles",
    "open_year",
    "prepare_proposals",
    "publicise_year",
    "recheck_area",
    "reckon_year",
    "record_supplement",
    "refuse_locked_facts",
    "reject_honour",
    "reject_report",
    "remove_honour",
    "remove_proposal",
    "reopen_area",
    "report_media",
    "request_edition",
    "return_area",
    "set_joiners",
    "set_shown",
    "start_edition",
    "start_review",
    "stop_edition",
    "store_standard",
    "submit_area",
    "verify_honour",
    "verify_report",
    "withdraw",
    "withdraw_publicity",
]
