"""Breaking a title into lines of about the same length, by the rules of Chinese typesetting. Pure."""

import re
from collections.abc import Callable

Width = Callable[[str], float]
CLOSING = "，。：；、！？”’」』）》〉】…—·,.:;!?)]%"  # never begin a line
OPENING = "“‘「『（《〈【(["  # never end one
UNIT = re.compile(r"[0-9A-Za-z]+(?:[.,:/_-][0-9A-Za-z]+)*|.", re.DOTALL)
PHRASE = re.compile(r"[^，：；？！]*[，：；？！]+[”’」』）》]*|[^，：；？！]+")
DOTS = "…"


def units_of(text: str) -> list[str]:
    """Return the smallest parts a line may be broken between: Latin words and numbers whole, marks with their text."""
    units: list[str] = []
    opened = ""
    for part in UNIT.findall(text):
        if part in CLOSING and units and not opened:
            units[-1] += part
        elif part in OPENING:
            opened += part
        else:
            units.append(opened + part)
            opened = ""
    return [*units, opened] if opened else units


def phrases(text: str) -> list[str]:
    """Return `text` broken after each phrase: how a title reads best where it finds room so."""
    return [phrase.strip() for phrase in PHRASE.findall(text) if phrase.strip()]


def broken(text: str, width: Width, most: float) -> list[str]:
    """Return `text` in lines of at most `most` (in what `width` measures); a unit wider than that is cut."""
    lines = [""]
    for unit in units_of(text):
        parts = [unit] if width(unit) <= most else list(unit)
        for part in parts:
            if lines[-1] and width(lines[-1] + part) > most:
                lines[-1] = lines[-1].rstrip()
                lines.append("")
            lines[-1] += part if lines[-1] else part.lstrip()
    return [line for line in lines if line]


def balanced(text: str, width: Width, most: float, step: float) -> list[str]:
    """Return the lines of `text` made as even as their number allows, tried in steps of `step`."""
    lines = broken(text, width, most)
    while most > step:
        narrower = broken(text, width, most - step)
        if len(narrower) > len(lines):
            return lines
        lines, most = narrower, most - step
    return lines


def shortened(lines: list[str], number: int, width: Width, most: float) -> list[str]:
    """Return at most `number` lines; the last one ends in dots when something was left out."""
    if len(lines) <= number:
        return lines
    last = lines[number - 1].rstrip(CLOSING)
    while last and width(last + DOTS) > most:
        last = last[:-1]
    return [*lines[: number - 1], last + DOTS]
