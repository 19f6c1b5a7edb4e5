"""Stamp: puts an object from the library on the ground, at the size its place asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.errors import Notice
from app.painting import allowed
from app.tools.tool import ALT, NO_MODIFIER, Ghost, Point, Tool
from app.translation import tr
from model.errors import InputError
from model.scene.stamps import put_stamp, stamp_shapes
from model.scene.transform import largest_scale

if TYPE_CHECKING:
    from app.session import EditorSession


class StampTool(Tool):
    name = "Stamp"
    shortcut = "T"
    icon = "stamp"
    tip = (
        "Click to put the chosen shape on the ground; nearer things cover it. "
        "Alt keeps its size and covers everything."
    )
    stands = True
    options = ("stamp",)

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._foot: Point | None = None
        self._height = 100.0  # of the last one that stood on the ground
        self._free = False

    @property
    def ghosts(self) -> Sequence[Ghost]:
        stamp, schema = self.session.stamp, self.session.document.schema
        if self._foot is None or stamp is None:
            return ()
        try:
            shapes = stamp_shapes(stamp, schema, self._foot, self._height)
        except InputError:  # said when it is put down
            return ()
        return [Ghost(*shape, self.session.color_of(label)) for label, shape in shapes.items()]

    def hover(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._foot, self._free = point, bool(modifiers & ALT)
        stamp, bounds = self.session.stamp, self.session.document.bounds
        if stamp is not None and not self._free:
            tall = stamp.height_at(point[1], self.session.horizon) * self.session.stamp_scale
            size = stamp.parts.shape[0], stamp.parts.shape[1]
            self._height = min(max(tall, 3.0), size[0] * largest_scale(size, bounds))

    def leave(self) -> None:
        self._foot = None

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.hover(point, modifiers)
        self.busy = self.session.stamp is not None
        if not self.busy:
            self.session.noticed.emit(
                Notice(tr("Choose a shape in the Stamps panel."), serious=False)
            )

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.hover(point, modifiers)

    def release(self, point: Point) -> None:
        self.finish()

    def finish(self) -> None:
        stamp, foot, document = self.session.stamp, self._foot, self.session.document
        if not self.busy or stamp is None or foot is None:
            self.busy = False
            return
        self.busy = False
        free = allowed(self.session)
        made = put_stamp(document, stamp, foot, self._height, not self._free, free)
        if made:
            self.session.select_many(made)
        else:
            self.session.refused.emit()

    def cancel(self) -> None:
        self.busy = False
