"""`make bench`, or `python -m bench [pages|content|check_in|scores|search|book] [--quick]`: measure and print one table."""

import argparse
import sys
import time
from collections.abc import Callable

from bench import book, check_in, content, pages, scores, search
from bench.ground import city, postgres_version
from bench.table import Count, Row, machine, show

MEASUREMENTS: dict[str, Callable[[bool], list[Row | Count]]] = {
    "pages": pages.measure,
    "content": content.measure,
    "check_in": check_in.measure,
    "scores": scores.measure,
    "search": search.measure,
    "book": book.rows,
}


def main() -> None:
    """Run what was asked for, in the order of the aims; a miss is a line of the table and no error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="what", help=" | ".join(MEASUREMENTS))
    parser.add_argument("--quick", action="store_true", help="fewer requests and people, under a minute")
    arguments = parser.parse_args()
    unknown = set(arguments.what) - MEASUREMENTS.keys()
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(MEASUREMENTS)}")
    if not sys.platform.startswith("linux"):
        parser.error("the server's processor time is read from /proc, which only Linux has")
    print(machine(postgres_version()), flush=True)
    city()  # made before the clock starts
    begun = time.monotonic()
    rows: list[Row | Count] = []
    for name, measure in MEASUREMENTS.items():
        if not arguments.what or name in arguments.what:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            rows += measure(arguments.quick)
    show(rows)
    missed = sum(not row.met for row in rows)
    print(f"{len(rows)} rows, {missed} missed, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
