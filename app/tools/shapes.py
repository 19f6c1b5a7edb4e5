"""Line, rectangle and ellipse: dragged from one point to another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.painting import footprint, paint_shape
from app.tools.tool import ALT, NO_MODIFIER, SHIFT, Point, Tool, Trace
from model.scene.raster import Shape, polygon

if TYPE_CHECKING:
    from app.session import EditorSession

CORNERS = 96  # of what an ellipse is drawn with
STEP = math.pi / 12  # Shift turns a line by steps of 15 degrees


class DraggedShape(Tool):
    """From the press to the release; Esc gives up."""

    verb = ""

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._start: Point = (0.0, 0.0)
        self._end: Point = (0.0, 0.0)

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._start = self._end = point
        self.busy = True

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.busy:
            self._end = self._bound(point, modifiers)

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if self.busy:
            self.busy = False
            paint_shape(self.session, self.verb, self._shape(), continue_last=False)

    def cancel(self) -> None:
        self.busy = False

    def _bound(self, point: Point, modifiers: Qt.KeyboardModifier) -> Point:
        """The end for a pointer there."""
        return point

    def _shape(self) -> Shape:
        raise NotImplementedError


class LineTool(DraggedShape):
    name = "Line"
    shortcut = "N"
    icon = "line"
    tip = "Drag a straight line of the brush's width. Shift turns it by steps of 15°."
    footprint = True
    paints_label = True
    options = ("size", "shape", "new", "over")
    verb = "Line of"

    @property
    def trace(self) -> Trace | None:
        return Trace((self._start, self._end), self.session.brush.radius) if self.busy else None

    def _bound(self, point: Point, modifiers: Qt.KeyboardModifier) -> Point:
        if not modifiers & SHIFT:
            return point
        x, y = point[0] - self._start[0], point[1] - self._start[1]
        angle = round(math.atan2(y, x) / STEP) * STEP
        length = math.hypot(x, y)
        return self._start[0] + length * math.cos(angle), self._start[1] + length * math.sin(angle)

    def _shape(self) -> Shape:
        return footprint(self.session, self._start, self._end)


class RectangleTool(DraggedShape):
    name = "Rectangle"
    shortcut = "U"
    icon = "rectangle"
    tip = "Drag a rectangle; with Shift a square, with Alt an ellipse."
    options = ("new", "over")
    verb = "Rectangle of"
    _round = False

    @property
    def trace(self) -> Trace | None:
        points = self._outline()
        return Trace((*points, points[0])) if self.busy else None

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        super().press(point, modifiers)
        self._round = bool(modifiers & ALT)

    def _bound(self, point: Point, modifiers: Qt.KeyboardModifier) -> Point:
        self._round = bool(modifiers & ALT)
        if not modifiers & SHIFT:
            return point
        x, y = point[0] - self._start[0], point[1] - self._start[1]
        side = max(abs(x), abs(y))
        return self._start[0] + math.copysign(side, x), self._start[1] + math.copysign(side, y)

    def finish(self) -> None:
        self.verb = "Ellipse of" if self._round else "Rectangle of"
        super().finish()

    def _outline(self) -> list[Point]:
        (x0, y0), (x1, y1) = self._start, self._end
        if not self._round:
            return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        turns = (math.tau * corner / CORNERS for corner in range(CORNERS))
        middle, across, down = ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0) / 2, (y1 - y0) / 2
        return [
            (middle[0] + across * math.cos(turn), middle[1] + down * math.sin(turn))
            for turn in turns
        ]

    def _shape(self) -> Shape:
        return polygon(self._outline(), self.session.document.bounds)
