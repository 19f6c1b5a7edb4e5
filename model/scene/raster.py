"""Shapes as pixel masks: each function returns (rect, mask) and touches no document.

Points are (x, y) in map coordinates, where pixel (i, j) covers i <= x < i + 1, j <= y < j + 1;
a pixel belongs to a shape when its centre does. Rectangles may reach outside the map unless
bounds are given; the mask is a bool array that covers the rectangle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import EMPTY, Array, BoolMask, Rect

Point = tuple[float, float]
Shape = tuple[Rect, BoolMask]


def capsule(start: Point, end: Point, radius: float, bounds: Rect | None = None) -> Shape:
    """A round brush dragged from start to end: all pixels within radius of the segment.

    A brush is never thinner than one pixel: the pixels under both ends always belong to it, and
    those between are connected.
    """
    radius = max(radius, 0.5)
    rect = _box([start, end], math.ceil(radius), bounds)
    x, y = _centers(rect)
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x**2 + along_y**2
    position = ((x - start[0]) * along_x + (y - start[1]) * along_y) / (length or 1.0)
    position = np.clip(position, 0.0, 1.0)
    distance_x = x - start[0] - position * along_x
    distance_y = y - start[1] - position * along_y
    mask = distance_x**2 + distance_y**2 <= radius**2
    for end_x, end_y in (start, end):
        if rect.contains(end_x, end_y):
            mask[math.floor(end_y) - rect.y0, math.floor(end_x) - rect.x0] = True
    return rect, mask


def square(start: Point, end: Point, radius: float, bounds: Rect | None = None) -> Shape:
    """A square brush of side 2 * radius dragged from start to end, never thinner than one pixel.

    What it covers is the convex hull of the squares at both ends.
    """
    size = max(1, round(2 * radius))
    corners = [
        (round(x - size / 2) + across, round(y - size / 2) + down)
        for x, y in (start, end)
        for across in (0, size)
        for down in (0, size)
    ]
    hull = cv2.convexHull(np.array(corners, np.int32))[:, 0, :].tolist()
    return polygon(hull, bounds)


def polygon(points: Sequence[Point], bounds: Rect | None = None) -> Shape:
    """The inside of a closed polygon by the even-odd rule; fewer than 3 points hold nothing."""
    if len(points) < 3:
        return EMPTY, np.zeros((0, 0), np.bool_)
    rect = _box(points, 0, bounds)
    rows, crossings = _crossings(np.asarray(points, np.float64), rect)
    columns = np.clip(np.ceil(crossings - 0.5) - rect.x0, 0, rect.width).astype(np.intp)
    flips = np.zeros((rect.height, rect.width + 1), np.bool_)
    np.logical_xor.at(flips, (rows, columns), True)
    return rect, np.logical_xor.accumulate(flips, axis=1)[:, :-1]


def flood(values: Array, x: int, y: int) -> Shape:
    """The 4-connected region of equal values around pixel (x, y) of a (H, W) integer array."""
    same = (values == values[y, x]).astype(np.uint8)
    _, _, _, (left, top, width, height) = cv2.floodFill(same, None, (x, y), 2, flags=4)
    rect = Rect(left, top, left + width, top + height)
    return rect, same[rect.slices] == 2


def stamp(shape: BoolMask, foot: Point, height: float) -> Shape:
    """A (h, w) bool shape scaled to height pixels, the middle of its lower edge at foot."""
    scaled_height = max(1, round(height))
    scaled_width = max(1, round(height * shape.shape[1] / shape.shape[0]))
    coverage = cv2.resize(
        shape.astype(np.float32), (scaled_width, scaled_height), interpolation=cv2.INTER_AREA
    )
    x0, y0 = round(foot[0] - scaled_width / 2), round(foot[1]) - scaled_height
    return Rect(x0, y0, x0 + scaled_width, y0 + scaled_height), coverage >= 0.5


def _box(points: Sequence[Point], margin: int, bounds: Rect | None) -> Rect:
    xs, ys = zip(*points, strict=True)
    box = Rect(
        math.floor(min(xs)) - margin,
        math.floor(min(ys)) - margin,
        math.floor(max(xs)) + margin + 1,
        math.floor(max(ys)) + margin + 1,
    )
    return box if bounds is None else box.intersection(bounds)


def _centers(rect: Rect) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pixel centres of rect, to be broadcast: x (1, W), y (H, 1)."""
    columns = np.arange(rect.x0, rect.x1, dtype=np.float64)
    rows = np.arange(rect.y0, rect.y1, dtype=np.float64)
    return columns[None] + 0.5, rows[:, None] + 0.5


def _crossings(
    points: NDArray[np.float64], rect: Rect
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Where the outline crosses the pixel rows of rect: row indices in rect and x positions."""
    starts, ends = points, np.roll(points, -1, axis=0)
    upper = np.where((starts[:, 1] <= ends[:, 1])[:, None], starts, ends)
    lower = np.where((starts[:, 1] <= ends[:, 1])[:, None], ends, starts)
    first = np.clip(np.ceil(upper[:, 1] - 0.5), rect.y0, rect.y1).astype(np.intp)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), rect.y0, rect.y1).astype(np.intp)
    counts = last - first
    edges = np.repeat(np.arange(len(points)), counts)
    rows = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts) + first[edges]
    slope = (lower - upper)[edges]
    position = (rows + 0.5 - upper[edges, 1]) / slope[:, 1]
    return rows - rect.y0, upper[edges, 0] + position * slope[:, 0]
