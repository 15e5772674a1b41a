"""Contrast of colours (WCAG 2.2, 1.4.3 and 1.4.11): which pairs the site uses, and which of them are too weak."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.theme.colours import COLOURS, label_of

TEXT, CONTROL = 4.5, 3.0
RGB = tuple[float, float, float]  # 0 to 255 each

# (what stands on it, the ground, least contrast): the pairs of the design's table, on every ground they are used on.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *[(ink, ground, TEXT) for ink in ("c-ink", "c-ink-2", "c-ink-3") for ground in ("c-paper", "c-paper-2", "c-surface")],
    *[("c-ink-2", ground, TEXT) for ground in ("glaze-moon", "glaze-moon-lt")],
    ("c-ink-3", "glaze-moon", TEXT),
    *[("c-link", ground, TEXT) for ground in ("c-paper", "c-paper-2", "c-surface")],
    *[("c-accent", ground, TEXT) for ground in ("c-paper", "c-paper-2", "c-surface", "c-accent-lt")],
    *[("c-on-accent", ground, TEXT) for ground in ("c-accent", "c-accent-hover")],
    *[("glaze-sky-dp", ground, TEXT) for ground in ("c-paper", "c-surface", "c-info-lt", "glaze-moon", "glaze-moon-lt")],
    *[("glaze-rose", ground, TEXT) for ground in ("c-paper", "c-surface", "glaze-rose-lt")],
    ("glaze-begonia", "c-paper", TEXT),
    *[("glaze-onion", ground, TEXT) for ground in ("c-paper", "c-surface", "glaze-onion-lt")],
    *[("glaze-amber", ground, TEXT) for ground in ("c-paper", "c-surface", "glaze-amber-lt")],
    *[("c-on-glaze", ground, TEXT) for ground in ("glaze-rose", "glaze-sky-dp", "glaze-begonia", "glaze-onion", "glaze-amber")],
    ("c-err", "c-paper", TEXT),
    ("c-err", "c-surface", TEXT),
    *[(f"c-g{n}", ground, TEXT) for n in (1, 2, 3, 4) for ground in ("c-surface", f"c-g{n}-lt")],
    ("c-on-glaze", "c-g4", TEXT),
    ("c-foot-ink", "c-foot", TEXT),
    ("c-foot-ink-2", "c-foot", TEXT),
    ("c-night-ink", "c-night", TEXT),
    ("c-night-ink-2", "c-night", TEXT),
    *[("c-ink-2", ground, TEXT) for ground in ("map-a", "map-b", "map-c")],
    ("c-control", "c-surface", CONTROL),
    ("c-control", "c-paper", CONTROL),
    *[("c-focus", ground, CONTROL) for ground in ("c-paper", "c-surface")],
    *[("c-focus-in", ground, CONTROL) for ground in ("c-accent", "c-foot")],
    ("glaze-azure", "c-paper", CONTROL),
)  # fmt: skip


class Pair(NamedTuple):
    """Two colours that meet on the site, and how far they stand apart."""

    ink: str  # tokens
    ground: str
    least: float
    ratio: float

    @property
    def good(self) -> bool:
        """Whether the contrast is enough: measured, not as it is written."""
        return self.ratio >= self.least


def rgb(colour: str) -> RGB:
    """Return the three parts of #rrggbb."""
    red, green, blue = (float(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return red, green, blue


def over(top: RGB, below: RGB, share: float) -> RGB:
    """Return the colour of `top`, `share` opaque (0 to 1), over `below`."""
    red, green, blue = (t * share + b * (1 - share) for t, b in zip(top, below, strict=True))
    return red, green, blue


def written(colour: RGB) -> str:
    """Return a colour as #rrggbb."""
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def luminance(colour: RGB) -> float:
    """Return the relative luminance, 0 for black to 1 for white."""
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(colours: Mapping[str, str]) -> list[Pair]:
    """Return every pair with its contrast; `colours` is {token: #rrggbb} of all tokens that pairs name."""
    return [
        Pair(ink, ground, least, contrast(rgb(colours[ink]), rgb(colours[ground])))
        for ink, ground, least in PAIRS
    ]


def complaints(colours: Mapping[str, str], changed: set[str]) -> dict[str, str]:
    """Return {token to change: sentence}: of each changed colour the worst pair that is too weak, and how many more are.

    `colours` is {token: #rrggbb} with the changed ones in it; a pair that nobody touched is as the theme ships it.
    """
    weak: dict[str, list[Pair]] = {}
    for pair in pairs(colours):
        if not pair.good and {pair.ink, pair.ground} & changed:
            weak.setdefault(pair.ink if pair.ink in changed else pair.ground, []).append(pair)
    return {
        token: sentence(min(found, key=lambda pair: pair.ratio / pair.least), colours)
        + (f"另有 {len(found) - 1} 处搭配也不够。" if len(found) > 1 else "")
        for token, found in weak.items()
    }


def sentence(pair: Pair, colours: Mapping[str, str]) -> str:
    """Say what is too weak, by how much, and what to do. The ratio is cut, never rounded up to the least."""
    words = "文字" if pair.least == TEXT else "控件"
    ratio = int(pair.ratio * 100) / 100
    can = [label_of(token) for token in (pair.ink, pair.ground) if token in COLOURS]
    return (
        f"“{label_of(pair.ink)}”{colours[pair.ink]} 在“{label_of(pair.ground)}”{colours[pair.ground]} 上的"
        f"对比度是 {ratio:.2f}，{words}需要 {pair.least:g} 以上。请调整{'或'.join(f'“{name}”' for name in can)}。"
    )
