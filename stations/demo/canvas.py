"""The drawing board of the demonstration's pictures: outlines, glaze gradients, crackle, paper grain.

Everything is drawn at twice the size and halved at the end; the same calls give the same bytes.
Lengths are design units: `Board(width, height, units)` maps `units` to the picture's full width.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

Colour = str
Fill = Colour | tuple[Colour, ...]
Point = tuple[float, float]

STEPS = 18  # straight pieces a curve is cut into; at twice the size no corner shows
WORD = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")


def rgb(colour: Colour) -> tuple[int, int, int]:
    """Return the three bytes of `#RRGGBB`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return the colour `share` (0–1) of the way from `first` to `second`."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@lru_cache(maxsize=512)
def outline(path: str) -> tuple[Point, ...]:
    """Flatten a path of absolute M, L, C, Q and Z commands into points."""
    points: list[Point] = []
    command = ""
    numbers: list[float] = []
    need = {"M": 2, "L": 2, "C": 6, "Q": 4}
    for word in WORD.findall(path):
        if word in "MLCQZ":
            command, numbers = word, []
            continue
        numbers.append(float(word))
        if len(numbers) == need[command]:
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
            points += pairs if command in "ML" else _curve([points[-1], *pairs])
            numbers = []
    return tuple(points)


def _curve(control: Sequence[Point]) -> list[Point]:
    """Cut one Bézier curve of any degree into STEPS points, its start left out."""
    degree = len(control) - 1
    points = []
    for step in range(1, STEPS + 1):
        t = step / STEPS
        weights = [math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)]
        x = sum(w * p[0] for w, p in zip(weights, control, strict=True))
        y = sum(w * p[1] for w, p in zip(weights, control, strict=True))
        points.append((x, y))
    return points


