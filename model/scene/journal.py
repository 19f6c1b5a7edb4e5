"""Journal: records a document's edits as they happen, so that a crash loses none.

A folder of its own per document: a keyframe (a project file) and the steps after it. When these
grow long, another keyframe is written in the background and what it replaces is removed. Reading
is in recovery.py.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from model.errors import InputError, JournalError
from model.scene.document import Document, Step
from model.scene.edit_codec import encode_edit
from model.scene.edits import Edit
from model.scene.extras import Pin
from model.scene.files import sync_folder
from model.scene.journal_records import Facts, Kind, RecordFile, encode_facts
from model.scene.lock import FileLock
from model.scene.project import EXTENSION, ProjectFile, save_project
from model.scene.scene import Scene

MAX_STEPS = 500  # after one keyframe
MAX_BYTES = 16 * 2**20
LOCK = "lock"
KEYFRAME = "keyframe-{:06d}" + EXTENSION
STEPS = "steps-{:06d}.log"

log = logging.getLogger(__name__)


class Journal:
    """Listens to a document until close(); of one thread, with a second one for slow writing."""

    def __init__(
        self,
        root: Path,
        document: Document,
        facts: Facts,
        previous: Scene | None = None,
        pins: tuple[Pin, ...] = (),
        *,
        max_steps: int = MAX_STEPS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Make a folder in root and write the first keyframe. Raises JournalError.

        previous, pins: as in a ProjectFile; the first is kept as it is.
        """
        self._document = document
        self._previous = previous
        self.pins = pins
        self._limits = max_steps, max_bytes
        self.facts = facts
        self.failed: JournalError | None = None  # while nothing can be recorded
        self._sequence = 0
        self._number = 0
        self._steps = 0  # after the newest keyframe
        self._file: RecordFile | None = None
        self._unsynced = False
        self._writer = ThreadPoolExecutor(1, "journal")
        try:
            self.folder, self._lock = _make_folder(root)
            self._keyframe = self._restart()
        except OSError as error:
            self._writer.shutdown()
            raise _failure(root, error) from error
        document.step_listeners.append(self._on_step)

    def change(self, **facts: object) -> None:
        """Note facts that have changed; keywords as in Facts."""
        changed = replace(self.facts, **facts)
        if changed != self.facts:
            self.facts = changed
            self._append(Kind.FACTS, encode_facts(changed))

    def change_pins(self, pins: tuple[Pin, ...]) -> None:
        """Keep other pins, which takes a keyframe."""
        self.pins = pins
        if self.failed is None:
            with self._failures():
                self._keyframe = self._restart()

    def saved(self, path: Path, unsaved: int = 0) -> None:
        """The document was written to its project file, but for the last so many steps."""
        self.change(path=str(path.resolve()), title=path.name, unsaved=unsaved)

    def wait(self) -> None:
        """Until the newest keyframe is on the disk. Raises JournalError when it could not be."""
        try:
            self._keyframe.result()
        except (OSError, InputError) as error:
            raise _failure(self.folder, error) from error

    def close(self, *, delete: bool) -> None:
        """Stop recording; with delete nothing is left to recover."""
        if self._on_step in self._document.step_listeners:
            self._document.step_listeners.remove(self._on_step)
        self._writer.shutdown(wait=True)
        if self._file is not None:
            self._file.close()
            self._file = None
        if delete:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()

    def _on_step(self, step: Step, edit: Edit) -> None:
        """Never raises: painting goes on without a journal. `failed` says why it has none."""
        self.facts = replace(self.facts, unsaved=self.facts.unsaved + 1)
        self._steps += 1
        self._append(Kind(step), encode_edit(edit))
        max_steps, max_bytes = self._limits
        size = 0 if self._file is None else self._file.size
        if self.failed is None and (self._steps >= max_steps or size >= max_bytes):
            with self._failures():
                self._keyframe = self._restart()

    def _append(self, kind: Kind, content: bytes) -> None:
        with self._failures():
            if self.failed is not None or self._file is None:
                self._keyframe = self._restart()  # holds what could not be recorded, too
                self.wait()
                self.failed = None
                return
            if self._number == 1:
                self.wait()  # without a keyframe the steps are worth nothing
            self._sequence += 1
            self._file.append(self._sequence, kind, content)
            self._sync_soon()

    def _failures(self) -> _Failures:
        return _Failures(self)

    def _sync_soon(self) -> None:
        """Against power cuts; a crash of the program loses nothing that was appended."""
        if not self._unsynced:
            self._unsynced = True
            self._writer.submit(self._sync, self._file)

    def _sync(self, file: RecordFile | None) -> None:
        self._unsynced = False
        with suppress(OSError):
            if file is not None:
                file.sync()

    def _restart(self) -> Future[None]:
        """Go on in a new file; a keyframe that makes the older ones needless is on its way."""
        number = self._number + 1
        path = self.folder / STEPS.format(number)
        file = RecordFile(path)
        try:
            self._sequence += 1
            file.append(self._sequence, Kind.FACTS, encode_facts(self.facts))
        except OSError:
            file.close()
            with suppress(OSError):
                path.unlink()  # or the next attempt would find it there
            raise
        if self._file is not None:
            self._writer.submit(self._file.close)
        self._file, self._number, self._steps = file, number, 0
        return self._writer.submit(
            self._write_keyframe, number, self._document.snapshot(), self.pins
        )

    def _write_keyframe(self, number: int, scene: Scene, pins: tuple[Pin, ...]) -> None:
        facts = self.facts
        beside = self._previous, facts.extras, pins
        project = ProjectFile(scene, facts.checkpoint, facts.style_seed, *beside)
        save_project(self.folder / KEYFRAME.format(number), project, backup=False)
        sync_folder(self.folder)
        for older in range(number - 1, 0, -1):
            paths = [self.folder / name.format(older) for name in (KEYFRAME, STEPS)]
            if not any(path.exists() for path in paths):
                break
            for path in paths:
                path.unlink(missing_ok=True)


class _Failures:
    """Turns a failure of the file system into the journal's `failed`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, (OSError, InputError)):
            return False
        log.error("journal: %s", error)
        self._journal.failed = _failure(self._journal.folder, error)
        return True


def _failure(folder: Path, error: Exception) -> JournalError:
    if isinstance(error, JournalError):
        return error
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return JournalError(
        f"Changes cannot be recorded for recovery in {folder} ({reason}); save often, or free "
        "some space."
    )


def _make_folder(root: Path) -> tuple[Path, FileLock]:
    """A new folder, locked before others can see it under its name."""
    root.mkdir(parents=True, exist_ok=True)
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{secrets.token_hex(3)}"
    hidden = root / f".{name}"
    hidden.mkdir(mode=0o700)
    lock = FileLock.acquire(hidden / LOCK, create=True)
    assert lock is not None  # nobody else knows this folder
    hidden.rename(root / name)
    return root / name, lock
