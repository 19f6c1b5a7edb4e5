"""PictureView: shows the document as picture, labels or a blend, with the selection outlined."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QLineF, QPointF, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import marks
from app.map_view import MapView
from app.overlay import MapLayers, outline
from app.session import EditorSession
from model.inference.request import RenderResult
from model.scene.document import Change
from model.scene.geometry import Rect
from model.scene.scene import ScenePatch


class ViewMode(StrEnum):
    PICTURE = "picture"
    LABELS = "labels"
    BLEND = "blend"


class PictureView(MapView):
    """Labels are drawn pixel by pixel, the picture smoothly when it is made smaller."""

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(session.document.label_map.shape, parent)
        self.session = session
        self.layers = MapLayers(session.document)
        self.mode = ViewMode.PICTURE
        self.blend = 0.5
        self._outline: list[QLineF] = []
        session.document_replaced.connect(self._on_document_replaced)
        session.changed.connect(self._on_changed)
        session.history_changed.connect(self._trace_selection)
        session.selection_changed.connect(self._trace_selection)

    def set_mode(self, mode: ViewMode) -> None:
        self.mode = mode
        self.update()

    def set_blend(self, opacity: float) -> None:
        """How much the labels cover the picture in the blend view, 0..1."""
        self.blend = opacity
        self.update()

    @Slot(object, object)
    def show_result(self, result: RenderResult, patch: ScenePatch) -> None:
        self.update(self.view_rect(self.layers.show_result(result, patch)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), marks.surround(self.palette()))
        painter.translate(self.viewport.x, self.viewport.y)
        painter.scale(self.viewport.scale, self.viewport.scale)
        self._paint_map(painter)
        if not self.session.document.is_editing:  # its outline is known again after the stroke
            marks.draw_selection(painter, self._outline)
        self.paint_marks(painter)
        painter.end()

    def paint_marks(self, painter: QPainter) -> None:
        """Draw over everything else, in map coordinates; to be overridden."""

    def _paint_map(self, painter: QPainter) -> None:
        layers, origin = self.layers, QPointF(0, 0)
        smooth = self.viewport.scale * self.devicePixelRatioF() < 1
        hint = QPainter.RenderHint.SmoothPixmapTransform
        flat = self.mode is ViewMode.LABELS or not layers.has_picture
        if not flat:
            painter.setRenderHint(hint, smooth)
            painter.drawImage(origin, layers.picture.image)
        painter.setRenderHint(hint, False)
        if flat or self.mode is ViewMode.BLEND:
            painter.setOpacity(1.0 if flat else self.blend)
            painter.drawImage(origin, layers.colors.image)
            painter.setRenderHint(hint, smooth)
            painter.drawImage(origin, layers.lines.image)
            painter.setOpacity(1.0)
        else:
            painter.drawImage(origin, layers.pending.image)

    def _on_document_replaced(self) -> None:
        self.layers = MapLayers(self.session.document)
        self.set_map_size(self.session.document.label_map.shape)
        self._trace_selection()

    def _on_changed(self, change: Change) -> None:
        self.update(self.view_rect(self.layers.update(change.rect)))

    def _trace_selection(self) -> None:
        self._outline = []
        if self.session.selection is not None:
            mask = self.session.document.instance_map == self.session.selection
            rect = Rect.around(mask)
            if rect:
                self._outline = outline(mask[rect.slices], rect)
        self.update()
