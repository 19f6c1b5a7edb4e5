"""Fill: gives a whole region the current label at once."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from app.painting import paint_shape
from app.tools.tool import ALT, NO_MODIFIER, SHIFT, Point, Tool
from model.scene.geometry import Rect
from model.scene.raster import Shape, flood


class FillTool(Tool):
    name = "Fill"
    shortcut = "G"
    icon = "fill"
    tip = (
        "Fill the region under the pointer; with Alt all of its label, with Shift its whole object."
    )

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.session.document.bounds.contains(*point):
            region = self._region(math.floor(point[0]), math.floor(point[1]), modifiers)
            paint_shape(self.session, "Fill with", region, continue_last=False, covers=False)

    def _region(self, x: int, y: int, modifiers: Qt.KeyboardModifier) -> Shape:
        document = self.session.document
        if not modifiers & (ALT | SHIFT):
            return flood(document.instance_map, x, y)
        of = document.label_map if modifiers & ALT else document.instance_map
        mask = of == of[y, x]
        rect = Rect.around(mask)
        return rect, mask[rect.slices]
