"""Wand: gathers objects into the selection."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.tools.tool import ALT, NO_MODIFIER, SHIFT, Point, Tool
from model.scene.labels import label_of

if TYPE_CHECKING:
    from app.session import EditorSession


def instance_at(session: EditorSession, point: Point) -> int | None:
    """The instance under a point; None outside the picture."""
    document = session.document
    if not document.bounds.contains(*point):
        return None
    return int(document.instance_map[math.floor(point[1]), math.floor(point[0])])


class WandTool(Tool):
    name = "Wand"
    shortcut = "W"
    icon = "wand"
    tip = "Drag over objects to select them; Shift adds, Alt takes away. Double click: the label."
    picks = True

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._takes_away = False

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._takes_away = bool(modifiers & ALT)
        if not modifiers & (SHIFT | ALT):
            self.session.select(None)
        self.drag(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        met = instance_at(self.session, point)
        if met is not None and (met in self.session.selected) == self._takes_away:
            self.session.toggle_selected(met)

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        met = instance_at(self.session, point)
        if met is not None:
            everything = self.session.document.instances()
            alike = [each.instance_id for each in everything if each.label_id == label_of(met)]
            self.session.select_many((met, *alike))
