"""The table of a run: one row an aim, both sides, and the machine it was measured on."""

import os
import platform
import sqlite3
import unicodedata
from dataclasses import dataclass

HEAD = ("what", "this side", "other side", "ratio", "aim", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: `ratio` is this side ÷ other side; the aim is a bound above unless `at_least`, None for none."""

    what: str
    this: str
    other: str
    ratio: float
    aim: float | None
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Say whether the ratio keeps the aim."""
        if self.aim is None:
            return True
        return self.ratio >= self.aim if self.at_least else self.ratio <= self.aim

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as words."""
        ratio = f"{self.ratio:.2f}×" if self.ratio >= 0.095 else f"{self.ratio:.4f}×"
        if self.aim is None:
            return self.what, self.this, self.other, ratio, "–", ""
        sign = "≥" if self.at_least else "≤"
        return self.what, self.this, self.other, ratio, f"{sign} {self.aim:g}×", _verdict(self.met)


@dataclass(frozen=True, slots=True)
class Count:
    """One aim that is a plain number: so many of something, at most `aim`."""

    what: str
    found: float
    aim: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Say whether the number keeps the aim."""
        return self.found <= self.aim

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as words."""
        return (
            self.what,
            f"{self.found:g}{self.unit}",
            "–",
            "–",
            f"≤ {self.aim:g}{self.unit}",
            _verdict(self.met),
        )


def _verdict(met: bool) -> str:
    return "ok" if met else "miss"


def machine(versions: list[str]) -> str:
    """Name the machine: cores, architecture, Python, databases, and how busy it is with other things."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    words = [
        f"{os.cpu_count()} cores {platform.machine()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *versions,
        f"load before the run {load}",
    ]
    return "; ".join(words)


def show(rows: list[Row | Count]) -> None:
    """Print the rows as a Markdown table whose columns stand under each other."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(HEAD))]
    rule = tuple("-" * width for width in widths)
    for line in (lines[0], rule, *lines[1:]):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        print("|", " | ".join(cells), "|", flush=True)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
