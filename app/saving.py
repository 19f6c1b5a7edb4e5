"""Saving projects, and asking before unsaved changes are let go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.checkpoints import Checkpoints, portable_name
from app.dialogs.files import ask_save, ask_unsaved
from app.errors import Notice
from app.session import EditorSession
from app.settings import Settings
from model.errors import InputError
from model.scene.project import EXTENSION, ProjectFile, save_project
from model.scene.scene import Scene

PROJECTS = f"Labelbrush projects (*{EXTENSION})"


class Saving(QObject):
    """Signals:
    saved: the path of the project that was just written.
    """

    saved = Signal(object)

    def __init__(
        self,
        session: EditorSession,
        checkpoints: Checkpoints,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._checkpoints = checkpoints
        self._settings = settings
        self._window = window
        self.previous: Scene | None = None  # of the open project: this editor does not change it

    def save(self) -> bool:
        """Save the project; whether that succeeded."""
        if self._session.path is None:
            return self.save_as()
        return self._save_to(self._session.path)

    def save_as(self) -> bool:
        name = Path(self._session.title).stem + EXTENSION
        folder = self._settings.get("folder/save")
        suffix = EXTENSION.removeprefix(".")
        path = ask_save(self._window, "Save project", folder, name, [PROJECTS], suffix)
        return path is not None and self._save_to(path)

    def may_discard(self) -> bool:
        """Ask what to do with unsaved changes; whether the document may be let go."""
        self._session.finish_stroke()
        if not self._session.modified:
            return True
        answer = ask_unsaved(self._window, self._session.title)
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    def _save_to(self, path: Path) -> bool:
        self._session.finish_stroke()
        project = ProjectFile(
            self._session.document.snapshot(),
            portable_name(self._checkpoints.in_use()),
            self._session.style_seed,
            self.previous,
        )
        try:
            save_project(path, project)
        except InputError as error:
            self._session.noticed.emit(
                Notice(str(error), actions={"Try again": lambda: self._save_to(path)})
            )
            return False
        self._settings.set("folder/save", str(path.parent))
        self._session.mark_saved(path)
        self.saved.emit(path)
        return True
