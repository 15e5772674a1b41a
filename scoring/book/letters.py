"""Which characters the book's fonts can print, and what becomes of the others.

The packaged fonts (Noto Serif SC and Noto Sans SC, OFL) hold about 31,000 characters, but not every rare
surname (𠮷 U+20BB7 is missing). PDF/A and PDF/UA forbid a character without a glyph, so a writer prints 〓, the
mark typesetters put for a sort they lack, and says so; an office that needs the character adds a font folder.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTCollection, TTFont

if TYPE_CHECKING:
    from pathlib import Path

GETA = "〓"
FAMILIES = ("Noto Serif SC", "Noto Sans SC")
_COLLECTIONS = {".ttc", ".otc"}


def font_folder() -> Path:
    """Return the folder of the packaged fonts."""
    folder: Path = pylopdf_fonts_zh_cn.serif_path().parent
    return folder


@lru_cache(maxsize=4)
def repertoire(extra_fonts: Path | None = None) -> frozenset[str]:
    """Return the characters printable with the packaged serif and the fonts in the folder `extra_fonts`.

    The sans holds no character the serif lacks that a text would use, and reading it costs as much again.
    """
    files = [pylopdf_fonts_zh_cn.serif_path()]
    if extra_fonts is not None:
        files += sorted(
            p for p in extra_fonts.iterdir() if p.suffix.lower() in {".otf", ".ttf", *_COLLECTIONS}
        )
    points: set[int] = set()
    for file in files:
        many = file.suffix.lower() in _COLLECTIONS
        fonts = TTCollection(file, lazy=True).fonts if many else [TTFont(file, lazy=True)]
        for font in fonts:
            points.update(font.getBestCmap())
            font.close()
    return frozenset(char for char in map(chr, points) if not _invisible(char)) | {"\n"}


def clean(text: str) -> str:
    """Return `text` without invisible control, format and private characters; tabs become spaces.

    Zero-width and bidirectional marks arrive by copy and paste from chat apps; they have no glyph and could
    reorder a printed name. Variation selectors go too: the fonts hold one shape of each character.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ")
    return "".join(char for char in text if char == "\n" or not _invisible(char))


def _invisible(char: str) -> bool:
    """Tell whether a character has no printed shape of its own."""
    point = ord(char)
    if 0x3000 <= point <= 0x9FFF:
        return False
    selector = 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF or char == "\xa0"
    return selector or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def missing(text: str, characters: frozenset[str]) -> tuple[str, ...]:
    """Return the characters of the cleaned `text` outside `characters`, each once, in order of appearance."""
    if characters.issuperset(text):
        return ()
    return tuple(dict.fromkeys(char for char in clean(text) if char not in characters))


def printable(text: str, characters: frozenset[str]) -> str:
    """Return the cleaned `text` with every character outside `characters` replaced by 〓."""
    if characters.issuperset(text):
        return text
    return "".join(char if char in characters else GETA for char in clean(text))
