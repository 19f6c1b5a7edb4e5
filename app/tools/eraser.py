"""Eraser: takes away what was painted over and lets the surroundings grow into the gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from app.object_edits import edit_with_filling
from app.painting import footprint, writable
from app.tools.tool import NO_MODIFIER, Point, Tool, Trace
from model.scene.geometry import EMPTY
from model.scene.operations import erase
from model.scene.raster import Shape

if TYPE_CHECKING:
    from app.session import EditorSession


class EraserTool(Tool):
    name = "Eraser"
    shortcut = "E"
    icon = "eraser"
    tip = "Remove what you paint over; road, buildings or sky close the gap."
    footprint = True
    options = ("size", "shape", "over")

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._points: list[Point] = []
        self._strokes: list[Shape] = []

    @property
    def trace(self) -> Trace | None:
        if not self.busy:
            return None
        return Trace(tuple(self._points), self.session.brush.radius)

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.busy = True
        self._points = [point]
        self._strokes = [footprint(self.session, point, point)]

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.busy:
            self._strokes.append(footprint(self.session, self._points[-1], point))
            self._points.append(point)

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if not self.busy:
            return
        self.busy = False
        document = self.session.document
        rect, mask = writable(self.session, *self._covered())
        if mask.any():
            edit_with_filling(self.session, lambda filling: erase(document, rect, mask, filling))
        elif rect:
            self.session.refused.emit()

    def _covered(self) -> Shape:
        covered = np.zeros(self.session.document.label_map.shape, np.bool_)
        area = EMPTY
        for rect, mask in self._strokes:
            covered[rect.slices] |= mask
            area = area.union(rect)
        return area, covered[area.slices]

    def cancel(self) -> None:
        self.busy = False
