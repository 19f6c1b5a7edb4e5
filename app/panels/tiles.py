"""Tiles of the style and stamp panels, and rings around what is in use or pointed at."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from model.inference.request import Thumbnail

SMALLEST = 72  # width of a tile; as many columns as fit share what there is
PROPORTION = 0.72  # height of a tile by its width
PICTURE_HEIGHT = 76  # of the thumbnails, before the screen's density
GAP = 3
ROUNDING = 4.0
PICTURE = Qt.ItemDataRole.UserRole  # a QImage; nothing until it is painted
IN_USE = Qt.ItemDataRole.UserRole + 1  # whether the object is drawn so
CAPTION = Qt.ItemDataRole.UserRole + 2  # words or a digit over the picture
CAPTION_HEIGHT = 11  # of its letters, in pixels
PLATE = QColor(0, 0, 0, 160)
ON_PLATE = QColor(255, 255, 255)


class TileList(QListWidget):
    """Signals:
    pointed: the row under the pointer, or that the keys went to.
    left: no tile is pointed at any more.
    """

    pointed = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setUniformItemSizes(True)
        self._delegate = TileDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.showing = False  # a style that is not chosen
        self.itemEntered.connect(lambda item: self.pointed.emit(self.row(item)))
        self.viewportEntered.connect(self.left)

    def add_tile(self, caption: str, tip: str) -> None:
        item = QListWidgetItem()
        item.setToolTip(tip)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, tip)
        item.setData(CAPTION, caption)
        self.addItem(item)

    def mark(self, rows: set[int]) -> None:
        """Show which are in use."""
        for row in range(self.count()):
            self.item(row).setData(IN_USE, row in rows)

    def event(self, event: QEvent) -> bool:
        """Esc gives up what is shown before it deselects, as the window's shortcut would."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(self.showing)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.fit(event.size().width())
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.left.emit()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentRow()
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif self.currentRow() not in (before, -1):
            self.pointed.emit(self.currentRow())


class TileDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QSize(SMALLEST, round(SMALLEST * PROPORTION))

    def fit(self, width: int) -> None:
        """Make the tiles so wide that they fill a row."""
        columns = max(1, (width - 1) // (SMALLEST + 2 * GAP))
        across = (width - 1) // columns
        self._size = QSize(across, round((across - 2 * GAP) * PROPORTION) + 2 * GAP)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return self._size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area = QRectF(option.rect).adjusted(GAP, GAP, -GAP, -GAP)
        shape = QPainterPath()
        shape.addRoundedRect(area, ROUNDING, ROUNDING)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(shape, option.palette.alternateBase())
        picture, caption = index.data(PICTURE), index.data(CAPTION) or ""
        if picture is not None:
            painter.setClipPath(shape)
            painter.drawImage(area, picture, _centred(picture, area))
            _draw_caption(painter, area, caption)
            painter.setClipping(False)
        else:
            painter.setPen(option.palette.placeholderText().color())
            painter.drawText(area.adjusted(6, 0, -6, 0), Qt.AlignmentFlag.AlignCenter, caption)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, inset in _rings(option, bool(index.data(IN_USE))):
            painter.setPen(pen)
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), ROUNDING, ROUNDING)
        painter.restore()


class IconDelegate(QStyledItemDelegate):
    """An item that is its icon and nothing else."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area = QRectF(QPointF(), QSizeF(option.decorationSize))
        area.moveCenter(QRectF(option.rect).center())
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, area.toRect())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, inset in _rings(option, bool(option.state & QStyle.StateFlag.State_Selected)):
            painter.setPen(pen)
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), ROUNDING, ROUNDING)
        painter.restore()


def _rings(option: QStyleOptionViewItem, in_use: bool) -> list[tuple[QPen, float]]:
    """Pens and how far inside the edge each goes round."""
    edge = QColor(option.palette.text().color())
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    edge.setAlpha(200 if hovered else 50)
    rings = [(QPen(edge, 2 if hovered else 1), 0.0)]
    if in_use:
        rings = [(QPen(option.palette.accent().color(), 3), 0.5), (QPen(ON_PLATE, 1), 2.5)]
    if option.state & QStyle.StateFlag.State_HasFocus:
        rings.append((QPen(option.palette.text().color(), 1, Qt.PenStyle.DotLine), -2.0))
    return rings


def _draw_caption(painter: QPainter, area: QRectF, caption: str) -> None:
    """A digit in a corner, or words across the lower edge."""
    font = painter.font()
    font.setPixelSize(CAPTION_HEIGHT)
    painter.setFont(font)
    metrics, flag = painter.fontMetrics(), Qt.AlignmentFlag
    if len(caption) > 2:
        plate = QRectF(area.left(), area.bottom() - 16, area.width(), 16)
        shown = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, int(area.width()) - 6)
        painter.fillRect(plate, PLATE)
        painter.setPen(ON_PLATE)
        painter.drawText(plate.adjusted(3, 0, -3, 0), flag.AlignVCenter | flag.AlignLeft, shown)
    elif caption:
        plate = QRectF(area.left(), area.top(), 10 + metrics.horizontalAdvance(caption), 17)
        painter.fillRect(plate, PLATE)
        painter.setPen(ON_PLATE)
        painter.drawText(plate, flag.AlignCenter, caption)


def image_of(thumbnail: Thumbnail) -> QImage:
    height, width, _ = thumbnail.pixels.shape
    pixels = thumbnail.pixels.tobytes()
    return QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _centred(picture: QImage, area: QRectF) -> QRectF:
    """The largest middle part of the picture with the tile's proportions."""
    width, height = picture.width(), picture.height()
    scale = min(width / area.width(), height / area.height())
    across, down = area.width() * scale, area.height() * scale
    return QRectF((width - across) / 2, (height - down) / 2, across, down)
