"""审核进度: which steps of the year are behind, where it stands, what comes, for the area of one mandate."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Q, Value
from django.utils import timezone

from scoring.models import AreaReview, Year, YearEvent
from scoring.year.levels import Levels
from stations.models import Mandate

State, Review = Year.State, AreaReview.State
ORDER = tuple(State.values)


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the timeline: `phase` is done, cur or fut; `day` when it was taken, if it was."""

    label: str
    phase: str
    day: date | None = None
    note: str = ""


def stages_of(year: Year, mandate: Mandate, levels: Levels) -> list[Stage]:
    """Return the stages of the year in their order, with the part of the mandate's area (2 queries)."""
    review = _review_of(year, mandate)
    events = YearEvent.objects.filter(year=year).filter(
        Q(area__isnull=True) | Q(area=review.area_id if review else None)
    )
    # The last event of a name wins: a part that was returned and submitted again shows the second day.
    days = {
        action: timezone.localdate(at)
        for action, at in events.order_by("happened_at", "pk").values_list("action", "happened_at")
    }
    reached = ORDER.index(year.state)
    rows = [
        ("履职记录与自评", reached > ORDER.index(State.OPEN), days.get("review"), ""),
        (f"{levels.reviewers}审核", _submitted(year, review), days.get("submit"), _return_note(review)),
        (f"{levels.above}代表工委复核", _rechecked(year, review), days.get("recheck"), ""),
        ("公示", reached > ORDER.index(State.PUBLICISED), days.get("publicise"), _until(year)),
        ("主任会议确认", reached >= ORDER.index(State.CONFIRMED), year.decided_on, _decision(year)),
        ("向全体代表通报", reached >= ORDER.index(State.NOTIFIED), days.get("notify"), ""),
    ]
    current = next((place for place, row in enumerate(rows) if not row[1]), len(rows))
    return [
        Stage(label, _phase(place, current), _shown_day(place, current, day), note)
        for place, (label, _done, day, note) in enumerate(rows)
    ]


def _review_of(year: Year, mandate: Mandate) -> AreaReview | None:
    own = Value(mandate.area.path, output_field=CharField())
    above = AreaReview.objects.filter(year=year).alias(own=own).filter(own__startswith=F("area__path"))
    return above.select_related("area").order_by("-area__path").first()


def _phase(place: int, current: int) -> str:
    return "done" if place < current else "cur" if place == current else "fut"


def _shown_day(place: int, current: int, day: date | None) -> date | None:
    return day if place < current else None


def _past_review(year: Year) -> bool:
    return ORDER.index(year.state) > ORDER.index(State.REVIEWING)


def _submitted(year: Year, review: AreaReview | None) -> bool:
    return _past_review(year) or bool(review and review.state in {Review.SUBMITTED, Review.RECHECKED})


def _rechecked(year: Year, review: AreaReview | None) -> bool:
    return _past_review(year) or bool(review and review.state == Review.RECHECKED)


def _return_note(review: AreaReview | None) -> str:
    return f"已退回：{review.note}" if review and review.state == Review.RETURNED else ""


def _until(year: Year) -> str:
    if year.state != State.PUBLICISED or year.publicised_until is None:
        return ""
    return f"到 {year.publicised_until.month} 月 {year.publicised_until.day} 日为止"


def _decision(year: Year) -> str:
    return " ".join(filter(None, (year.decision_meeting, year.decision_number)))
