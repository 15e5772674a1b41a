"""The liaison stations and industry points: the list with who receives, and one station."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Model, OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone

from portal.conventions.addresses import understood
from portal.models.pages import page_of
from stations.models import ReceptionDay, RosterEntry, Station
from stations.receptions import Reception, live_state, reception_at, spoken_hours
from stations.views.links import pages_of_places, stories_of
from stations.views.schematic import MARKS, has_position, schematic

WEEK = 7  # days after today that the list looks ahead
STATIONS_A_PAGE = 48
POINTS_SHOWN = 8  # industry points beside everything else; all of them stand under their own kind
WEEK_SHOWN = 24  # receptions after today
DUTIES_SHOWN = 8
ROSTER_SHOWN = 12
KEEPER = "站长"  # the duty of who keeps the station, as the roster says it
QUERY_LENGTH = 50
KINDS = ("today", "liaison", "industry")


class Place(NamedTuple):
    """A station in a list: its number among the liaison stations by area code, its page, its next reception."""

    station: Any
    number: int
    page: Any
    next_at: datetime | None
    receives_today: bool
    next_ends: datetime | None = None

    @property
    def next_hours(self) -> str:
        """The hours of the next reception, not those in which the place is open."""
        return spoken_hours(self.next_at, self.next_ends) if self.next_at and self.next_ends else ""


class Resident(NamedTuple):
    """A representative of a station's roster."""

    entry: Any
    representative: Any
    story: Any

    @property
    def line(self) -> str:
        """What stands under the name: the duty at the station, else the trade."""
        return str(self.entry.duty or self.representative.occupation)


def day_start(now: datetime) -> datetime:
    """Return the midnight that began the local day of `now`."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))


def clean_query(text: str) -> str:
    """Return what a reader typed as it is compared: NFKC, one space between words, lower case, not too long."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", "").split()).casefold()[:QUERY_LENGTH]


def places_at(now: datetime, receiving: Iterable[int]) -> list[Place]:
    """Return every station in order of area code with its next reception, without pages (1 query)."""
    coming = ReceptionDay.objects.ending_after(now).filter(station=OuterRef("pk"))
    stations = Station.objects.select_related("area").annotate(
        next_at=Subquery(coming.values("starts_at")[:1]), next_ends=Subquery(coming.values("ends_at")[:1])
    )
    today = set(receiving)
    return [
        Place(station, number, None, station.next_at, station.pk in today, station.next_ends)
        for number, station in numbered(stations.order_by("area__code", "pk"))
    ]


