"""Cutting a face down to some characters, the most frequent first when not all of them find room."""

import io
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NamedTuple

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from portal.headings.faces import Serif
from portal.theme.stylesheet import FAMILY

AT_MOST = 120 * 1024  # bytes of the file
TRIES = 6
UNITS = 500  # of an em: a fifth of a pixel in the largest heading of a dense screen, and a sixth fewer bytes than 1000
SPACING = ["halt", "chws"]  # what text-spacing-trim sets Chinese marks close with
DROPPED = ("vhea", "vmtx", "VORG", "BASE", "DSIG")  # for vertical setting, which no page has


class Cut(NamedTuple):
    """The font file, its kind, and the characters in it, in the order of their code points."""

    data: bytes
    kind: str
    characters: str


def kind() -> str:
    """Return "woff2" where its compression is installed, else "woff", which Python can write by itself."""
    return "woff2" if find_spec("brotli") else "woff"


def cut(face: Serif, ranked: Sequence[str], *, at_most: int = AT_MOST) -> Cut:
    """Return `face` with the first of `ranked` characters that find room in `at_most` bytes; same in, same bytes out.

    Characters that the face does not have are left out. Raises OSError and TTLibError for a file that cannot be read.
    """
    with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
        has = font.getBestCmap()
    kept = [c for c in dict.fromkeys(ranked) if ord(c) in has]
    data = _cut(face, kept)
    for _ in range(TRIES):
        if len(data) <= at_most or not kept:
            break
        kept = kept[: int(len(kept) * at_most / len(data) * 0.995)]
        data = _cut(face, kept)
    return Cut(data, kind(), "".join(sorted(kept)))


def _cut(face: Serif, characters: Sequence[str]) -> bytes:
    options = Options(
        layout_features=SPACING,
        hinting=False,
        desubroutinize=True,
        name_IDs=[0, 1, 2, 4, 6, 13, 14],
        notdef_outline=True,
    )
    options.drop_tables += DROPPED
    font = TTFont(face.path, fontNumber=face.number, lazy=True, recalcTimestamp=False)
    try:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(characters))
        subsetter.subset(font)
        if "glyf" not in font and font["head"].unitsPerEm > UNITS:
            scale_upem(font, UNITS)
        for record in font["name"].names:
            if record.nameID in {
                1,
                4,
                6,
            }:  # a changed font must not bear the reserved name of its source (OFL, 3)
                record.string = FAMILY.replace(" ", "") if record.nameID == 6 else FAMILY
        font.flavor = kind()
        out = io.BytesIO()
        font.save(out, reorderTables=False)
    finally:
        font.close()
    return out.getvalue()
