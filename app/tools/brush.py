"""Brush: paints the current label with a round footprint."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.tools.tool import NO_MODIFIER, SHIFT, Point, Tool
from model.scene.raster import capsule


class BrushTool(Tool):
    name = "Brush"
    shortcut = "B"
    icon = "brush"
    tip = "Paint the current label. Shift continues the last object of that label."
    round = True
    paints_label = True

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._label = self.session.label
        self._instance_id = self.session.stroke_instance(bool(modifiers & SHIFT))
        self.session.document.begin(f"Paint {self._label.name}")
        self.busy = True
        self._last = point
        self.drag(point)

    def drag(self, point: Point) -> None:
        if self.busy:
            document = self.session.document
            rect, mask = capsule(self._last, point, self.session.brush.radius, document.bounds)
            document.paint(rect, mask, self._label.id, self._instance_id)
            self._last = point

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if self.busy:
            self.busy = False
            self.session.document.commit()
            if self._label.has_instances:
                self.session.select_if_present(self._instance_id)

    def cancel(self) -> None:
        if self.busy:
            self.busy = False
            self.session.document.cancel()
