"""Tool: turns pointer events in map coordinates into document edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from app.session import EditorSession

Point = tuple[float, float]
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True, slots=True)
class Trace:
    """What a tool has in hand but not yet in the document, for the canvas to draw.

    Attributes:
        points: in map coordinates.
        radius: of the stroke along them; 0 for the outline of a shape.
    """

    points: tuple[Point, ...]
    radius: float = 0.0


class Tool:
    """One tool. press, drag and release come in this order; hover while no button is down.

    Attributes:
        name, shortcut, icon, tip: for menu, toolbar and tooltip.
        round: its pointer is a round footprint of the brush's size.
        paints_label: the footprint shows the current label's colour.
        cursor: the mouse pointer of a tool that is not round.
        busy: something was begun that finish() or cancel() has to end.
    """

    name = ""
    shortcut = ""
    icon = ""
    tip = ""
    round = False
    paints_label = False
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: EditorSession) -> None:
        self.session = session
        self.busy = False

    @property
    def trace(self) -> Trace | None:
        return None

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None: ...
    def drag(self, point: Point) -> None: ...
    def release(self, point: Point) -> None: ...
    def hover(self, point: Point) -> None: ...

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.press(point, modifiers)

    def finish(self) -> None:
        """End what was begun and keep it."""

    def cancel(self) -> None:
        """End what was begun and leave no trace."""

    def step_back(self) -> None:
        """Take back the last part of what was begun, if it has parts."""
