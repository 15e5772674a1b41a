"""The built motifs of the drawn covers: kiln, hall, foundry, school and the racks of a noodle yard."""

import math
from random import Random

from stations.demo.canvas import Board, Colour, Fill, box, ellipse, mix, outline

GLAZES: tuple[tuple[Colour, ...], ...] = (
    ("#DFE8E4", "#7FA5AC", "#6E3758"),
    ("#A9C4C9", "#7A4468", "#9A3044"),
    ("#EFF4F1", "#9DBEC4", "#4F7F93"),
    ("#C9A6B2", "#6E3758", "#2C3A50"),
    ("#BFD3B4", "#5F8A74", "#2B6650"),
    ("#E8CFA0", "#A8762F", "#6B4A36"),
)
VESSELS = {  # outlines in a frame 100 wide, standing on y = 180
    "meiping": (
        "M38 0L62 0L60 20C90 32 98 58 90 92C82 126 72 150 70 180L30 180C28 150 18 126 10 92C2 58 10 32 40 20Z"
    ),
    "bowl": "M0 96L100 96C96 140 76 164 64 170L64 180L36 180L36 170C24 164 4 140 0 96Z",
    "jar": (
        "M26 62L74 62L72 76C96 92 100 120 88 150C82 166 76 174 72 180"
        "L28 180C24 174 18 166 12 150C0 120 4 92 28 76Z"
    ),
    "vase": (
        "M34 20C40 30 42 50 38 78C14 100 8 130 24 156C32 168 34 174 34 180"
        "L66 180C66 174 68 168 76 156C92 130 86 100 62 78C58 50 60 30 66 20Z"
    ),
}


def vessel(board: Board, kind: str, x: float, base: float, *, tall: float, glaze: tuple[Colour, ...]) -> None:
    """Stand a glazed vessel on the line y = base; `tall` is the height of a meiping in this scale."""
    share = tall / 180
    points = [(x + px * share, base + (py - 180) * share) for px, py in outline(VESSELS[kind])]
    board.shape(ellipse(x + 50 * share, base, 46 * share, 8 * share), "#1A1210", alpha=0.20)
    board.shape(points, glaze)
    middle = x + 50 * share
    shine = [(middle + (px - middle) * 0.16 - 17 * share, py) for px, py in points]
    board.shape(shine, "#FFFFFF", alpha=0.24)
    board.shape(box(x + 31 * share, base - 5 * share, 38 * share, 5 * share), "#6B4A36")


def kiln(board: Board, random: Random, near: Colour) -> None:
    """A round brick kiln with its mouth aglow, and a plank of finished pieces."""
    board.shape(outline("M0 690C400 664 900 712 1600 678L1600 1000L0 1000Z"), ("#D8C6A8", "#A98E6E"))
    brick: Fill = ("#B58263", "#8A5B46", "#5E3D33")
    board.shape(outline("M958 470L976 190L1052 190L1072 480Z"), brick, angle=0.7)
    board.shape(box(964, 176, 100, 22), "#6B4A3C")
    board.shape(ellipse(800, 806, 330, 26), "#2A1A12", alpha=0.22)
    dome = "M500 800C492 560 560 400 700 352C770 330 850 330 916 352C1050 400 1112 560 1104 800Z"
    board.shape(outline(dome), brick, angle=0.7)
    for number in range(10):
        y = 400 + number * 42
        half = 302 * math.sqrt(max(0.06, 1 - ((800 - y) / 470) ** 2))
        board.line(
            [(802 - half, y + 8), (802, y - 6), (802 + half, y + 8)],
            mix("#8A5B46", "#E9C9A8", 0.28 if number % 2 else 0.18),
            2,
        )
    board.shape(outline("M676 800L676 640C676 540 928 540 928 640L928 800Z"), "#4A2E26")
    board.shape(
        outline("M700 800L700 646C700 566 904 566 904 646L904 800Z"), ("#F9D98A", "#E2813C", "#8E2F2A")
    )
    board.glow(802, 700, 330, "#F6B864", 0.55)
    _plank(board, random, 34, 842)
    _plank(board, random, 1168, 862)
    _firewood(board, near)


