"""Search: 200 queries of a reader over 20,000 documents, what they take and what the page takes with them."""

import os
from contextlib import AbstractContextManager
from statistics import median, quantiles

from bench.ground import Ground, postgres_ground, sqlite_ground
from bench.table import Count

AIM = 50  # ms, of 95 in 100 queries


def measure(quick: bool) -> list[Count]:
    """Return the rows of the search, on SQLite and, where TEST_DATABASE_URL is set, on PostgreSQL."""
    documents, queries = (2_000, 100) if quick else (20_000, 200)
    rows = _on(sqlite_ground(), documents, queries)
    if os.environ.get("TEST_DATABASE_URL"):
        rows += _on(postgres_ground(), documents, queries)
    return rows


def _on(place: AbstractContextManager[Ground], documents: int, queries: int) -> list[Count]:
    with place as ground:
        found = ground.ask("bench.library", str(documents), str(queries), timeout=3000)
    what = f"search, {documents:,} documents, {ground.engine}"
    parts = {"found": "find and show", "page": "whole page", "suggested": "suggestions"}
    return [
        Count(f"{what}: {name}, p95 (median {median(times):.0f})", round(_p95(times), 1), AIM, " ms")
        for key, name in parts.items()
        if (times := found["times"][key])
    ]


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]
