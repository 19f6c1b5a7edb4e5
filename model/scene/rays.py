"""Rays of the fixed camera of `model.scene.street_grid`: where a picture's pixels look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.street_grid import EYE_HEIGHT, FOCAL, LOWEST, PITCH


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


@dataclass(frozen=True, slots=True)
class View:
    """What rows and columns of a picture (height, width) show of a level street, as rays.

    Rows and columns are edges between pixels, numbers or arrays.
    """

    height: int
    width: int

    @property
    def focal(self) -> float:
        return FOCAL * self.width

    @property
    def horizon(self) -> float:
        return self.height / 2 - np.tan(PITCH) * self.focal

    def right(self, column: Any) -> Any:  # noqa: ANN401
        return (column - self.width / 2) / self.focal

    def up(self, row: Any) -> Any:  # noqa: ANN401
        return (self.height / 2 - row) / self.focal * np.cos(PITCH) - np.sin(PITCH)

    def away(self, foot: Any) -> Any:  # noqa: ANN401
        """Metres to what stands in that row."""
        return EYE_HEIGHT / np.maximum(-self.up(foot), LOWEST)

    def foot(self, away: float) -> int:
        """The row where what is so far away stands."""
        up = (np.sin(PITCH) - EYE_HEIGHT / away) / np.cos(PITCH)
        return round(self.height / 2 - up * self.focal)

    def sides(self, box: Rect, outward: int) -> tuple[float, float]:
        """Rays to the inner and to the outer side of a box."""
        left, right = self.right(box.x0), self.right(box.x1)
        return (left, right) if outward > 0 else (-right, -left)
