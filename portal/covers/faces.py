"""Which font shows a character: the packaged Chinese serif, else one that the machine has, else none.

The packaged serif (OFL) makes the picture the same on every machine; it lacks some rare characters (𠮷 U+20BB7), which a
font of the system may have. A character that no font has is shown as 〓, the mark of typesetters for a sort they lack.
"""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTCollection, TTFont, TTLibError
from PIL import ImageFont

GETA = "〓"
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
NAMES = (
    "*SerifCJK-Regular*",
    "*SerifCJK-Bold*",
    "*SansCJK-Regular*",
    "*Han*Serif*",
    "*simsun*",
    "*Jigmo*",
    "*HanaMin*",
)
MOST = 6  # fonts of the machine that are looked through


@lru_cache(maxsize=1)
def files() -> tuple[Path, ...]:
    """Return the packaged serif, then Chinese fonts of the machine, at most six."""
    found = [
        file for name in NAMES for folder in FOLDERS if folder.is_dir() for file in sorted(folder.rglob(name))
    ]
    fonts = [file for file in dict.fromkeys(found) if file.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"}]
    return (pylopdf_fonts_zh_cn.serif_path(), *fonts[:MOST])


@lru_cache(maxsize=MOST + 1)
def repertoire(file: Path) -> frozenset[int]:
    """Return the code points that a font shows; none of a file that is no font."""
    try:
        if file.suffix.lower() in {".ttc", ".otc"}:
            with TTCollection(file, lazy=True) as many:
                return frozenset(many.fonts[0].getBestCmap())
        with TTFont(file, lazy=True) as font:
            return frozenset(font.getBestCmap())
    except (TTLibError, OSError):
        return frozenset()


@lru_cache(maxsize=16)
def face(file: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size in pixels."""
    return ImageFont.truetype(str(file), size)


def file_for(character: str) -> Path | None:
    """Return the first font that shows `character`, None where there is none."""
    return next((file for file in files() if ord(character) in repertoire(file)), None)


def shown(text: str) -> str:
    """Return `text` as it can be drawn: a letter without a glyph as 〓, other signs (such as emoji) left out."""
    return "".join(c if file_for(c) else GETA if c.isalpha() else "" for c in text)


def runs(text: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """Return `text`, as `shown` gave it, in pieces with the font of each."""
    first = files()[0]
    pieces = groupby(text, key=lambda character: file_for(character) or first)
    return [("".join(piece), face(file, size)) for file, piece in pieces]


def width(text: str, size: int) -> float:
    """Return how wide `text` is in pixels."""
    return sum(font.getlength(piece) for piece, font in runs(text, size))
