"""Minimap: the whole map in a corner of the canvas while only a part of it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.translation import tr

if TYPE_CHECKING:
    from app.picture_view import PictureView

WIDTH, HEIGHT = 200, 140  # at most
MARGIN = 12
REFRESH_MS = 300
FRAME = QColor(255, 204, 51)


class Minimap(QWidget):
    """Shows the picture; press or drag to go there. Hidden while the whole map is in view."""

    def __init__(self, view: PictureView) -> None:
        super().__init__(view)
        self._view = view
        self._pixmap = QPixmap()
        self.wanted = True
        self._stale = True  # the pixmap shows something older
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._draw)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Minimap"))
        self.setToolTip(tr("Press or drag to go there"))
        self.hide()
        view.session.changed.connect(self.note_change)
        view.session.document_replaced.connect(self.note_change)
        view.picture_changed.connect(self.note_change)

    def set_wanted(self, wanted: bool) -> None:
        self.wanted = wanted
        self.settle()

    def note_change(self) -> None:
        """The picture is another; it is drawn again a little later."""
        self._stale = True
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()

    def settle(self) -> None:
        """Show or hide, in the right place and size, for what the view shows now."""
        height, width = self._view.session.document.label_map.shape
        seen = self._seen()
        whole = seen.contains(QRectF(0, 0, width, height))
        self.setVisible(self.wanted and not whole)
        if not self.wanted or whole:
            return
        scale = min(WIDTH / width, HEIGHT / height)
        self.resize(max(8, round(width * scale)), max(8, round(height * scale)))
        corner = self._view.rect().bottomRight()
        self.move(corner.x() - self.width() - MARGIN, corner.y() - self.height() - MARGIN)
        if self._stale or self._pixmap.deviceIndependentSize().toSize() != self.size():
            self._draw()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        seen, scale = self._seen(), self._scale
        area = QRectF(
            seen.x() * scale, seen.y() * scale, seen.width() * scale, seen.height() * scale
        )
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(0, 0, 0, 170), 3))
        painter.drawRect(area.intersected(inside))
        painter.setPen(QPen(FRAME, 1))
        painter.drawRect(area.intersected(inside))
        painter.setPen(QPen(QColor(0, 0, 0, 200), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    @property
    def _scale(self) -> float:
        return self.width() / self._view.session.document.label_map.shape[1]

    def _seen(self) -> QRectF:
        """The part in view, in map coordinates."""
        left, top = self._view.viewport.to_map((0.0, 0.0))
        right, bottom = self._view.viewport.to_map((self._view.width(), self._view.height()))
        return QRectF(QPointF(left, top), QPointF(right, bottom))

    def _go_to(self, position: QPointF) -> None:
        self._view.center_on((position.x() / self._scale, position.y() / self._scale))

    def _draw(self) -> None:
        self._stale = False
        layers = self._view.layers
        source = layers.picture if layers.has_picture else layers.colors
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        smaller = source.image.scaled(size, mode=Qt.TransformationMode.FastTransformation)
        self._pixmap = QPixmap.fromImage(smaller)
        self._pixmap.setDevicePixelRatio(ratio)
        self.update()
