"""Keys: what key every action has now, for the texts beside the actions that name one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class Keys(QObject):
    """Signals:
    changed: some action has another key; once, however many have.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[str, str] = {}
        self._telling = QTimer(self, singleShot=True, interval=0)
        self._telling.timeout.connect(self.changed)

    def set(self, action_id: str, key: str) -> None:
        """key as a person reads it; "" when the action has none."""
        if self._keys.get(action_id, "") != key:
            self._keys[action_id] = key
            self._telling.start()

    def named(self, text: str, *action_ids: str) -> str:
        """A text with the keys of the actions it is about in brackets."""
        found = [key for each in action_ids if (key := self._keys.get(each))]
        return f"{text} ({', '.join(found)})" if found else text

    def keep_tip(self, widget: QWidget, text: str, *action_ids: str) -> None:
        """A tooltip, as named() says it, from now on."""

        def show() -> None:
            widget.setToolTip(self.named(text, *action_ids))

        show()
        self.changed.connect(show)
