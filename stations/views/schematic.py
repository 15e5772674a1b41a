"""The schematic map of the stations as the templates draw it: marks with names, cells around the liaison stations."""

from collections import Counter
from collections.abc import Container, Sequence
from typing import Any, NamedTuple

from stations import map as drawn
from stations.models import Station

LABEL = 5  # characters of a name under its mark; the whole name is said to who listens and stands in the list
ENDINGS = ("人大代表联络站", "代表联络站", "联络站", "产业联络点", "联络点")


class Spot(NamedTuple):
    """One mark of the map: where, what it is called, the cell around it ("" for industry points beside stations)."""

    station: Any
    page: Any
    x: str
    y: str
    label: str
    cell: str
    industry: bool
    duty: bool  # somebody receives here today
    away: bool  # not among what the reader asked for


class Schematic(NamedTuple):
    """The whole map. `left_out`: how many stations have no position while others do."""

    spots: list[Spot]
    rim: str
    left_out: int
    view: str  # the viewBox of the SVG


def schematic(places: Sequence[Any], shown: Container[int] | None = None) -> Schematic | None:
    """Return the map of `places` (each with station, page, receives_today), None when there is nothing to draw.

    Positions are those that the staff set; while nobody set any, all stand in a tidy grid in their order. `shown`:
    the keys of the stations a reader asked for, None for all.
    """
    there = [place for place in places if has_position(place.station)]
    if there:
        where = [(float(place.station.map_x), float(place.station.map_y)) for place in there]
    else:
        there, where = list(places), drawn.grid(len(places))
    if not there:
        return None
    points = drawn.spread(drawn.placed(x, y) for x, y in where)
    frame = drawn.frame_around(points)
    cells = _cells(there, points, frame)
    labels = labels_of([place.station for place in there])
    spots = [
        Spot(
            station=place.station,
            page=place.page,
            x=f"{point[0]:.1f}",
            y=f"{point[1]:.1f}",
            label=label,
            cell=cells.get(place.station.pk, ""),
            industry=place.station.kind == Station.Kind.INDUSTRY,
            duty=place.receives_today,
            away=shown is not None and place.station.pk not in shown,
        )
        for place, point, label in zip(there, points, labels, strict=True)
    ]
    spots.sort(key=lambda spot: not spot.cell)  # cells lie below the marks that have none
    view = " ".join(str(number) for number in drawn.view_of(frame))
    return Schematic(spots, drawn.path_of(frame), len(places) - len(there), view)


def has_position(station: Station) -> bool:
    """Whether the staff said where the station lies on the map."""
    return station.map_x is not None and station.map_y is not None


def _cells(places: Sequence[Any], points: Sequence[drawn.Point], frame: drawn.Polygon) -> dict[int, str]:
    """Return {station: its cell}: around the liaison stations, or around all where there are none."""
    both = list(zip(places, points, strict=True))
    owners = [pair for pair in both if pair[0].station.kind == Station.Kind.LIAISON] or both
    shapes = drawn.cells([point for _, point in owners], frame)
    return {place.station.pk: drawn.path_of(shape) for (place, _), shape in zip(owners, shapes, strict=True)}


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
        names.append(name if len(name) <= LABEL else f"{name[: LABEL - 1]}…")
    return names