def ellipse(x: float, y: float, rx: float, ry: float, *, corners: int = 72) -> tuple[Point, ...]:
    """Return the points of an ellipse about (x, y); a small one needs fewer corners."""
    turns = [math.tau * step / corners for step in range(corners)]
    return tuple((x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns)


def box(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    """Return the four corners of an upright rectangle with its top left at (x, y)."""
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def mirrored(points: Iterable[Point], axis: float) -> tuple[Point, ...]:
    """Return the points reflected in the upright line x = axis."""
    return tuple((2 * axis - x, y) for x, y in points)


@lru_cache(maxsize=256)
def _ramp(stops: tuple[Colour, ...], angle: float) -> Image.Image:
    """A small gradient of two or more stops; `angle` 0 runs downwards, 1 to the right, 0.5 slantwise.

    An upright one is a single column: all its columns are alike.
    """
    side = 32
    columns = side if angle else 1
    colours = [rgb(stop) for stop in stops]
    pieces = len(stops) - 1
    pixels = []
    for index in range(side * columns):
        row, column = divmod(index, columns)
        share = (row * (1 - angle) + column * angle) / (side - 1) * pieces
        piece = min(int(share), pieces - 1)
        first, second, part = colours[piece], colours[piece + 1], share - piece
        pixels.append(tuple(round(a + (b - a) * part) for a, b in zip(first, second, strict=True)))
    image = Image.new("RGB", (columns, side))
    image.putdata(pixels)
    return image


def _spread(stops: tuple[Colour, ...], angle: float, size: tuple[int, int]) -> Image.Image:
    """The gradient at full size; an upright one is stretched from one column, which is far quicker."""
    if angle:
        return _ramp(stops, angle).resize(size, Image.Resampling.BILINEAR)
    column = _ramp(stops, 0.0).resize((1, size[1]), Image.Resampling.BILINEAR)
    return column.resize(size, Image.Resampling.NEAREST)


class Board:
    """A picture under the brush."""

    def __init__(
        self,
        size: tuple[int, int],
        *,
        units: float,
        ground: tuple[Colour, ...],
        angle: float = 0.0,
        light: tuple[float, float, float] | None = None,
    ) -> None:
        """`ground` are the stops of the backdrop; `light` is a white glow: x, y, radius."""
        self.scale = size[0] * 2 / units
        self.units = (units, units * size[1] / size[0])
        small = _ramp(ground, angle).resize((size[0] // 8, size[1] // 8), Image.Resampling.BICUBIC)
        if light:
            share = small.width / units
            _shine(small, [v * share for v in light], "#FFFFFF", 0.62)
        smooth = small.resize(size, Image.Resampling.BILINEAR)
        self.image = smooth.resize((size[0] * 2, size[1] * 2), Image.Resampling.NEAREST)
        self.brush = ImageDraw.Draw(self.image, "RGBA")

    def _place(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def shape(self, points: Iterable[Point], fill: Fill, *, alpha: float = 1.0, angle: float = 0.0) -> None:
        """Fill an outline with one colour or with a gradient over its bounding box."""
        placed = self._place(points)
        if isinstance(fill, str):
            self.brush.polygon(placed, fill=(*rgb(fill), round(255 * alpha)))
            return
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        right, bottom = min(math.ceil(max(xs)), self.image.width), min(math.ceil(max(ys)), self.image.height)
        if right <= left or bottom <= top:
            return
        # What hides all behind it is copied by a mask of yes and no: blending the same bytes takes longer.
        mask = Image.new("1" if alpha == 1 else "L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in placed], fill=round(255 * alpha))
        self.image.paste(_spread(fill, angle, mask.size), (left, top), mask)

    def line(self, points: Iterable[Point], colour: Colour, width: float) -> None:
        """Draw an open line with round joints, `width` in design units."""
        thick = max(1, round(width * self.scale))
        joint = "curve" if thick > 8 else None  # a thin line shows no corner, and a joint costs as much again
        self.brush.line(self._place(points), fill=colour, width=thick, joint=joint)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        """Draw the rim of a circle."""
        (left, top), (right, bottom) = self._place([(x - radius, y - radius), (x + radius, y + radius)])
        self.brush.ellipse((left, top, right, bottom), outline=colour, width=round(width * self.scale))

    def glow(self, x: float, y: float, radius: float, colour: Colour, alpha: float) -> None:
        """Lay a soft round light of the given strength (0–1) at its centre."""
        _shine(self.image, [v * self.scale for v in (x, y, radius)], colour, alpha)

    def crackle(self, random: Random, colour: Colour, alpha: float, cell: float) -> None:
        """Cover the ground with the fine net of a crackled glaze; `cell` is the size of one field."""
        ink = (*rgb(colour), round(255 * alpha))
        for start, end in _net(random, self.units, cell):
            self.brush.line(self._place([start, end]), fill=ink, width=3)

    def webp(self, *, grain: bool = False, flipped: bool = False) -> bytes:
        """Return the finished picture as WebP bytes without any metadata."""
        finished = self.image.reduce(2)
        if flipped:
            finished = finished.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if grain:
            _lay_grain(finished)
        target = BytesIO()
        finished.save(target, "WEBP", quality=84, method=1)
        return target.getvalue()


def _shine(image: Image.Image, place: Sequence[float], colour: Colour, alpha: float) -> None:
    x, y, radius = place
    rim = 179  # the grey of Pillow's gradient where the circle meets the edge of the square
    light = Image.radial_gradient("L").point(
        [round(255 * alpha * max(0.0, 1 - value / rim) ** 1.6) for value in range(256)]
    )
    side = round(radius * 2)
    mask = light.resize((side, side), Image.Resampling.BILINEAR)
    _tint(image, colour, mask, (round(x - radius), round(y - radius)))


def _tint(image: Image.Image, colour: Colour, mask: Image.Image, place: tuple[int, int]) -> None:
    """Lay one colour as densely as the mask says: Pillow blends a picture of it in half the time of the bare colour."""
    image.paste(Image.new("RGB", mask.size, rgb(colour)), place, mask)


def _net(random: Random, area: Point, cell: float) -> list[tuple[Point, Point]]:
    """A honeycomb whose knots are pushed about: each knot keeps three threads, as in real crackle."""
    rows, columns = math.ceil(area[1] / cell) + 2, math.ceil(area[0] / cell) + 2
    spread = cell * 0.42
    knots = {
        (row, column): (
            (column - 0.5) * cell + random.uniform(-spread, spread),
            (row - 0.5) * cell + random.uniform(-spread, spread),
        )
        for row in range(rows)
        for column in range(columns)
    }
    threads = []
    for (row, column), knot in knots.items():
        if (row, column + 1) in knots:
            threads.append((knot, knots[row, column + 1]))
        if (row + column) % 2 and (row + 1, column) in knots:
            threads.append((knot, knots[row + 1, column]))
    return threads


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    """One tile of paper fibre: the darkness to lay on, from nothing to a twenty-eighth."""
    noise = Image.frombytes("L", (160, 160), Random("paper").randbytes(160 * 160))  # noqa: S311 -- a picture, no secret
    return noise.resize((320, 320), Image.Resampling.BICUBIC).point([v // 28 for v in range(256)])


def _lay_grain(image: Image.Image) -> None:
    tile = _grain()
    mask = Image.new("L", image.size)
    for left in range(0, image.width, tile.width):
        for top in range(0, image.height, tile.height):
            mask.paste(tile, (left, top))
    _tint(image, "#3A2A1E", mask, (0, 0))
