"""Who is in office is not changed behind a review: what floors below ask before they write."""

from datetime import date
from typing import Any

from scoring.models import AreaReview, Year
from stations.models import Mandate
from stations.operations import PersonRefused, mandate_facts_change
from stations.tree import paths_to

UNDER_REVIEW = (Year.State.REVIEWING, Year.State.PUBLICISED)
HANDED_UP = (AreaReview.State.SUBMITTED, AreaReview.State.RECHECKED)


def _refuse_under_review(
    sender: type[Mandate], mandate: Mandate, first: date, last: date, **kwargs: Any
) -> None:
    """Refuse while the area's part of a year that these days touch is handed up (rule 21).

    The parts are held, so that a submission under way is waited for. Once the year is confirmed its list is frozen, and
    what is true of a person may be written again.
    """
    under_review = Year.objects.filter(
        term=mandate.term_id, state__in=UNDER_REVIEW, starts_on__lte=last, ends_on__gte=first
    )
    years = list(under_review)  # nearly always none
    if not years:
        return
    parts = AreaReview.objects.select_for_update(of=("self",)).filter(
        area__path__in=paths_to(mandate.area), year__in=years
    )
    for part in parts.select_related("year", "area").order_by("pk"):
        if part.state in HANDED_UP:
            raise PersonRefused(
                f"{part.area.name}的 {part.year}已经上报，这些日子的任期、暂停和身份标签现在不能改；"
                "请先请代表工作委员会退回这个区域，或者在年度确认以后再登记。"
            )


def connect() -> None:
    """Connect once, at start."""
    mandate_facts_change.connect(_refuse_under_review, dispatch_uid="scoring.refuse_under_review")
