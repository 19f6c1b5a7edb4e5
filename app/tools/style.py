"""Style dropper: takes the style of one object and brushes it onto others of its label."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.session import EditorSession
from app.style_edits import pick_cluster, style_of
from app.tools.tool import ALT, NO_MODIFIER, Point, Tool
from app.tools.wand import instance_at
from model.scene.labels import label_of
from model.scene.scene import Style

DIGITS = "1234567890"


class StyleTool(Tool):
    name = "Style dropper"
    shortcut = "S"
    icon = "style"
    tip = (
        "Click an object, 1 to 0 choose its style; Alt+click takes a style, "
        "then drag over others. Esc lets it go."
    )
    picks = True

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self.held: tuple[int, Style] | None = None  # label id and style taken with Alt
        session.document_replaced.connect(self._let_go)
        session.selection_changed.connect(self._on_selection)

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        met = instance_at(self.session, point)
        if met is None:
            return
        if modifiers & ALT:
            self._take(met)
        elif self.held is None:
            self.session.select(met)
        else:
            self.session.document.begin("Brush style")
            self.busy = True
            self.drag(point)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        met = instance_at(self.session, point)
        if not self.busy or met is None or self.held is None:
            return
        label_id, style = self.held
        if label_of(met) == label_id:
            self.session.document.set_styles("", {met: style})
            self.session.select(met)
        else:
            self.session.refused.emit()

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        if self.busy:
            self.busy = False
            self.session.document.commit()

    def cancel(self) -> None:
        if self.busy:
            self.busy = False
            self.session.document.cancel()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        number = DIGITS.find(chr(key)) if key < 128 else -1
        if number < 0 or self.busy:
            return False
        pick_cluster(self.session, number)
        return True

    def _take(self, instance_id: int) -> None:
        style = style_of(self.session, instance_id)
        self.held = None if style is None else (label_of(instance_id), style)
        self.session.select(instance_id)
        if style is None:
            self.session.refused.emit()

    def _on_selection(self) -> None:
        if self.session.selection is None:  # as Esc leaves it
            self._let_go()

    def _let_go(self) -> None:
        self.held = None
