"""Drawn covers for the demonstration's stories: layered hills, roofs, kilns and rows in the glaze palette.

A scene is 1600 units wide and 1000 high: the seed decides weather, hills and arrangement,
the subject decides the motif.
"""

import math
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from stations.demo.buildings import hall, kiln, noodles, school, workshop
from stations.demo.canvas import Board, Colour, box, ellipse, mix, outline

UNITS = 1600.0


class Weather(NamedTuple):
    """Sky from top to bottom, the disc in it, the far and the near hills."""

    sky: tuple[Colour, Colour, Colour]
    disc: Colour
    far: Colour
    near: Colour


WEATHERS = (
    Weather(("#A9C4C9", "#DFE8E4", "#F6EFE2"), "#FFFDFA", "#9DB8BB", "#4F7A76"),
    Weather(("#EAD9B6", "#F6EBD3", "#FAF4E8"), "#D98A5B", "#C9B68F", "#7B7A4E"),
    Weather(("#BFA9BF", "#E6D7DF", "#F8EADD"), "#F9F1E4", "#A694AE", "#6E4A68"),
    Weather(("#7FA5AC", "#BFD3D2", "#F2E9DA"), "#F8E3BE", "#7E9FA6", "#2C5A62"),
    Weather(("#E3C3B4", "#F2E0D2", "#FAF3E9"), "#C4565A", "#C79C8E", "#7A4A48"),
    Weather(("#C8D6BE", "#E6EDDC", "#F8F4E6"), "#FFFBEA", "#A3B898", "#4B6B50"),
)


def draw_scene(seed: int, *, subject: str, size: tuple[int, int] = (1600, 1000)) -> bytes:
    """Draw a cover and return WebP bytes without metadata.

    `subject` is one of SUBJECTS. The same arguments give the same bytes.
    Raises KeyError for an unknown subject.
    """
    motif = SUBJECTS[subject]
    random = Random(f"{subject}-{seed}")  # noqa: S311 -- a picture, no secret
    weather = WEATHERS[(seed + list(SUBJECTS).index(subject)) % len(WEATHERS)]
    x = random.choice((330.0, 480.0, 1120.0, 1290.0))
    board = Board(size, units=UNITS, ground=weather.sky, light=(x, 240, 620))
    if subject != "workshop":
        board.shape(ellipse(x, random.uniform(170, 250), 74, 74), weather.disc, alpha=0.9)
        _hills(board, random, weather)
    motif(board, random, weather.near)
    return board.webp(grain=True, flipped=random.random() < 0.5)


def _hills(board: Board, random: Random, weather: Weather) -> None:
    """Four ranges, each paler at its foot, as if mist lay in the valleys."""
    for number in range(4):
        share = number / 3
        colour = mix(weather.far, weather.near, share * 0.8)
        foot = mix(colour, weather.sky[2], 0.75)
        _range(board, random, 360 + 62 * number, 120 - 16 * number, (mix(colour, weather.sky[1], 0.2), foot))


def _range(board: Board, random: Random, y: float, rise: float, fill: tuple[Colour, ...]) -> None:
    waves = [(random.uniform(0.6, 1.4) * k, random.uniform(0, math.tau), 1 / k) for k in (1, 2, 3, 5)]
    points = []
    for step in range(-1, 82):
        x = step * 20
        swing = sum(part * math.sin(math.tau * x / 1600 * pace + start) for pace, start, part in waves)
        points.append((x, y - rise * swing / 1.6))
    board.shape([*points, (1640, y + 330), (-20, y + 330)], fill)


def _tree(board: Board, x: float, y: float, tall: float, colour: Colour) -> None:
    board.line([(x, y), (x, y - tall * 0.6)], mix(colour, "#3A2A1E", 0.6), tall * 0.05)
    for dx, dy, r in ((-0.17, 0.55, 0.24), (0.18, 0.6, 0.22), (0, 0.8, 0.27)):
        tint = mix(colour, "#FFFFFF", 0.10 if dx < 0 else 0.0)
        board.shape(ellipse(x + dx * tall, y - dy * tall, r * tall, r * tall * 0.95), tint, alpha=0.92)


