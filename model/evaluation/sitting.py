"""A sitting: one person answers the pairs of a study, and every answer is in the file at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from model.evaluation.preference import (
    Answer,
    Shown,
    Study,
    answered,
    limit_text,
    plan,
    read_answers,
    write_answers,
)


class Sitting:
    """Attributes:
    answers: of everybody, as they are in the file.
    rater, trial: who answers, and which pair of theirs comes now, from 0.
    """

    def __init__(self, study: Study, file: Path) -> None:
        """Raises InputError when the file holds something else than answers."""
        self.study, self.file = study, file
        self.answers = read_answers(file)
        self.rater, self.trial = "", 0
        self._plan: list[Shown] = []

    def done(self, rater: str) -> int:
        """How many pairs somebody has answered; InputError when those were others."""
        return answered(self.answers, self.study, rater, self.file)

    def begin(self, rater: str) -> None:
        """Go on where this person stopped."""
        self.trial = self.done(rater)
        self.rater, self._plan = rater, plan(self.study, rater)

    @property
    def finished(self) -> bool:
        return self.trial == len(self._plan)

    def shown(self, ahead: int = 0) -> Shown | None:
        """The pair that comes now, or one after it; None beyond the last."""
        at = self.trial + ahead
        return self._plan[at] if at < len(self._plan) else None

    def answer(self, side: int, took: float) -> None:
        """The left (0) or right (1) picture of the present pair, chosen after `took` seconds.

        Raises InputError when it cannot be written, and keeps the pair.
        """
        shown = self._plan[self.trial]
        answer = Answer(
            rater=self.rater,
            trial=self.trial,
            a=self.study.a,
            b=self.study.b,
            pair=shown.pair,
            left=shown.left,
            chosen=shown.left if side == 0 else "BA"["AB".index(shown.left)],
            limit_s=limit_text(shown.seconds),
            took_s=round(took, 3),
            answered=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self._write([*self.answers, answer])
        self.trial += 1

    @property
    def can_take_back(self) -> bool:
        """Not with a limit: the pair would be seen twice."""
        return self.study.limit is None and self.trial > 0

    def take_back(self) -> None:
        """Undo the last answer; InputError when that cannot be written."""
        last = max(at for at, each in enumerate(self.answers) if each.rater == self.rater)
        self._write(self.answers[:last] + self.answers[last + 1 :])
        self.trial -= 1

    def _write(self, answers: list[Answer]) -> None:
        write_answers(self.file, answers)
        self.answers = answers
