"""Maps as outlines, painted one over the other, and back without losing a pixel.

Every 4-connected part of an instance becomes its outer outline; larger outlines come first, so
that what lies in a hole is painted after what surrounds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Array
from model.scene.instances import find_instances
from model.scene.scene import Scene

MAX_POINTS = 4_000_000
MAX_PAINTED = 2 * 10**9  # pixels; a few seconds of work
FAR = 1 << 20  # pixels; farther corners would overflow the rasteriser
Points = NDArray[np.int32]  # (n, 2) x, y


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One part of an instance."""

    label_id: int
    instance_id: int
    points: Points


def outlines_of(scene: Scene) -> list[Outline]:
    """All parts of a scene, in the order in which they are to be painted."""
    found: list[tuple[int, Outline]] = []
    for info in find_instances(scene.instance_map):
        mask = (scene.instance_map[info.rect.slices] == info.instance_id).astype(np.uint8)
        count, parts = cv2.connectedComponents(mask, connectivity=4)
        for part in range(1, count):
            own = (parts == part).astype(np.uint8)
            contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
            points = contours[0][:, 0].astype(np.int32)
            filled = cv2.fillPoly(own, [points], 1)
            placed = points + np.array([info.rect.x0, info.rect.y0], np.int32)
            outline = Outline(info.label_id, info.instance_id, placed)
            found.append((int(filled.sum()), outline))
    found.sort(key=lambda entry: -entry[0])
    return [outline for _, outline in found]


def paint(size: tuple[int, int], parts: Sequence[tuple[Points, int, int]]) -> tuple[Array, Array]:
    """Two (H, W) int32 maps, codes and objects, of (outline, code, object) from back to front.

    What nothing covers is 0 in both. Raises ValueError for more than MAX_PAINTED pixels.
    """
    numbers = np.zeros(size, np.int32)
    painted = 0
    for number, (points, _, _) in enumerate(parts, start=1):
        painted += _pixels(points, size)
        if painted > MAX_PAINTED:
            raise ValueError(f"shapes of more than {MAX_PAINTED} pixels, one over the other")
        cv2.fillPoly(numbers, [points], number)
    tables = np.array([(0, 0), *((code, number) for _, code, number in parts)], np.int32)
    return tables[:, 0][numbers], tables[:, 1][numbers]


def _pixels(points: Points, size: tuple[int, int]) -> int:
    """Of the part of an outline's box inside the picture; at least 1 for each row it crosses."""
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    height = min(bottom, size[0] - 1) - max(top, 0) + 1
    width = min(right, size[1] - 1) - max(left, 0) + 1
    return max(height, 0) * max(width, 1)


def points_of(corners: Sequence[Sequence[float]]) -> Points:
    """Corners from a file as whole pixels. Raises ValueError for what no polygon has."""
    points = np.asarray(corners, np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not 0 < len(points) <= MAX_POINTS:
        raise ValueError(f"corners {points.shape}")
    if not np.isfinite(points).all() or (abs(points) > FAR).any():
        raise ValueError("a corner that is no place in a picture")
    return np.rint(points).astype(np.int32)
