"""The geometry of the schematic map: cells tile the frame, each holds its point, whatever the positions are."""

from math import hypot, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.map import (
    HEIGHT,
    NEAR,
    WIDTH,
    cells,
    frame_around,
    grid,
    hull,
    path_of,
    placed,
    spread,
    view_of,
)

PER_CENT = st.integers(0, 10_000).map(lambda number: number / 100)
POSITIONS = st.lists(st.tuples(PER_CENT, PER_CENT), min_size=1, max_size=40)


def area(polygon):
    pairs = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def holds(polygon, point, slack=1e-6):
    """Whether the convex `polygon` (corners in one sense) holds `point`."""
    pairs = zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    turns = [(b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) for a, b in pairs]
    return all(turn >= -slack for turn in turns) or all(turn <= slack for turn in turns)


def drawn(positions):
    points = spread(placed(x, y) for x, y in positions)
    frame = frame_around(points)
    return points, frame, cells(points, frame)


@given(POSITIONS)
def test_cells_tile_the_frame_and_each_holds_its_point(positions):
    points, frame, found = drawn(positions)
    assert isclose(sum(area(cell) for cell in found), area(frame), rel_tol=1e-9)
    assert [holds(cell, point) for cell, point in zip(found, points, strict=True)] == [True] * len(points)
    assert [all(holds(frame, corner, 1e-3) for corner in cell) for cell in found] == [True] * len(points)


@given(POSITIONS)
def test_what_lies_in_a_cell_is_nearest_to_its_point(positions):
    points, _, found = drawn(positions)
    for cell, point in zip(found, points, strict=True):
        middle = (sum(x for x, _ in cell) / len(cell), sum(y for _, y in cell) / len(cell))
        nearest = min(hypot(middle[0] - x, middle[1] - y) for x, y in points)
        assert isclose(hypot(middle[0] - point[0], middle[1] - point[1]), nearest, abs_tol=1e-6)


@given(POSITIONS)
def test_marks_stand_apart_and_who_came_first_stays(positions):
    points = spread(placed(x, y) for x, y in positions)
    gaps = [hypot(a[0] - b[0], a[1] - b[1]) for n, a in enumerate(points) for b in points[:n]]
    assert [gap for gap in gaps if gap < NEAR] == []
    assert points[0] == placed(*positions[0])


@pytest.mark.parametrize("count", [1, 2, 26, 60])
def test_any_number_of_stations_at_one_place_is_drawn(count):
    points, frame, found = drawn([(50, 50)] * count)
    assert len(set(points)) == count
    assert isclose(sum(area(cell) for cell in found), area(frame), rel_tol=1e-9)


@pytest.mark.parametrize("count", [1, 2, 3, 26, 30, 60, 120])
def test_the_grid_is_tidy_stays_on_the_map_and_keeps_its_order(count):
    points = grid(count)
    assert len(set(points)) == count
    assert [point for point in points if not (0 < point[0] < 100 and 0 < point[1] < 100)] == []
    assert points == sorted(points, key=lambda point: (round(point[1], 6), point[0]))


def test_nothing_needs_no_grid():
    assert grid(0) == []


def test_two_points_share_the_frame_in_two_halves():
    points, frame, found = drawn([(0, 50), (100, 50)])
    assert points == [(64, 240), (616, 240)]
    assert [isclose(area(cell), area(frame) / 2, rel_tol=1e-9) for cell in found] == [True, True]
    assert isclose(max(x for x, _ in found[0]), WIDTH / 2, abs_tol=1e-9)


@given(POSITIONS)
def test_everything_lies_on_the_drawing(positions):
    _, frame, _ = drawn(positions)
    left, top, width, height = view_of(frame)
    inside = [left <= x <= left + width and top <= y <= top + height for x, y in frame]
    assert inside == [True] * len(frame)
    assert (width >= WIDTH, height >= HEIGHT / 2) == (True, True)


def test_the_hull_leaves_out_what_lies_inside():
    assert hull([(0, 0), (4, 0), (2, 1), (4, 4), (0, 4)]) == [(0, 0), (4, 0), (4, 4), (0, 4)]


def test_a_path_is_closed_and_written_to_a_tenth():
    assert path_of([(0, 0), (10.04, 0), (5, 7.77)]) == "M0.0 0.0L10.0 0.0L5.0 7.8Z"
