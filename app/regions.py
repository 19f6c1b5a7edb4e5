"""Regions: F6 moves the keyboard between the picture, the bar above it and the panels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


class Regions:
    """Each region is a widget; one that is hidden or has nothing to focus is passed over."""

    def __init__(self, regions: Sequence[QWidget]) -> None:
        self._regions = regions

    def step(self, step: int) -> None:
        """Focus the next region (1) or the one before (-1)."""
        focused = QApplication.focusWidget()
        places = range(len(self._regions))
        holds = (n for n in places if focused is not None and _holds(self._regions[n], focused))
        now = next(holds, 0)
        for away in range(1, len(self._regions)):
            target = next(_stops(self._regions[(now + step * away) % len(self._regions)]), None)
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return


def _holds(region: QWidget, widget: QWidget) -> bool:
    return region is widget or region.isAncestorOf(widget)


def _stops(region: QWidget) -> Iterator[QWidget]:
    """What Tab stops at in a region, in Tab's order."""
    window, widget = region.window(), region.window().nextInFocusChain()
    while widget is not None and widget is not window:
        takes = widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and _holds(region, widget) and not widget.visibleRegion().isEmpty():
            yield widget
        widget = widget.nextInFocusChain()
