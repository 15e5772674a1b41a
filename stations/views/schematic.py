"""The schematic map of the stations as the templates draw it: marks with names, cells around the liaison stations."""

from collections import Counter
from collections.abc import Container, Sequence
from typing import Any, NamedTuple

from stations import map as drawn
from stations.models import Station

MARKS = 60  # stations on one map; more would cover each other's names, so their areas stand for them
LABEL = 5  # characters of a name under its mark; the whole name is said to who listens and stands in the list
ENDINGS = ("人大代表联络站", "代表联络站", "联络站", "产业联络点", "联络点")


class Spot(NamedTuple):
    """One mark of the map: where, what it is called, the cell around it ("" for industry points beside stations).

    It is a station, or an area with all stations in it: then `number` says how many.
    """

    name: str
    page: Any
    x: str
    y: str
    label: str
    cell: str
    industry: bool
    duty: bool  # somebody receives here today
    away: bool  # not among what the reader asked for
    number: int = 0


class Schematic(NamedTuple):
    """The whole map. `left_out`: how many stations have no position while others do."""

    spots: list[Spot]
    rim: str
    left_out: int
    view: str  # the viewBox of the SVG
    grouped: bool  # the marks are areas


class Mark(NamedTuple):
    """What a spot is drawn from, before it is known how much room its neighbours leave."""

    name: str
    label: str
    page: Any
    where: drawn.Point  # per cent; (0, 0) where nobody has set it
    industry: bool
    duty: bool
    away: bool
    number: int


def schematic(places: Sequence[Any], shown: Container[int] | None = None) -> Schematic | None:
    """Return the map of `places` (each with station, page, receives_today), None when there is nothing to draw.

    Positions are those that the staff set; while nobody set any, all stand in a tidy grid in their order. Of more
    than MARKS stations the areas are drawn. `shown`: the keys of the stations a reader asked for, None for all.
    """
    placed = [place for place in places if has_position(place.station)]
    there = placed or places
    grouped = len(there) > MARKS
    marks = (_areas if grouped else _stations)(there, shown)
    if len(marks) <= grouped:  # nothing at all, or one area that holds everything
        return None
    where = [mark.where for mark in marks] if placed else drawn.grid(len(marks))
    points = drawn.spread(drawn.placed(x, y) for x, y in where)
    frame = drawn.frame_around(points)
    spots = [
        Spot(
            name=mark.name,
            page=mark.page,
            x=f"{point[0]:.1f}",
            y=f"{point[1]:.1f}",
            label=mark.label,
            cell=cell,
            industry=mark.industry,
            duty=mark.duty,
            away=mark.away,
            number=mark.number,
        )
        for mark, point, cell in zip(marks, points, _cells(marks, points, frame), strict=True)
    ]
    spots.sort(key=lambda spot: not spot.cell)  # cells lie below the marks that have none
    view = " ".join(str(number) for number in drawn.view_of(frame))
    return Schematic(spots, drawn.path_of(frame), len(places) - len(there), view, grouped)


def _stations(places: Sequence[Any], shown: Container[int] | None) -> list[Mark]:
    """Return a mark for each station."""
    labels = labels_of([place.station for place in places])
    return [
        Mark(
            name=place.station.name,
            label=label,
            page=place.page,
            where=_position(place.station),
            industry=place.station.kind == Station.Kind.INDUSTRY,
            duty=place.receives_today,
            away=shown is not None and place.station.pk not in shown,
            number=0,
        )
        for place, label in zip(places, labels, strict=True)
    ]


def _areas(places: Sequence[Any], shown: Container[int] | None) -> list[Mark]:
    """Return a mark for each area in the middle of its stations, in the order of the places."""
    within: dict[int, list[Any]] = {}
    for place in places:
        within.setdefault(place.station.area_id, []).append(place)
    return [
        Mark(
            name=inside[0].station.area.name,
            label=_short(inside[0].station.area.name),
            page=None,
            where=_middle([_position(place.station) for place in inside]),
            industry=False,
            duty=any(place.receives_today for place in inside),
            away=shown is not None and all(place.station.pk not in shown for place in inside),
            number=len(inside),
        )
        for inside in within.values()
    ]


def _position(station: Station) -> drawn.Point:
    return float(station.map_x or 0), float(station.map_y or 0)


def _middle(points: Sequence[drawn.Point]) -> drawn.Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def has_position(station: Station) -> bool:
    """Whether the staff said where the station lies on the map."""
    return station.map_x is not None and station.map_y is not None


def _cells(marks: Sequence[Mark], points: Sequence[drawn.Point], frame: drawn.Polygon) -> list[str]:
    """Return the cell of each mark: industry points have none beside other marks."""
    alone = all(mark.industry for mark in marks)
    owners = [point for mark, point in zip(marks, points, strict=True) if alone or not mark.industry]
    shapes = dict(zip(owners, drawn.cells(owners, frame), strict=True))
    return [drawn.path_of(shapes[point]) if point in shapes else "" for point in points]


def labels_of(stations: Sequence[Station]) -> list[str]:
    """Return the short name of each: its trade, or its area where no other liaison station is, else its own name."""
    alone = Counter(station.area_id for station in stations if station.kind == Station.Kind.LIAISON)
    names = []
    for station in stations:
        name = station.name
        if station.kind == Station.Kind.INDUSTRY:
            name = station.industry
        elif alone[station.area_id] == 1:
            name = station.area.name
        else:
            name = next((name.removesuffix(e) for e in ENDINGS if name != e and name.endswith(e)), name)
        names.append(_short(name))
    return names


def _short(name: str) -> str:
    return name if len(name) <= LABEL else f"{name[: LABEL - 1]}…"
