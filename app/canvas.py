"""Canvas: the picture one paints on; hands pointer events to the tool and draws its footprint."""

from __future__ import annotations

import math
import sys

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app import marks
from app.picture_view import PictureView
from app.session import EditorSession
from app.tools import Tool
from app.tools.dropper import DropperTool

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
REACH = 8.0  # view pixels that still count as "on" a point
SMALLEST_FOOTPRINT = 6.0  # view pixels; below it the pointer is a cross as well
# Physical keys right of P: on many keyboards "[" and "]" cannot be typed without AltGr.
PHYSICAL_BRACKETS = {"linux": {34: -1, 35: 1}, "win32": {26: -1, 27: 1}}
BRACKET_STEPS = PHYSICAL_BRACKETS.get(sys.platform, {})


class Canvas(PictureView):
    """Signals:
    hovered: (x, y) of the map pixel under the pointer, or None.
    size_step: -1 or 1, the key of "[" or "]" was pressed on a keyboard without them.
    """

    hovered = Signal(object)
    size_step = Signal(int)

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._dropper = DropperTool(session)
        self._pressed: Tool | None = None  # the tool the left button belongs to
        self._pointer: QPointF | None = None
        self._control_held = False
        self._marked = QRect()  # where the footprint is drawn
        self.setAccessibleName("Picture")
        self.view_changed.connect(self._on_view_changed)
        session.brush_changed.connect(self.update_pointer)
        session.label_changed.connect(self.update_pointer)
        session.tool_changed.connect(self.update_pointer)

    def cancel(self) -> None:
        """Give up what the pointer has begun; with nothing begun, deselect."""
        tool = self.session.tool
        if tool is not None and tool.busy:
            tool.cancel()
            self.update()
        else:
            self.session.select(None)

    def paint_marks(self, painter: QPainter) -> None:
        tool, color = self.session.tool, self.session.label.color
        if tool is not None and tool.trace is not None:
            marks.draw_trace(painter, tool.trace, color)
        if tool is not None and self._pointer is not None and self._shows_footprint():
            center, radius = self.map_point(self._pointer), self.session.brush.radius
            fill = color if tool.paints_label else None
            marks.draw_footprint(painter, center, radius, self.zoom_percent / 100, fill)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event, double=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._press(event, double=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        point = self.map_point(event.position())
        if self.panning:
            self.pan_to(event.position())
        elif self._pressed is not None:
            self._pressed.drag(point)
        elif self.session.tool is not None:
            self.session.tool.hover(point)
        self._show_tool()
        x, y = math.floor(point[0]), math.floor(point[1])
        self.hovered.emit((x, y) if self.session.document.bounds.contains(x, y) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.panning:
            self.end_pan()
        elif event.button() == LEFT and self._pressed is not None:
            tool, self._pressed = self._pressed, None
            point = self.map_point(event.position())
            self.session.attempt(lambda: tool.release(point))
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.set_space_held(event, True) or self._tool_key(event):
            return
        if event.nativeScanCode() in BRACKET_STEPS:
            self.size_step.emit(BRACKET_STEPS[event.nativeScanCode()])
        elif event.key() == Qt.Key.Key_Control:
            self._hold_control(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Control:
            self._hold_control(False)
        elif not self.set_space_held(event, False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.release_space()
        self._hold_control(False)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._move_mark()
        self.hovered.emit(None)

    def update_pointer(self) -> None:
        """Choose the mouse pointer, and draw the footprint anew."""
        super().update_pointer()
        if not self.holds_map:
            diameter = 2 * self.session.brush.radius * self.viewport.scale
            blank = self._shows_footprint() and diameter >= SMALLEST_FOOTPRINT
            tool = self.session.tool
            plain = Qt.CursorShape.CrossCursor if tool is None else tool.cursor
            self.setCursor(Qt.CursorShape.BlankCursor if blank else plain)
        self._move_mark()

    def _press(self, event: QMouseEvent, double: bool) -> None:
        if self.start_pan(event) or event.button() != LEFT or self.session.tool is None:
            return
        control = bool(event.modifiers() & CONTROL)
        tool = self._dropper if control else self.session.tool
        self._pressed, point = tool, self.map_point(event.position())
        press = tool.double_press if double else tool.press
        self.session.attempt(lambda: press(point, event.modifiers()))
        self._show_tool()

    def _tool_key(self, event: QKeyEvent) -> bool:
        """Keys for a shape in hand; whether this was one."""
        tool = self.session.tool
        if tool is None or not tool.busy:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.session.finish_stroke()
        elif event.key() == Qt.Key.Key_Backspace:
            tool.step_back()
        else:
            return False
        self.update()
        return True

    def _hold_control(self, held: bool) -> None:
        self._control_held = held
        self.update_pointer()

    def _on_view_changed(self) -> None:
        self.session.reach = REACH / self.viewport.scale
        self.update_pointer()

    def _show_tool(self) -> None:
        if self.session.tool is not None and self.session.tool.trace is not None:
            self.update()
        self._move_mark()

    def _shows_footprint(self) -> bool:
        tool = self.session.tool
        return tool is not None and tool.round and not (self.holds_map or self._control_held)

    def _move_mark(self) -> None:
        """Repaint the footprint where it was and where it is."""
        self.update(self._marked)
        self._marked = QRect()
        if self._pointer is not None and self._shows_footprint():
            reach = math.ceil(self.session.brush.radius * self.viewport.scale) + 6
            x, y = self._pointer.toPoint().toTuple()
            self._marked = QRect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1)
            self.update(self._marked)
