"""Select: picks objects, moves and scales them on the ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.object_edits import move_selection, nudge_selection
from app.tools.tool import ALT, NO_MODIFIER, SHIFT, Ghost, Point, Tool
from app.tools.wand import instance_at
from model.scene.geometry import Rect
from model.scene.ground import scale_at
from model.scene.instances import is_object
from model.scene.labels import label_of
from model.scene.operations import whole_of
from model.scene.raster import Shape
from model.scene.transform import Move, largest_scale, moved_shapes, shapes_of

if TYPE_CHECKING:
    from app.session import EditorSession

Key = Qt.Key
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
NUDGE = 10  # pixels with Shift
STILL = Move(0, 0)


class SelectTool(Tool):
    name = "Select and move"
    shortcut = "V"
    icon = "select"
    tip = (
        "Click selects (Shift: one more), dragging moves along the ground, a corner scales. "
        "Alt: neither scaled nor covered. Arrows move by a pixel, with Shift by ten."
    )
    picks = True
    stands = True
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self._start: Point = (0.0, 0.0)
        self._move = STILL
        self._free = False
        self._scaling = False
        self._shapes: dict[int, Shape] = {}
        self._box: Rect | None = None
        self._box_of: tuple[object, ...] = ()
        self._pressed = False
        self._between = False  # pressed between the selection's parts: a click, or a drag of it

    @property
    def ghosts(self) -> Sequence[Ghost]:
        if not self.busy:
            return ()
        shapes = moved_shapes(self._shapes, self._move)
        return [
            Ghost(*shape, self.session.color_of(label_of(instance_id)))
            for instance_id, shape in shapes.items()
        ]

    @property
    def handles(self) -> Sequence[Point]:
        """The corners one scales by, in map coordinates; none when nothing can be moved."""
        box = self._measured()
        if box is None or self.busy:
            return ()
        return [(box.x0, box.y0), (box.x1, box.y0), (box.x0, box.y1), (box.x1, box.y1)]

    def _measured(self) -> Rect | None:
        """The rectangle around the selection, if it can be moved; measured when it is another."""
        document, chosen = self.session.document, self.session.selected
        state = (id(document), document.history.state, chosen)
        if state != self._box_of:
            movable = chosen and all(is_object(each) for each in chosen)
            self._box = whole_of(document, chosen)[0] if movable else None
            self._box_of = state
        return self._box

    def press(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self._start, self._move, self._pressed = point, STILL, True
        reach = self.session.reach
        self._scaling = any(math.dist(point, corner) <= reach for corner in self.handles)
        met = instance_at(self.session, point)
        plain = not self._scaling and not modifiers & SHIFT
        self._between = plain and self._in_box(point) and not (met and is_object(met))
        if self._scaling or self._between:
            return
        if modifiers & SHIFT and met is not None:
            self.session.toggle_selected(met)
        elif met is None or met not in self.session.selected:
            self.session.select(met)

    def drag(self, point: Point, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        document = self.session.document
        if not self._pressed or document.is_editing or self._measured() is None:
            return
        if not self.busy:
            if math.dist(point, self._start) < self.session.reach / 3:
                return
            self.busy = True
            self._shapes = shapes_of(document, self.session.selected)
        self._free = bool(modifiers & ALT)
        self._move = self._scaled(point) if self._scaling else self._moved(point)

    def release(self, point: Point) -> None:
        clicked = self._between and not self.busy
        self.finish()
        self._pressed = self._between = False
        if clicked:
            self.session.select(instance_at(self.session, self._start))

    def finish(self) -> None:
        if self.busy:
            self.busy = False
            move_selection(self.session, self._move, ordered=not self._free)

    def cancel(self) -> None:
        self.busy = self._pressed = self._between = False

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if key not in ARROWS or not self.session.selected or self.busy:
            return False
        step = NUDGE if modifiers & SHIFT else 1
        dx, dy = ARROWS[key]
        nudge_selection(self.session, step * dx, step * dy)
        return True

    def _in_box(self, point: Point) -> bool:
        """Whether it is in the rectangle of what can be moved, as between a bicycle's spokes."""
        box = self._measured()
        return box is not None and box.contains(*point)

    def _moved(self, point: Point) -> Move:
        dx, dy = point[0] - self._start[0], point[1] - self._start[1]
        if self._free or self._box is None:
            return Move(dx, dy)
        foot, horizon = self._box.y1, self.session.horizon
        # Above the horizon nothing stands: what is dragged there stays small and far away.
        dy = max(dy, min(horizon + 2 - foot, 0))
        scale = scale_at(foot + dy, horizon, foot) if foot > horizon + 2 else 1.0
        return Move(dx, dy, min(scale, self._largest(self._box)))

    def _scaled(self, point: Point) -> Move:
        if self._box is None:
            return STILL
        foot = (self._box.x0 + self._box.x1) / 2, float(self._box.y1)
        before, now = math.dist(self._start, foot), math.dist(point, foot)
        smallest = 3 / max(min(self._box.width, self._box.height), 3)
        scale = min(now / max(before, 1.0), self._largest(self._box))
        return Move(0, 0, max(scale, smallest))

    def _largest(self, box: Rect) -> float:
        return largest_scale((box.height, box.width), self.session.document.bounds)
