"""Polygon and lasso: fill an outline set corner by corner, or drawn by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.painting import paint_shape
from app.tools.tool import NO_MODIFIER, SHIFT, Point, Tool, Trace
from model.scene.raster import polygon

if TYPE_CHECKING:
    from app.session import EditorSession


class PolygonTool(Tool):
    name = "Polygon"
    shortcut = "P"
    icon = "polygon"
    tip = "Click corners and press Enter or click the first one to close. Backspace steps back."
    options = ("new", "over")

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._points: list[Point] = []
        self._corners: list[int] = []  # how many points there were before each press
        self._pointer: Point | None = None
        self._continue = False

    @property
    def trace(self) -> Trace | None:
        if not self.busy:
            return None
        end = () if self._pointer is None else (self._pointer,)
        return Trace((*self._points, *end))

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if not self.busy:
            self._points, self._corners = [], []
            self._continue = bool(modifiers & SHIFT)
            self.busy = True
        elif self._is_near(point, self._points[0]) and len(self._points) > 2:
            self.finish()
            return
        self._corners.append(len(self._points))
        self._points.append(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.busy and point != self._points[-1]:
            self._pointer = None
            self._points.append(point)

    def hover(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._pointer = point if self.busy else None

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.finish()

    def step_back(self) -> None:
        del self._points[self._corners.pop() :]
        if not self._points:
            self.cancel()

    def finish(self) -> None:
        if self.busy:
            points = self._points
            self.cancel()
            shape = polygon(points, self.session.document.bounds)
            paint_shape(self.session, "Outline", shape, self._continue)

    def cancel(self) -> None:
        self.busy = False
        self._points, self._corners, self._pointer = [], [], None

    def _is_near(self, point: Point, other: Point) -> bool:
        return math.dist(point, other) <= self.session.reach


class LassoTool(PolygonTool):
    name = "Lasso"
    shortcut = "L"
    icon = "lasso"
    tip = "Draw around an area; it closes when the button is released."

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.cancel()
        super().press(point, modifiers)

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.press(point, modifiers)

    def release(self, point: Point) -> None:
        self.finish()
