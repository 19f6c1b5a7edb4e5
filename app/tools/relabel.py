"""Relabel: gives the objects one clicks the current label."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.object_edits import relabel_selection
from app.tools.tool import NO_MODIFIER, Point, Tool
from app.tools.wand import instance_at
from model.scene.labels import label_of


class RelabelTool(Tool):
    name = "Relabel"
    shortcut = "M"
    icon = "relabel"
    tip = "Click an object to give it the current label."
    picks = True

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        met, label = instance_at(self.session, point), self.session.label
        if met is not None and label_of(met) != label.id:
            self.session.select(met)
            relabel_selection(self.session, label.id)
