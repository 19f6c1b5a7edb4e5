"""Tool: turns pointer events in map coordinates into document edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from model.scene.geometry import BoolMask, Rect

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


@dataclass(frozen=True, slots=True)
class Ghost:
    """A shape that is about to be put down, in a label's colour; mask covers rect."""

    rect: Rect
    mask: BoolMask
    color: tuple[int, int, int]


class Tool:
    """One tool. press, drag and release come in this order; hover while no button is down.

    Attributes:
        name, shortcut, icon, tip: for menu, toolbar and tooltip.
        footprint: its pointer is the brush's footprint.
        paints_label: the footprint shows the current label's colour.
        picks: it acts on whole instances; the one under the pointer is highlighted.
        stands: what it puts down stands on the ground; the horizon is shown.
        options: what of the options bar concerns it.
        cursor: the mouse pointer of a tool without a footprint.
        busy: something was begun that finish() or cancel() has to end.
    """

    name = ""
    shortcut = ""
    icon = ""
    tip = ""
    footprint = False
    paints_label = False
    picks = False
    stands = False
    options: tuple[str, ...] = ()
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: EditorSession) -> None:
        self.session = session
        self.busy = False

    @property
    def trace(self) -> Trace | None:
        return None

    @property
    def ghosts(self) -> Sequence[Ghost]:
        """What is about to be put down."""
        return ()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key while the canvas has the focus; whether it was one of this tool's."""
        return False

    def leave(self) -> None:
        """The pointer left the picture, or another tool is used."""

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None: ...
    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None: ...
    def release(self, point: Point) -> None: ...
    def hover(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None: ...

    def double_press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.press(point, modifiers)

    def finish(self) -> None:
        """End what was begun and keep it."""

    def cancel(self) -> None:
        """End what was begun and leave no trace."""

    def step_back(self) -> None:
        """Take back the last part of what was begun, if it has parts."""
