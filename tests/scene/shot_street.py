"""A street of flat walls, each of its pixels found by a ray that is shot at it."""

from __future__ import annotations

import math

import numpy as np

from model.scene.street_grid import EYE_HEIGHT, FOCAL, FOOT, PITCH
from model.scene.surface_labels import SurfaceLabels
from model.scene.walls import Walls

ROAD, BUILDING, SKY = 7, 11, 23
LABELS = SurfaceLabels(ground=(ROAD,), walls=(BUILDING,))
SIZE = HEIGHT, WIDTH = 256, 512
SINE_COSINE = math.sin(PITCH), math.cos(PITCH)
LEFT, RIGHT, TALL = 6.0, 9.0, 14.0
WALLS = Walls(LEFT, RIGHT)
AHEAD = 28.0


def ray(row: int, column: int) -> tuple[float, float, float]:
    """Right, ahead and up of a pixel, seen from the eye."""
    up = (HEIGHT / 2 - row - 0.5) / (FOCAL * WIDTH)
    right = (column + 0.5 - WIDTH / 2) / (FOCAL * WIDTH)
    sine, cosine = math.sin(PITCH), math.cos(PITCH)
    return right, cosine + up * sine, up * cosine - sine


def hit(row: int, column: int, end: float = math.inf) -> tuple[int, float, float, float]:
    """Label, metres to the right, ahead, and above the road of what the pixel shows.

    end: how far the wall is that ends the street.
    """
    right, ahead, up = ray(row, column)
    beside = min(RIGHT / right if right > 0 else -LEFT / right, end)
    x, y, z = right * beside, ahead * beside, EYE_HEIGHT + up * beside
    if z >= TALL:
        return SKY, x, y, z
    if z >= FOOT:
        return BUILDING, x, y, z
    down = EYE_HEIGHT / -up
    return ROAD, right * down, ahead * down, 0.0


def drawn(end: float) -> np.ndarray:
    return np.array([[hit(r, c, end)[0] for c in range(WIDTH)] for r in range(HEIGHT)], np.uint8)
