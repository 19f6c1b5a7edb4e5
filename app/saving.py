"""Saving projects beside the window, and asking before unsaved changes are let go."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from app.checkpoints import Checkpoints, portable_name
from app.dialogs.files import ask_overwrite_changed, ask_save, ask_unsaved
from app.errors import Notice
from app.services import Services
from app.session import State
from app.translation import tr
from model.scene.kept_history import newest_edits
from model.scene.lock import FileLock
from model.scene.project import EXTENSION, ProjectFile, save_project
from model.scene.scene import Scene

Fingerprint = tuple[int, int, int]
KEEP_HISTORY = "files/keep_history"
Then = Callable[[], object]


def _nothing() -> None:
    pass


class Saving(QObject):
    """What is written is the document as it was when saving began: painting goes on meanwhile.

    Signals:
    begun: a project is being written.
    saved: the path of the project that was written.
    """

    begun = Signal()
    saved = Signal(object)

    def __init__(self, services: Services, checkpoints: Checkpoints) -> None:
        super().__init__(services.window)
        self._session = services.session
        self._jobs = services.jobs
        self._settings = services.settings
        self._window = services.window
        self._checkpoints = checkpoints
        self.previous: Scene | None = None  # of the open project: this editor does not change it
        self.read_only = False  # because another window has the project open
        self._told: list[Notice] = []  # that it is read-only, that it was not saved
        self._lock: FileLock | None = None
        self._seen: Fingerprint | None = None  # of the project's file when it was last known
        self._writing = False
        self._saves: list[Then] = []  # they wait until what is being written is there
        self._leaves: list[tuple[Then, Then]] = []  # likewise; and what to do when it is not
        self._session.document_replaced.connect(self._claim)

    def save(self, then: Then = _nothing, otherwise: Then = _nothing) -> None:
        """Save the project; then, once it is saved, or otherwise. A failure is said as well."""
        path = self._session.path
        if self._writing:
            self._saves.append(partial(self.save, then, otherwise))
        elif path is None or self.read_only:
            self.save_as(then, otherwise)
        elif self._may_overwrite(path):
            self._save_to(path, then, otherwise)
        else:
            otherwise()

    def save_as(self, then: Then = _nothing, otherwise: Then = _nothing) -> None:
        name = Path(self._session.title).stem + (tr(" copy") * self.read_only) + EXTENSION
        folder = self._settings.get("folder/save")
        suffix = EXTENSION.removeprefix(".")
        path = ask_save(self._window, tr("Save project"), folder, name, [project_filter()], suffix)
        if path is None:
            otherwise()
        elif os.path.exists(path) and not self._is_ours(path) and _in_use(path):
            text = tr("{file} is open in another window; choose another name.", file=path.name)
            self._session.noticed.emit(Notice(text))
            otherwise()
        else:
            self._save_to(path, then, otherwise)

    def release(self) -> None:
        """Let other windows have the file."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def before_leaving(self, then: Then, otherwise: Then = _nothing) -> None:
        """Do something that lets the document go, once its changes are saved or given up.

        otherwise: the document stays.
        """
        self._session.finish_stroke()
        if self._writing:
            self._leaves.append((partial(self.before_leaving, then, otherwise), otherwise))
            return
        if not self._session.modified:
            then()
            return
        answer = ask_unsaved(self._window, self._session.title)
        if answer == QMessageBox.StandardButton.Save:  # it may be painted on until it is saved
            self.save(partial(self.before_leaving, then, otherwise), otherwise)
        elif answer == QMessageBox.StandardButton.Discard:
            then()
        else:
            otherwise()

    def _save_to(self, path: Path, then: Then, otherwise: Then = _nothing) -> None:
        if self._writing:  # an answer that took its time
            self._saves.append(partial(self._save_to, path, then, otherwise))
            return
        self._session.finish_stroke()
        project = ProjectFile(
            self._session.document.snapshot(),
            portable_name(self._checkpoints.in_use()),
            self._session.style_seed,
            self.previous,
            self._session.extras,
            self._session.pins,
        )
        history = self._session.document.history.edits if self._settings.get(KEEP_HISTORY) else ()
        state = self._session.state
        self._writing = True
        self.begun.emit()
        self._jobs.run(
            tr("Save {file}", file=path.name),
            lambda report: save_project(
                path, replace(project, edits=newest_edits(history)), report=report
            ),
            lambda _: self._on_saved(path, state, then),
            partial(self._on_failed, path, then, otherwise),
            quick=True,
        )

    def _on_saved(self, path: Path, state: State, then: Then) -> None:
        self._writing = False
        self._settings.set("folder/save", str(path.parent))
        self._session.path = path
        self._claim()
        self._session.mark_saved(path, state)
        self.saved.emit(path)
        saves, leaves = self._take_waiting()
        for each in (*saves, then, *(leave for leave, _ in leaves)):
            each()

    def _on_failed(self, path: Path, then: Then, otherwise: Then, notice: Notice) -> None:
        """The document stays unsaved, and what would have let it go does not happen.

        What else was to be saved meanwhile still is: it may go to another place.
        """
        self._writing = False
        document = self._session.document

        def again() -> None:
            if self._session.document is document:  # no other goes into this one's file
                self._save_to(path, then)

        self._tell(replace(notice, actions={tr("Try again"): again}))
        saves, leaves = self._take_waiting()
        for each in (otherwise, *saves, *(stay for _, stay in leaves)):
            each()

    def _take_waiting(self) -> tuple[list[Then], list[tuple[Then, Then]]]:
        waiting = self._saves, self._leaves
        self._saves, self._leaves = [], []
        return waiting

    def _tell(self, notice: Notice) -> None:
        """Say what holds until the document is saved, or another is open."""
        self._told.append(notice)
        self._session.noticed.emit(notice)

    def _may_overwrite(self, path: Path) -> bool:
        changed = self._seen is not None and fingerprint(path) not in (None, self._seen)
        return not changed or ask_overwrite_changed(self._window, path.name)

    def _is_ours(self, path: Path) -> bool:
        ours = self._session.path
        return not self.read_only and ours is not None and path.resolve() == ours.resolve()

    def _claim(self) -> None:
        """Hold the open project's file, so that a second window is told."""
        self.release()
        self.read_only = False
        for notice in self._told:
            self._session.withdrawn.emit(notice)
        self._told.clear()
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
            self._tell(Notice(text, actions=actions, serious=False, lasting=True))


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
