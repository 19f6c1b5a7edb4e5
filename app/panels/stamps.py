"""Stamp panel: the library of shapes by label; the one clicked is what the stamp tool uses."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
from platformdirs import user_data_path
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import Notice
from app.first_paint import FirstPaint
from app.panels.lists import search_field
from app.panels.tiles import IconDelegate
from app.rendering.controller import RenderController
from app.session import EditorSession
from app.theme import icon, swatch
from app.translation import mark, tr
from model.scene.extras import tidied
from model.scene.stamps import STAMP_FOLDER, Stamp, cut_stamp, load_stamps, save_stamp

TILE = QSize(72, 56)
EDGE = 4
PLATE = QColor("#dadada")
ALL = mark("All labels")
STAMP = Qt.ItemDataRole.UserRole


def user_stamps() -> Path:
    """Where stamps kept by the user are."""
    return user_data_path("labelbrush") / "stamps"


class StampPanel(QWidget):
    """Signals:
    chosen: a stamp was clicked; the stamp tool should be used.
    """

    title = mark("Stamps")
    chosen = Signal()

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._stamps: list[Stamp] | None = None  # until the panel is first seen
        self.folder = user_stamps()
        self.search = search_field(tr("Search stamps"))
        self.label = QComboBox()
        self.label.setAccessibleName(tr("Label of the stamps shown"))
        self.label.setToolTip(tr("Show the shapes of one label"))
        self.mirrored = QCheckBox(tr("Mirrored"))
        self.mirrored.setToolTip(tr("Put it down the other way round"))
        self.keep = QToolButton()
        self.keep.setToolTip(tr("Keep the selected objects as a stamp"))
        self.keep.setAccessibleName(tr("Keep the selected objects as a stamp"))
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setIconSize(TILE)
        self.list.setGridSize(TILE + QSize(6, 6))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(IconDelegate(self.list))
        self.list.setAccessibleName(tr("Stamps"))
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.label.currentIndexChanged.connect(self._filter)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemActivated.connect(self._on_clicked)
        self.mirrored.toggled.connect(self._choose_current)
        self.keep.clicked.connect(self.keep_selection)
        session.document_replaced.connect(self._rebuild)
        session.colors_changed.connect(self._rebuild)
        session.selection_changed.connect(self._show_selection)
        self._show_selection()
        FirstPaint(self).happened.connect(self.reload)  # one behind another is shown for a moment

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._stamps is not None:
            self._rebuild()
        super().changeEvent(event)

    def reload(self) -> None:
        """Read the bundled stamps and the user's."""
        self._stamps, troubles = load_stamps([STAMP_FOLDER, self.folder])
        if troubles:
            self._session.noticed.emit(Notice(troubles[0]))
        self._rebuild()

    def show_label(self, name: str) -> None:
        """Show the stamps of a label, if there are any."""
        self.label.setCurrentIndex(max(self.label.findText(name), 0))

    def keep_selection(self) -> None:
        """Add the selected objects to the user's stamps."""
        session, document = self._session, self._session.document
        if not session.selected:
            return
        name = tidied(tr(" and ").join(session.name_of(each) for each in session.selected[:3]))
        mask = np.isin(document.instance_map, session.selected)

        def keep() -> None:
            stamp = cut_stamp(document.label_map, mask, document.schema, session.horizon, name)
            with suppress(OSError):  # then the file cannot be written either, which says so
                self.folder.mkdir(parents=True, exist_ok=True)
            number = sum(1 for _ in self.folder.glob("*.png")) + 1
            while os.path.exists(path := self._path(stamp, number)):  # Path's own may raise
                number += 1
            save_stamp(path, stamp)
            self.reload()
            self.show_label(stamp.label)
            session.noticed.emit(
                Notice(tr("Kept as a stamp of {label}.", label=stamp.label), serious=False)
            )

        session.attempt(keep)

    def _path(self, stamp: Stamp, number: int) -> Path:
        return self.folder / f"{stamp.label} {number}.png".replace(" ", "_")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.label, 1)
        row.addWidget(self.mirrored)
        row.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addLayout(row)
        layout.addWidget(self.list, 1)

    def _rebuild(self) -> None:
        """Those whose labels the schema has."""
        self.keep.setIcon(icon("keep", self.palette()))
        schema = {label.name: label for label in self._session.document.schema}
        fitting = [each for each in self._stamps or [] if set(each.labels) <= schema.keys()]
        shown = self.label.currentText()
        self.list.clear()
        self.label.clear()
        self.label.addItem(tr(ALL))
        for name in dict.fromkeys(stamp.label for stamp in fitting):
            self.label.addItem(
                swatch(self._session.color_of(schema[name].id), self.palette()), name
            )
        for stamp in fitting:
            colors = [self._session.color_of(schema[name].id) for name in stamp.labels]
            item = QListWidgetItem(_tile(stamp, colors, self.devicePixelRatioF()), "")
            item.setData(STAMP, stamp)
            item.setToolTip(f"{stamp.label}: {stamp.name}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{stamp.label}: {stamp.name}")
            self.list.addItem(item)
        self.show_label(shown)
        self._filter()

    def _filter(self) -> None:
        text = self.search.text().strip().casefold()
        label = self.label.currentText() if self.label.currentIndex() > 0 else ""
        for row in range(self.list.count()):
            item = self.list.item(row)
            fits = text in item.toolTip().casefold() and label in ("", item.data(STAMP).label)
            item.setHidden(not fits)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._choose_current()
        self.chosen.emit()

    def _choose_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            stamp: Stamp = item.data(STAMP)
            self._session.choose_stamp(stamp.mirrored if self.mirrored.isChecked() else stamp)

    def _show_selection(self) -> None:
        self.keep.setEnabled(bool(self._session.selected))


def _tile(stamp: Stamp, colors: list[tuple[int, int, int]], ratio: float) -> QIcon:
    """The shape in its labels' colours."""
    table = np.zeros(len(colors) + 1, np.uint32)
    for index, (red, green, blue) in enumerate(colors, start=1):
        table[index] = 0xFF000000 | red << 16 | green << 8 | blue
    pixels = np.ascontiguousarray(table[stamp.parts])
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.tobytes(), width, height, 4 * width, kind)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    shape = image.scaled((TILE - QSize(2 * EDGE, 2 * EDGE)) * ratio, keep, smooth)
    pixmap = QPixmap(TILE * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)  # in both themes: label colours may be as dark or light as those
    painter.drawRoundedRect(pixmap.rect(), 4 * ratio, 4 * ratio)
    left = (pixmap.width() - shape.width()) // 2
    painter.drawImage(left, pixmap.height() - shape.height() - round(EDGE * ratio), shape)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    tile = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # its colours say what it is
        tile.addPixmap(pixmap, mode)
    return tile
