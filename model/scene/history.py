"""History: the edits that can be undone and redone; what exceeds a byte budget lies in a file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import overload

from model.scene.edits import Edit
from model.scene.geometry import Rect
from model.scene.spill import Place, SpillFile

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    """An edit in memory, in the file, or in both."""

    state: int
    name: str
    edit: Edit | None
    place: Place | None = None


class History:
    """Edits in order, of which the first `position` are done.

    When they hold too many bytes, those farthest from the present one go to a file, and come back
    when undo or redo reaches them. Where no file can be written the oldest are forgotten instead.
    The edits beside the present state stay in memory whatever their size. `state` names the
    document's content: it has the same value again exactly when undo or redo has led back to the
    same content.
    """

    def __init__(self, budget: int, bounds: Rect, folder: Path | None = None) -> None:
        """budget: bytes; bounds: of the picture; folder: for the file, else the user's cache."""
        self._budget = budget
        self._bounds = bounds
        self._folder = folder
        self._entries: list[_Entry] = []
        self._numbers = count(1)
        self._first_state = 0  # before the oldest edit that is still remembered
        self._nbytes = 0
        self._spill: SpillFile | None = None
        self._first_resident = 0  # no entry before it has its edit in memory
        self.position = 0

    @property
    def state(self) -> int:
        return self._entries[self.position - 1].state if self.position else self._first_state

    @property
    def names(self) -> tuple[str, ...]:
        """All edits from the oldest on, the undone ones (still to redo) at the end."""
        return tuple(entry.name for entry in self._entries)

    @property
    def count(self) -> int:
        """How many can be undone or redone."""
        return len(self._entries)

    def name(self, index: int) -> str:
        return self._entries[index].name

    @property
    def edits(self) -> Sequence[Edit]:
        """Those that are done, from the oldest that is remembered on; read when asked for.

        Stays as it is now, whatever happens to the history; may be read on another thread.
        """
        done = self._entries[: self.position]
        return _Edits([(entry.edit, entry.place) for entry in done], self._spill)

    @property
    def nbytes(self) -> int:
        """What they hold in memory."""
        return self._nbytes

    @property
    def spilled_bytes(self) -> int:
        """What lies in the file."""
        return 0 if self._spill is None else self._spill.size

    def remember(self, edit: Edit) -> None:
        """Put a new edit on top; what was undone can no longer be redone."""
        for entry in self._entries[self.position :]:
            self._let_go(entry)
        del self._entries[self.position :]
        self._entries.append(_Entry(next(self._numbers), edit.name, edit))
        self._nbytes += edit.nbytes
        self.position += 1
        self._trim()

    def step_back(self) -> Edit | None:
        """The edit to undo now; None at the beginning."""
        if not self.position:
            return None
        edit = self._resident(self.position - 1)
        self.position -= 1
        self._trim()
        return edit

    def step_forward(self) -> Edit | None:
        """The edit to redo now; None at the end."""
        if self.position == len(self._entries):
            return None
        edit = self._resident(self.position)
        self.position += 1
        self._trim()
        return edit

    def _resident(self, index: int) -> Edit:
        entry = self._entries[index]
        if entry.edit is None:
            assert self._spill is not None and entry.place is not None
            entry.edit = self._spill.read(entry.place)
            self._nbytes += entry.edit.nbytes
            self._first_resident = min(self._first_resident, index)
        return entry.edit

    def _let_go(self, entry: _Entry) -> None:
        if entry.edit is not None:
            self._nbytes -= entry.edit.nbytes
            entry.edit = None

    def _trim(self) -> None:
        """Keep to the budget: the entry in memory that is farthest away goes first."""
        while self._nbytes > self._budget:
            index = self._farthest()
            if index is None:
                return
            entry = self._entries[index]
            if entry.place is None and not self._write(entry):
                self._forget(index)
            else:
                self._let_go(entry)

    def _farthest(self) -> int | None:
        """Which to let go; None when only those beside the present state are in memory."""
        entries, near = self._entries, (self.position - 1, self.position)
        while self._first_resident < len(entries) and entries[self._first_resident].edit is None:
            self._first_resident += 1
        first, last = self._first_resident, len(entries) - 1
        while last > first and entries[last].edit is None:
            last -= 1
        farthest = last if last - self.position >= self.position - first else first
        return None if farthest in near or farthest >= len(entries) else farthest

    def _write(self, entry: _Entry) -> bool:
        assert entry.edit is not None
        try:
            if self._spill is None:
                self._spill = SpillFile(self._bounds, self._folder)
            entry.place = self._spill.write(entry.edit)
        except OSError as error:
            log.warning("old edits cannot be kept on the disk: %s", error)
            return False
        return True

    def _forget(self, index: int) -> None:
        """Without a disk: an entry far from the present state, and all that lie beyond it."""
        if index < self.position:
            beyond = slice(0, index + 1)
            self._first_state = self._entries[index].state
            self.position -= index + 1
            self._first_resident = 0
        else:
            beyond = slice(index, None)
        for entry in self._entries[beyond]:
            self._let_go(entry)
        del self._entries[beyond]


class _Edits(Sequence[Edit]):
    """Edits that are read from the file when they are asked for."""

    def __init__(
        self, kept: list[tuple[Edit | None, Place | None]], spill: SpillFile | None
    ) -> None:
        self._kept = kept
        self._spill = spill

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> Edit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Edit]: ...
    def __getitem__(self, index: int | slice) -> Edit | Sequence[Edit]:
        if isinstance(index, slice):
            return _Edits(self._kept[index], self._spill)
        edit, place = self._kept[index]
        if edit is not None:
            return edit
        assert self._spill is not None and place is not None
        return self._spill.read(place)

    def __iter__(self) -> Iterator[Edit]:
        return (self[index] for index in range(len(self)))
