"""Photo panel: a photo one can draw around parts of, to borrow their look. Decides nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app import marks
from app.map_view import MapView
from app.overlay import outline
from app.tools.tool import Point, Trace
from app.translation import mark, tr
from model.scene.geometry import BoolMask, Rect
from model.scene.photo import Photo

LEFT = Qt.MouseButton.LeftButton
LASSO = (255, 204, 51)
CLICK = 4.0  # view pixels; an outline that is smaller was a click
EMPTY_SIZE = (320, 640)
HINT = mark("Open a photo, or drop one here.")
NAME_PLACE = QPointF(8, 8)


class PhotoView(MapView):
    """Draw around a part with the left button; zoom and drag as in the scene.

    Signals:
    drawn: the corners of the outline, in pixels of the photo.
    clicked: the place, likewise.
    """

    drawn = Signal(object)
    clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY_SIZE, parent)
        self._image: QImage | None = None
        self._pixels: np.ndarray | None = None  # the image is a view of it
        self._name = ""
        self._points: list[Point] = []  # of the outline in hand
        self._region: list[QLineF] = []
        self.setMinimumSize(160, 100)
        self.setAccessibleName(tr("Photo"))
        self.setAccessibleDescription(tr("A photo to draw around parts of, to borrow their look"))
        self.update_pointer()

    def show_photo(self, photo: Photo) -> None:
        pixels, self._name = photo.pixels, photo.name
        height, width = pixels.shape[:2]
        self._pixels = np.ascontiguousarray(pixels)
        kind = QImage.Format.Format_RGB888
        self._image = QImage(self._pixels.data, width, height, 3 * width, kind)
        self._points, self._region = [], []
        self.set_map_size((height, width))
        self.fit()
        self.update_pointer()

    def show_region(self, mask: BoolMask, rect: Rect) -> None:
        """Mark the part in use; mask covers rect."""
        self._region = outline(mask, rect)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), marks.surround(self.palette()))
        if self._image is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr(HINT))
        else:
            self._paint_photo(painter, self._image)
            marks.draw_label(painter, self._name, NAME_PLACE)
        painter.end()

    def _paint_photo(self, painter: QPainter, image: QImage) -> None:
        painter.save()
        painter.translate(self.viewport.x, self.viewport.y)
        painter.scale(self.viewport.scale, self.viewport.scale)
        smaller = self.viewport.scale * self.devicePixelRatioF() < 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
        painter.drawImage(QPointF(0, 0), image)
        marks.draw_selection(painter, self._region)
        if len(self._points) > 1:
            marks.draw_trace(painter, Trace(tuple(self._points)), LASSO)
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.start_pan(event.position(), event.button()) or self._image is None:
            return
        if event.button() == LEFT:
            self._points = [self.map_point(event.position())]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.panning:
            self.pan_to(event.position())
        elif self._points:
            self._points.append(self.map_point(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.panning:
            self.end_pan()
        elif self._points and event.button() == LEFT:
            points, self._points = self._points, []
            self.update()
            reach = CLICK / self.viewport.scale
            if np.ptp(np.array(points), axis=0).max() < reach:
                self.clicked.emit(points[0])
            else:
                self.drawn.emit(points)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.set_space_held(event, True):
            return
        if event.key() == Qt.Key.Key_Escape and self._points:
            self._points = []
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.set_space_held(event, False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.release_space()
        self.update_pointer()

    def update_pointer(self) -> None:
        if not self.holds_map:
            shape = Qt.CursorShape.CrossCursor if self._image else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
        super().update_pointer()


class PhotoPanel(QWidget):
    """Signals:
    dropped: the Path of a file that was dropped here.
    """

    title = mark("Photo")
    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PhotoView()
        self.open = QPushButton(tr("Open Photo…"))
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.give = QPushButton(tr("Give to Selected"))
        self.give.setToolTip(tr("The selected objects look like the part you drew around"))
        self.give_all = QPushButton()
        self.give_all.setToolTip(
            tr(
                "Everything looks like what has its label and lies most alike in the photo, "
                "which needs a label map"
            )
        )
        self.setAcceptDrops(True)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.message, 1)
        row.addWidget(self.give)
        row.addWidget(self.give_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 6)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        local = [url for url in event.mimeData().urls() if url.isLocalFile()]
        self.dropped.emit(Path(local[0].toLocalFile()))
