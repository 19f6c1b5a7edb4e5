"""The plan while it is being drawn up: collects objects and refuses overlapping ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from model.streets.footprints import Box, Footprints
from model.streets.plan import Axis, Crossing, CrossSection, Item, Line, blocks

# Metres of the own lane, behind and ahead of s = 0, that stay free for the first camera.
OWN_SPACE = (-8.0, 9.5)


class Draft:
    """A street's frame, and the objects placed on it so far."""

    def __init__(
        self,
        seed: int,
        kind: str,
        axis: Axis,
        section: CrossSection,
        crossings: tuple[Crossing, ...],
        own_lane: int,
        modular: bool = False,
    ) -> None:
        self.seed, self.kind = seed, kind
        self.axis, self.section, self.crossings = axis, section, crossings
        self.own_lane, self.modular = own_lane, modular
        self.taken = Footprints()
        self.items: list[Item] = []
        self.lines: list[Line] = []
        self.covered: tuple[float, float] | None = None

    def blocks(self, side: int) -> list[tuple[float, float]]:
        """Stretches of one side between side streets."""
        return blocks(self.crossings, side)

    def open_road(self, s: float, margin: float = 1.0) -> bool:
        """Whether s lies outside every side street."""
        return all(abs(s - c.s) > c.width / 2 + margin for c in self.crossings)

    def open_sky(self, s: float, margin: float = 2.0) -> bool:
        """Whether s lies outside the tunnel, if there is one."""
        if self.covered is None:
            return True
        return not self.covered[0] - margin < s < self.covered[1] + margin

    def box(self, s: float, t: float, turn: float, length: float, width: float) -> Box:
        """A ground rectangle in street coordinates; `turn` is relative to the street."""
        x, y, _ = self.axis.points(s, t)
        return Box(float(x), float(y), float(self.axis.heading(s)) + turn, length, width)

    def own_space(self) -> Box:
        """The stretch of the own lane in which the first camera stands."""
        low, high = OWN_SPACE
        lane = self.section.lane(1, self.own_lane)
        return self.box((low + high) / 2, lane, 0.0, high - low, self.section.lane_width - 0.4)

    @contextmanager
    def reserved(self, box: Box) -> Iterator[None]:
        """Keeps a rectangle free of objects placed meanwhile."""
        self.taken.boxes.append(box)
        yield
        self.taken.boxes.remove(box)

    def place(
        self,
        kind: str,
        s: float,
        t: float,
        *,
        z: float = 0.0,
        turn: float = 0.0,
        size: tuple[float, float] | None = None,
        gap: float = 0.0,
        behind: float = 0.0,
        **options: object,
    ) -> bool:
        """Puts an object down; with a size (length, width) only where nothing else stands.

        `gap` metres stay free all round it; its rectangle lies `behind` metres farther from the
        axis than its origin. Says whether it was placed.
        """
        box = None
        if size is not None:
            middle = t + behind * np.sign(t)
            wide = self.box(s, middle, turn, size[0] + 2 * gap, size[1] + 2 * gap)
            if not self.taken.free(wide):
                return False
            box = self.box(s, middle, turn, *size)
            self.taken.take(box)
        x, y, height = (float(value) for value in self.axis.points(s, t, z))
        yaw = float(self.axis.heading(s)) + turn
        self.items.append(Item(kind, (x, y, height), yaw, len(self.items), box, options))
        return True

    def run(
        self, kind: str, start: float, end: float, t: float, step: float, **options: object
    ) -> None:
        """Puts a line along the street from start to end, a point about every `step` metres."""
        count = max(2, int((end - start) / step) + 1)
        points = self.axis.points(np.linspace(start, end, count), t, 0.1)
        self.lines.append(Line(kind, tuple(map(tuple, points.tolist())), len(self.lines), options))
