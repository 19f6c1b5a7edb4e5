"""Canvas: the picture one paints on; hands pointer events to the tool and draws its footprint."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from app import marks
from app.compare import Comparison
from app.held_key import HeldKey
from app.highlight import Highlight
from app.minimap import Minimap
from app.picture_view import PictureView
from app.session import EditorSession
from app.tools import Tool
from app.tools.dropper import DropperTool
from app.tools.eraser import EraserTool
from app.tools.horizon import HorizonTool
from app.tools.select import SelectTool
from app.tools.tool import Ghost
from app.tools.wand import instance_at
from app.translation import tr
from model.scene.geometry import EMPTY

LEFT = Qt.MouseButton.LeftButton
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SIZES = Qt.KeyboardModifier.ShiftModifier | ALT  # with the right button: dragging sizes
Modifiers = Qt.KeyboardModifier
REACH = 8.0  # view pixels that still count as "on" a point
SMALLEST_FOOTPRINT = 6.0  # view pixels; below it the pointer is a cross as well
PLATE_OFFSET, PLATE_SIZE = QPointF(14, 16), QSize(320, 28)
BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
LEAST_PRESSURE = 0.05  # of the brush's size
REFUSED_MS = 600  # how long the pointer says that nothing may be written there
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
        self._eraser = EraserTool(session)  # the other end of a pen
        self._horizon = HorizonTool(session)
        self.held = HeldKey(session)
        self._pressed: Tool | None = None  # the tool the left button belongs to
        self._pointer: QPointF | None = None
        self._control_held = False
        self._sizing: tuple[float, float] | None = None  # where that began, and the radius then
        self._framed = False  # it came into focus by the keyboard
        self._wiping = False  # the line of the wipe is being dragged
        self._marked = QRect()  # where the footprint is drawn
        self._haunted = EMPTY  # where a ghost is drawn
        self._plate = QRect()  # where the highlighted instance is named
        self._highlight = Highlight(session)
        self._refusal = QTimer(self, singleShot=True, interval=REFUSED_MS)
        self._refusal.timeout.connect(self.update_pointer)
        self.minimap = Minimap(self)
        self.setAccessibleName(tr("Picture"))
        self.setAccessibleDescription(tr("The street, painted on with the tool in use"))
        self.setTabletTracking(True)
        self.view_changed.connect(self._on_view_changed)
        session.refused.connect(self._on_refused)
        session.tool_changed.connect(self._on_tool_changed)
        for signal in (session.brush_changed, session.label_changed):
            signal.connect(self.update_pointer)
        for signal in (session.horizon_changed, session.stamp_changed):
            signal.connect(self.update)
        session.document_replaced.connect(self._highlight.clear)
        session.history_changed.connect(self._highlight.clear)

    @property
    def place(self) -> tuple[int, int] | None:
        """The map pixel under the pointer."""
        if self._pointer is None:
            return None
        point = self.map_point(self._pointer)
        x, y = math.floor(point[0]), math.floor(point[1])
        return (x, y) if self.session.document.bounds.contains(x, y) else None

    def cancel(self) -> None:
        """Give up what the pointer has begun; with nothing begun, deselect."""
        tool = self._active
        if tool is not None and tool.busy:
            tool.cancel()
            self.update()
        else:
            self.session.select(None)

    def paint_marks(self, painter: QPainter) -> None:
        tool, scale = self._active, self.viewport.scale
        color = self.session.color_of(self.session.brush.label_id)
        if tool is None:
            return
        self._highlight.paint(painter)
        if tool.stands:
            width = self.session.document.bounds.width
            left = self._horizon_grip[0]
            marks.draw_horizon(painter, self.session.horizon, left, width, scale)
        for ghost in tool.ghosts:
            marks.draw_ghost(painter, ghost)
        if isinstance(tool, SelectTool):
            marks.draw_handles(painter, tool.handles, scale)
        if tool.trace is not None:
            marks.draw_trace(painter, tool.trace, color)
        if self._pointer is not None and self._shows_footprint():
            brush, center = self.session.brush, self.map_point(self._pointer)
            radius = brush.radius * (self.session.pressure if self._pressed else 1.0)
            fill = color if tool.paints_label else None
            zoom = self.zoom_percent / 100
            marks.draw_footprint(painter, center, radius, zoom, fill, brush.square)

    def paint_signs(self, painter: QPainter) -> None:
        if self._highlight.text and self._pointer is not None and self._pressed is None:
            marks.draw_label(painter, self._highlight.text, self._pointer + PLATE_OFFSET)
        if self._framed:
            painter.setPen(QPen(self.palette().accent(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._end_unheld(event.position(), event.buttons() & ~event.button())
        self._press(event.position(), event.button(), event.modifiers(), double=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._press(event.position(), event.button(), event.modifiers(), double=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._end_unheld(event.position(), event.buttons())
        self._move(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event.position(), event.button())

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: its pressure is the brush's size, its other end erases."""
        erases = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() != QEvent.Type.TabletRelease:
            self._end_unheld(event.position(), event.buttons() & ~event.button())
        self.session.pressure = max(event.pressure(), LEAST_PRESSURE)
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.position(), event.button(), event.modifiers(), False, erases)
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(event.position(), event.button())
        else:
            self._move(event.position(), event.modifiers())
        if event.buttons() == Qt.MouseButton.NoButton:
            self.session.pressure = 1.0
        event.accept()  # or the same would come again as a mouse event

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            self.held.note_press(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.held.note_press(event)
        if self.set_space_held(event, True) or self._tool_key(event):
            return
        if event.nativeScanCode() in BRACKET_STEPS:
            self.size_step.emit(BRACKET_STEPS[event.nativeScanCode()])
        elif event.key() == Qt.Key.Key_Control:
            self._hold_control(True)
        elif event.key() in (Qt.Key.Key_AltGr, Qt.Key.Key_Alt):
            self._hold_control(False)  # some systems report AltGr as Ctrl and Alt
            super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.held.note_release(event)
        if event.key() == Qt.Key.Key_Control:
            self._hold_control(False)
        elif not self.set_space_held(event, False):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._framed = event.reason() in BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.release_space()
        self.held.end()
        self._hold_control(False)
        self._framed = False
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._highlight.clear()
        if self.session.tool is not None:
            self.session.tool.leave()
        self.update()
        self._move_mark()
        self.hovered.emit(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.minimap.settle()

    def update_pointer(self) -> None:
        """Choose the mouse pointer, and draw the footprint anew."""
        super().update_pointer()
        if not self.holds_map:
            diameter = 2 * self.session.brush.radius * self.viewport.scale
            blank = self._shows_footprint() and diameter >= SMALLEST_FOOTPRINT
            tool = self._tool_at(self._pointer)
            plain = Qt.CursorShape.CrossCursor if tool is None else tool.cursor
            shape = Qt.CursorShape.BlankCursor if blank else plain
            if self._refusal.isActive():
                shape = Qt.CursorShape.ForbiddenCursor
            elif self._on_wipe(self._pointer):
                shape = Qt.CursorShape.SplitHCursor
            self.setCursor(shape)
        self._move_mark()

    @property
    def _active(self) -> Tool | None:
        return self._pressed or self.session.tool

    @property
    def _horizon_grip(self) -> tuple[float, float]:
        """Where the horizon can be dragged, in map coordinates: at the left end that is seen."""
        return max(self.map_point(QPointF(0, 0))[0], 0.0), self.session.horizon

    def _tool_at(self, position: QPointF | None) -> Tool | None:
        tool = self.session.tool
        if tool is not None and tool.stands and position is not None and not tool.busy:
            left, row = self._horizon_grip
            grip = QPointF(*self.viewport.to_view((left, row)))
            away = position - grip
            if abs(away.y()) <= REACH and -REACH <= away.x() <= 2 * REACH:
                return self._horizon
        return tool

    def _on_wipe(self, position: QPointF | None) -> bool:
        if self.comparison is not Comparison.WIPE or self.before.image is None or position is None:
            return False
        return abs(position.x() - self.wipe * self.width()) <= REACH

    def _press(
        self,
        position: QPointF,
        button: Qt.MouseButton,
        modifiers: Modifiers,
        double: bool,
        erases: bool = False,
    ) -> None:
        self._pointer = position
        if self._start_sizing(position, button, modifiers) or self.start_pan(position, button):
            return
        if button != LEFT:
            return
        self._wiping = self._on_wipe(position)
        tool = self._tool_at(position)
        if self._wiping or tool is None:
            return
        if erases:
            tool = self._eraser
        elif modifiers & CONTROL and not modifiers & ALT:  # both together are AltGr
            tool = self._dropper
        self.held.used = True
        self._pressed, point = tool, self.map_point(position)
        press = tool.double_press if double else tool.press
        self.session.attempt(lambda: press(point, modifiers))
        self._show_tool()

    def _move(self, position: QPointF, modifiers: Modifiers) -> None:
        if self._sizing is not None:
            self._size_to(position)
            return
        self._pointer = position
        point = self.map_point(position)
        if self.panning:
            self.pan_to(position)
        elif self._wiping:
            self.wipe = min(max(position.x() / self.width(), 0.0), 1.0)
            self.update()
        elif self._pressed is not None:
            self._pressed.drag(point, modifiers)
        elif self.session.tool is not None:
            self.session.tool.hover(point, modifiers)
            self._hover(point)
        self._show_tool()
        self.hovered.emit(self.place)

    def _release(self, position: QPointF, button: Qt.MouseButton) -> None:
        if self._sizing is not None:
            self._sizing = None
            self.update_pointer()
        elif self.panning:
            self.end_pan()
        elif button == LEFT and self._wiping:
            self._wiping = False
        elif button == LEFT and self._pressed is not None:
            tool, self._pressed = self._pressed, None
            point = self.map_point(position)
            self.session.attempt(lambda: tool.release(point))
            self.update()

    def _end_unheld(self, position: QPointF, buttons: Qt.MouseButton) -> None:
        """With no button down, end what one began: a dialog that opened took the release."""
        while not buttons and (self._sizing or self.panning or self._wiping or self._pressed):
            self._release(position, LEFT)

    def _start_sizing(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Modifiers
    ) -> bool:
        """Whether this press begins to size the brush, whose mark then stays where it is."""
        tool = self.session.tool
        sizes = button == Qt.MouseButton.RightButton and bool(modifiers & SIZES)
        if not sizes or tool is None or not tool.footprint or tool.busy:
            return False
        self._sizing = position.x(), self.session.brush.radius
        return True

    def _size_to(self, position: QPointF) -> None:
        """To the right grows, to the left shrinks, by what the pointer moves on the map."""
        assert self._sizing is not None
        start, radius = self._sizing
        self.session.set_radius(radius + (position.x() - start) / self.viewport.scale)

    def _hover(self, point: tuple[float, float]) -> None:
        tool = self._tool_at(self._pointer)
        met = instance_at(self.session, point) if tool is not None and tool.picks else None
        before = self._highlight.rect
        if self._highlight.show(met):
            for rect in (before, self._highlight.rect):
                self._update_part(rect)
        self._move_plate()
        if tool is not None and not tool.footprint:
            self.update_pointer()

    def _tool_key(self, event: QKeyEvent) -> bool:
        """Keys of the tool itself, and those for a shape in hand; whether this was one."""
        tool = self.session.tool
        if tool is None:
            return False
        if tool.key(Qt.Key(event.key()), event.modifiers()):
            self.update()
            return True
        if not tool.busy:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.session.finish_stroke()
        elif event.key() == Qt.Key.Key_Backspace or event.matches(QKeySequence.StandardKey.Undo):
            tool.step_back()  # here as well: with no step to undo the window has no such shortcut
        else:
            return False
        self.update()
        return True

    def _hold_control(self, held: bool) -> None:
        self._control_held = held
        self.update_pointer()

    def _on_tool_changed(self) -> None:
        self._highlight.clear()
        self.update_pointer()
        self.update()

    def _on_refused(self) -> None:
        self._refusal.start()
        self.update_pointer()

    def _on_view_changed(self) -> None:
        self.session.reach = REACH / self.viewport.scale
        self.update_pointer()
        self.minimap.settle()

    def _show_tool(self) -> None:
        tool = self._active
        if tool is not None and tool.trace is not None:
            self.update()
        self._move_ghosts(() if tool is None else tool.ghosts)
        self._move_mark()

    def _move_ghosts(self, ghosts: Sequence[Ghost]) -> None:
        """Repaint what is about to be put down where it was and where it is."""
        area = EMPTY
        for ghost in ghosts:
            area = area.union(ghost.rect)
        for rect in (self._haunted, area):
            if rect:
                self._update_part(rect.grown(math.ceil(4 / self.viewport.scale)))
        self._haunted = area

    def _move_plate(self) -> None:
        """Repaint the name of the highlighted instance where it was and where it is."""
        self.update(self._plate)
        self._plate = QRect()
        if self._highlight.text and self._pointer is not None:
            corner = (self._pointer + PLATE_OFFSET).toPoint()
            self._plate = QRect(corner, PLATE_SIZE).adjusted(-2, -2, 2, 2)
            self.update(self._plate)

    def _shows_footprint(self) -> bool:
        tool = self._active
        held = self.holds_map or self._control_held or self._wiping
        return tool is not None and tool.footprint and not held

    def _move_mark(self) -> None:
        """Repaint the footprint where it was and where it is."""
        self.update(self._marked)
        self._marked = QRect()
        if self._pointer is not None and self._shows_footprint():
            reach = math.ceil(1.5 * self.session.brush.radius * self.viewport.scale) + 6
            x, y = self._pointer.toPoint().toTuple()
            self._marked = QRect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1)
            if self.comparison is Comparison.SPLIT:
                self.update()
            self.update(self._marked)
