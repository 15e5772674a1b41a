"""Textured grounds: which shipped ones a place may use, and whether the words over a picture of the office's can be read."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from PIL import Image

from portal.theme.contrast import RGB, TEXT, contrast, luminance, over, rgb

RENDITION = (
    "width-1600|format-webp|webpquality-68"  # made when the form is saved, never in a reader's request
)
LABELS = {
    "hero": "窑变",
    "bamboo": "竹青",
    "kiln": "窑火",
    "rose": "玫瑰紫",
    "sky": "天青",
    "green": "葱翠",
    "begonia": "海棠红",
    "amber": "蜡黄",
    "moon": "月白",
    "dark": "夜色",
}
COVERS = ("rose", "sky", "green", "begonia", "amber", "kiln", "moon", "dark")
COVER_SETS = {
    "": ("全部釉色（默认）", COVERS),
    "cool": ("青绿", ("sky", "green", "moon", "bamboo")),
    "warm": ("暖色", ("begonia", "amber", "kiln", "rose")),
    "quiet": ("素净", ("moon", "sky")),
}


class Ground(NamedTuple):
    """A place that has a ground: its token, what the form calls it, the shipped grounds it may use (first the default).

    `readable` gives the least contrast of the words there over one pixel of a picture.
    """

    token: str
    label: str
    shipped: tuple[str, ...]
    readable: Callable[[RGB, Mapping[str, str]], float]


def _on_hero(pixel: RGB, colours: Mapping[str, str]) -> float:
    # Where the statement ends, the paper lies 86 % over the picture (home.css).
    return contrast(rgb(colours["c-ink-2"]), over(rgb(colours["c-paper"]), pixel, 0.86))


def _on_session(pixel: RGB, colours: Mapping[str, str]) -> float:
    return contrast(rgb(colours["c-night-ink"]), over(deepened(colours["c-night"]), pixel, 0.66))


def _on_dark(pixel: RGB, colours: Mapping[str, str]) -> float:
    return contrast(rgb(colours["c-wall-ink-3"]), pixel)


def _on_moon(pixel: RGB, colours: Mapping[str, str]) -> float:
    band = over(pixel, rgb(colours["glaze-moon-lt"]), 0.5)
    check_in = over(rgb(colours["glaze-moon-lt"]), pixel, 0.42)
    deep = rgb(colours["glaze-sky-dp"])
    return min(contrast(deep, band), contrast(deep, check_in), contrast(rgb(colours["c-ink-2"]), band))


def deepened(colour: str) -> RGB:
    """Return the deeper shade that veils of the session's head are made of."""
    red, green, blue = (part * 0.72 for part in rgb(colour))
    return red, green, blue


GROUNDS: dict[str, Ground] = {
    "hero": Ground(
        "tex-hero", "首页", ("hero", "bamboo", "kiln", "rose", "sky", "green", "begonia", "amber"), _on_hero
    ),
    "session": Ground(
        "tex-rose", "场次页头", ("rose", "kiln", "sky", "green", "begonia", "bamboo"), _on_session
    ),
    "dark": Ground("tex-dark", "会场大屏", ("dark",), _on_dark),
    "moon": Ground("tex-moon", "数字栏与签到", ("moon",), _on_moon),
}
EXTREMES = 0.005  # the share of pixels at either end that is not looked at, as in the design's table


def least_contrast(picture: Any, slot: str, colours: Mapping[str, str]) -> float:
    """Return the least contrast of words over a picture (a file or path that Pillow opens) used as the ground `slot`."""
    with Image.open(picture) as opened:
        opened.draft("RGB", (200, 200))
        small = opened.convert("RGB").resize((160, 100), Image.Resampling.BOX)
    raw = small.tobytes()
    pixels: list[RGB] = sorted(
        ((float(raw[at]), float(raw[at + 1]), float(raw[at + 2])) for at in range(0, len(raw), 3)),
        key=luminance,
    )
    edge = int(len(pixels) * EXTREMES)
    readable = GROUNDS[slot].readable
    return min(readable(pixels[edge], colours), readable(pixels[-1 - edge], colours))


def complaint(picture: Any, slot: str, colours: Mapping[str, str]) -> str:
    """Say why a picture cannot be the ground `slot`, "" when it can."""
    ratio = least_contrast(picture, slot, colours)
    if ratio >= TEXT:
        return ""
    wanted = "更深" if slot in {"dark", "session"} else "更浅"
    return (
        f"这张图片做“{GROUNDS[slot].label}”的底纹时，文字的对比度最低只有 {int(ratio * 100) / 100:.2f}，"
        f"需要 {TEXT:g} 以上。请换一张{wanted}、更匀的图片。"
    )
