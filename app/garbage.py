"""Garbage: cycles of Python's objects are freed on the window's thread, where Qt's have to end."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from model.inference.preload import importing

SECONDS = 0.5


class GarbageCollector(QObject):
    """Takes the place of the automatic one, which runs on whatever thread asks for memory.

    A widget or timer in a cycle would end on the worker's thread then, and Qt allows that nowhere.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(round(1000 * SECONDS))

    def collect(self) -> None:
        """Looks through the oldest generation that the automatic one would look through."""
        if importing.is_set():
            return
        counts, most = gc.get_count(), gc.get_threshold()
        due = [age for age in range(3) if most[age] and counts[age] > most[age]]
        if due:
            gc.collect(due[-1])
