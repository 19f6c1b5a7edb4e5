"""Marks on the canvas that are no part of the picture: footprint, selection, shapes in hand.

Each is drawn twice, dark and wide under bright and thin, so that it shows on any picture. The
painter is in map coordinates; lines keep their width whatever the zoom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
    QPen,
    QPolygonF,
)

from app.overlay import outline
from app.theme import is_dark
from app.tools.tool import Point, Trace
from model.scene.raster import capsule

PIXEL_ZOOM = 3.0  # from here on the footprint follows the pixels it will paint
PIXEL_RADIUS = 64.0
FILL_ALPHA = 70
DARK = QColor(0, 0, 0, 190)
BRIGHT = QColor(255, 255, 255)
SELECTED = QColor(255, 204, 51)
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
) -> None:
    """Exactly what a click at center would paint, in the label's colour."""
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
