"""Saving projects, and asking before unsaved changes are let go."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.checkpoints import Checkpoints, portable_name
from app.dialogs.files import ask_overwrite_changed, ask_save, ask_unsaved
from app.errors import Notice
from app.session import EditorSession
from app.settings import Settings
from app.translation import tr
from model.errors import InputError
from model.scene.lock import FileLock
from model.scene.project import EXTENSION, ProjectFile, save_project
from model.scene.scene import Scene

Fingerprint = tuple[int, int, int]


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
        self.read_only = False  # because another window has the project open
        self._lock: FileLock | None = None
        self._seen: Fingerprint | None = None  # of the project's file when it was last known
        session.document_replaced.connect(self._claim)

    def save(self) -> bool:
        """Save the project; whether that succeeded."""
        path = self._session.path
        if path is None or self.read_only:
            return self.save_as()
        changed = self._seen is not None and fingerprint(path) not in (None, self._seen)
        if changed and not ask_overwrite_changed(self._window, path.name):
            return False
        return self._save_to(path)

    def save_as(self) -> bool:
        name = Path(self._session.title).stem + (tr(" copy") * self.read_only) + EXTENSION
        folder = self._settings.get("folder/save")
        suffix = EXTENSION.removeprefix(".")
        path = ask_save(self._window, tr("Save project"), folder, name, [project_filter()], suffix)
        if path is None:
            return False
        if path.exists() and not self._is_ours(path) and _in_use(path):
            text = tr("{file} is open in another window; choose another name.", file=path.name)
            self._session.noticed.emit(Notice(text))
            return False
        return self._save_to(path)

    def release(self) -> None:
        """Let other windows have the file."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

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
            self._session.extras,
            self._session.pins,
        )
        try:
            save_project(path, project)
        except InputError as error:
            self._session.noticed.emit(
                Notice(str(error), actions={tr("Try again"): lambda: self._save_to(path)})
            )
            return False
        self._settings.set("folder/save", str(path.parent))
        self._session.path = path
        self._claim()
        self._session.mark_saved(path)
        self.saved.emit(path)
        return True

    def _is_ours(self, path: Path) -> bool:
        ours = self._session.path
        return not self.read_only and ours is not None and path.resolve() == ours.resolve()

    def _claim(self) -> None:
        """Hold the open project's file, so that a second window is told."""
        self.release()
        self.read_only = False
        path = self._session.path
        self._seen = None if path is None else fingerprint(path)
        if path is None or self._seen is None:
            return
        with suppress(OSError):
            self._lock = FileLock.acquire(path)
            self.read_only = self._lock is None
        if self.read_only:
            text = tr(
                "{file} is open in another window: what you change here can only be saved "
                "under another name.",
                file=path.name,
            )
            actions = {tr("Save a copy…"): self.save_as}
            self._session.noticed.emit(Notice(text, actions=actions, serious=False))


def project_filter() -> str:
    """For file dialogs."""
    return tr("Labelbrush projects") + f" (*{EXTENSION})"


def fingerprint(path: Path) -> Fingerprint | None:
    """What changes when a file does; None when it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _in_use(path: Path) -> bool:
    """Whether another window holds a project."""
    try:
        lock = FileLock.acquire(path)
    except OSError:
        return False
    if lock is not None:
        lock.release()
    return lock is None