def _poplar(board: Board, x: float, y: float, tall: float, colour: Colour) -> None:
    board.line([(x, y), (x, y - tall * 0.4)], mix(colour, "#3A2A1E", 0.6), tall * 0.03)
    board.shape(ellipse(x, y - tall * 0.58, tall * 0.12, tall * 0.44), colour)
    board.shape(ellipse(x - tall * 0.03, y - tall * 0.6, tall * 0.05, tall * 0.36), "#FFFFFF", alpha=0.10)


def _ground(board: Board, y: float, colours: tuple[Colour, Colour]) -> None:
    board.shape(
        outline(f"M0 {y}C400 {y - 26} 900 {y + 22} 1600 {y - 12}L1600 1000L0 1000Z"),
        colours,
    )


def _field(board: Board, random: Random, near: Colour) -> None:
    _ground(board, 620, ("#D9CB96", "#A79A5A"))
    vanish = random.choice((520.0, 800.0, 1080.0))
    strips = 26
    for number in range(strips):
        left = -1500 + number * 4600 / strips
        right = left + 4600 / strips * 0.56
        colour = mix("#7C9A5E", "#55763F", number % 3 / 2)
        board.shape([(vanish - 8 + number, 616), (left, 1000), (right, 1000)], colour, alpha=0.82)
    board.shape(box(0, 608, 1600, 20), "#F6EFD9", alpha=0.35)
    for x in range(40, 1600, 74):
        if abs(x - vanish) > 120:
            _poplar(
                board, x + random.uniform(-20, 20), 620, random.uniform(90, 170), mix(near, "#4F6E4A", 0.5)
            )


def _water(board: Board, random: Random, near: Colour) -> None:
    _ground(board, 640, ("#B9C79C", "#7D9468"))
    river = (
        "M1130 630C1250 650 900 690 620 760C420 830 300 900 160 1000L1540 1000"
        "C1480 900 1400 820 1310 760C1180 700 1330 660 1190 630Z"
    )
    board.shape(outline(river), ("#E6F0EE", "#9CC0C6", "#5B8A94"))
    for number in range(15):
        x, y = 470 + number * 173 % 560, 796 + number * 13
        board.line([(x, y), (x + 50 + number * 9, y)], "#F4FAF8", 2.2)
    _bridge(board)
    for _ in range(46):
        bank = random.choice((random.uniform(0, 330), random.uniform(1380, 1600)))
        tall, lean = random.uniform(90, 230), random.uniform(-40, 40)
        board.line(
            [(bank, 1010), (bank + lean * 0.4, 1000 - tall * 0.6), (bank + lean, 1000 - tall)], near, 4
        )
        board.shape(ellipse(bank + lean, 1000 - tall - 16, 6, 24, corners=24), "#8A5E3C")


def _bridge(board: Board) -> None:
    """Three stone arches over the river."""
    board.shape(outline("M470 772C640 600 1280 600 1450 772Z"), ("#EFE8DB", "#C3B7A3", "#9C907D"))
    for x, half, rise in ((745, 76, 66), (960, 98, 94), (1175, 76, 66)):
        arch = [(px, py) for px, py in ellipse(x, 772, half, rise) if py <= 772.1]
        rim = [(px, py) for px, py in ellipse(x, 772, half + 11, rise + 11) if py <= 772.1]
        board.shape(rim, "#867A68")
        board.shape(arch, ("#C9DEDF", "#8FB6BC"))
        board.shape(ellipse(x, 774, half, rise * 0.42)[:37], "#3F6B75", alpha=0.30)
    board.line(outline("M470 764C640 592 1280 592 1450 764"), "#867A68", 7)
    posts = outline("M470 764C640 592 1280 592 1450 764")
    for along, y in posts:
        board.line([(along, y), (along, y - 34)], "#A3967F", 6)
    board.line([(along, y - 32) for along, y in posts], "#A3967F", 5)


