"""History panel: every step by name, to go back and forth; and pinned states with a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.lists import ROW
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.theme import icon
from app.translation import mark, step_name, tr
from model.inference.request import RenderResult
from model.scene.document import Document
from model.scene.extras import MAX_PIN_SIDE, Pin, most_pins, tidied
from model.scene.scene import Scene, ScenePatch

PIN_SIZE = QSize(96, 48)
BEGINNING = mark("As opened")


class HistoryPanel(QWidget):
    """A click on a step goes there: later ones are undone but stay to be redone."""

    title = mark("History")

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._picture: NDArray[np.uint8] | None = None  # the newest painted, small
        self._shown: tuple[str, ...] = ()  # names in the list, and which was the present one
        self._position = 0
        self.steps = QListWidget()
        self.steps.setAccessibleName(tr("Steps"))
        self.steps.setUniformItemSizes(True)
        self.pins = QListWidget()
        self.pins.setAccessibleName(tr("Pins"))
        self.pins.setViewMode(QListView.ViewMode.IconMode)
        self.pins.setMovement(QListView.Movement.Static)
        self.pins.setIconSize(PIN_SIZE)
        self.pins.setResizeMode(QListView.ResizeMode.Adjust)
        self.pins.setFixedHeight(PIN_SIZE.height() + 44)
        self.pins.setFlow(QListView.Flow.LeftToRight)
        self.pins.setWrapping(False)
        self.pin = QToolButton()
        self.pin.setText(tr("Pin"))
        self.pin.setToolTip(tr("Keep the present state, to come back to it at any time"))
        self.pin.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unpin = QToolButton()
        self.unpin.setToolTip(tr("Remove the selected pin"))
        self.unpin.setAccessibleName(tr("Remove the selected pin"))
        self._arrange()
        self.steps.itemClicked.connect(lambda item: self._go_to(self.steps.row(item)))
        self.steps.itemActivated.connect(lambda item: self._go_to(self.steps.row(item)))
        self.pins.itemClicked.connect(lambda item: self._go_to_pin(self.pins.row(item)))
        self.pin.clicked.connect(self._add_pin)
        self.unpin.clicked.connect(self._remove_pin)
        session.history_changed.connect(self._show)
        session.kept_changed.connect(self._show_pins)
        session.document_replaced.connect(self._on_document_replaced)
        controller.rendered.connect(self._on_rendered)
        self._tint()
        self._show()
        self._show_pins()

    def showEvent(self, event: QShowEvent) -> None:
        QTimer.singleShot(0, self._show)  # once laid out it can be scrolled to the present step

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
            self._shown = ()  # all are grey anew
            self._show()
        super().changeEvent(event)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(QLabel(tr("Pins")))
        buttons.addStretch(1)
        buttons.addWidget(self.unpin)
        buttons.addWidget(self.pin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.steps, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.pins)

    def _tint(self) -> None:
        self.pin.setIcon(icon("pin", self.palette()))
        self.unpin.setIcon(icon("delete", self.palette()))

    def _show(self) -> None:
        """The names, the present one selected and the undone ones grey.

        After days there are thousands: only rows that differ from those shown are made anew.
        """
        history = self._session.document.history
        names, position = (BEGINNING, *history.names), history.position
        same = _common_length(names, self._shown)
        with QSignalBlocker(self.steps):
            while self.steps.count() > same:
                self.steps.takeItem(self.steps.count() - 1)
            for name in names[same:]:
                item = QListWidgetItem(tr(BEGINNING) if name is BEGINNING else step_name(name))
                item.setSizeHint(ROW)
                self.steps.addItem(item)
            passed = sorted((position, min(self._position, len(names) - 1)))
            for row in {*range(same, len(names)), *range(passed[0], passed[1] + 1)}:
                self._set_undone(self.steps.item(row), row > position)
            self._shown, self._position = names, position
            self.steps.setCurrentRow(position)
            self.steps.scrollToItem(self.steps.item(position))

    def _set_undone(self, item: QListWidgetItem, undone: bool) -> None:
        color = self.palette().placeholderText() if undone else None
        item.setData(Qt.ItemDataRole.ForegroundRole, color)
        item.setToolTip(tr("Undone; a click does it again") if undone else "")

    def _go_to(self, row: int) -> None:
        """Undo or redo until so many steps are done."""
        document = self._session.document
        if document.is_editing:
            return
        while document.history.position > row:
            document.undo()
        while document.history.position < row:
            document.redo()

    def _on_rendered(self, result: RenderResult, patch: ScenePatch) -> None:
        whole = (result.rect.height, result.rect.width) == patch.size
        if not whole or not result.final:
            return
        step = max(
            1, min(patch.size[0] // PIN_SIZE.height(), patch.size[1] // PIN_SIZE.width()) // 2
        )
        self._picture = np.ascontiguousarray(result.pixels[::step, ::step])

    def _add_pin(self) -> None:
        session = self._session
        document, pins = session.document, session.pins
        if document.is_editing or len(pins) >= self._most:
            return
        picture = _colors_of(session) if self._picture is None else self._picture
        name = tidied(document.undo_name or "")
        session.set_pins((*pins, Pin(name, document.snapshot(), _shrunk(picture))))

    @property
    def _most(self) -> int:
        bounds = self._session.document.bounds
        return most_pins((bounds.height, bounds.width))

    def _remove_pin(self) -> None:
        row, pins = self.pins.currentRow(), self._session.pins
        if row >= 0:
            self._session.set_pins(pins[:row] + pins[row + 1 :])

    def _show_pins(self) -> None:
        self.pins.clear()
        pins = self._session.pins
        for place, pin in enumerate(pins, start=1):
            item = QListWidgetItem(_pin_icon(pin.picture, self), str(place))
            state = step_name(pin.name) or tr(BEGINNING)
            name = tr("Pin {number}: {name}", number=place, name=state)
            item.setToolTip(name + ". " + tr("A click goes there, as a step of its own."))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            self.pins.addItem(item)
        self.pins.setVisible(bool(pins))
        self.pin.setEnabled(len(pins) < self._most)
        self.unpin.setEnabled(bool(pins))

    def _go_to_pin(self, row: int) -> None:
        document = self._session.document
        if document.is_editing:
            return
        restore(document, self._session.pins[row].scene, f"Back to pin {row + 1}")

    def _on_document_replaced(self) -> None:
        self._picture = None
        self._show_pins()
        self._show()


def restore(document: Document, scene: Scene, name: str) -> None:
    """Make the document what a scene of the same size is, as one undo step."""
    with document.edit(name):
        differs = document.label_map != scene.label_map
        differs |= document.instance_map != scene.instance_map
        document.paint_maps(document.bounds, differs, scene.label_map, scene.instance_map)
        document.set_layers(scene.layers)
        gone = dict.fromkeys(document.styles, None)
        document.set_styles(name, {**gone, **scene.styles})


def _common_length(first: Sequence[str], second: Sequence[str]) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((row for row, (a, b) in pairs if a != b), min(len(first), len(second)))


def _colors_of(session: EditorSession) -> NDArray[np.uint8]:
    return session.palette[session.document.label_map]


def _shrunk(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Some of its pixels: no more to a side than a pin's picture has."""
    step = -(-max(picture.shape[:2]) // MAX_PIN_SIDE)
    return np.ascontiguousarray(picture[::step, ::step])


def _pin_icon(picture: NDArray[np.uint8], widget: QWidget) -> QIcon:
    ratio = widget.devicePixelRatioF()
    height, width, _ = picture.shape
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(image.scaled(PIN_SIZE * ratio, keep, smooth))
    pixmap.setDevicePixelRatio(ratio)
    return QIcon(pixmap)
