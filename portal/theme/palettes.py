"""Ready-made palettes: what one click in the form writes over the colours, the glaze line and the grounds."""

from typing import NamedTuple

from portal.theme.line import Stop


class Palette(NamedTuple):
    """One palette; what it does not name is as shipped."""

    name: str
    label: str
    colours: dict[str, str]
    line: tuple[Stop, ...]
    grounds: dict[str, str]  # slot: shipped ground


SHIPPED = Palette("shipped", "釉与纸（默认）", {}, (), {})
BAMBOO = Palette(
    "bamboo",
    "竹青",
    {
        "c-accent": "#8c2a1c",
        "c-accent-hover": "#6f2015",
        "c-link": "#7a2518",
        "glaze-moon": "#e4ebdd",
        "glaze-moon-lt": "#f1f5ec",
        "glaze-sky": "#8daa87",
        "glaze-sky-dp": "#35593c",
        "c-info-lt": "#eaf1e6",
        "glaze-rose": "#3e5a46",
        "glaze-rose-lt": "#eaf0e8",
        "c-paper": "#f8f8f2",
        "c-paper-2": "#eff0e5",
        "c-line": "#dddfcc",
        "c-foot": "#20291f",
        "c-night": "#24382a",
        "map-a": "#e4ebdd",
        "map-b": "#d9e4d0",
        "map-c": "#edf2e8",
    },
    (
        Stop("#e4ebdd", 0),
        Stop("#b4c8a4", 25),
        Stop("#7e9f7a", 50),
        Stop("#4c7359", 72),
        Stop("#8c2a1c", 100),
    ),
    {"hero": "bamboo", "session": "green"},
)
PALETTES = {palette.name: palette for palette in (SHIPPED, BAMBOO)}
