"""Status bar: what is under the pointer, the zoom, and what the picture is worth."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from app.map_view import MapView
from app.panels.lists import Apart, ElidedLabel
from app.rendering.controller import RenderController
from app.rendering.status import RenderStatus, Stage
from app.session import EditorSession, instance_name
from app.theme import STATES
from app.translation import decimal, tr

DOTS = {
    Stage.FLAT: STATES["idle"],
    Stage.PAINTING: STATES["busy"],
    Stage.DRAFT: STATES["busy"],
    Stage.EXACT: STATES["good"],
    Stage.FAILED: STATES["bad"],
}


class StatusDot(QWidget):
    """A coloured dot; the words beside it say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor(DOTS[Stage.FLAT])
        self.setFixedSize(QSize(10, 16))

    def set_stage(self, stage: Stage) -> None:
        self._color = QColor(DOTS[stage])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawEllipse(QRectF(1, (self.height() - 8) / 2, 8, 8))
        painter.end()


class StatusBar(QStatusBar):
    """Nothing in it moves when the words change: what they once needed stays theirs."""

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._hovered: tuple[int, int] | None = None
        self.place = ElidedLabel()
        self.zoom = QLabel()
        self.zoom.setToolTip(tr("Zoom: 100 % is one map pixel per screen pixel"))
        self.dot = StatusDot()
        self.state = ElidedLabel(controller.status.text)
        self.state.setAccessibleName(tr("State of the picture"))
        self._room = Apart(self.state)
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 10, 0)
        row.setSpacing(6)
        row.addWidget(self.zoom)
        row.addSpacing(14)
        row.addWidget(self.dot)
        row.addWidget(self._room)
        self.setSizeGripEnabled(False)
        self.place.setContentsMargins(8, 0, 0, 0)
        self.addWidget(Apart(self.place), 1)
        self.addPermanentWidget(right)
        controller.status_changed.connect(self._on_status)
        session.changed.connect(self._show_place)
        session.document_replaced.connect(lambda: self.show_place(None))
        self._on_status(controller.status)

    def show_place(self, place: tuple[int, int] | None) -> None:
        """Describe a pixel of the document, which has to be inside it."""
        self._hovered = place
        self._show_place()

    def show_zoom(self, view: MapView) -> None:
        percent = view.zoom_percent
        self.zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{decimal(percent)} %")

    def _show_place(self) -> None:
        if self._hovered is None:
            self.place.clear()
            return
        (x, y), document = self._hovered, self._session.document
        label = document.schema.by_id(int(document.label_map[y, x])).name
        name = instance_name(document, int(document.instance_map[y, x]))
        shown = label if name == label else f"{label} · {name}"
        self.place.setText(f"{shown} · {x}, {y}")

    def _on_status(self, status: RenderStatus) -> None:
        self._show_state(status.text)
        stage = Stage.PAINTING if status.loading and status.info is not None else status.stage
        stage = Stage.DRAFT if status.trial else stage
        self.dot.set_stage(Stage.FLAT if status.flat and not status.loading else stage)

    def _show_state(self, text: str) -> None:
        self.state.setText(text)
        self.state.setToolTip(text)
        wanted = min(self.state.sizeHint().width(), self.width() // 2)
        self._room.setMinimumWidth(max(self._room.minimumWidth(), wanted))
