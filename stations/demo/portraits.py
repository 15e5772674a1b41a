"""Drawn portraits for the invented people of the demonstration city: faceless, clearly not photographs.

The seed alone decides what is seen: palette, backdrop, build, hair, dress and spectacles. Each of them turns
with its own step through its own list, so that neighbours in the directory never look alike.
"""

from random import Random
from typing import NamedTuple

from stations.demo.canvas import Board, Colour, Point, box, ellipse, mirrored, mix, outline
from stations.demo.scenes import draw_scene
from stations.demo.wardrobe import MEN_DRESS, WOMEN_DRESS, Cloth, dress

AXIS = 220.0
UNITS = 440.0
BACKDROPS = (  # light, middle, deep: the glazes
    ("#E4EDEA", "#A9C4C9", "#7A4468"),  # 月白 into 玫瑰紫
    ("#F2EADC", "#D8C3A6", "#A9745A"),  # 胎色
    ("#E6EEE4", "#B4CCB6", "#5F8A74"),  # 葱翠
    ("#F4E6DE", "#DDB0A1", "#A8565A"),  # 海棠红
    ("#E5EDF0", "#A5C0CC", "#4F7F93"),  # 天蓝
    ("#EFE7EE", "#BFA9BF", "#7E4C6A"),  # 玫瑰紫
    ("#F6EEDA", "#DCC48D", "#9A7440"),  # 蜡黄
    ("#EAF1EE", "#B9D2CF", "#5B8A8F"),  # 天青
    ("#EDE9E2", "#B7B7C4", "#646A86"),  # 灰蓝
    ("#F1EBDF", "#BFC9AE", "#768A5E"),  # 豆绿
    ("#F3E7E4", "#C9A6B2", "#5F4A68"),  # 茄皮紫
)
SKINS = (("#EBCFB6", "#DDB898"), ("#E6C8AE", "#D6B08F"), ("#DDB998", "#C99F7C"), ("#E9CDB8", "#D9AF95"))
DARK_HAIR = ("#2A2523", "#241E1C", "#332A25", "#2B2A2E")
GREY_HAIR = ("#8A857E", "#A7A199", "#6F6A64", "#BDB8B0")

MEN_HAIR = ("short", "parted", "crew", "swept", "curly")
WOMEN_HAIR = ("bob", "bun", "pony", "pixie", "long", "waves")
ELDER_MEN_HAIR = ("receding", "short", "crew", "parted")
ELDER_WOMEN_HAIR = ("perm", "bob", "bun", "pixie")

FACE = (
    "M157 170C157 112 184 88 220 88C256 88 283 112 283 170C283 206 275 236 258 258"
    "C246 273 234 280 220 280C206 280 194 273 182 258C165 236 157 206 157 170Z"
)
SHADE = (
    "M238 90C266 98 283 124 283 170C283 206 275 236 258 258C246 273 234 280 220 280"
    "C244 254 254 216 254 170C254 132 250 108 238 90Z"
)
NECK = "M187 236L253 236L253 300C253 326 187 326 187 300Z"
CHIN_SHADOW = "M187 262C200 284 240 284 253 262L253 282C240 304 204 302 187 276Z"
EAR = "M160 172C150 166 146 178 149 192C152 206 158 212 164 208Z"

