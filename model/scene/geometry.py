"""Pixel rectangles in map coordinates: x right, y down, right and bottom exclusive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolMask = NDArray[np.bool_]
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Rect:
    """Pixels with x0 <= x < x1 and y0 <= y < y1; false when it holds none."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def around(cls, mask: Array) -> Rect:
        """The smallest rectangle that holds every non-zero pixel of a (H, W) mask, or EMPTY."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return EMPTY
        return cls(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)

    def __bool__(self) -> bool:
        return self.x1 > self.x0 and self.y1 > self.y0

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of this rectangle in a (H, W) array; only for rectangles inside the array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def slices_in(self, outer: Rect) -> tuple[slice, slice]:
        """Index of this rectangle in an array that covers outer; only when it lies inside."""
        return (
            slice(self.y0 - outer.y0, self.y1 - outer.y0),
            slice(self.x0 - outer.x0, self.x1 - outer.x0),
        )

    def union(self, other: Rect) -> Rect:
        """The smallest rectangle around both; an empty one adds nothing."""
        if not self:
            return other
        if not other:
            return self
        return Rect(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def intersection(self, other: Rect) -> Rect:
        """The pixels in both rectangles, or EMPTY."""
        both = Rect(
            max(self.x0, other.x0),
            max(self.y0, other.y0),
            min(self.x1, other.x1),
            min(self.y1, other.y1),
        )
        return both if both else EMPTY

    def clipped(self, width: int, height: int) -> Rect:
        """The part inside a picture of that size, or EMPTY."""
        return self.intersection(Rect(0, 0, width, height))

    def grown(self, pixels: int) -> Rect:
        """Wider by so many pixels on every side; an empty rectangle stays empty."""
        if not self:
            return EMPTY
        return Rect(self.x0 - pixels, self.y0 - pixels, self.x1 + pixels, self.y1 + pixels)

    def moved(self, dx: int, dy: int) -> Rect:
        """Elsewhere; an empty rectangle stays empty."""
        if not self:
            return EMPTY
        return Rect(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def contains(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1


EMPTY = Rect(0, 0, 0, 0)
