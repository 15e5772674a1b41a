"""今年还能做什么: activities ahead that the person is listed for or may sign up to, and what each would earn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from scoring.facts import Record, facts_from
from scoring.models import Year
from scoring.rules import Fact, tally
from scoring.sheets import LiveSheet
from sessions.checkin.mine import Coming, coming_for
from sessions.models import Attendance, Enrolment

SHOWN = 4
PRESENT = str(Attendance.Status.PRESENT)


@dataclass(frozen=True, slots=True)
class Chance:
    """An activity ahead: what it would move the total by, and in which items."""

    coming: Coming
    gain: Decimal
    items: tuple[str, ...]

    @property
    def enrolled(self) -> bool:
        """Whether the person is on its list already, or waits for a seat."""
        entry = self.coming.enrolment
        return bool(entry and entry.state != Enrolment.State.WITHDRAWN)


def chances_of(year: Year, live: LiveSheet, moment: datetime, limit: int = SHOWN) -> list[Chance]:
    """Return what would still earn in an open year, the most first, then the soonest (2 queries, else none)."""
    if year.state != Year.State.OPEN:
        return []
    chances = []
    known: dict[tuple[str, ...], tuple[Decimal, tuple[str, ...]]] = {}
    for coming in coming_for(live.mandate.representative, moment):
        if not _counts(coming, year, live, moment):
            continue
        key = _key(coming)
        if key not in known:
            known[key] = _gain(live, facts_from(live.sheet.standard, [_record(live, coming)]))
        gain, items = known[key]
        if gain > 0:
            chances.append(Chance(coming, gain, items))
    chances.sort(key=lambda chance: (-chance.gain, chance.coming.activity.starts_at))
    return chances[:limit]


def _counts(coming: Coming, year: Year, live: LiveSheet, moment: datetime) -> bool:
    activity, day = coming.activity, timezone.localdate(coming.activity.starts_at)
    in_office = live.mandate.starts_on <= day <= (live.mandate.ends_on or date.max)
    return activity.starts_at > moment and year.starts_on <= day <= year.ends_on and in_office


def _role(coming: Coming) -> str:
    entry = coming.enrolment
    return str(entry.role) if entry else str(Enrolment.Role.ATTENDEE)


def _key(coming: Coming) -> tuple[str, ...]:
    activity = coming.activity
    return (activity.kind, activity.theme, _role(coming), str(activity.units))


def _record(live: LiveSheet, coming: Coming) -> Record:
    """The row of the roll that would come to be if the person is there in time."""
    activity = coming.activity
    fields = {
        "kind": activity.kind,
        "theme": activity.theme,
        "role": _role(coming),
        "status": PRESENT,
        "event": PRESENT,
    }
    day = timezone.localdate(activity.starts_at)
    return Record(live.mandate.pk, "attendance:ahead", activity.title, day, fields, n=activity.units)


def _gain(live: LiveSheet, facts: dict[int, list[Fact]]) -> tuple[Decimal, tuple[str, ...]]:
    """Return how far the total would move; all the facts of one record come at once, as they will on the sheet."""
    fresh = facts.get(live.mandate.pk, [])
    if not fresh:
        return Decimal(0), ()
    standard = live.sheet.standard
    total = tally(standard, (*_known(live), *fresh), live.tags, live.sheet.share).total
    fed = {fact.item for fact in fresh}
    return total - live.sheet.total, tuple(item.name for item in standard.items if item.code in fed)


def _known(live: LiveSheet) -> Iterable[Fact]:
    return (line.fact for line in live.sheet.lines)
