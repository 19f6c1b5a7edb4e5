"""MapView: a widget with a map in it that can be zoomed and panned. Knows no tools."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.viewport import Viewport
from model.scene.geometry import Rect

MARGIN = 16.0
ZOOM_STEP = 1.25
WHEEL_NOTCH = 120
WHEEL_SHARE = 0.5  # view pixels per unit that a wheel reports: 60 for a notch
FIT_SHARE = 0.6  # of the view that a part is fitted into


class MapView(QWidget):
    """Wheel and pinch zoom at the pointer; space or the middle button drags the map.

    With wheel_scrolls the wheel moves the map, with Shift sideways, and zooms with Ctrl.

    Signals:
    view_changed: zoom or position are different now.
    """

    view_changed = Signal()

    def __init__(self, map_size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self.panning = False
        self.wheel_scrolls = False
        self._map_size = map_size
        self._covered = 0  # pixels at the lower edge that something lies over
        self._fitted = True  # and stays so while the window is resized
        self._space_held = False
        self._pan_from = QPointF()
        self.setMinimumSize(320, 200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def zoom_percent(self) -> float:
        """100 when a map pixel covers one pixel of the screen."""
        return 100 * self.viewport.scale * self.devicePixelRatioF()

    def set_map_size(self, map_size: tuple[int, int]) -> None:
        """Show a map of (height, width); one of another size is shown whole."""
        if map_size != self._map_size:
            self._map_size = map_size
            self.fit()

    @property
    def room(self) -> QRectF:
        """Where a map that is shown whole has its place."""
        return QRectF(0, 0, self.width(), self.height() - self._covered)

    def set_covered(self, height: int) -> None:
        """So many pixels at the lower edge are hidden: a map shown whole stays clear of them."""
        self._covered = height
        self.refit()

    def fit(self) -> None:
        self._fitted = True
        room = self.room
        self.viewport.fit(self._map_size, (room.width(), room.height()), MARGIN)
        self.viewport.pan(room.x(), room.y())
        self._show_view()

    def refit(self) -> None:
        """Show the map whole again if it was, and else keep it where it is."""
        if self._fitted:
            self.fit()
        else:
            self._show_view()

    def zoom_actual(self) -> None:
        """One map pixel per screen pixel."""
        center = (self.width() / 2, self.height() / 2)
        self._fitted = False
        self.viewport.zoom_to(1 / self.devicePixelRatioF(), center)
        self._show_view()

    def fit_rect(self, rect: Rect) -> None:
        """Show a part of the map as large as it fits, with something around it."""
        size = max(rect.width, 1), max(rect.height, 1)
        scale = FIT_SHARE * min(self.width() / size[0], self.height() / size[1])
        self._fitted = False
        self.viewport.zoom_to(scale, (self.width() / 2, self.height() / 2))
        self.center_on(((rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2))

    def center_on(self, point: tuple[float, float]) -> None:
        """Bring a point of the map into the middle."""
        x, y = self.viewport.to_view(point)
        self._fitted = False
        self.viewport.pan(self.width() / 2 - x, self.height() / 2 - y)
        self._show_view()

    def zoom_in(self) -> None:
        self._zoom(ZOOM_STEP, QPointF(self.rect().center()))

    def zoom_out(self) -> None:
        self._zoom(1 / ZOOM_STEP, QPointF(self.rect().center()))

    def map_point(self, position: QPointF) -> tuple[float, float]:
        return self.viewport.to_map((position.x(), position.y()))

    def view_rect(self, rect: Rect, margin: int = 2) -> QRect:
        """The part of the widget that shows rect, with a margin for smoothing."""
        left, top, width, height = self.viewport.rect_to_view(rect)
        area = QRectF(QPointF(left, top), QSizeF(width, height)).toAlignedRect()
        return area.adjusted(-margin, -margin, margin, margin)

    def start_pan(self, position: QPointF, button: Qt.MouseButton) -> bool:
        """Whether this press drags the map rather than being the tool's."""
        middle = button == Qt.MouseButton.MiddleButton
        held = self._space_held and button == Qt.MouseButton.LeftButton
        if middle or held:
            self.panning = True
            self._pan_from = position
            self.update_pointer()
        return self.panning

    def pan_to(self, position: QPointF) -> None:
        moved = position - self._pan_from
        self._pan_from = position
        self._fitted = False
        self.viewport.pan(moved.x(), moved.y())
        self._show_view()

    def end_pan(self) -> None:
        self.panning = False
        self.update_pointer()

    @property
    def holds_map(self) -> bool:
        """Whether the pointer drags the map or is about to."""
        return self.panning or self._space_held

    def release_space(self) -> None:
        self._space_held = False

    def update_pointer(self) -> None:
        """Choose the mouse pointer; while holds_map is false, the subclass's choice counts."""
        if self.panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def set_space_held(self, event: QKeyEvent, held: bool) -> bool:
        """Take note of the space key; whether the event was that."""
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._space_held = held
            self.update_pointer()
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if (touchpad or self.wheel_scrolls) and not zooms:
            moved = QPointF(event.pixelDelta() or event.angleDelta() * WHEEL_SHARE)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not moved.x():
                moved = moved.transposed()
            self._pan_from = QPointF(0, 0)
            self.pan_to(moved)
        else:
            notches = event.angleDelta().y() / WHEEL_NOTCH
            self._zoom(ZOOM_STEP**notches, event.position())

    def event(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self._zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refit()

    def _zoom(self, factor: float, anchor: QPointF) -> None:
        self._fitted = False
        self.viewport.zoom(factor, (anchor.x(), anchor.y()))
        self._show_view()

    def _show_view(self) -> None:
        size = (self.width(), self.height())
        self.viewport.settle(self._map_size, size, self.devicePixelRatioF())
        self.view_changed.emit()
        self.update()
