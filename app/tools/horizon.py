"""Horizon: drags the line that sizes what stands on the ground. No entry of the toolbar."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.tools.tool import NO_MODIFIER, Point, Tool


class HorizonTool(Tool):
    name = "Horizon"
    tip = "Drag the horizon; double click finds it in the map again."
    cursor = Qt.CursorShape.SizeVerCursor
    stands = True

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.drag(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.session.set_horizon(point[1])

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.session.set_horizon(None)
