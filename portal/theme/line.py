"""The glaze line: colours at places, as the office types them, one stop a line."""

import re
from typing import NamedTuple

from portal.theme.colours import shipped_value

LEAST, MOST = 2, 10
STOP = re.compile(r"(#[0-9a-fA-F]{6})\s+([0-9]{1,3})\s*%?")


class Stop(NamedTuple):
    """One colour of the line and where it stands, 0 to 100 per cent from the left."""

    colour: str
    place: int


class LineRefused(ValueError):
    """The text is no line; the message says which row of it and what to do."""


def read(text: str) -> tuple[Stop, ...]:
    """Return the stops of a text such as "#e4ebdd 0%" a row; none of an empty text. Raises LineRefused."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    if not rows:
        return ()
    stops = []
    for number, row in enumerate(rows, start=1):
        found = STOP.fullmatch(row)
        if not found or int(found[2]) > 100:
            raise LineRefused(f"釉线第 {number} 行没有读懂。请写成“#e4ebdd 25%”的样子：颜色，空格，位置。")
        stops.append(Stop(found[1].lower(), int(found[2])))
    if not LEAST <= len(stops) <= MOST:
        raise LineRefused(f"釉线现在有 {len(stops)} 个颜色，请写 {LEAST} 到 {MOST} 个。")
    places = [stop.place for stop in stops]
    if places != sorted(places):
        raise LineRefused("釉线的位置请从左到右写，由小到大。")
    return tuple(stops)


def written(stops: tuple[Stop, ...]) -> str:
    """Return the stops as text, the way read() takes it."""
    return "\n".join(f"{stop.colour} {stop.place}%" for stop in stops)


def gradient(stops: tuple[Stop, ...]) -> str:
    """Return the stops as a CSS gradient from left to right."""
    return f"linear-gradient(90deg, {', '.join(f'{stop.colour} {stop.place}%' for stop in stops)})"


def shipped_line() -> tuple[Stop, ...]:
    """Return the stops of the line that ships."""
    return tuple(Stop(colour, int(place)) for colour, place in STOP.findall(shipped_value("glaze-line")))
