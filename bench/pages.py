"""Pages: server CPU a request, both sides from one process behind one stack of middleware.

A stored home page against hello world, a home page rendered anew against the smallest page Wagtail serves there.
"""

import sqlite3
from itertools import count
from statistics import median

from bench.client import Line, get
from bench.ground import Ground, sqlite_ground
from bench.server import Server, serving
from bench.table import Row

ROUNDS = 3
_number = count(1)


def measure(quick: bool) -> list[Row]:
    """Return the rows of the pages."""
    with sqlite_ground() as ground, serving(ground) as server:
        return on(ground, server, quick)


def on(ground: Ground, server: Server, quick: bool, where: str = "") -> list[Row]:
    """Return the rows of a server that runs on `ground`; `where` says in the table what is special about it."""
    many, some, few = (400, 20, 6) if quick else (1500, 100, 25)
    with Line(server.port) as line:
        article = _smallest_article(ground, line)
    sides = {
        "hello": ("/bench/hello/?cb={}", many),
        "stored": ("/", many),
        "article": (article + "?cb={}", some),
        "home": ("/?cb={}", few),
    }
    warm_up(server, [path for path, _ in sides.values()])
    # Both sides take turns, so that a busy minute of the machine falls on both.
    rounds = [{side: cost(server, *sides[side]) for side in sides} for _ in range(ROUNDS)]
    return [
        _row(f"stored home{where}, CPU vs hello world", rounds, "stored", "hello", 0.5),
        _row(f"home anew{where}, CPU vs smallest page ({article})", rounds, "home", "article", 4),
    ]


def warm_up(server: Server, paths: list[str]) -> None:
    """Let the first requests read templates, make renditions (which drops stored pages once) and fill fragments."""
    with Line(server.port) as line:
        for path in paths * 8:
            line.ask(get(server.port, path.format(next(_number))))


def _row(what: str, rounds: list[dict[str, float]], this: str, other: str, aim: float) -> Row:
    ratio = median(costs[this] / costs[other] for costs in rounds)
    words = [f"{median(costs[side] for costs in rounds) * 1e6:,.0f} µs" for side in (this, other)]
    return Row(what, words[0], words[1], ratio, aim)


def cost(server: Server, path: str, requests: int) -> float:
    """Return the server's CPU seconds a request of `path`; {} in it is a word that no stored page knows."""
    stored = "{}" not in path
    with Line(server.port) as line:
        line.ask(get(server.port, path.format(0)))
        before = server.cpu_seconds()
        for _ in range(requests):
            answer = line.ask(get(server.port, path.format(next(_number))))
            if answer.status != 200 or ("x-cache: hit" in answer.headers) != stored:
                raise SystemExit(f"{path} was answered with {answer.status}, stored page: {not stored}")
        return (server.cpu_seconds() - before) / requests


def _smallest_article(ground: Ground, line: Line) -> str:
    """Return the address of the article whose page has the fewest bytes."""
    with sqlite3.connect(ground.folder / "portal.sqlite3") as database:
        rows = database.execute(
            "SELECT p.url_path FROM wagtailcore_page p JOIN portal_articlepage a ON a.page_ptr_id = p.id "
            "WHERE p.live = 1"
        ).fetchall()
    paths = ["/" + path.split("/", 2)[2] for (path,) in rows]
    sizes = {path: len(line.ask(get(ground.port, path + "?cb=0")).body) for path in paths}
    return min(sizes, key=lambda path: sizes[path])
