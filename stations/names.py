"""Names of people in order: 姓名笔画 sort keys, pinyin and initials for finding.

The order of 20,897 ideographs is data/stroke_order.txt (stroke count, then 横竖撇点折); collations of
databases are not the official order. data/stroke_counts.csv names the first character of each count in
that table. Surnames that pypinyin misreads are in data/surname_readings.csv.
"""

import csv
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from pypinyin import Style, lazy_pinyin

DATA = Path(__file__).parent / "data"
SingleGiven = Literal["compare", "first"]
WIDTH = 7  # digits a character; code points outside the table follow it in their own order


@cache
def _stroke_order() -> dict[str, int]:
    text = (DATA / "stroke_order.txt").read_text(encoding="utf-8").strip()
    return {character: place for place, character in enumerate(text)}


@cache
def _stroke_counts() -> tuple[list[int], list[int]]:
    """Return (first places, counts), both ascending: the table goes by count, so a place tells its count."""
    with (DATA / "stroke_counts.csv").open(encoding="utf-8") as file:
        rows = [(_stroke_order()[row["first"]], int(row["strokes"])) for row in csv.DictReader(file)]
    return [place for place, _ in rows], [count for _, count in rows]


@cache
def _surname_readings() -> dict[str, str]:
    with (DATA / "surname_readings.csv").open(encoding="utf-8") as file:
        return {row["surname"]: row["reading"].replace("ü", "v") for row in csv.DictReader(file)}


def clean_name(name: str) -> str:
    """Return the name as it is stored: NFKC, no spaces (a full-width space between two characters is display)."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def stroke_key(name: str, *, single_given: SingleGiven = "compare") -> str:
    """Return a string of digits that sorts names by 姓名笔画 in any database collation.

    `single_given="compare"` compares the given name of two-character names like any other; "first" treats the
    missing middle character as blank and puts them first (按姓氏笔画). The site chooses (PRODUCT.md, Names in order).
    """
    order = _stroke_order()
    characters = list(clean_name(name))
    if single_given == "first" and len(characters) == 2:
        characters.insert(1, "")
    places = [0 if not c else 1 + order.get(c, len(order) + ord(c)) for c in characters]
    return "".join(f"{place:0{WIDTH}d}" for place in places)


def stroke_place(character: str) -> int | None:
    """Return the character's place in the official order, None when the table does not know it."""
    return _stroke_order().get(character)


def stroke_count(character: str) -> int | None:
    """Return how many strokes the official order counts in the character, None when it does not know it."""
    place = stroke_place(character)
    if place is None:
        return None
    places, counts = _stroke_counts()
    return counts[bisect_right(places, place) - 1]


@lru_cache(maxsize=256)  # the initials ask for the same reading again, and so do namesakes
def pinyin(name: str) -> str:
    """Return the name in pinyin without tones, syllables apart: "单田芳" -> "shan tian fang"."""
    name = clean_name(name)
    syllables = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)
    reading = _surname_readings().get(name[:1])
    if reading and syllables:
        syllables[0] = reading
    return " ".join(syllables)


def initials(name: str) -> str:
    """Return the first letters of the syllables: "单田芳" -> "stf"."""
    return "".join(syllable[0] for syllable in pinyin(name).split() if syllable)
