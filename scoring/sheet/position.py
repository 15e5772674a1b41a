"""组内、全体位置: where a person stands by the totals that were reckoned last, where the office has switched it on.

Said on the sheet alone, which is for its own person and for who reads their score; nowhere stands who the others are.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.utils import timezone

from scoring.models import FrozenSheet, Year, YearTotal
from scoring.sheet.trend import CONFIRMED, Stored
from scoring.supplements import holding
from stations.models import DeputyGroup, GroupMembership, Suspension

FEWEST = 3  # of a group of two, a place would tell the other's
CHOSEN = {
    Year.Position.OFF: frozenset[str](),
    Year.Position.GROUP: frozenset({"group"}),
    Year.Position.CITY: frozenset({"city"}),
    Year.Position.BOTH: frozenset({"group", "city"}),
}


@dataclass(frozen=True, slots=True)
class Place:
    """第 `place` 名，共 `people` 人 among `among`; who have the same total share a place."""

    among: str
    place: int
    people: int


@dataclass(frozen=True, slots=True)
class Position:
    """The places that may be shown, and the day of the totals they follow from."""

    places: tuple[Place, ...]
    day: date | None
    final: bool


def position_of(year: Year, own: Stored | None, group: DeputyGroup | None) -> Position | None:
    """Return where a mandate stands by `own`, its stored total; None while the office shows nothing (1 query, else none).

    Who is not graded has no stored total; who is suspended on the day of the reckoning is left out, and so reads
    nothing. Without a total yet, and in groups of fewer than three, there is no place.
    """
    among = CHOSEN[Year.Position(year.position)]
    if not among:
        return None
    final = year.state in CONFIRMED
    day = year.decided_on if final else timezone.localdate(year.reckoned_at) if year.reckoned_at else None
    if own is None or day is None:
        return None if final else Position((), None, final)
    until = min(day, year.ends_on)
    totals = holding(FrozenSheet.objects.all()) if final else YearTotal.objects.annotate(now_total=F("total"))
    totals = totals.filter(year=year)
    suspended = Suspension.objects.on(until).values("mandate")
    better, mine = Q(now_total__gt=own.total), Q(mandate=own.mandate)
    fellows = Q(mandate__in=GroupMembership.objects.on(until).filter(group=group).values("mandate"))
    count = totals.exclude(mandate__in=suspended).aggregate(
        own=Count("pk", filter=mine),
        own_in_group=Count("pk", filter=mine & fellows),
        city=Count("pk"),
        city_better=Count("pk", filter=better),
        group=Count("pk", filter=fellows),
        group_better=Count("pk", filter=fellows & better),
    )
    if not count["own"]:
        return None
    places = []
    if "group" in among and group and count["own_in_group"] and count["group"] >= FEWEST:
        places.append(Place(str(group), count["group_better"] + 1, count["group"]))
    if "city" in among and count["city"] >= FEWEST:
        places.append(Place("全体代表", count["city_better"] + 1, count["city"]))
    return Position(tuple(places), day, final)
