"""Finding and reading journals that a crash has left behind."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.errors import JournalError, ProjectError
from model.scene.document import Document
from model.scene.edit_codec import decode_edit
from model.scene.extras import Pin
from model.scene.files import STALE_SECONDS
from model.scene.journal import KEYFRAME, LOCK, STEPS
from model.scene.journal_records import Facts, Kind, Record, decode_facts, read_records
from model.scene.kept_layers import check_ids
from model.scene.labels import label_of
from model.scene.lock import FileLock
from model.scene.project import load_project
from model.scene.scene import Scene

_KEYFRAME_NAME = re.compile(KEYFRAME.replace("{:06d}", r"(\d{6,9})").replace(".", r"\."))


@dataclass(frozen=True, slots=True)
class Recovered:
    """A document as it was at its last finished step, with its undo history since the keyframe."""

    document: Document
    facts: Facts
    previous: Scene | None = None  # as in a ProjectFile
    pins: tuple[Pin, ...] = ()  # likewise


class Abandoned:
    """A journal that nobody writes any more; it stays locked until release() or delete().

    Attributes:
        facts: the newest that were recorded; `unsaved` counts the steps that would be lost.
        when: time of the last step, in seconds since the epoch.
    """

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self.folder = folder
        self._lock = lock
        self.facts, self.when = _summary(folder)

    def recover(self) -> Recovered:
        """Read it. Raises JournalError; the files stay as they are in any case."""
        return read_journal(self.folder)

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()

    def release(self) -> None:
        """Leave it for the next start."""
        self._lock.release()


def find_abandoned(root: Path) -> list[Abandoned]:
    """Journals with unsaved work that no running program writes, the newest last.

    Those with nothing to recover are removed; those that cannot be read are left alone.
    """
    found = []
    for folder in sorted(root.glob("[!.]*/")) if root.is_dir() else []:
        with suppress(OSError):
            lock = FileLock.acquire(folder / LOCK)
            if lock is None:
                continue
            try:
                entry = Abandoned(folder, lock)
            except JournalError:
                lock.release()
                continue
            if entry.facts.unsaved:
                found.append(entry)
            else:
                entry.delete()
    for hidden in root.glob(".*-*/"):  # killed while it was made
        if time.time() - hidden.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(hidden, ignore_errors=True)
    return sorted(found, key=lambda entry: entry.when)


def read_journal(folder: Path) -> Recovered:
    """Replay the steps after the newest whole keyframe, up to the first torn record.

    Raises JournalError when there is no whole keyframe, or what is there contradicts itself.
    """
    for number in reversed(_keyframes(folder)):
        try:
            project = load_project(folder / KEYFRAME.format(number))
        except ProjectError:
            continue  # an older one may still be whole
        document = Document(project.scene)
        facts = Facts("", None, project.checkpoint, project.style_seed, 0, project.extras)
        facts = _Replay(document, facts, folder).run(number)
        _check(document, folder)
        return Recovered(document, facts, project.previous, project.pins)
    raise JournalError(f"{folder} holds no whole keyframe, so nothing can be recovered from it.")


class _Replay:
    def __init__(self, document: Document, facts: Facts, folder: Path) -> None:
        self._document = document
        self._facts = facts
        self._folder = folder
        self._below = 0  # steps undone beyond the keyframe, which the history does not know

    def run(self, number: int) -> Facts:
        for record in _records(self._folder, number):
            try:
                self._take(record)
            except ValueError:
                break  # passed its checksum and is still no edit of this picture
        return self._facts

    def _take(self, record: Record) -> None:
        if record.kind is Kind.FACTS:
            self._facts = decode_facts(record.content, self._folder)
            return
        document = self._document
        edit = decode_edit(record.content, document.bounds)
        if record.kind is Kind.DONE:
            self._below = 0
            edit.redo(document)
            document.history.remember(edit)
        elif record.kind is Kind.UNDONE:
            if document.can_undo:
                document.undo()
            else:
                self._below += 1
                edit.undo(document)
        elif not self._below and document.can_redo:
            document.redo()
        else:
            edit.redo(document)
            if self._below:
                self._below -= 1
            else:  # undone before the keyframe
                document.history.remember(edit)
        self._facts = _one_more(self._facts)


def _records(folder: Path, number: int) -> Iterator[Record]:
    """All records from a keyframe on, over the files that follow it, while none is missing."""
    sequence: int | None = None
    while (folder / STEPS.format(number)).exists():
        for record in read_records(folder / STEPS.format(number)):
            if sequence is not None and record.sequence != sequence + 1:
                return
            sequence = record.sequence
            yield record
        number += 1


def _summary(folder: Path) -> tuple[Facts, float]:
    numbers = _keyframes(folder)
    facts, when = Facts(), 0.0
    if not numbers:
        return facts, when  # killed before anything was recorded
    for record in _records(folder, numbers[-1]):
        if record.kind is Kind.FACTS:
            facts = decode_facts(record.content, folder)
        else:
            facts = _one_more(facts)
    for path in folder.iterdir():
        when = max(when, path.stat().st_mtime)
    return facts, when


def _one_more(facts: Facts) -> Facts:
    return replace(facts, unsaved=facts.unsaved + 1)


def _keyframes(folder: Path) -> list[int]:
    try:
        matches = (_KEYFRAME_NAME.fullmatch(entry.name) for entry in folder.iterdir())
        return sorted(int(match[1]) for match in matches if match)
    except OSError as error:
        raise JournalError(f"{folder} cannot be read ({error.strerror or error}).") from error


def _check(document: Document, folder: Path) -> None:
    known = np.isin(document.label_map, document.schema.ids)
    try:
        if not (known & (label_of(document.instance_map) == document.label_map)).all():
            raise ValueError("labels that do not exist")
        check_ids(document.layers.planes, document.schema)
    except ValueError:
        raise JournalError(f"{folder} is damaged: it holds labels that do not exist.") from None
