"""The colours an installation may change, and what they are while it changes none: core/tokens.css is the one source."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TOKENS = Path(__file__).resolve().parent.parent / "static" / "portal" / "css" / "core" / "tokens.css"
HEX = re.compile(r"#[0-9a-f]{6}")


class Colour(NamedTuple):
    """One colour: the custom property without its dashes, and what the form calls it."""

    token: str
    label: str

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return "colour_" + self.token.replace("-", "_")


GROUPS: tuple[tuple[str, tuple[Colour, ...]], ...] = (
    (
        "主色与链接",
        (
            Colour("c-accent", "主色"),
            Colour("c-accent-hover", "主色（指针经过）"),
            Colour("c-accent-lt", "主色浅底"),
            Colour("c-link", "链接"),
        ),
    ),
    (
        "釉色",
        (
            Colour("glaze-moon", "月白"),
            Colour("glaze-moon-lt", "月白浅"),
            Colour("glaze-sky", "天青"),
            Colour("glaze-sky-dp", "天青深（文字）"),
            Colour("c-info-lt", "天青浅底"),
            Colour("glaze-azure", "天蓝"),
            Colour("glaze-rose", "玫瑰紫"),
            Colour("glaze-rose-lt", "玫瑰紫浅底"),
            Colour("glaze-begonia", "海棠红"),
            Colour("glaze-onion", "葱翠"),
            Colour("glaze-onion-lt", "葱翠浅底"),
            Colour("glaze-amber", "蜡黄"),
            Colour("glaze-amber-lt", "蜡黄浅底"),
        ),
    ),
    (
        "纸与线",
        (
            Colour("c-paper", "页面底色"),
            Colour("c-paper-2", "次级底色"),
            Colour("c-surface", "卡片底色"),
            Colour("c-line", "分隔线"),
            Colour("c-line-2", "分隔线（深）"),
            Colour("c-control", "输入框边线"),
            Colour("c-foot", "页脚底色"),
            Colour("c-night", "场次页头底色"),
        ),
    ),
    (
        "等次",
        (
            Colour("c-g1", "优秀"),
            Colour("c-g1-lt", "优秀浅底"),
            Colour("c-g2", "称职"),
            Colour("c-g2-lt", "称职浅底"),
            Colour("c-g3", "基本称职"),
            Colour("c-g3-lt", "基本称职浅底"),
            Colour("c-g4", "不称职"),
            Colour("c-g4-lt", "不称职浅底"),
        ),
    ),
    (
        "示意图",
        (Colour("map-a", "地块一"), Colour("map-b", "地块二"), Colour("map-c", "地块三")),
    ),
)
COLOURS: dict[str, Colour] = {colour.token: colour for _, group in GROUPS for colour in group}
# What a pair may hold besides: these stay as shipped.
FIXED = {
    "c-ink": "正文字色",
    "c-ink-2": "次要文字色",
    "c-ink-3": "辅助文字色",
    "c-on-accent": "主色上的白字",
    "c-on-glaze": "釉色上的白字",
    "c-focus": "焦点框",
    "c-focus-in": "焦点框内圈",
    "c-err": "提醒红",
    "c-foot-ink": "页脚文字",
    "c-foot-ink-2": "页脚次要文字",
    "c-night-ink": "场次页头文字",
    "c-night-ink-2": "场次页头次要文字",
}


@lru_cache(maxsize=1)
def shipped() -> dict[str, str]:
    """Return {token: #rrggbb} as tokens.css gives them first; modes and paper repeat some later."""
    found: dict[str, str] = {}
    for token, value in re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", TOKENS.read_text("utf-8")):
        found.setdefault(token, value)
    return found


@lru_cache(maxsize=8)
def shipped_value(token: str) -> str:
    """Return what tokens.css gives a token that is no single colour, such as ff-serif."""
    found = re.search(rf"--{token}:\s*([^;]+);", TOKENS.read_text("utf-8"))
    if found is None:
        raise LookupError(token)
    return found[1]


def own(colours: object) -> dict[str, str]:
    """Return what of stored `colours` is a colour of ours and differs from the shipped one; anything else is dropped.

    Stored values are looked at again: what stands in the database must never become CSS by itself (threat 5).
    """
    pairs = colours.items() if isinstance(colours, Mapping) else ()
    return {
        token: value
        for token, value in pairs
        if token in COLOURS and isinstance(value, str) and HEX.fullmatch(value) and value != shipped()[token]
    }


def label_of(token: str) -> str:
    """Return what people call a colour."""
    return COLOURS[token].label if token in COLOURS else FIXED[token]
