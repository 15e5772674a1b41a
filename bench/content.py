"""Content: every sort of public page rendered anew on the city and on one with ten times its content, taking turns."""

from statistics import median

from bench.ground import sqlite_ground
from bench.pages import cost, on, warm_up
from bench.server import Server, serving
from bench.table import Count, Row

ROUNDS = 3
GROWTH = 2  # × the processor time at ten times the content: of pages that show a part of it
QUERIES, QUERIES_HOME = 12, 15
# Pages whose use is that they show all there is: they grow with it and have no aim but their queries.
WHOLE = frozenset({"sitemap.xml", "calendar of sessions"})


def measure(quick: bool) -> list[Row | Count]:
    """Return the rows of the content: processor time and size, queries, and the two aims of the home page."""
    times, requests, rounds = (3, 4, 1) if quick else (10, 20, ROUNDS)
    with sqlite_ground() as one, sqlite_ground() as many:
        many.ask("bench.tenfold", "multiply", str(times))
        there = one.ask("bench.tenfold", "addresses")
        asked = [ground.ask("bench.tenfold", "queries", *there.values()) for ground in (one, many)]
        with serving(one) as small, serving(many) as large:
            rows: list[Row | Count] = [
                _row(name, path, (large, small), requests, rounds, asked[1][path]["bytes"], times)
                for name, path in there.items()
            ]
        for name, path in there.items():
            found, before = (side[path]["queries"] for side in (asked[1], asked[0]))
            what = f"{name}, {times}× content: queries ({before} as it is)"
            rows.append(Count(what, found, QUERIES_HOME if name == "home" else QUERIES))
        with serving(many) as server:
            rows += on(many, server, quick, f", {times}× content")
    return rows


def _row(
    name: str, path: str, sides: tuple[Server, Server], requests: int, rounds: int, size: int, times: int
) -> Row:
    anew = f"{path}{'&' if '?' in path else '?'}cb={{}}"
    for server in sides:
        warm_up(server, [anew])
    taken = [[cost(server, anew, requests) for server in sides] for _ in range(rounds)]
    this, other = (f"{median(costs[side] for costs in taken) * 1e3:.1f} ms" for side in (0, 1))
    ratio = median(many / one for many, one in taken)
    what = f"{name}, {times}× content ({size / 1000:,.0f} KB)"
    return Row(what, this, other, ratio, None if name in WHOLE else GROWTH)
