"""Brush: paints the current label with a round footprint."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.painting import footprint, writable
from app.tools.tool import NO_MODIFIER, SHIFT, Point, Tool


class BrushTool(Tool):
    name = "Brush"
    shortcut = "B"
    icon = "brush"
    tip = "Paint the current label. Shift continues the last object of that label."
    footprint = True
    options = ("size", "shape", "new", "over")
    paints_label = True

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._label = self.session.label
        self._instance_id = self.session.stroke_instance(bool(modifiers & SHIFT))
        self.session.document.begin(f"Paint {self._label.name}")
        self.busy = True
        self._blocked = False
        self._last = point
        self.drag(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if self.busy:
            document = self.session.document
            shape = footprint(self.session, self._last, point)
            rect, mask = writable(self.session, *shape)
            self._blocked |= bool(rect) and not mask.all()
            document.paint(rect, mask, self._label.id, self._instance_id)
            self._last = point

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if self.busy:
            self.busy = False
            edits = self.session.document.history.state
            self.session.document.commit()
            if self._blocked and self.session.document.history.state == edits:
                self.session.refused.emit()
            if self._label.has_instances:
                self.session.select_if_present(self._instance_id)

    def cancel(self) -> None:
        if self.busy:
            self.busy = False
            self.session.document.cancel()
