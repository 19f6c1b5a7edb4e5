"""PictureView: shows the document as picture, labels or a blend, and compares with before."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import marks
from app.compare import HEAT_STEP, Before, Comparison
from app.map_view import MapView
from app.overlay import MapLayers, outline
from app.session import EditorSession
from app.translation import tr
from model.inference.request import RenderResult, Trial
from model.scene.document import Change
from model.scene.geometry import Rect
from model.scene.instances import is_object
from model.scene.operations import whole_of
from model.scene.scene import ScenePatch

_INTERSECT = Qt.ClipOperation.IntersectClip
TRIAL_PLATE = QRect(10, 10, 420, 30)  # in view pixels, where a preview of a style is named
DIM = QColor(128, 128, 128)  # behind hidden labels where there is no picture


class ViewMode(StrEnum):
    PICTURE = "picture"
    LABELS = "labels"
    BLEND = "blend"


class PictureView(MapView):
    """Labels are drawn pixel by pixel, the picture smoothly when it is made smaller.

    Signals:
    picture_changed: the engine painted something.
    comparison_changed: what is compared is another.
    """

    picture_changed = Signal()
    comparison_changed = Signal()

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(session.document.label_map.shape, parent)
        self.session = session
        self.layers = MapLayers(session.document, session.palette)
        self.mode = ViewMode.PICTURE
        self.peeking = False  # the picture is shown whatever the mode
        self.blend = 0.5
        self.outlines = False
        self.heat = False
        self.before = Before()
        self.comparison = Comparison.NONE
        self.wipe = 0.5  # where the line is, as a share of the view's width
        self._heat_image: QImage | None = None
        self.trial: Trial | None = None  # a style that is tried, laid over the picture
        self._trial_image = QImage()
        self._outline: list[QLineF] | None = []  # of what is selected; None: to be traced
        session.document_replaced.connect(self._on_document_replaced)
        session.changed.connect(self._on_changed)
        session.history_changed.connect(self._forget_outline)
        session.selection_changed.connect(self._forget_outline)
        session.hidden_changed.connect(self._on_colors)
        session.colors_changed.connect(self._on_colors)

    def set_mode(self, mode: ViewMode) -> None:
        self.mode = mode
        self.update()

    def set_peeking(self, wanted: bool) -> None:
        self.peeking = wanted
        self.update()

    def fit_selection(self) -> None:
        """Show the selected objects as large as they fit."""
        chosen = self.session.selected
        if chosen:
            self.fit_rect(whole_of(self.session.document, chosen)[0])

    def set_blend(self, opacity: float) -> None:
        """How much the labels cover the picture in the blend view, 0..1."""
        self.blend = opacity
        self.update()

    def set_outlines(self, wanted: bool) -> None:
        self.outlines = wanted
        self.update()

    def set_heat(self, wanted: bool) -> None:
        """Show what changed since the picture before."""
        self.heat = wanted
        self._heat_image = self.before.heat(self.layers) if wanted else None
        self.update()

    def set_comparison(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.comparison_changed.emit()
        self.update_pointer()
        self.refit()

    @property
    def room(self) -> QRectF:
        room = super().room
        if not self._halved:
            return room
        return room.adjusted(room.width() / 4, 0, -room.width() / 4, 0)

    @property
    def _halved(self) -> bool:
        return self.comparison is Comparison.SPLIT and self.before.image is not None

    def map_point(self, position: QPointF) -> tuple[float, float]:
        if self._halved:
            shift = self.width() / 4  # each half shows the middle of the view
            shift = shift if position.x() < self.width() / 2 else -shift
            position = position + QPointF(shift, 0)
        return super().map_point(position)

    @Slot(object, object)
    def show_result(self, result: RenderResult, patch: ScenePatch) -> None:
        if self.trial is not None and result.revision > self.trial.request.revision:
            self.show_trial(None)  # it was chosen and is painted now, or something else was done
        changed = self.layers.show_result(result, patch)
        if result.final:
            if patch.revision == self.session.document.revision:
                self.before.note_exact()
            if self.heat:
                self.set_heat(True)
        self._update_part(changed)
        self.picture_changed.emit()

    @Slot(object)
    def show_trial(self, trial: Trial | None) -> None:
        """Lay a style that is tried over the picture, or take it away."""
        for each in (self.trial, trial):
            if each is not None:
                self._update_part(each.rect)
        self.trial = trial
        if trial is not None:
            height, width, _ = trial.pixels.shape
            kind = QImage.Format.Format_RGBA8888
            image = QImage(trial.pixels.tobytes(), width, height, 4 * width, kind)
            self._trial_image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self.update(TRIAL_PLATE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), marks.surround(self.palette()))
        before = self.before.image
        if before is None or self.comparison is Comparison.NONE:
            self._paint_scene(painter, None)
        elif self.comparison is Comparison.BEFORE:
            self._paint_scene(painter, before)
        else:
            self._paint_halves(painter, before)
        painter.resetTransform()
        self.paint_signs(painter)
        if self.trial is not None:
            name = tr("Preview · {style}", style=self.trial.request.name)
            marks.draw_label(painter, name, QPointF(TRIAL_PLATE.topLeft()))
        painter.end()

    def paint_marks(self, painter: QPainter) -> None:
        """Draw over everything else, in map coordinates; to be overridden."""

    def paint_signs(self, painter: QPainter) -> None:
        """Draw over that, in view coordinates; to be overridden."""

    def _paint_halves(self, painter: QPainter, before: QImage) -> None:
        """Before to the left, now to the right: of a line, or each in a half of its own."""
        split = self.comparison is Comparison.SPLIT
        middle = self.width() * (0.5 if split else self.wipe)
        shift = self.width() / 4 if split else 0.0
        for left, right, image, moved in (
            (0.0, middle, before, -shift),
            (middle, float(self.width()), None, shift),
        ):
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            painter.translate(moved, 0)
            self._paint_scene(painter, image)
            painter.restore()
        marks.draw_divider(painter, middle, self.height(), grip=not split)

    def _paint_scene(self, painter: QPainter, before: QImage | None) -> None:
        """The map as it is, or a picture of how it was."""
        painter.save()
        painter.translate(self.viewport.x, self.viewport.y)
        painter.scale(self.viewport.scale, self.viewport.scale)
        if before is None:
            self._paint_map(painter)
            if not self.session.document.is_editing:  # its outline is known again afterwards
                marks.draw_selection(painter, self._traced())
            self.paint_marks(painter)
        else:
            self._smooth(painter, True)
            painter.drawImage(QPointF(0, 0), before)
        painter.restore()

    def _smooth(self, painter: QPainter, wanted: bool) -> None:
        """Smooth what is made smaller, but never what is enlarged."""
        smaller = self.viewport.scale * self.devicePixelRatioF() < 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, wanted and smaller)

    def _paint_map(self, painter: QPainter) -> None:
        layers, origin = self.layers, QPointF(0, 0)
        picture = layers.has_picture and (self.peeking or self.mode is not ViewMode.LABELS)
        if picture:
            self._smooth(painter, True)
            painter.drawImage(origin, layers.picture.image)
            if self.trial is not None:
                corner = QPointF(self.trial.rect.x0, self.trial.rect.y0)
                painter.drawImage(corner, self._trial_image)
        elif self.session.hidden:
            height, width = layers.colors.pixels.shape
            painter.fillRect(QRectF(0, 0, width, height), DIM)
        covered = self.mode is ViewMode.BLEND and not self.peeking
        if not picture or covered:
            self._smooth(painter, False)
            painter.setOpacity(self.blend if picture else 1.0)
            painter.drawImage(origin, layers.colors.image)
            self._smooth(painter, True)
            painter.drawImage(origin, layers.lines.image)
            painter.setOpacity(1.0)
        else:
            self._smooth(painter, False)
            painter.drawImage(origin, layers.pending.image)
        self._paint_overlays(painter)

    def _paint_overlays(self, painter: QPainter) -> None:
        if self.heat and self._heat_image is not None:
            height, width = self.layers.colors.pixels.shape
            steps = self._heat_image.width() * HEAT_STEP, self._heat_image.height() * HEAT_STEP
            painter.setClipRect(QRectF(0, 0, width, height), _INTERSECT)
            painter.drawImage(QRectF(0, 0, *steps), self._heat_image)
        if self.outlines:
            self._smooth(painter, True)
            painter.drawImage(QPointF(0, 0), self.layers.edges.image)

    def _update_part(self, rect: Rect) -> None:
        if self.comparison is Comparison.SPLIT:
            self.update()
        else:
            self.update(self.view_rect(rect))

    def _on_document_replaced(self) -> None:
        self.layers = MapLayers(self.session.document, self.session.palette)
        if self.session.hidden:
            self.layers.show_labels(self.session.palette, self.session.hidden)
        self.before.forget()
        self.set_comparison(Comparison.NONE)
        self._heat_image = None
        self.trial = None
        self.set_map_size(self.session.document.label_map.shape)
        self._forget_outline()

    def _on_changed(self, change: Change) -> None:
        self.before.note_change(self.layers)
        self._update_part(self.layers.update(change.rect))

    def _on_colors(self) -> None:
        self.layers.show_labels(self.session.palette, self.session.hidden)
        self.update()

    def _forget_outline(self) -> None:
        self._outline = None
        self.update()

    def _traced(self) -> list[QLineF]:
        if self._outline is None:
            self._outline = self._trace_selection()
        return self._outline

    def _trace_selection(self) -> list[QLineF]:
        """Around the selected objects, with what is hidden of them; of surfaces what is seen."""
        chosen = [each for each in self.session.selected if self.session.is_there(each)]
        if chosen and all(map(is_object, chosen)):
            rect, mask = whole_of(self.session.document, chosen)
            return outline(mask, rect)
        if not chosen:
            return []
        # Under every car is road: its outline would go through all of them.
        mask = np.isin(self.session.document.instance_map, chosen)
        rect = Rect.around(mask)
        return outline(mask[rect.slices], rect) if rect else []
