"""HeldKey: what lasts only while the key that began it is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from app.session import EditorSession
    from app.tools import Tool


MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
)


class HeldKey:
    """A tool chosen by a key that was used while held gives way to the one before; a tap stays.

    Attributes:
        used: the pointer was pressed since the key was.
    """

    def __init__(self, session: EditorSession) -> None:
        self._session = session
        self._key: int | None = None
        self._tool: Tool | None = None
        self._ends: list[Callable[[], object]] = []
        self.used = False

    def note_press(self, event: QKeyEvent) -> None:
        """Before the key has any effect; called again for the same key it does nothing."""
        if event.key() in MODIFIERS:  # pressed during a drag, they change what it does
            return
        if not event.isAutoRepeat() and event.key() != self._key:
            self.end()
            self._key, self._tool, self.used = event.key(), self._session.tool, False

    def note_release(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() == self._key:
            self.end()

    def until_released(self, end: Callable[[], object]) -> None:
        """Call end when the key is released; not at all when no key is held, as in a menu."""
        if self._key is not None:
            self._ends.append(end)

    def end(self) -> None:
        ends, tool, used = self._ends, self._tool, self.used
        self._key, self._tool, self._ends, self.used = None, None, [], False
        for end in ends:
            end()
        if used and tool is not None and tool is not self._session.tool:
            self._session.use_tool(tool)
