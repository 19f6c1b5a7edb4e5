"""Drawing of the style panel's tiles: a thumbnail or a number, and a ring around the one in use."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from model.inference.request import Thumbnail

TILE = QSize(108, 76)
GAP = 4
ROUNDING = 4.0
PICTURE = Qt.ItemDataRole.UserRole  # a QImage; nothing until it is painted


class TileDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return TILE + QSize(2 * GAP, 2 * GAP)

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
        picture = index.data(PICTURE)
        if picture is None:
            painter.setPen(option.palette.placeholderText().color())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(index.row() + 1))
        else:
            painter.setClipPath(shape)
            painter.drawImage(area, picture, _centred(picture, area))
            painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._ring(option))
        painter.drawPath(shape)
        painter.restore()

    def _ring(self, option: QStyleOptionViewItem) -> QPen:
        if option.state & QStyle.StateFlag.State_Selected:
            return QPen(option.palette.accent().color(), 3)
        edge = QColor(option.palette.text().color())
        hovered = option.state & QStyle.StateFlag.State_MouseOver
        edge.setAlpha(150 if hovered else 50)
        return QPen(edge, 1)


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
