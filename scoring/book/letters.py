"""Which characters the book's fonts can print, and what becomes of the others.

The packaged fonts (Noto Serif SC and Noto Sans SC, OFL) hold about 31,000 characters: all of GB 2312 and the URO, but
not every rare surname (𠮷 U+20BB7 is missing). PDF/A and PDF/UA forbid a character without a glyph, so a writer
prints 〓, the mark typesetters put for a sort they lack, and says so; an office that needs the character adds a font
folder of its own.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTCollection, TTFont

GETA = "〓"
FAMILIES = ("Noto Serif SC", "Noto Sans SC")
_KEPT_CONTROLS = frozenset("\n")


def font_folder() -> Path:
    """Return the folder of the packaged fonts."""
    folder: Path = pylopdf_fonts_zh_cn.serif_path().parent
    return folder


@lru_cache(maxsize=4)
def repertoire(extra_fonts: Path | None = None) -> frozenset[int]:
    """Return the code points printable with the packaged fonts and those in the folder `extra_fonts`."""
    files = [pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path()]
    if extra_fonts is not None:
        files += sorted(
            p for p in extra_fonts.iterdir() if p.suffix.lower() in {".otf", ".ttf", ".ttc", ".otc"}
        )
    points: set[int] = set()
    for file in files:
        fonts = (
            TTCollection(file, lazy=True).fonts
            if file.suffix.lower() in {".ttc", ".otc"}
            else [TTFont(file, lazy=True)]
        )
        for font in fonts:
            points.update(font.getBestCmap())
            font.close()
    return frozenset(points)


def clean(text: str) -> str:
    """Return `text` without invisible control, format and private characters; tabs become spaces.

    Zero-width and bidirectional marks arrive by copy and paste from chat apps; they have no glyph and could reorder a
    printed name. Variation selectors go too: the fonts hold one shape of each character.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")
    return "".join(char for char in text if char in _KEPT_CONTROLS or not _invisible(char))


def _invisible(char: str) -> bool:
    """Tell whether a character has no printed shape of its own."""
    point = ord(char)
    selector = 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    return selector or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def missing(text: str, points: frozenset[int]) -> tuple[str, ...]:
    """Return the characters of the cleaned `text` outside `points`, each once, in order of appearance."""
    if text.isascii():
        return ()
    return tuple(dict.fromkeys(c for c in clean(text) if ord(c) not in points and c not in _KEPT_CONTROLS))


def printable(text: str, points: frozenset[int]) -> str:
    """Return the cleaned `text` with every character outside `points` replaced by 〓."""
    text = clean(text)
    if text.isascii():
        return text
    return "".join(c if ord(c) in points or c in _KEPT_CONTROLS else GETA for c in text)
