from __future__ import annotations

import math

import numpy as np
import pytest

from model.scene.geometry import EMPTY, Rect
from model.scene.raster import capsule, flood, polygon, stamp

FIELD = Rect(-20, -20, 60, 60)


def spread(shape) -> np.ndarray:
    """A shape on FIELD, so that shapes with different rectangles can be compared."""
    rect, mask = shape
    assert mask.dtype == np.bool_
    assert mask.shape == (rect.height, rect.width)
    field = np.zeros((FIELD.height, FIELD.width), bool)
    if rect:
        field[rect.slices_in(FIELD)] = mask
    return field


def centers():
    for y in range(FIELD.y0, FIELD.y1):
        for x in range(FIELD.x0, FIELD.x1):
            yield x + 0.5, y + 0.5


def distance_to_segment(point, start, end):
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length if length else 0.0
    t = min(1.0, max(0.0, t))
    return math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay))


def inside_polygon(point, corners):
    (px, py), odd = point, False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay <= py) != (by <= py) and px > ax + (py - ay) / (by - ay) * (bx - ax):
            odd = not odd
    return odd


@pytest.mark.parametrize("seed", range(8))
def test_a_capsule_holds_the_pixels_within_its_radius(seed):
    rng = np.random.default_rng(seed)
    start, end = (tuple(rng.uniform(0, 40, 2)) for _ in range(2))
    radius = rng.uniform(1, 9)
    expected = [distance_to_segment(center, start, end) <= radius for center in centers()]
    drawn = spread(capsule(start, end, radius))
    np.testing.assert_array_equal(drawn, np.reshape(expected, drawn.shape))


def test_a_dab_is_a_disc():
    drawn = spread(capsule((10.0, 10.0), (10.0, 10.0), 5.0))
    assert drawn.sum() == pytest.approx(math.pi * 25, rel=0.05)
    around = drawn[20:40, 20:40]
    for turned in (around[::-1], around[:, ::-1], around.T):
        np.testing.assert_array_equal(around, turned)


@pytest.mark.parametrize("point", [(10.0, 10.0), (10.5, 10.5), (10.999, 10.0), (3.3, 7.8)])
def test_the_thinnest_brush_paints_at_least_the_pixel_under_the_pointer(point):
    drawn = spread(capsule(point, point, 0.1))
    assert drawn[math.floor(point[1]) + 20, math.floor(point[0]) + 20]
    assert drawn.sum() <= 4


@pytest.mark.parametrize("end", [(30.2, 11.1), (12.0, 38.0), (2.0, 3.0), (30.0, 30.0)])
def test_the_thinnest_line_has_no_gaps(end):
    drawn = spread(capsule((10.2, 10.7), end, 0.5))
    ys, xs = np.nonzero(drawn)
    reached, todo = {(xs[0], ys[0])}, [(xs[0], ys[0])]
    while todo:
        x, y = todo.pop()
        for near in [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            if near not in reached and drawn[near[1], near[0]]:
                reached.add(near)
                todo.append(near)
    assert len(reached) == len(xs)


@pytest.mark.parametrize("seed", range(8))
def test_a_polygon_holds_the_pixels_whose_centre_it_winds_around_oddly(seed):
    rng = np.random.default_rng(seed)
    corners = [tuple(point) for point in rng.uniform(0, 40, (rng.integers(3, 9), 2)).tolist()]
    expected = [inside_polygon(center, corners) for center in centers()]
    drawn = spread(polygon(corners))
    np.testing.assert_array_equal(drawn, np.reshape(expected, drawn.shape))


def test_a_polygon_on_whole_pixels_holds_exactly_those():
    drawn = spread(polygon([(2, 3), (7, 3), (7, 5), (2, 5)]))
    assert drawn[23:25, 22:27].all()
    assert drawn.sum() == 10


def test_polygons_that_share_a_side_neither_overlap_nor_leave_a_gap():
    corners = np.random.default_rng(5).uniform(0, 40, (2, 2)).tolist()
    square = [(0, 0), (40, 0), (40, 40), (0, 40)]
    pieces = []
    for index in range(4):
        near, far = square[index], square[(index + 1) % 4]
        pieces.append(spread(polygon([near, far, tuple(corners[0])])).astype(int))
    assert sum(pieces)[20:60, 20:60].min() == 1
    assert sum(pieces).max() == 1


@pytest.mark.parametrize("points", [[], [(1, 1)], [(1, 1), (9, 9)], [(1, 1), (9, 9), (5, 5)]])
def test_a_polygon_without_an_inside_is_empty(points):
    assert not spread(polygon(points)).any()


@pytest.mark.parametrize("bounds", [Rect(5, 5, 15, 12), Rect(0, 0, 100, 100), Rect(50, 0, 60, 9)])
def test_bounds_cut_a_shape_and_change_nothing_inside(bounds):
    window = bounds.intersection(FIELD).slices_in(FIELD)
    triangle = [(3.2, 1.0), (22.0, 9.5), (-4.0, 17.3)]
    for draw in (
        lambda limit: capsule((-3.0, 2.0), (19.0, 14.5), 4.2, limit),
        lambda limit: polygon(triangle, limit),
    ):
        whole, cut = spread(draw(None)), spread(draw(bounds))
        np.testing.assert_array_equal(cut[window], whole[window])
        assert cut.sum() == cut[window].sum()


def test_a_brush_far_outside_the_bounds_needs_no_memory():
    bounds = Rect(0, 0, 2048, 1024)
    rect, mask = capsule((-1e7, -1e7), (-2e7, -1e7), 50, bounds)
    assert rect == EMPTY
    assert mask.size == 0
    rect, mask = polygon([(-1e7, -1e7), (1e7, -1e7), (0, 1e7)], bounds)
    assert rect == bounds
    assert mask.all()


def flooded_by_search(values, x, y):
    reached, todo = {(x, y)}, [(x, y)]
    while todo:
        px, py = todo.pop()
        for nx, ny in ((px + 1, py), (px - 1, py), (px, py + 1), (px, py - 1)):
            if not (0 <= nx < values.shape[1] and 0 <= ny < values.shape[0]):
                continue
            if (nx, ny) not in reached and values[ny, nx] == values[y, x]:
                reached.add((nx, ny))
                todo.append((nx, ny))
    return reached


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_a_flood_reaches_what_a_plain_search_reaches(dtype):
    rng = np.random.default_rng(2)
    for _ in range(30):
        values = rng.integers(0, 2, (9, 12)).astype(dtype)
        values.flags.writeable = False
        x, y = int(rng.integers(12)), int(rng.integers(9))
        rect, mask = flood(values, x, y)
        ys, xs = np.nonzero(mask)
        found = set(zip((xs + rect.x0).tolist(), (ys + rect.y0).tolist(), strict=True))
        assert found == flooded_by_search(values, x, y)
        assert Rect.around(mask) == Rect(0, 0, rect.width, rect.height)


def test_a_stamp_stands_on_its_foot_and_keeps_its_proportions():
    shape = np.zeros((10, 20), bool)
    shape[:, 5:] = True
    rect, mask = stamp(shape, foot=(100.0, 80.0), height=40)
    assert rect == Rect(60, 40, 140, 80)
    assert mask[:, 20:].all()
    assert not mask[:, :20].any()


def test_a_stamp_can_be_as_small_as_a_pixel():
    rect, mask = stamp(np.ones((300, 200), bool), foot=(4.0, 4.0), height=0.2)
    assert (rect.width, rect.height) == (1, 1)
    assert mask.all()
