"""Dropper: takes the label under the pointer as the current one."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from app.tools.tool import NO_MODIFIER, Point, Tool


class DropperTool(Tool):
    name = "Label dropper"
    shortcut = "I"
    icon = "dropper"
    tip = "Take the label under the pointer. Holding Ctrl does the same in every tool."

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.drag(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        document = self.session.document
        if document.bounds.contains(*point):
            x, y = math.floor(point[0]), math.floor(point[1])
            self.session.choose_label(int(document.label_map[y, x]))
