"""Fill: gives a whole region the current label at once."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from app.tools.tool import ALT, NO_MODIFIER, SHIFT, Point, Tool
from model.scene.geometry import Rect
from model.scene.raster import Shape, flood


class FillTool(Tool):
    name = "Fill"
    shortcut = "G"
    icon = "fill"
    tip = "Fill the region under the pointer. Alt fills every region of that label."

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        document, label = self.session.document, self.session.label
        if not document.bounds.contains(*point):
            return
        rect, mask = self._region(math.floor(point[0]), math.floor(point[1]), modifiers)
        instance_id = self.session.stroke_instance(bool(modifiers & SHIFT))
        with document.edit(f"Fill with {label.name}"):
            document.paint(rect, mask, label.id, instance_id)
        if label.has_instances:
            self.session.select_if_present(instance_id)

    def _region(self, x: int, y: int, modifiers: Qt.KeyboardModifier) -> Shape:
        document = self.session.document
        if modifiers & ALT:
            mask = document.label_map == document.label_map[y, x]
            rect = Rect.around(mask)
            return rect, mask[rect.slices]
        return flood(document.instance_map, x, y)
