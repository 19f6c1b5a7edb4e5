"""History: the edits that can be undone and redone, within a byte budget."""

from __future__ import annotations

from itertools import count

from model.scene.edits import Edit


class History:
    """Two stacks of edits. When they hold too many bytes the oldest edits are forgotten.

    The newest edit is kept whatever its size. `state` names the document's content: it has the
    same value again exactly when undo or redo has led back to the same content.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._done: list[tuple[int, Edit]] = []
        self._undone: list[tuple[int, Edit]] = []
        self._numbers = count(1)
        self._first_state = 0  # before the oldest edit that is still remembered
        self._nbytes = 0

    @property
    def state(self) -> int:
        return self._done[-1][0] if self._done else self._first_state

    @property
    def names(self) -> tuple[str, ...]:
        """All edits from the oldest on, the undone ones (still to redo) at the end."""
        edits = [*self._done, *reversed(self._undone)]
        return tuple(edit.name for _, edit in edits)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Those that are done, from the oldest that is still remembered on."""
        return tuple(edit for _, edit in self._done)

    @property
    def position(self) -> int:
        """How many of `names` are done."""
        return len(self._done)

    @property
    def nbytes(self) -> int:
        return self._nbytes

    def remember(self, edit: Edit) -> None:
        """Put a new edit on top; what was undone can no longer be redone."""
        self._nbytes += edit.nbytes - sum(undone.nbytes for _, undone in self._undone)
        self._undone.clear()
        self._done.append((next(self._numbers), edit))
        while len(self._done) > 1 and self._nbytes > self._budget:
            self._first_state, forgotten = self._done.pop(0)
            self._nbytes -= forgotten.nbytes

    def step_back(self) -> Edit | None:
        """The edit to undo now, which moves to the undone ones; None at the beginning."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1][1]

    def step_forward(self) -> Edit | None:
        """The edit to redo now, which moves to the done ones; None at the end."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1][1]
