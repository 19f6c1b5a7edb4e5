"""Marks on the canvas that are no part of the picture: footprint, selection, shapes in hand.

Each is drawn twice, dark and wide under bright and thin, so that it shows on any picture. The
painter is in map coordinates; lines keep their width whatever the zoom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
    QPen,
    QPolygonF,
)

from app.overlay import outline, translucent
from app.theme import is_dark
from app.tools.tool import Ghost, Point, Trace
from model.scene.raster import capsule, square

PIXEL_ZOOM = 3.0  # from here on the footprint follows the pixels it will paint
PIXEL_RADIUS = 64.0
FILL_ALPHA = 70
DARK = QColor(0, 0, 0, 190)
BRIGHT = QColor(255, 255, 255)
SELECTED = QColor(255, 204, 51)
HORIZON = QColor(64, 196, 255)
PLATE = QColor(0, 0, 0, 200)
HANDLE = 4.0  # view pixels from the middle of a handle to its side
HORIZON_HANDLE = 7.0
GHOST_ALPHA = 110
ERASED = QColor(255, 255, 255, 130)
HATCH = QColor(0, 0, 0, 110)


def surround(palette: QPalette) -> QColor:
    """The colour around the picture."""
    return QColor(24, 24, 24) if is_dark(palette) else QColor(200, 200, 200)


def draw_selection(painter: QPainter, lines: Sequence[QLineF]) -> None:
    for pen in _outline_pens(painter, SELECTED):
        painter.setPen(pen)
        painter.drawLines(lines)


def draw_footprint(
    painter: QPainter,
    center: Point,
    radius: float,
    zoom: float,
    color: tuple[int, int, int] | None,
    is_square: bool = False,
) -> None:
    """Exactly what a click at center would paint, in the label's colour."""
    if is_square:
        _draw_square(painter, center, radius, color)
        return
    fill = QColor(*color, FILL_ALPHA) if color is not None else QColor(0, 0, 0, 0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(QPointF(*center), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    follows_pixels = zoom >= PIXEL_ZOOM and radius <= PIXEL_RADIUS
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not follows_pixels)
    lines: list[QLineF] = []
    if follows_pixels:
        rect, mask = capsule(center, center, radius)
        lines = outline(mask, rect)
    for pen in _outline_pens(painter, BRIGHT):
        painter.setPen(pen)
        if follows_pixels:
            painter.drawLines(lines)
        else:
            painter.drawEllipse(QPointF(*center), radius, radius)


def _draw_square(
    painter: QPainter, center: Point, radius: float, color: tuple[int, int, int] | None
) -> None:
    rect, mask = square(center, center, radius)
    edges = outline(mask, rect)
    if color is not None:
        area = QRectF(rect.x0, rect.y0, rect.width, rect.height)
        painter.fillRect(area, QColor(*color, FILL_ALPHA))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for pen in _outline_pens(painter, BRIGHT):
        painter.setPen(pen)
        painter.drawLines(edges)


def draw_ghost(painter: QPainter, ghost: Ghost) -> None:
    """A shape about to be put down: its colour, and its outline on top."""
    if not ghost.rect:
        return
    pixels = ghost.mask * translucent(np.array(ghost.color, np.uint8), GHOST_ALPHA)
    pixels = np.ascontiguousarray(pixels.astype(np.uint32))
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, width, height, 4 * width, kind)
    painter.drawImage(QPointF(ghost.rect.x0, ghost.rect.y0), image)
    draw_selection(painter, outline(ghost.mask, ghost.rect))


def draw_handles(painter: QPainter, places: Sequence[Point], scale: float) -> None:
    """Small squares of the same size at any zoom; scale is view pixels per map pixel."""
    half = HANDLE / scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for x, y in places:
        area = QRectF(x - half, y - half, 2 * half, 2 * half)
        painter.fillRect(area, SELECTED)
        pen = QPen(DARK, painter.device().devicePixelRatio())
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(area)


def draw_horizon(painter: QPainter, row: float, left: float, right: float, scale: float) -> None:
    """A dashed line with a handle at its left end, in map coordinates."""
    for pen in _outline_pens(painter, HORIZON):
        pen.setStyle(Qt.PenStyle.DashLine)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # it ends where the picture ends
        painter.setPen(pen)
        painter.drawLine(QPointF(left, row), QPointF(right, row))
    size = HORIZON_HANDLE / scale
    shape = QPolygonF(
        [QPointF(left, row - size), QPointF(left + 1.6 * size, row), QPointF(left, row + size)]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(DARK, painter.device().devicePixelRatio())
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(HORIZON)
    painter.drawPolygon(shape)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_divider(painter: QPainter, x: float, height: float, grip: bool) -> None:
    """The line between before and now, in view coordinates, with a grip when it can be dragged."""
    painter.fillRect(QRectF(x - 1.5, 0, 3, height), DARK)
    painter.fillRect(QRectF(x - 0.5, 0, 1, height), BRIGHT)
    if grip:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(DARK, 1.5))
        painter.setBrush(BRIGHT)
        painter.drawEllipse(QPointF(x, height / 2), 9, 9)
        painter.setPen(QPen(DARK, 2))
        for side in (-1, 1):
            tip = QPointF(x + side * 5.5, height / 2)
            painter.drawLine(tip, tip + QPointF(-side * 3, -3))
            painter.drawLine(tip, tip + QPointF(-side * 3, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_label(painter: QPainter, text: str, place: QPointF) -> None:
    """A word on a dark plate, in view coordinates."""
    metrics = painter.fontMetrics()
    area = QRectF(metrics.boundingRect(text)).adjusted(-6, -3, 6, 3)
    area.moveTopLeft(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(area, 3, 3)
    painter.setPen(BRIGHT)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_trace(painter: QPainter, trace: Trace, color: tuple[int, int, int]) -> None:
    """A stroke or shape that is not in the document yet."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if trace.radius:
        _draw_stroke(painter, trace)
        return
    points = QPolygonF([QPointF(*point) for point in trace.points])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*color, FILL_ALPHA))
    painter.drawPolygon(points)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _outline_pens(painter, BRIGHT):
        painter.setPen(pen)
        painter.drawPolyline(points)


def _draw_stroke(painter: QPainter, trace: Trace) -> None:
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * trace.radius)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    path = QPainterPath(QPointF(*trace.points[0]))
    for point in trace.points[1:]:
        path.lineTo(*point)
    area = stroker.createStroke(path)
    area.setFillRule(Qt.FillRule.WindingFill)  # where it crosses itself it is erased as well
    for point in (trace.points[0], trace.points[-1]):
        area.addEllipse(QPointF(*point), trace.radius, trace.radius)
    hatch = QBrush(HATCH, Qt.BrushStyle.BDiagPattern)  # shows on white walls and black roads
    hatch.setTransform(painter.transform().inverted()[0])
    painter.fillPath(area, ERASED)
    painter.fillPath(area, hatch)


def _outline_pens(painter: QPainter, bright: QColor) -> Iterator[QPen]:
    """The two pens of an outline, in screen pixels of any density."""
    for color, width in ((DARK, 3), (bright, 1)):
        pen = QPen(color, width * painter.device().devicePixelRatio())
        pen.setCosmetic(True)
        yield pen
