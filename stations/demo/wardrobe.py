"""What the drawn people wear: jackets, shirts, knitwear, aprons and vests over one pair of shoulders."""

from collections.abc import Callable
from typing import NamedTuple, Self

from stations.demo.canvas import Board, Colour, Point, box, mirrored, mix, outline

AXIS = 220.0
LINEN = "#FBF8F2"
COATS = (
    "#33414B",
    "#6E3758",
    "#47584F",
    "#E9E1D3",
    "#2F4A5A",
    "#574E45",
    "#8A3B3E",
    "#5B7480",
    "#3C3A46",
    "#7A6448",
    "#41655A",
    "#A9B7B4",
    "#59405A",
)
ACCENTS = ("#9C1C1F", "#2C5A62", "#7E5510", "#6E3758", "#2B6650")

MEN_DRESS = ("suit", "shirt", "work", "mandarin", "pullover", "vest", "zip")
WOMEN_DRESS = ("round", "shirt", "cardigan", "mandarin", "coat", "scarf", "apron", "vest")

SHOULDERS = (
    "M16 520C20 412 54 350 130 324C156 314 172 306 180 292L260 292C268 306 284 314 310 324"
    "C386 350 420 412 424 520Z"
)
FOLD_LEFT = "M82 520C86 470 92 440 104 412C110 446 108 484 110 520Z"
COLLAR_LEFT = "M186 284L220 330L198 354L168 308Z"
LAPEL_LEFT = "M164 302L220 424L186 486L138 352C146 336 154 322 164 302Z"


class Cloth(NamedTuple):
    """The colours of one dress: the cloth itself, its darker side, and one accent."""

    main: Colour
    dark: Colour
    accent: Colour

    @classmethod
    def of(cls, seed: int, backdrop: Colour) -> Self:
        """Choose a cloth that stands off its backdrop."""
        main = COATS[seed * 4 % len(COATS)]
        if _near(main, backdrop):
            main = COATS[(seed * 4 + 5) % len(COATS)]
        return cls(main=main, dark=mix(main, "#16110E", 0.36), accent=ACCENTS[seed * 2 % len(ACCENTS)])


def _near(one: Colour, other: Colour) -> bool:
    parts = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return sum(abs(a - b) for a, b in parts) < 90


def _both(board: Board, path: str, fill: Colour, *, alpha: float = 1.0) -> None:
    half = outline(path)
    board.shape(half, fill, alpha=alpha)
    board.shape(mirrored(half, AXIS), fill, alpha=alpha)


def _wide(points: tuple[Point, ...], by: float) -> list[Point]:
    return [(AXIS + (x - AXIS) * (by if abs(x - AXIS) > 60 else 1), y) for x, y in points]


def dress(board: Board, kind: str, cloth: Cloth, *, wide: float) -> None:
    """Draw shoulders of the given build (1.0 is middling) and the dress over them."""
    board.shape([(x + 7, y + 8) for x, y in _wide(outline(SHOULDERS), wide)], "#1A1210", alpha=0.16)
    board.shape(_wide(outline(SHOULDERS), wide), (cloth.main, cloth.dark), angle=0.45)
    _both(board, FOLD_LEFT, "#000000", alpha=0.10)
    DRESSES[kind](board, cloth)


