"""The view of a study: two pictures to choose one of. Knows neither plan nor answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.look import edge
from app.translation import tr

Pixels = NDArray[np.uint8]
GAP = 20
MARGIN = 16
KEY = QSize(44, 34)  # the picture of a key below each picture
KEY_GAP = 14
CROSS = 14
FRAME = 3
ASPECT = 0.5  # of the empty frames before the first pair


class PairView(QWidget):
    """Shows a pair, a cross before it, or two empty frames after it.

    Signals:
    seen: the pair is on the screen now.
    clicked: 0 for the left picture, 1 for the right one.
    """

    seen = Signal()
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: tuple[QImage, QImage] | None = None
        self._scaled: list[QPixmap] = []
        self._aspect = ASPECT
        self._unseen = False
        self._hovered: int | None = None
        self.cross = False
        self.setMouseTracking(True)
        self.setMinimumSize(480, 220)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Two pictures"))
        self.setAccessibleDescription(tr("Left and right arrow key choose a picture"))

    @property
    def shows_pair(self) -> bool:
        return self._images is not None

    def show_pair(self, left: QImage, right: QImage) -> None:
        """Two pictures of one shape; `seen` follows once they are painted."""
        self._images = left, right
        self._aspect = left.height() / left.width()
        self._scaled, self.cross, self._unseen = [], False, True
        self.update()

    def show_cross(self) -> None:
        """Where the eye waits for a pair that is seen for a moment only."""
        self._images, self._scaled, self.cross = None, [], True
        self.update()

    def hide_pair(self) -> None:
        self._images, self._scaled, self.cross = None, [], False
        self.update()

    def places(self) -> tuple[QRect, QRect]:
        """Where the left and the right picture are, in view pixels."""
        width = (self.width() - 2 * MARGIN - GAP) // 2
        height = self.height() - 2 * MARGIN - KEY_GAP - KEY.height()
        width = max(1, min(width, round(height / self._aspect)))
        height = round(width * self._aspect)
        top = (self.height() - height - KEY_GAP - KEY.height()) // 2
        left = self.width() // 2 - GAP // 2 - width
        return QRect(left, top, width, height), QRect(left + width + GAP, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for side, place in enumerate(self.places()):
            if self._images is not None:
                painter.drawPixmap(place.topLeft(), self._picture(side, place))
            elif not self.cross:
                painter.setPen(QPen(edge(self.palette()), 1, Qt.PenStyle.DashLine))
                painter.drawRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5))
            if not self.cross:
                self._draw_frame(painter, side, place)
                self._draw_key(painter, side, place)
        if self.cross:
            self._draw_cross(painter)
        painter.end()
        if self._unseen and self._images is not None:
            self._unseen = False
            self.seen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scaled = []

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._side_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        side = self._side_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and side is not None:
            self.clicked.emit(side)

    def _hover(self, side: int | None) -> None:
        if side != self._hovered:
            self._hovered = side
            known = side is not None and not self.cross
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if known else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def _side_at(self, position: QPointF) -> int | None:
        """The picture at a place, or the key below it."""
        for side, place in enumerate(self.places()):
            if place.adjusted(0, 0, 0, KEY_GAP + KEY.height()).contains(position.toPoint()):
                return side
        return None

    def _picture(self, side: int, place: QRect) -> QPixmap:
        """Scaled once for a size: what is seen for an eighth of a second waits for nothing."""
        assert self._images is not None
        if not self._scaled:
            ratio = self.devicePixelRatioF()
            size = place.size() * ratio
            for image in self._images:
                scaled = image.scaled(
                    size,
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                pixmap = QPixmap.fromImage(scaled)
                pixmap.setDevicePixelRatio(ratio)
                self._scaled.append(pixmap)
        return self._scaled[side]

    def _draw_frame(self, painter: QPainter, side: int, place: QRect) -> None:
        if side == self._hovered:
            painter.setPen(QPen(self.palette().accent().color(), FRAME))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            out = FRAME / 2 + 1
            painter.drawRoundedRect(QRectF(place).adjusted(-out, -out, out, out), 3, 3)

    def _draw_key(self, painter: QPainter, side: int, place: QRect) -> None:
        """A key with its arrow, as on the keyboard."""
        key = QRectF(
            place.center().x() - KEY.width() / 2,
            place.bottom() + KEY_GAP,
            KEY.width(),
            KEY.height(),
        ).adjusted(0.5, 0.5, -0.5, -0.5)
        hovered = side == self._hovered
        accent = self.palette().accent().color()
        painter.setPen(QPen(accent if hovered else edge(self.palette()), 1))
        painter.setBrush(self.palette().button())
        painter.drawRoundedRect(key, 5, 5)
        _draw_arrow(painter, key.center(), 1 if side else -1, self.palette().buttonText().color())

    def _draw_cross(self, painter: QPainter) -> None:
        left, right = self.places()
        middle = QPointF(left.united(right).center())
        painter.setPen(QPen(self.palette().windowText().color(), 2))
        painter.drawLine(middle - QPointF(CROSS, 0), middle + QPointF(CROSS, 0))
        painter.drawLine(middle - QPointF(0, CROSS), middle + QPointF(0, CROSS))


def _draw_arrow(painter: QPainter, middle: QPointF, way: int, color: QColor) -> None:
    painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    tip = middle + QPointF(8 * way, 0)
    painter.drawLine(middle - QPointF(8 * way, 0), tip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([tip + QPointF(-6 * way, -6), tip, tip + QPointF(-6 * way, 6)]))


def to_image(pixels: Pixels) -> QImage:
    """(H, W, 3) uint8 RGB as an image of its own."""
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888
    return QImage(pixels.tobytes(), width, height, 3 * width, kind).copy()
