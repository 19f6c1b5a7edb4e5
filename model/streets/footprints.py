"""Where something already stands: oriented rectangles on the ground that may not overlap."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """A rectangle on the ground: centre, heading (clockwise from +y), length along it, width."""

    x: float
    y: float
    yaw: float
    length: float
    width: float

    @property
    def corners(self) -> NDArray[np.float64]:
        """(4, 2) corners in order round the rectangle."""
        forward = np.array([np.sin(self.yaw), np.cos(self.yaw)]) * self.length / 2
        right = np.array([np.cos(self.yaw), -np.sin(self.yaw)]) * self.width / 2
        signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])
        return np.array([self.x, self.y]) + signs[:, :1] * forward + signs[:, 1:] * right

    @property
    def reach(self) -> float:
        """Radius of the circle round the rectangle."""
        return hypot(self.length, self.width) / 2


def overlap(one: Box, other: Box) -> bool:
    """Whether two rectangles share more than an edge (separating axis theorem)."""
    if hypot(one.x - other.x, one.y - other.y) >= one.reach + other.reach:
        return False
    first, second = one.corners, other.corners
    for yaw in (one.yaw, other.yaw):
        axes = np.array([[np.sin(yaw), np.cos(yaw)], [np.cos(yaw), -np.sin(yaw)]])
        a, b = first @ axes.T, second @ axes.T
        apart = (a.max(0) <= b.min(0) + 1e-9) | (b.max(0) <= a.min(0) + 1e-9)
        if apart.any():
            return False
    return True


class Footprints:
    """All rectangles taken so far."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []

    def free(self, box: Box) -> bool:
        """Whether nothing taken overlaps the rectangle."""
        return not any(overlap(box, taken) for taken in self.boxes)

    def take(self, box: Box) -> bool:
        """Takes the rectangle if it is free; says whether it was."""
        if not self.free(box):
            return False
        self.boxes.append(box)
        return True