SHORT = (
    "M151 176C142 108 170 70 220 68C270 70 298 108 289 176C286 176 284 176 282 174"
    "C280 150 272 132 262 120C236 130 200 130 178 120C168 132 160 150 158 174C156 176 154 176 151 176Z"
)
HAIR = {
    "short": SHORT,
    "parted": (
        "M150 178C140 108 172 68 226 68C272 70 298 106 290 176L282 176C280 152 276 136 266 124"
        "C234 124 206 116 190 100C184 124 164 136 158 178Z"
    ),
    "crew": (
        "M152 162C146 104 174 72 220 72C266 72 294 104 288 162L281 160C278 138 274 124 266 114"
        "C238 106 202 106 174 114C166 124 162 138 159 160Z"
    ),
    "swept": (
        "M150 178C138 122 158 76 204 66C236 54 284 70 292 116C296 140 292 160 289 178L282 176"
        "C282 152 276 138 270 126C246 138 196 126 176 106C172 132 162 150 158 178Z"
    ),
    "curly": (
        "M151 172C138 160 140 138 148 132C142 112 156 92 172 90C180 70 206 64 220 70C240 60 264 72 268 88"
        "C288 92 298 114 292 132C300 142 300 162 289 172L282 170C282 148 276 136 268 126"
        "C256 134 246 122 236 130C224 136 212 124 200 130C190 134 182 122 172 128C164 138 160 152 158 172Z"
    ),
    "receding": (
        "M151 180C142 140 150 108 176 92C170 104 168 116 166 130C162 142 160 160 158 180Z"
        "M289 180C298 140 290 108 264 92C270 104 272 116 274 130C278 142 280 160 282 180Z"
    ),
    "bob": (
        "M144 236C128 140 152 66 220 66C288 66 312 140 296 236C290 250 274 248 272 236"
        "C280 200 282 166 268 132C236 140 196 138 176 124C160 156 160 200 168 236C166 248 150 250 144 236Z"
    ),
    "bun": (
        "M152 182C142 112 172 74 220 74C268 74 298 112 288 182L282 178C278 150 268 132 254 120"
        "C232 112 208 112 186 120C172 132 162 150 158 178Z"
    ),
    "pony": (
        "M151 186C140 112 170 70 222 70C272 72 300 112 289 186L282 180C280 152 274 138 262 128"
        "C228 128 200 116 184 104C180 128 162 142 158 180Z"
    ),
    "pixie": (
        "M150 196C138 120 162 68 222 66C278 66 302 116 291 194C288 202 282 198 282 188"
        "C282 160 276 144 266 132C240 138 204 132 170 112C172 140 160 160 159 190C158 200 152 204 150 196Z"
    ),
    "long": (
        "M146 330C122 268 130 176 146 134C158 92 186 68 220 68C254 68 282 92 294 134C310 176 318 268 294 330"
        "C284 338 270 330 268 318C282 256 284 190 264 134C244 128 230 116 222 102C210 120 192 130 176 134"
        "C156 190 158 256 172 318C170 330 156 338 146 330Z"
    ),
    "waves": (
        "M142 270C126 254 138 232 132 216C124 196 140 182 136 162"
        "C136 104 172 66 222 66C272 66 304 106 304 162"
        "C300 182 316 196 308 216C302 232 314 254 298 270C286 278 272 268 272 256C284 214 284 168 268 130"
        "C236 138 206 128 190 108C182 130 162 148 160 176C156 212 160 236 168 256C168 268 154 278 142 270Z"
    ),
    "perm": (
        "M150 206C134 204 130 184 140 176C128 164 132 142 144 138C138 116 154 96 170 96C176 74 204 66 220 74"
        "C238 64 266 74 270 96C288 96 302 116 296 138C308 144 312 164 300 176C310 184 306 204 290 206"
        "C280 208 280 192 282 178C282 154 276 140 266 128C252 136 240 124 226 132C212 138 200 124 186 132"
        "C176 128 162 150 158 178C160 192 160 208 150 206Z"
    ),
}
BEHIND = {  # what of the hair hangs behind neck and shoulders
    "long": "M150 150L290 150C306 220 304 290 292 326C262 344 178 344 148 326C136 290 134 220 150 150Z",
    "waves": "M146 160L294 160C304 210 302 244 290 266C262 276 178 276 150 266C138 244 136 210 146 160Z",
    "bob": "M152 150L288 150C298 190 296 220 288 238C262 246 178 246 152 238C144 220 142 190 152 150Z",
    "pony": "M268 130C312 140 322 210 300 290C292 300 280 292 282 280C292 230 284 190 262 170Z",
}


class Looks(NamedTuple):
    """What a seed decides about one person."""

    backdrop: tuple[Colour, Colour, Colour]
    skin: tuple[Colour, Colour]
    hair: str
    hair_colour: Colour
    cloth: Cloth
    dress: str
    glasses: str
    wide: float


def draw_portrait(seed: int, *, sex: str, elder: bool, size: tuple[int, int] = (880, 1040)) -> bytes:
    """Draw one person and return WebP bytes without metadata.

    `sex` is 男 or 女; `elder` greys the hair. The same arguments give the same bytes.
    Raises ValueError for another `sex`.
    """
    looks = _looks(seed, sex, elder)
    board = Board(size, units=UNITS, ground=looks.backdrop, angle=0.5, light=(110, 90, 330))
    _backdrop(board, seed, looks)
    if looks.hair in BEHIND:
        board.shape(outline(BEHIND[looks.hair]), mix(looks.hair_colour, "#000000", 0.25))
    if looks.hair == "bun":
        board.shape(ellipse(AXIS, 68, 29, 27), looks.hair_colour)
        board.shape(ellipse(AXIS - 6, 60, 16, 11), mix(looks.hair_colour, "#FFFFFF", 0.10))
    _neck(board, looks)
    dress(board, looks.dress, looks.cloth, wide=looks.wide)
    _head(board, looks)
    return board.webp()


