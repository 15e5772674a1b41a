"""One stylesheet that writes tokens again, in their own layer: 大字版, high contrast and paper lie in later layers and win."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from portal.theme.colours import shipped_value
from portal.theme.contrast import RGB, over, rgb, written
from portal.theme.grounds import deepened
from portal.theme.line import Stop, gradient

FAMILY = "Heading Serif"
VEILS = {
    "ov-session": "linear-gradient(90deg, {0} 0.92) 0%, {0} 0.8) 50%, {0} 0.5) 100%)",
    "ov-session-m": "linear-gradient(180deg, {0} 0.9), {0} 0.72))",
}


class Face(NamedTuple):
    """The heading font: where it lies, of which kind it is ("woff" or "woff2"), and which characters it holds."""

    url: str
    kind: str
    characters: str


def stylesheet(
    colours: Mapping[str, str], stops: tuple[Stop, ...], grounds: Mapping[str, str], face: Face | None
) -> str:
    """Return the CSS; "" when nothing differs from what ships.

    `colours` {token: #rrggbb} and `grounds` {token: address} hold what differs; both come from our own tables and
    patterns, never from free text.
    """
    tokens = {**colours, **_derived(colours)}
    if stops:
        tokens["glaze-line"] = gradient(stops)
    tokens |= {token: f'url("{url}")' for token, url in grounds.items()}
    if face:
        tokens |= {token: f'"{FAMILY}", {shipped_value(token)}' for token in ("ff-serif", "ff-num")}
    if not tokens:
        return ""
    lines = "".join(f"--{token}: {value}; " for token, value in sorted(tokens.items()))
    return f"{_faces(face) if face else ''}@layer tokens {{ :root {{ {lines}}} }}\n"


def _derived(colours: Mapping[str, str]) -> dict[str, str]:
    """Return what follows from a changed colour: the bands of the ruler, and the veils over the session's head."""
    derived = {
        f"c-g{n}-band": written(over(rgb(colours[f"c-g{n}"]), (255, 255, 255), 0.55))
        for n in (1, 2, 3, 4)
        if f"c-g{n}" in colours
    }
    if "c-night" in colours:
        opening = _rgb_of(deepened(colours["c-night"]))
        derived |= {token: veil.replace("{0}", opening) for token, veil in VEILS.items()}
    return derived


def _rgb_of(colour: RGB) -> str:
    return f"rgb({' '.join(str(round(part)) for part in colour)} /"


def _faces(face: Face) -> str:
    """Two faces of one family: ours for headings; a light one, so that no browser shows quotes and leads in bold.

    Without the second, weight 400 would take the only face there is. Where the reader's machine has none of its local
    fonts, it does not load, and the next family of the list is used, as without us.
    """
    light = ", ".join(
        f'local("{name}")'
        for name in (
            "Noto Serif SC",
            "Source Han Serif SC",
            "Noto Serif CJK SC",
            "Songti SC Regular",
            "STSong",
            "SimSun",
        )
    )
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 600 900; font-display: swap; '
        f'src: url("{face.url}") format("{face.kind}"); unicode-range: {unicode_range(face.characters)}; }}\n'
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: 100 599; src: {light}; }}\n'
    )


def unicode_range(characters: Iterable[str]) -> str:
    """Return the characters as CSS writes them, neighbours joined: "U+20-22, U+4E00"."""
    codes = sorted({ord(c) for c in characters})
    starts = [codes[0], *(b for a, b in pairwise(codes) if b > a + 1)] if codes else []
    ends = [*(a for a, b in pairwise(codes) if b > a + 1), codes[-1]] if codes else []
    spans = (f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in zip(starts, ends, strict=True))
    return ", ".join(spans)
