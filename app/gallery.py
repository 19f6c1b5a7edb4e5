"""Gallery: sample scenes and recent files to begin with, and three hints, below the picture.

There at the first start and when asked for; it is in nobody's way and stays closed once closed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QIcon,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTabBar,
    QToolButton,
    QVBoxLayout,
)

from app.recent import RecentFiles
from app.settings import Settings
from app.theme import icon
from app.translation import mark, tr
from model.scene.project import EXTENSION

SETTING = "view/gallery"
TILE = QSize(128, 64)
CELL = QSize(134, 92)  # the tile and its name
PATH = Qt.ItemDataRole.UserRole
TITLES = {
    "city": mark("City"),
    "residential": mark("Residential street"),
    "boulevard": mark("Boulevard"),
    "old_town": mark("Old town"),
    "wet_dusk": mark("Rain at dusk"),
    "autumn": mark("Autumn"),
    "glass_district": mark("Glass district"),
    "empty": mark("Empty road"),
}
HINTS = (
    mark("Choose a label on the right and paint: the picture follows."),
    mark("Click an object with the arrow (V): move it, delete it, choose its style."),
    mark("Hold C for the picture before; ? shows every key."),
)


class Gallery(QFrame):
    """Attributes:
        hints: the three sentences; list: the scenes to choose from.

    Signals:
        covers: so many pixels of what it lies over are hidden.
    """

    covers = Signal(int)

    def __init__(
        self,
        samples: Path,
        recent: RecentFiles,
        open_sample: Callable[[Path], object],
        open_recent: Callable[[Path], object],
        new_scene: Callable[[], object],
        settings: Settings,
    ) -> None:
        super().__init__()
        self._samples, self._recent, self._settings = samples, recent, settings
        self._open_sample, self._open_recent = open_sample, open_recent
        self.setAccessibleName(tr("Gallery"))
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(tr("What the gallery shows"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.addTab(tr("Samples"))
        self.tabs.addTab(tr("Recent files"))
        self.hints = [QLabel(tr(hint)) for hint in HINTS]
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Scenes to begin with"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setIconSize(TILE)
        self.list.setGridSize(CELL)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.viewport().setAutoFillBackground(False)
        scroll_bar = self.list.horizontalScrollBar().sizeHint().height()
        self.list.setFixedHeight(CELL.height() + scroll_bar)
        self.new = QPushButton(tr("New scene…"))
        self.new.setToolTip(tr("Empty, or from a street"))
        self.new.clicked.connect(new_scene)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(tr("Close; it comes back by File: Gallery"))
        self.close_button.setAccessibleName(tr("Close the gallery"))
        self._arrange()
        self._tint()
        self.tabs.currentChanged.connect(self._fill)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        self.close_button.clicked.connect(self.dismiss)
        self.hide()

    def show_at_start(self) -> None:
        """Show it unless a person has closed it before."""
        if self._settings.get(SETTING):
            self.open()

    def open(self) -> None:
        self._settings.set(SETTING, True)
        self._fill()
        self.show()
        self.list.setFocus()

    def dismiss(self) -> None:
        self._settings.set(SETTING, False)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.covers.emit(self.height() if self.isVisible() else 0)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self.covers.emit(self.height())

    def hideEvent(self, event: QHideEvent) -> None:
        self.covers.emit(0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(self.tabs)
        top.addStretch(1)
        top.addWidget(self.new)
        top.addWidget(self.close_button)
        advice = QHBoxLayout()
        advice.setSpacing(24)
        advice.setContentsMargins(4, 0, 4, 0)
        for hint in self.hints:
            hint.setWordWrap(True)
            hint.setAlignment(Qt.AlignmentFlag.AlignTop)
            advice.addWidget(hint, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 8)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.list)
        layout.addLayout(advice)

    def _tint(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))

    def _fill(self) -> None:
        self.list.clear()
        for path, title, picture in self._entries():
            item = QListWidgetItem(_tile(picture), title)
            item.setToolTip(title if self.tabs.currentIndex() == 0 else str(path))
            item.setData(PATH, str(path))
            self.list.addItem(item)

    def _entries(self) -> list[tuple[Path, str, Path | None]]:
        if self.tabs.currentIndex() == 1:
            entries = [entry for entry in self._recent.entries() if entry.there]
            return [(entry.path, entry.path.name, entry.thumbnail) for entry in entries]
        paths = [self._samples / f"{name}{EXTENSION}" for name in TITLES]
        return [
            (path, tr(TITLES[path.stem]), path.with_suffix(".jpg"))
            for path in paths
            if path.exists()
        ]

    def _on_chosen(self, item: QListWidgetItem) -> None:
        path = Path(item.data(PATH))
        (self._open_recent if self.tabs.currentIndex() == 1 else self._open_sample)(path)


def _tile(picture: Path | None) -> QIcon:
    """A picture cut to the tile's proportions; nothing but a surface without one."""
    pixmap = QPixmap() if picture is None else QPixmap(str(picture))
    tile = QPixmap(TILE * 2)
    tile.fill(Qt.GlobalColor.gray)
    if not pixmap.isNull():
        fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        shown = pixmap.scaled(tile.size(), fill, Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(tile)
        painter.drawPixmap(
            (tile.width() - shown.width()) // 2, (tile.height() - shown.height()) // 2, shown
        )
        painter.end()
    tile.setDevicePixelRatio(2)
    result = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        result.addPixmap(tile, mode)
    return result