def _plank(board: Board, random: Random, x: float, y: float) -> None:
    kinds = ["meiping", "jar", "vase", "bowl"]
    random.shuffle(kinds)
    glazes = random.sample(GLAZES, 3)
    board.shape(box(x - 20, y, 392, 20), ("#8A6A4C", "#6B4E38"))
    for foot in (x + 10, x + 320):
        board.shape(box(foot, y + 20, 26, 64), "#5A4030")
    for number, (kind, glaze) in enumerate(zip(kinds[:3], glazes, strict=True)):
        vessel(board, kind, x + number * 122, y, tall=190, glaze=glaze)


def _firewood(board: Board, near: Colour) -> None:
    for row in range(3):
        for number in range(5 - row):
            x, y = 412 + number * 36 + row * 18, 806 - row * 32
            board.shape(ellipse(x, y, 18, 17), mix("#7A5238", near, 0.1))
            board.shape(ellipse(x, y, 13, 12), "#D9B78C")
            board.ring(x, y, 6, "#A97F58", 1.6)


def hall(board: Board, _random: Random, near: Colour) -> None:
    """A meeting hall under a wide roof, with steps, and a courtyard before it."""
    board.shape(outline("M0 720C500 700 1100 700 1600 720L1600 1000L0 1000Z"), ("#E6DCC8", "#C2B296"))
    for x, r in ((70, 120), (220, 92), (1390, 96), (1540, 124)):
        tint = mix(near, "#5E7F52", 0.6)
        board.line([(x, 740), (x, 620)], "#5A4636", 10)
        for dx, dy in ((-0.5, 0), (0.5, 0.1), (0, -0.6)):
            board.shape(ellipse(x + dx * r, 590 + dy * r, r * 0.72, r * 0.68), tint, alpha=0.9)
    board.shape(box(300, 500, 1000, 230), ("#F1E6D3", "#DCCBB0"))
    for number in range(7):
        x = 346 + number * 132
        board.shape(box(x + 22, 540, 92, 186), "#6B3B34")
        for column in range(3):
            for row in range(5):
                board.shape(box(x + 28 + column * 28, 548 + row * 24, 23, 19), "#F0D9A6", alpha=0.92)
        board.shape(box(x + 28, 672, 80, 50), "#84493E")
    for number in range(8):
        board.shape(box(330 + number * 132, 500, 26, 230), ("#A8413F", "#7E2A2B"), angle=1.0)
    _roof(board)
    for step in range(4):
        board.shape(
            box(300 - step * 34, 728 + step * 18, 1000 + step * 68, 19), mix("#EFE8DA", "#B9AC97", step / 4)
        )
    _paving(board)


def _roof(board: Board) -> None:
    """The tiled roof of the hall with its ridge and the horns at its ends."""
    roof = (
        "M190 520C300 500 380 420 430 330L1170 330C1220 420 1300 500 1410 520"
        "L1392 536C1100 512 500 512 208 536Z"
    )
    board.shape(outline(roof), ("#6E8288", "#3F5359"))
    for number in range(31):
        top = 440 + number * 24
        foot = 800 + (top - 800) * 1.62
        board.line([(top, 334), ((top + foot) / 2 + (top - 800) * 0.06 * -1, 430), (foot, 514)], "#34474D", 2)
    board.shape(box(420, 314, 760, 22), "#34474D")
    for x in (420, 1180):
        way = 1 if x < 800 else -1
        board.shape(
            outline(
                f"M{x} 336L{x} 300Q{x - 14 * way} 284 {x - 8 * way} 268"
                f"Q{x + 22 * way} 284 {x + 34 * way} 316Z"
            ),
            "#34474D",
        )


def _paving(board: Board) -> None:
    for number in range(13):
        x = -1600 + number * 400
        board.line([(800 + (x - 800) * 0.35, 802), (x, 1000)], "#B5A588", 2)
    for y in (832, 874, 930):
        board.line([(0, y), (1600, y)], "#B5A588", 2)