def numbered(stations: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Yield each station of an ordered list with its number among the liaison stations; points take none."""
    number = 0
    for station in stations:
        number += station.kind == Station.Kind.LIAISON
        yield number, station


def receptions_between(
    first: datetime,
    last: datetime,
    now: datetime,
    stations: Collection[int] | None = None,
    most: int | None = None,
) -> list[Reception]:
    """Return the receptions that start from `first` until before `last`, as they look at `now` (2 queries).

    `stations`: at these only; `most`: not more than so many.
    """
    rows = ReceptionDay.objects.filter(starts_at__gte=first, starts_at__lt=last).order_by("starts_at", "pk")
    if stations is not None:
        rows = rows.filter(station__in=stations)
    return [reception_at(row, now) for row in rows.with_people()[:most]]


def _meant(place: Place, query: str, kind: str) -> bool:
    """Whether a place is of the kind asked for and its names hold every word that the reader typed."""
    if kind == "today" and not place.receives_today:
        return False
    if kind in Station.Kind.values and place.station.kind != kind:
        return False
    station = place.station
    if not query:
        return True
    names = [clean_query(n) for n in (station.name, station.area.name, station.industry, station.address)]
    return all(any(word in name for name in names) for word in query.split())


def station_index_context(page: Model, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what 联络站点 shows for ?q= and ?kind=: stations, industry points, today, the coming week.

    The counts on the chips are of all places, whatever was typed.
    """
    query = clean_query(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    start = day_start(now)
    tomorrow = start + timedelta(days=1)
    today = receptions_between(start, tomorrow, now)
    places = places_at(now, (reception.station.pk for reception in today))
    shown = [place for place in places if _meant(place, query, kind)]
    ids = {place.station.pk for place in shown}
    asked = ids if query or kind else None
    week = receptions_between(tomorrow, start + timedelta(days=WEEK + 1), now, asked, WEEK_SHOWN + 1)
    today = [reception for reception in today if reception.station.pk in ids]
    liaison = [place for place in shown if place.station.kind == Station.Kind.LIAISON]
    points = [place for place in shown if place.station.kind == Station.Kind.INDUSTRY]
    only_points = kind == Station.Kind.INDUSTRY
    paged = page_of(points if only_points else liaison, request, STATIONS_A_PAGE)
    beside = paged if only_points else points[:POINTS_SHOWN]
    named = {place.station.pk for place in (*paged, *beside)} | {each.station.pk for each in (*today, *week)}
    # A map of few stations links each of them.
    pages = pages_of_places(named if len(places) > MARKS else None)
    paged.object_list = with_pages(paged, pages)
    return {
        "query": query,
        "kind": kind,
        "understood": understood(kind=kind, q=query, page=paged),
        "today": timezone.localdate(now),
        "counts": _counts(places),
        "found": len(shown),
        "industry_points": paged if only_points else with_pages(beside, pages),
        "points_found": len(points),
        "liaison": None if only_points else paged,
        "receptions_today": linked(today, pages),
        "receptions_week": linked(week[:WEEK_SHOWN], pages),
        "week_goes_on": len(week) > WEEK_SHOWN,
        "map": schematic(with_pages(places, pages), ids),
        "nearest": min((place for place in places if place.next_at), key=_next_at, default=None),
    }


def _next_at(place: Place) -> datetime:
    assert place.next_at
    return place.next_at


def _counts(places: list[Place]) -> dict[str, int]:
    liaison = sum(place.station.kind == Station.Kind.LIAISON for place in places)
    return {
        "all": len(places),
        "today": sum(place.receives_today for place in places),
        "liaison": liaison,
        "industry": len(places) - liaison,
    }


def with_pages(places: Iterable[Place], pages: Mapping[int, Any]) -> list[Place]:
    """Return the places with their live pages of {station: page}."""
    return [place._replace(page=pages.get(place.station.pk)) for place in places]


def linked(receptions: Iterable[Reception], pages: Mapping[int, Any]) -> list[tuple[Reception, Any]]:
    """Return each reception with the live page of its station, None where there is none."""
    return [(reception, pages.get(reception.station.pk)) for reception in receptions]


def roster_on(station: Station, now: datetime) -> list[Resident]:
    """Return who works from the station on the day of `now`, in 姓名笔画 order, with their stories (2 queries)."""
    entries = (
        RosterEntry.objects.on(timezone.localdate(now))
        .filter(station=station)
        .select_related("mandate__representative")
        .defer("mandate__representative__phone", "mandate__representative__birth_date")
        .order_by("mandate__representative__stroke_key", "pk")
    )
    people = [(entry, entry.mandate.representative) for entry in entries]
    stories = stories_of(person.pk for _, person in people)
    return [Resident(entry, person, stories.get(person.pk)) for entry, person in people]


def station_context(station: Station, now: datetime) -> dict[str, Any]:
    """Return what a station's page shows at `now`: live state, reception days, roster, where it lies (7 queries)."""
    rows = ReceptionDay.objects.filter(station=station, ends_at__gte=day_start(now)).order_by(
        "starts_at", "pk"
    )
    days = [reception_at(row, now) for row in rows.with_people()[: DUTIES_SHOWN + 1]]
    roster = roster_on(station, now)
    today = timezone.localdate(now)
    places = [
        Place(one, number, None, None, one.pk == station.pk)
        for number, one in numbered(Station.objects.select_related("area").order_by("area__code", "pk"))
    ]
    return {
        "station": station,
        "number": next((place.number for place in places if place.station.pk == station.pk), 0),
        "map": schematic(places) if has_position(station) else None,
        "keepers": [resident.representative.name for resident in roster if resident.entry.duty == KEEPER],
        "today": today,
        "state": live_state(days, today),
        "duties": [reception for reception in days if reception.phase != "over"][:DUTIES_SHOWN],
        "roster": roster[:ROSTER_SHOWN],
        "roster_more": roster[ROSTER_SHOWN:],
        "roster_count": len(roster),
        "industry_point": station.kind == Station.Kind.INDUSTRY,
    }
