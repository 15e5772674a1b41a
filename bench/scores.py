"""Scores: the year of all representatives, exact and explained, against one raw SQL statement with equal totals."""

import os
from contextlib import AbstractContextManager

from bench.ground import Ground, postgres_ground, sqlite_ground
from bench.table import Count, Row


def measure(quick: bool) -> list[Row | Count]:
    """Return the rows of scores, on SQLite and, where TEST_DATABASE_URL is set, on PostgreSQL."""
    people, times = (1000, 1) if quick else (100_000, 2)
    rows = _on(sqlite_ground(), people, times)
    if os.environ.get("TEST_DATABASE_URL"):
        rows += _on(postgres_ground(), people, times)
    return rows


def _on(place: AbstractContextManager[Ground], people: int, times: int) -> list[Row | Count]:
    with place as ground:
        found = ground.ask("bench.year", str(people), str(times), timeout=1800)
    seconds = found["seconds"]
    what = f"year of {people:,} people, {found['facts']:,} facts, {ground.engine}"
    other = f"SQL {seconds['raw']:.2f} s"
    sides = [("capped counts", "sums"), ("every kind of rule", "full"), ("nothing moved", "again")]
    each = 1000 * seconds["sheets"] / found["some"]
    return [
        *(
            Row(f"{what}: {name}", f"{seconds[key]:.2f} s", other, seconds[key] / seconds["raw"], 3)
            for name, key in sides
        ),
        Count(f"{what}: peak", round(found["peak_mb"]), 1024, " MiB"),
        Count(f"one of {found['some']:,} whole sheets, {ground.engine}", round(each, 2), 10, " ms"),
    ]