def _looks(seed: int, sex: str, elder: bool) -> Looks:
    """Turn each list with its own step; prime steps keep the wheels apart."""
    if sex not in {"男", "女"}:
        raise ValueError(f"性别应为男或女：{sex}")
    man = sex == "男"
    dresses = MEN_DRESS if man else WOMEN_DRESS
    styles = (ELDER_MEN_HAIR if elder else MEN_HAIR) if man else (ELDER_WOMEN_HAIR if elder else WOMEN_HAIR)
    greys = GREY_HAIR if elder else DARK_HAIR
    spectacles = ("", "round", "", "", "square", "", "") if not elder else ("round", "", "square", "")
    backdrop = BACKDROPS[seed * 5 % len(BACKDROPS)]
    return Looks(
        backdrop=backdrop,
        skin=SKINS[seed * 3 % len(SKINS)],
        hair=styles[(seed * 7 + seed // 5) % len(styles)],
        hair_colour=greys[(seed // 3) % len(greys)],
        cloth=Cloth.of(seed, backdrop[2]),
        dress=dresses[(seed * 3 + seed // 7) % len(dresses)],
        glasses=spectacles[(seed * 3 + seed // 11) % len(spectacles)],
        wide=(1.06 if man else 0.94) + (seed * 11 % 5 - 2) * 0.015,
    )


def _backdrop(board: Board, seed: int, looks: Looks) -> None:
    light, middle, deep = looks.backdrop
    kind = seed * 2 % 5
    if kind == 1:  # a full moon behind the head
        board.shape(ellipse(262, 190, 150, 150), light, alpha=0.55)
    elif kind == 2:  # the arch of a kiln door
        for inset, alpha in ((0, 0.20), (34, 0.24)):
            left, right, top = 52 + inset, 388 - inset, 26 + inset
            arch = f"M{left} 520L{left} 210C{left} {top - 40} {right} {top - 40} {right} 210L{right} 520Z"
            board.shape(outline(arch), mix(light, "#FFFFFF", 0.3), alpha=alpha)
    elif kind == 3:  # three ranges of hills
        for number, share in enumerate((0.25, 0.5, 0.75)):
            y = 250 + 62 * number
            path = f"M0 {y}C80 {y - 70} 150 {y - 20} 220 {y - 36}C300 {y - 60} 380 {y - 90} 440 {y - 24}"
            board.shape(outline(f"{path}L440 520L0 520Z"), mix(middle, deep, share), alpha=0.38)
    elif kind == 4:  # glaze that ran down and stopped
        for x, length in zip(range(20, 440, 66), (150, 250, 110, 300, 190, 90, 230), strict=True):
            board.shape(box(x, 0, 33, length), deep, alpha=0.13)
            board.shape(ellipse(x + 16.5, length, 16.5, 22)[:37], deep, alpha=0.13)
    board.crackle(Random(f"crackle-{seed}"), "#6B4A36", 0.17, 58)  # noqa: S311 -- a picture, no secret


def _neck(board: Board, looks: Looks) -> None:
    board.shape(outline(NECK), mix(looks.skin[1], "#8A5A40", 0.16))
    board.shape(outline(CHIN_SHADOW), "#7C4E38", alpha=0.30)


def _head(board: Board, looks: Looks) -> None:
    skin = looks.skin
    for ear in (outline(EAR), mirrored(outline(EAR), AXIS)):
        board.shape(ear, mix(skin[1], "#8A5A40", 0.10))
    board.shape(outline(FACE), skin, angle=0.7)
    board.shape(outline(SHADE), "#8F5F45", alpha=0.17)
    _hair(board, looks)
    if looks.glasses:
        _glasses(board, looks.glasses)


def _hair(board: Board, looks: Looks) -> None:
    colour = looks.hair_colour
    for part in HAIR[looks.hair].split("Z")[:-1]:
        points: tuple[Point, ...] = outline(part + "Z")
        board.shape([(x, y + 5) for x, y in points], "#6B4026", alpha=0.16)
        board.shape(points, (mix(colour, "#FFFFFF", 0.13), colour), angle=0.6)
    if looks.hair == "receding":
        board.shape(outline("M176 96C196 82 244 82 264 96C244 90 196 90 176 96Z"), colour, alpha=0.5)
        return
    shine = outline("M178 100C192 84 214 78 236 80C214 84 196 92 184 106Z")
    board.shape(shine, "#FFFFFF", alpha=0.10)


def _glasses(board: Board, kind: str) -> None:
    rim = "#3B332D"
    for x in (192.0, 248.0):
        if kind == "round":
            board.shape(ellipse(x, 186, 20, 20), "#FFFFFF", alpha=0.16)
            board.ring(x, 186, 21, rim, 3.6)
        else:
            lens = box(x - 22, 172, 44, 29)
            board.shape(lens, "#FFFFFF", alpha=0.16)
            board.line([*lens, lens[0], lens[1]], rim, 3.6)
    board.line([(213, 184), (220, 181), (227, 184)], rim, 3.4)
    board.line([(158, 182), (170, 184)], rim, 3.2)
    board.line([(270, 184), (282, 182)], rim, 3.2)


__all__ = ["draw_portrait", "draw_scene"]
