"""Recent files: what was opened and saved last, each with a small picture; and their menu."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QImageWriter
from PySide6.QtWidgets import QMenu, QProxyStyle, QStyle, QStyleOption, QWidget

from app.settings import Settings
from app.translation import tr

THUMBNAIL = 256  # longest side, in pixels: twice what the menu shows, for dense screens
FOLDER = "thumbnails"
MENU_ICON = 56


@dataclass(frozen=True, slots=True)
class RecentFile:
    """Attributes:
    there: it exists now. thumbnail: a PNG file of its picture, if one was seen.
    """

    path: Path
    there: bool
    thumbnail: Path | None


class RecentFiles(QObject):
    """The list, the newest first, kept in the settings; the pictures lie in the data folder.

    Signals:
    changed: the list, or one of its pictures, is another.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folder = settings.data_folder / FOLDER
        self._open: Path | None = None  # the file whose picture is on the screen
        self._wanted = False  # a newer picture of it

    def entries(self) -> list[RecentFile]:
        return [self._entry(Path(text)) for text in self._settings.get("files/recent")]

    def remember(self, path: Path) -> None:
        """A file was opened or saved; the next picture that is shown is its own."""
        self._open, self._wanted = path.resolve(), True
        self._settings.add_recent(self._open)
        self._remove_old()
        self.changed.emit()

    def forget(self, path: Path) -> None:
        """Take a file off the list."""
        self._settings.remove_recent(path)
        self._remove_old()
        self.changed.emit()

    def leave(self) -> None:
        """What is on the screen now is in no file of the list."""
        self._open, self._wanted = None, False

    def show(self, picture: QImage, flat: bool) -> None:
        """A finished picture is shown. The first one after remember() is kept.

        flat: it is of palette colours, so that a better one may follow.
        """
        if self._wanted and self._open is not None:
            self._wanted = flat
            _write(self._file(self._open), picture)  # or not: a list without pictures will do
            self.changed.emit()

    def _entry(self, path: Path) -> RecentFile:
        file = self._file(path)
        there = os.path.exists(path)  # Path.exists raises where one may not look
        return RecentFile(path, there, file if os.path.exists(file) else None)

    def _file(self, path: Path) -> Path:
        return self._folder / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:24]}.png"

    def _remove_old(self) -> None:
        kept = {self._file(Path(text)) for text in self._settings.get("files/recent")}
        with suppress(OSError):
            for file in set(self._folder.glob("*.png")) - kept:
                file.unlink()


class RecentMenu(QMenu):
    """Files that are gone are shown but cannot be chosen."""

    def __init__(
        self, recent: RecentFiles, open_path: Callable[[Path], object], parent: QWidget
    ) -> None:
        super().__init__(tr("Open &Recent"), parent)
        self._recent = recent
        self._open_path = open_path
        self._large = _LargeIcons("fusion")  # a widget does not keep its style alive
        self.setStyle(self._large)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)
        recent.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for entry in self._recent.entries():
            action = self.addAction(entry.path.name.replace("&", "&&"))
            action.setToolTip(str(entry.path))
            action.setEnabled(entry.there)
            if entry.thumbnail is not None:
                action.setIcon(QIcon(str(entry.thumbnail)))
                action.setIconVisibleInMenu(True)
            action.triggered.connect(partial(self._open_path, entry.path))
        self.menuAction().setEnabled(bool(self.actions()))


class _LargeIcons(QProxyStyle):
    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == QStyle.PixelMetric.PM_SmallIconSize:
            return MENU_ICON
        return super().pixelMetric(metric, option, widget)


def _write(file: Path, picture: QImage) -> None:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    size = picture.size().boundedTo(QSize(THUMBNAIL, THUMBNAIL))
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    target = QSaveFile(str(file))
    if target.open(QSaveFile.OpenModeFlag.WriteOnly):
        QImageWriter(target, b"png").write(picture.scaled(size, keep, smooth))
        target.commit()
