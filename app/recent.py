"""The menu of recent files; those that are gone are shown but cannot be chosen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from app.files import Files
from app.settings import Settings
from app.translation import tr


class RecentMenu(QMenu):
    def __init__(self, files: Files, settings: Settings, parent: QWidget) -> None:
        super().__init__(tr("Open &Recent"), parent)
        self._files = files
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)
        files.recent_changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for entry in self._settings.get("files/recent"):
            path = Path(entry)
            action = self.addAction(path.name.replace("&", "&&"))
            action.setToolTip(entry)
            action.setEnabled(path.exists())
            action.triggered.connect(partial(self._files.open_path, path))
        self.menuAction().setEnabled(bool(self.actions()))
