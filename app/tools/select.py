"""Select: picks the object that styles, Delete and label changes are for."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from app.tools.tool import NO_MODIFIER, Point, Tool


class SelectTool(Tool):
    name = "Select"
    shortcut = "V"
    icon = "select"
    tip = "Select an object: Delete removes it, R changes its label, the Style panel its look."
    cursor = Qt.CursorShape.ArrowCursor

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        document = self.session.document
        if document.bounds.contains(*point):
            x, y = math.floor(point[0]), math.floor(point[1])
            self.session.select(int(document.instance_map[y, x]))
        else:
            self.session.select(None)
