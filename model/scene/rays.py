"""Rays of the fixed camera of `model.scene.street_grid`: where a picture's pixels look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.street_grid import FOCAL, PITCH


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """Directions of a rectangle's pixels, float32: right (w,), and per row up and ahead (h, 1)."""

    right: NDArray[np.floating]
    up: NDArray[np.floating]
    ahead: NDArray[np.floating]


def rays_of(rect: Rect, size: tuple[int, int], step: int = 1) -> Rays:
    """Of a rectangle in a picture of `size` (height, width), or of every step-th row and column."""
    focal = FOCAL * size[1]
    rows = np.arange(rect.y0, rect.y1, step, dtype=np.float32)[:, None]
    columns = np.arange(rect.x0, rect.x1, step, dtype=np.float32)
    up = (size[0] / 2 - rows - 0.5) / focal
    right = (columns + 0.5 - size[1] / 2) / focal
    sine, cosine = np.float32(np.sin(PITCH)), np.float32(np.cos(PITCH))
    return Rays(right, up * cosine - sine, up * sine + cosine)