def _suit(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M186 286L254 286L246 340L220 420L194 340Z"), LINEN)
    board.shape(outline("M210 326L230 326L226 346L236 402L220 424L204 402L214 346Z"), cloth.accent)
    _both(board, LAPEL_LEFT, mix(cloth.main, "#000000", 0.22))
    _both(board, COLLAR_LEFT, "#FFFFFF")
    board.shape(outline("M214 424L226 424L224 520L216 520Z"), "#000000", alpha=0.22)
    board.shape(box(286, 404, 40, 6), "#FFFFFF", alpha=0.20)


def _shirt(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M196 292L244 292L220 336Z"), mix(cloth.main, "#000000", 0.45))
    _both(board, "M182 284L220 336L194 366L162 310Z", mix(cloth.main, "#FFFFFF", 0.20))
    board.shape(box(213, 350, 14, 170), mix(cloth.main, "#000000", 0.14))
    for y in (376, 428, 480):
        board.shape(box(216.5, y, 7, 7), mix(cloth.main, "#FFFFFF", 0.55))
    board.shape(box(272, 404, 58, 8), "#000000", alpha=0.16)


def _work(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M194 290L246 290L220 334Z"), LINEN)
    _both(board, "M182 286L222 340L190 372L160 314Z", mix(cloth.main, "#000000", 0.26))
    board.line([(220, 340), (220, 520)], mix(cloth.main, "#000000", 0.34), 3)
    for x in (128, 256):
        board.shape(box(x, 408, 56, 60), "#000000", alpha=0.13)
        board.shape(box(x, 408, 56, 14), "#000000", alpha=0.18)
        board.shape(box(x + 25, 418, 7, 7), "#FFFFFF", alpha=0.5)


def _mandarin(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M180 278C196 300 244 300 260 278L266 304C246 330 194 330 174 304Z"), cloth.dark)
    board.line([(220, 318), (220, 520)], mix(cloth.main, "#000000", 0.38), 3)
    for y in (350, 402, 454, 506):
        board.line([(196, y), (244, y)], cloth.accent, 4)
        board.shape(box(214, y - 6, 12, 12), mix(cloth.accent, "#FFFFFF", 0.2))


def _pullover(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M180 288L260 288L250 330L220 398L190 330Z"), LINEN)
    _both(board, COLLAR_LEFT, "#FFFFFF")
    rim = mix(cloth.main, "#FFFFFF", 0.24)
    board.line([(174, 304), (220, 402), (266, 304)], rim, 9)
    board.line([(220, 352), (220, 392)], "#D9D2C4", 2)


def _vest(board: Board, cloth: Cloth) -> None:
    """A volunteer's or worker's bright vest over a dark shirt."""
    board.shape(outline("M182 290L258 290L220 352Z"), mix(cloth.dark, "#FFFFFF", 0.1))
    orange, band = "#CF6F32", "#F3E9C8"
    half = outline("M150 318L180 300L220 372L220 520L110 520C112 440 122 360 150 318Z")
    for side in (half, mirrored(half, AXIS)):
        board.shape(side, (orange, "#B4572A"))
    _both(board, "M152 352L170 342L170 520L152 520Z", band, alpha=0.92)
    board.shape(box(112, 440, 216, 20), band, alpha=0.92)
    board.line([(220, 372), (220, 520)], "#7C3A1C", 3)


def _zip(board: Board, cloth: Cloth) -> None:
    _both(board, "M178 276L220 314L214 350L164 312Z", mix(cloth.main, "#FFFFFF", 0.16))
    board.line([(220, 312), (220, 520)], mix(cloth.main, "#FFFFFF", 0.5), 4)
    board.shape(box(216, 346, 8, 20), mix(cloth.main, "#FFFFFF", 0.75))
    _both(board, "M60 396C96 384 150 378 214 378L214 396C150 396 100 400 54 414Z", cloth.accent, alpha=0.75)


def _round(board: Board, cloth: Cloth) -> None:
    board.shape(
        outline("M176 292C188 340 252 340 264 292L278 304C262 362 178 362 162 304Z"), LINEN, alpha=0.9
    )
    board.line([(158, 322), (178, 352), (220, 364), (262, 352), (282, 322)], cloth.dark, 2)


def _cardigan(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M176 290L264 290L262 340L232 520L208 520L178 340Z"), LINEN)
    board.shape(outline("M186 290C196 322 244 322 254 290Z"), mix(LINEN, "#C9A487", 0.75))
    rim = mix(cloth.main, "#FFFFFF", 0.22)
    board.line([(172, 304), (182, 360), (206, 520)], rim, 10)
    board.line([(268, 304), (258, 360), (234, 520)], rim, 10)


def _coat(board: Board, cloth: Cloth) -> None:
    """A white coat over the cloth: doctor, nurse, laboratory."""
    white = "#F4F2EC"
    board.shape(outline(SHOULDERS), (white, "#D6D8D4"), angle=0.5)
    board.shape(outline("M184 288L256 288L246 340L220 400L194 340Z"), cloth.main)
    _both(board, LAPEL_LEFT, "#E3E3DC")
    board.line([(164, 302), (220, 424), (276, 302)], "#B9BCB6", 2)
    board.line([(220, 424), (220, 520)], "#B9BCB6", 3)
    board.shape(box(272, 430, 56, 50), "#000000", alpha=0.06)
    board.shape(box(284, 420, 6, 30), cloth.accent)


def _scarf(board: Board, cloth: Cloth) -> None:
    scarf = cloth.accent
    board.shape(outline("M186 318L222 326L206 470L168 462Z"), mix(scarf, "#000000", 0.22))
    board.shape(
        outline(
            "M166 290C180 268 192 300 220 304C248 300 260 268 274 290"
            "C290 316 262 352 220 352C178 352 150 316 166 290Z"
        ),
        (mix(scarf, "#FFFFFF", 0.18), scarf),
    )
    board.line([(172, 308), (204, 332), (262, 322)], mix(scarf, "#000000", 0.25), 3)
    for x in (174, 186, 198):
        board.line([(x, 452), (x - 4, 478)], mix(scarf, "#FFFFFF", 0.25), 2.5)


def _apron(board: Board, cloth: Cloth) -> None:
    board.shape(outline("M178 290C190 332 250 332 262 290L272 302C258 350 182 350 168 302Z"), cloth.dark)
    board.shape(
        outline("M146 392L294 392L306 520L134 520Z"), (mix(cloth.accent, "#FFFFFF", 0.12), cloth.accent)
    )
    board.line([(150, 394), (168, 314)], mix(cloth.accent, "#FFFFFF", 0.2), 9)
    board.line([(290, 394), (272, 314)], mix(cloth.accent, "#FFFFFF", 0.2), 9)
    board.shape(box(182, 450, 76, 70), "#000000", alpha=0.14)
    board.line([(182, 450), (258, 450)], LINEN, 2.5)


DRESSES: dict[str, Callable[[Board, Cloth], None]] = {
    "suit": _suit,
    "shirt": _shirt,
    "work": _work,
    "mandarin": _mandarin,
    "pullover": _pullover,
    "vest": _vest,
    "zip": _zip,
    "round": _round,
    "cardigan": _cardigan,
    "coat": _coat,
    "scarf": _scarf,
    "apron": _apron,
}
