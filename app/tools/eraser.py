"""Eraser: takes away what was painted over and lets the surroundings grow into the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from app.tools.tool import NO_MODIFIER, Point, Tool, Trace
from model.scene.geometry import EMPTY
from model.scene.operations import fill_surroundings
from model.scene.raster import capsule

if TYPE_CHECKING:
    from app.session import EditorSession


class EraserTool(Tool):
    name = "Eraser"
    shortcut = "E"
    icon = "eraser"
    tip = "Remove what you paint over; road, buildings or sky close the gap."
    round = True

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._points: list[Point] = []

    @property
    def trace(self) -> Trace | None:
        if not self.busy:
            return None
        return Trace(tuple(self._points), self.session.brush.radius)

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.busy = True
        self._points = [point]

    def drag(self, point: Point) -> None:
        if self.busy:
            self._points.append(point)

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if not self.busy:
            return
        self.busy = False
        document, radius = self.session.document, self.session.brush.radius
        covered = np.zeros(document.label_map.shape, np.bool_)
        area = EMPTY
        for start, end in zip([self._points[0], *self._points], self._points, strict=False):
            rect, mask = capsule(start, end, radius, document.bounds)
            if rect:
                covered[rect.slices] |= mask
                area = area.union(rect)
        if area:
            with document.edit("Erase"):
                fill_surroundings(document, area, covered[area.slices])

    def cancel(self) -> None:
        self.busy = False
