"""Finding a bold Chinese serif on this machine that may be cut down and served: Noto or Source Han, under the OFL."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTCollection, TTFont

FILES = re.compile(r"(noto.*serif|source.?han.?serif).*\.(otf|ttf|ttc|otc)", re.IGNORECASE)
# The simplified forms of a face come first; a face of another region draws some characters in another way.
FAMILIES = (
    "Noto Serif SC",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
)
LIGHTEST, WANTED = 600, 700  # headings are set in 700, names in 600
LICENCE = re.compile(r"SIL Open Font License|scripts\.sil\.org/OFL|openfontlicense\.org", re.IGNORECASE)


class Serif(NamedTuple):
    """One face of a font file. `name` says which it is, so that another version is known to be another."""

    path: Path
    number: int  # of the face in a collection, else 0
    name: str
    weight: int


def find_serif(folders: Iterable[str | Path]) -> Serif | None:
    """Return the face nearest to weight 700 of a family of ours in `folders` (looked through to the bottom), or None.

    Broken files, other licences, variable and light fonts are passed over.
    """
    found = [face for folder in folders for face in _faces_in(Path(folder).expanduser())]
    return min(found, key=_rank, default=None)


def _rank(face: Serif) -> tuple[int, int, str]:
    family = next(n for n, family in enumerate(FAMILIES) if face.name.startswith(f"{family} "))
    return abs(face.weight - WANTED), family, str(face.path)


def _faces_in(folder: Path) -> Iterator[Serif]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if FILES.fullmatch(path.name) and path.is_file():
            try:
                yield from _faces_of(path)
            except Exception:  # noqa: BLE001, S112 -- a broken font breaks in any way; the next one may do
                continue


def _faces_of(path: Path) -> list[Serif]:
    with path.open("rb") as file:
        if path.suffix.lower() in {".ttc", ".otc"}:
            fonts = TTCollection(file, lazy=True).fonts
        else:
            fonts = [TTFont(file, lazy=True)]
        return [face for number, font in enumerate(fonts) if (face := _face(path, number, font))]


def _face(path: Path, number: int, font: TTFont) -> Serif | None:
    names = font["name"]
    family = names.getDebugName(16) or names.getDebugName(1) or ""
    licence = f"{names.getDebugName(13) or ''} {names.getDebugName(14) or ''}"
    weight = font["OS/2"].usWeightClass
    if family not in FAMILIES or weight < LIGHTEST or "fvar" in font or not LICENCE.search(licence):
        return None
    return Serif(path, number, f"{family} {weight} · {path.stat().st_size}", weight)