def _road(board: Board, random: Random, near: Colour) -> None:
    green = mix(near, "#8AA06A", 0.6)
    _ground(board, 610, (mix(green, "#FFFFFF", 0.35), green))
    _range(board, random, 740, 60, (mix(green, "#FFFFFF", 0.12), mix(near, "#24301F", 0.1)))
    ribbon = (
        "M820 590C1010 620 1190 640 1130 690C1050 752 560 720 470 810C420 870 640 930 760 1000L1330 1000"
        "C1180 910 780 870 800 812C830 752 1270 770 1276 680C1270 632 1000 606 850 590Z"
    )
    board.shape(outline(ribbon), ("#E6DFD2", "#B7AFA4", "#8E877F"))
    middle = outline("M836 590C1010 614 1232 634 1204 686C1150 762 690 742 634 812C610 880 900 940 1050 1000")
    for start in range(4, len(middle) - 2, 4):
        board.line(middle[start : start + 3], "#FFFDFA", 2 + start * 0.08)
    for x, y, tall in ((250, 800, 260), (360, 770, 190), (1390, 800, 280), (1500, 770, 210), (1010, 640, 90)):
        _tree(board, x, y + random.uniform(-8, 8), tall, mix(near, "#5E7F52", 0.55))
    _bus(board, 690, 756)


def _bus(board: Board, x: float, y: float) -> None:
    board.shape(ellipse(x + 70, y + 74, 84, 9), "#000000", alpha=0.18)
    front = f"L{x + 128} {y}Q{x + 140} {y} {x + 142} {y + 14}L{x + 144} {y + 66}L{x} {y + 66}Z"
    board.shape(outline(f"M{x} {y + 8}Q{x} {y} {x + 8} {y}{front}"), ("#B4494C", "#8E2F34"))
    board.shape(box(x, y + 42, 144, 7), "#F6EFE2")
    for number in range(4):
        board.shape(box(x + 10 + number * 29, y + 10, 23, 24), "#DCE9EA")
    board.shape(box(x + 127, y + 12, 13, 46), "#DCE9EA", alpha=0.85)
    for wheel in (x + 32, x + 112):
        board.shape(ellipse(wheel, y + 66, 14, 14), "#2A2522")
        board.shape(ellipse(wheel, y + 66, 6, 6), "#BDB5A8")


def _street(board: Board, random: Random, near: Colour) -> None:
    for row, (base, shade) in enumerate(((690, 0.45), (800, 0.0))):
        x = -60.0 - row * 70
        while x < 1600:
            wide, tall = random.uniform(170, 280), random.uniform(150, 250) + row * 40
            _house(board, random, (x, base, wide, tall), shade)
            x += wide + random.choice((0, 0, 26))
    board.shape(box(0, 796, 1600, 204), "#CFC6B6")
    board.shape(box(0, 796, 1600, 26), "#E6DFD0")
    board.shape(outline("M0 1000L0 880C500 850 1100 850 1600 880L1600 1000Z"), ("#A79F94", "#7E776E"))
    for x in (190, 640, 1090, 1500):
        board.line([(x, 850), (x, 520), (x + 14, 500), (x + 58, 496)], "#3B3A3C", 8)
        board.shape(box(x + 44, 492, 44, 11), "#3B3A3C")
        board.shape([(x + 48, 504), (x + 84, 504), (x + 170, 850), (x - 40, 850)], "#F9E5AE", alpha=0.20)
        board.glow(x + 66, 512, 90, "#FCE9B4", 0.85)
    _tree(board, 410, 852, 230, mix(near, "#5E7F52", 0.6))
    _tree(board, 1310, 852, 250, mix(near, "#5E7F52", 0.6))