def workshop(board: Board, random: Random, near: Colour) -> None:
    """A foundry at work: a ladle tips its stream of iron into a row of moulds."""
    board.shape(box(0, 0, 1600, 1000), ("#59626A", "#4A4448", "#2E2828"))
    _windows(board)
    board.shape(box(0, 440, 1600, 30), "#3A3638")
    board.shape(box(0, 800, 1600, 200), ("#5A4A42", "#3A2E2A"))
    board.line([(640, 440), (640, 500)], "#201C1C", 12)
    board.line([(560, 520), (640, 486), (720, 520)], "#201C1C", 12)
    board.glow(770, 640, 520, "#F2A44E", 0.62)
    board.shape(
        outline("M536 512L752 540L740 596C720 700 610 690 566 640Z"), ("#6E6A6C", "#322E30"), angle=0.8
    )
    board.shape(outline("M536 512L752 540L748 556L538 530Z"), ("#FCE6A0", "#F0A24A"), angle=1.0)
    board.shape(
        outline("M740 546C800 560 822 640 826 790L842 790C842 640 826 548 752 538Z"), ("#FFF0BC", "#F6B858")
    )
    for number in range(5):
        x = 300 + number * 232
        board.shape(box(x, 780, 180, 90), ("#7A6658", "#4E4038"))
        board.shape(box(x + 60, 772, 60, 14), "#2A2220" if number != 2 else "#FBD37E")
        board.shape(box(x, 818, 180, 6), "#2A2220", alpha=0.5)
    for _ in range(60):
        turn, far = random.uniform(-math.pi, 0), random.uniform(20, 210)
        board.shape(
            ellipse(834 + far * math.cos(turn), 776 + far * math.sin(turn) * 0.8, 3.2, 3.2, corners=12),
            "#FFE6A6",
            alpha=0.9,
        )
    _castings(board, near)


def _windows(board: Board) -> None:
    """Five tall slanting windows and the light that falls through them."""
    for number in range(5):
        x = 60 + number * 310
        board.shape(outline(f"M{x} 120L{x + 250} 60L{x + 250} 400L{x} 400Z"), ("#D6E2E2", "#9DB4B8"))
        for column in range(1, 4):
            board.line([(x + column * 62.5, 120 - column * 15), (x + column * 62.5, 400)], "#4A5056", 7)
        for row in (200, 300):
            board.line([(x, row), (x + 250, row)], "#4A5056", 7)
        board.shape([(x, 400), (x + 250, 400), (x + 60, 1000), (x - 260, 1000)], "#FFFFFF", alpha=0.05)


def _castings(board: Board, near: Colour) -> None:
    for x, r in ((130, 74), (1420, 88), (1270, 56)):
        board.shape(ellipse(x, 900, r, r), ("#8E979B", "#4E565A"))
        board.shape(ellipse(x, 900, r * 0.52, r * 0.52), mix(near, "#2A2626", 0.85))
        for step in range(8):
            turn = math.tau * step / 8
            board.shape(
                ellipse(x + r * 0.77 * math.cos(turn), 900 + r * 0.77 * math.sin(turn), r * 0.08, r * 0.08),
                "#2E2A2A",
            )


