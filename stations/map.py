"""The schematic map: cells around positions inside a frame. Pure: points in, polygons out; it knows no boundary of any place."""

from collections.abc import Iterable, Sequence
from math import ceil, cos, dist, floor, hypot, pi, sin, sqrt

Point = tuple[float, float]
Polygon = list[Point]

WIDTH, HEIGHT = 680, 480  # the drawing, in units of the SVG
EDGE = 64  # from the drawing's edge to where 0 and 100 per cent lie
RIM = 46  # how far the frame stands away from the outermost positions
NEAR = 14  # positions closer than this are drawn apart: two marks must not cover each other
CORNERS = 24  # of the circle that rounds the frame
GOLDEN = pi * (3 - sqrt(5))  # an angle whose multiples never fall together


def placed(x: float, y: float) -> Point:
    """Return where the position `x`, `y` lies in the drawing; per cent from the left and from the top."""
    return EDGE + x / 100 * (WIDTH - 2 * EDGE), EDGE + y / 100 * (HEIGHT - 2 * EDGE)


def grid(count: int) -> list[Point]:
    """Return `count` tidy positions in per cent, row by row: what is drawn while nobody has set any."""
    if not count:
        return []
    columns = ceil(sqrt(count * WIDTH / HEIGHT))
    rows = ceil(count / columns)
    points = []
    for number in range(count):
        row, column = divmod(number, columns)
        here = (
            columns if row < rows - 1 else count - columns * (rows - 1)
        )  # the last row stands in the middle
        points.append((50 + (column - (here - 1) / 2) * 100 / columns, (row + 0.5) * 100 / rows))
    return points


def spread(points: Iterable[Point], near: float = NEAR) -> list[Point]:
    """Return the points, each moved off those before it that lie closer than `near`; who came first stays."""
    apart: list[Point] = []
    for point in points:
        found, turn = point, 0
        while any(hypot(found[0] - x, found[1] - y) < near for x, y in apart):
            turn += 1
            away, angle = near * sqrt(turn), turn * GOLDEN
            found = (point[0] + away * cos(angle), point[1] + away * sin(angle))
        apart.append(found)
    return apart


def frame_around(points: Iterable[Point], rim: float = RIM) -> Polygon:
    """Return the convex frame with rounded corners that stands `rim` units away from the outermost points."""
    circle = [
        (rim * cos(2 * pi * turn / CORNERS), rim * sin(2 * pi * turn / CORNERS)) for turn in range(CORNERS)
    ]
    return hull([(x + dx, y + dy) for x, y in points for dx, dy in circle])


def hull(points: Iterable[Point]) -> Polygon:
    """Return the corners of the smallest convex polygon around the points, in one sense (monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower, upper = _chain(ordered), _chain(reversed(ordered))
    return lower[:-1] + upper[:-1]


def _chain(points: Iterable[Point]) -> Polygon:
    chain: Polygon = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(first: Point, second: Point, third: Point) -> float:
    """Return twice the signed area of the triangle: positive where the way bends to one side, negative to the other."""
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])


def cells(points: Sequence[Point], frame: Sequence[Point]) -> list[Polygon]:
    """Return for each point what of the convex `frame` lies nearer to it than to any other point, in their order.

    The points must differ and lie in the frame (`spread`, `frame_around`): then every cell is convex, holds its
    point, and all of them tile the frame (Voronoi cells by cutting half-planes off, the nearest neighbour's first: one
    that is twice as far away as the farthest corner cuts nothing off any more).
    """
    found = []
    for point in points:
        cell = list(frame)
        reach = max(dist(point, corner) for corner in cell)
        for far, other in sorted((dist(point, other), other) for other in points if other is not point):
            if far > 2 * reach:
                break
            cell = _nearer(cell, point, other)
            reach = max(dist(point, corner) for corner in cell)
        found.append(cell)
    return found


def _nearer(cell: Polygon, point: Point, other: Point) -> Polygon:
    """Return the part of a convex cell that is nearer to `point` than to `other` (Sutherland and Hodgman)."""
    across = (other[0] - point[0], other[1] - point[1])
    middle = ((point[0] + other[0]) / 2, (point[1] + other[1]) / 2)
    beyond = [(x - middle[0]) * across[0] + (y - middle[1]) * across[1] for x, y in cell]
    kept: Polygon = []
    for number, corner in enumerate(cell):
        before, here = beyond[number - 1], beyond[number]
        if (before > 0) != (here > 0):
            share = before / (before - here)
            last = cell[number - 1]
            kept.append((last[0] + share * (corner[0] - last[0]), last[1] + share * (corner[1] - last[1])))
        if here <= 0:
            kept.append(corner)
    return kept


def view_of(frame: Sequence[Point], air: float = 10) -> tuple[int, int, int, int]:
    """Return (left, top, width, height) of what of the drawing is shown: its whole width, the height of the frame.

    Never lower than half the drawing, so that two stations are not drawn as large as a page.
    """
    left = min(0, *(x - air for x, _ in frame))
    right = max(WIDTH, *(x + air for x, _ in frame))
    top, bottom = min(y for _, y in frame) - air, max(y for _, y in frame) + air
    lacking = max(0.0, HEIGHT / 2 - (bottom - top))
    top, height = floor(top - lacking / 2), bottom - top + lacking
    return floor(left), top, ceil(right - floor(left)), ceil(height) + 1


def path_of(polygon: Iterable[Point]) -> str:
    """Return the polygon as the `d` of an SVG path, to a tenth of a unit."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in polygon) + "Z"