def _house(board: Board, random: Random, place: tuple[float, float, float, float], shade: float) -> None:
    x, base, wide, tall = place
    wall = mix(random.choice(("#EFE6D6", "#E4D6C2", "#DDD9CF", "#E9DCCB")), "#A9B7B8", shade)
    roof = mix(random.choice(("#5A6066", "#6B4A40", "#4B565C", "#70594A")), "#A9B7B8", shade)
    board.shape(box(x, base - tall, wide, tall + 10), (wall, mix(wall, "#6B5A48", 0.16)))
    eave = base - tall
    board.shape(
        [(x - 16, eave + 8), (x + 22, eave - 58), (x + wide - 22, eave - 58), (x + wide + 16, eave + 8)],
        (mix(roof, "#FFFFFF", 0.12), roof),
    )
    board.line([(x + 20, eave - 58), (x + wide - 20, eave - 58)], mix(roof, "#000000", 0.25), 7)
    columns = max(2, int(wide // 80))
    for floor in range(int(tall // 105)):
        for column in range(columns):
            lit = random.random() < 0.45
            pane = mix("#F3CF86" if lit else "#8C9CA0", "#A9B7B8", shade)
            left = x + 26 + column * (wide - 52) / columns
            board.shape(box(left, eave + 34 + floor * 98, 38, 52), mix(roof, "#000000", 0.1))
            board.shape(box(left + 4, eave + 38 + floor * 98, 30, 44), pane)
            board.line([(left + 19, eave + 38 + floor * 98), (left + 19, eave + 82 + floor * 98)], roof, 2)


def _herbs(board: Board, random: Random, near: Colour) -> None:
    for number in range(6):
        y = 600 + number * 62
        tone = mix("#A9B98A", "#5F7A4E", number / 5)
        _range(board, random, y, 26, (mix(tone, "#FFFFFF", 0.16), tone))
        for x in range(-10 + number * 17 % 50, 1600, 46 + number * 8):
            board.shape(
                ellipse(x, y + 18 + number * 2, 9 + number * 3, 12 + number * 4, corners=24),
                mix(tone, near, 0.5),
                alpha=0.55,
            )
    for number in range(9):
        root = 70 + number * 186 + random.uniform(-40, 40)
        (_spike if number % 2 else _umbel)(board, random, root, random.uniform(380, 560))


def _leaf(board: Board, x: float, y: float, way: float, long: float) -> None:
    tip = f"{x + way * long} {y - long * 0.18}"
    bend = x + way * long * 0.5
    path = f"M{x} {y}Q{bend} {y - long * 0.52} {tip}Q{bend} {y + long * 0.12} {x} {y}Z"
    board.shape(outline(path), ("#6F9159", "#3F6A4A"))


def _spike(board: Board, random: Random, x: float, top: float) -> None:
    """丹参: opposite leaves and a spike of violet lips."""
    lean = random.uniform(-26, 26)
    board.line(outline(f"M{x} 1010Q{x + lean} 760 {x + lean} {top}"), "#4C6B45", 7)
    for number in range(4):
        for way in (-1, 1):
            _leaf(board, x + lean * (0.9 - number * 0.14), top + 200 + number * 86, way, 92 + number * 14)
    for number in range(9):
        y, wide = top + number * 19, 10 + number * 2.6
        for way in (-1, 1):
            tint = mix("#8C6AA0", "#5E3C70", number % 3 / 2)
            board.shape(ellipse(x + lean + way * wide * 0.8, y, wide * 0.62, 10, corners=24), tint)


def _umbel(board: Board, random: Random, x: float, top: float) -> None:
    """柴胡: thin rays that carry little yellow heads."""
    lean = random.uniform(-30, 30)
    board.line(outline(f"M{x} 1010Q{x + lean} 780 {x + lean} {top + 70}"), "#55724A", 6)
    for number in range(3):
        _leaf(board, x + lean * 0.7, top + 220 + number * 110, -1 if number % 2 else 1, 110)
    for step in range(13):
        turn = math.pi * (0.10 + 0.80 * step / 12)
        head = (x + lean - 92 * math.cos(turn), top + 70 - 78 * math.sin(turn))
        board.line([(x + lean, top + 70), head], "#6F8A55", 2.6)
        board.shape(ellipse(*head, 13, 11, corners=24), "#D9B04C" if step % 2 else "#E8CB7C")


Motif = Callable[[Board, Random, Colour], None]
SUBJECTS: dict[str, Motif] = {
    "kiln": kiln,
    "field": _field,
    "hall": hall,
    "street": _street,
    "water": _water,
    "workshop": workshop,
    "school": school,
    "herbs": _herbs,
    "road": _road,
    "noodles": noodles,
}
