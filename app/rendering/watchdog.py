"""Watchdog: notices that the worker does not answer, by how long frames have taken so far."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that something may take.

    Attributes:
        least: any request; opening: opening an engine.
        megapixel: a million pixels of a frame, also of one painted in strips by way of the disk.
        times: how many times as long as the slowest frame measured, for as many pixels.
        closing: the step of work in hand when the window is closed.
    """

    least: float = 60.0
    opening: float = 240.0
    megapixel: float = 30.0
    times: float = 20.0
    closing: float = 5.0


class Watchdog(QObject):
    """Signals:
    overdue: the seconds that have passed without a sign; again after each doubling.
    """

    overdue = Signal(float)

    def __init__(self, patience: Patience, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.patience = patience
        self._slowest = 0.0  # seconds a pixel
        self._limit = 0.0
        self._waited = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def limit(self, pixels: int) -> float:
        """Seconds that a frame of so many pixels may take."""
        rate = max(self.patience.times * self._slowest, self.patience.megapixel / 1e6)
        return max(self.patience.least, rate * pixels)

    def measured(self, pixels: int, seconds: float) -> None:
        """A frame arrived."""
        self._slowest = max(self._slowest, seconds / max(pixels, 1))

    def forget(self) -> None:
        """Another engine: nothing was measured."""
        self._slowest = 0.0

    def watch(self, seconds: float) -> None:
        """Expect a sign within so many seconds from now."""
        self._limit, self._waited = seconds, 0.0
        self._timer.start(round(1000 * seconds))

    def sign(self) -> None:
        """One came; the next is expected within the same time."""
        if self._timer.isActive():
            self.watch(self._limit)

    def stop(self) -> None:
        """Nothing is expected any more."""
        self._timer.stop()

    def _on_timeout(self) -> None:
        step = max(self._limit, self._waited)
        self._waited += step
        self._timer.start(round(1000 * self._waited))
        self.overdue.emit(self._waited)