def school(board: Board, random: Random, near: Colour) -> None:
    """A village school of two floors behind its running track."""
    board.shape(outline("M0 690C500 676 1100 676 1600 690L1600 1000L0 1000Z"), ("#C5CFA4", "#8FA573"))
    board.shape(box(330, 420, 940, 290), ("#F6EFE2", "#E4D6C0"))
    board.shape(outline("M300 430L360 366L1240 366L1300 430Z"), ("#B4575A", "#8A3A3E"))
    board.shape(box(712, 330, 176, 380), ("#F1E0CC", "#DCC3A8"))
    board.shape(outline("M690 340L800 262L910 340Z"), ("#A84B4E", "#7E3236"))
    board.shape(ellipse(800, 384, 32, 32), "#FFFDFA")
    board.ring(800, 384, 32, "#6B4A36", 5)
    board.line([(800, 362), (800, 384), (816, 392)], "#4B453D", 4)
    for floor in (450, 580):
        for number in range(8):
            x = 360 + number * 112 if number < 3 else 924 + (number - 3) * 112
            if x > 1230:
                continue
            board.shape(box(x, floor, 76, 88), "#FFFDFA")
            board.shape(box(x + 5, floor + 5, 66, 78), ("#BFD6DA", "#7FA5AC"), angle=0.5)
            board.line([(x + 38, floor), (x + 38, floor + 88)], "#FFFDFA", 4)
    board.shape(box(756, 580, 88, 130), ("#7E5A44", "#5A3E30"))
    board.line([(800, 580), (800, 710)], "#D9B78C", 3)
    board.shape(ellipse(800, 900, 720, 126), ("#C98468", "#A85C4A"))
    for share in (0.94, 0.88, 0.82):
        board.line([*ellipse(800, 900, 720 * share, 126 * share)], "#F3E3D6", 2.4)
    board.shape(ellipse(800, 900, 540, 90), ("#A9BF86", "#86A066"))
    for x, tall in ((120, 300), (240, 210), (1380, 230), (1500, 310)):
        _round_tree(board, x, 730 + random.uniform(-10, 10), tall, mix(near, "#5E7F52", 0.6))


def _round_tree(board: Board, x: float, y: float, tall: float, colour: Colour) -> None:
    board.line([(x, y), (x, y - tall * 0.6)], "#5A4636", tall * 0.05)
    for dx, dy, r in ((-0.17, 0.55, 0.24), (0.18, 0.6, 0.22), (0, 0.8, 0.27)):
        board.shape(
            ellipse(x + dx * tall, y - dy * tall, r * tall, r * tall), mix(colour, "#FFFFFF", 0.06), alpha=0.9
        )


def noodles(board: Board, random: Random, near: Colour) -> None:
    """The drying yard: three depths of poles with curtains of starch noodles."""
    board.shape(outline("M0 640C500 620 1100 650 1600 630L1600 1000L0 1000Z"), ("#DCCFB0", "#AE9A74"))
    for y, drop, step, dim in ((432, 116, 11, 0.55), (516, 188, 14, 0.28), (628, 276, 18, 0.0)):
        wood = mix("#6B4A36", "#D9CDB8", dim)
        foot, shift = y + drop + 52, random.uniform(0, 160)
        pitch = 230 + drop
        posts = [x * pitch - 200 + shift for x in range(1 + int(1900 / pitch))]
        for x in posts:
            _curtain(board, random, (x + 16, y, pitch - 32, drop), step, dim)
        for x in posts:
            board.line([(x - drop * 0.13, foot), (x, y - 18), (x + drop * 0.13, foot)], wood, 9 - dim * 7)
        board.line([(0, y), (1600, y)], mix(wood, "#000000", 0.15), 9 - dim * 7)
    board.shape(
        outline("M0 972C500 950 1100 966 1600 950L1600 1000L0 1000Z"), mix(near, "#8A7A58", 0.5), alpha=0.5
    )


def _curtain(
    board: Board, random: Random, place: tuple[float, float, float, float], step: int, dim: float
) -> None:
    left, y, wide, drop = place
    board.shape(
        box(left, y, wide, drop * 0.93), (mix("#F6EBD2", "#E9E2D2", dim), mix("#C9B285", "#DED4BE", dim))
    )
    for number in range(int(wide // step) + 1):
        x = left + number * step
        long = drop * (0.98 + random.uniform(-0.05, 0.05))
        sway = step * 0.5 * math.sin(number / 2.3)
        tint = mix(random.choice(("#FBF3DF", "#EFE0BF", "#DDC99E", "#F6E9CD")), "#E9E2D2", dim)
        board.line([(x, y), (x + sway, y + long / 2), (x, y + long)], tint, step * 0.5)
