"""Human preference between two sets of pictures: what is shown, what was answered, what it means.

Knows no window. The protocols are the paper's (section 4.2, human perceptual study): pairs of one
scene in random order and on random sides, for as long as one likes or for a moment only.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np

from model.errors import InputError
from model.scene.files import atomic_file
from model.scene.frame_files import keyed_pictures
from model.scene.reading import read_bytes

DURATIONS = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0)  # seconds, of the mixed protocol
LEAST_SECONDS, MOST_SECONDS = 1 / 8, 10.0
MIXED = "mixed"
Z = 1.959963984540054  # two-sided 95 % of the normal distribution
MAX_CSV_BYTES = 64 * 2**20
Side = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Study:
    """What every rater is asked.

    a, b: what the two sets are called. pairs: names that both hold. count: pairs per rater; more
    than there are repeats them. limit: seconds a pair is seen, "mixed", or None for no limit.
    """

    a: str
    b: str
    pairs: tuple[str, ...]
    count: int
    seed: int = 0
    limit: float | Literal["mixed"] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One pair as one rater sees it; seconds is None without a limit."""

    pair: str
    left: Side
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the file. trial: from 0, of this rater; limit_s: empty without; took_s: from the
    moment the pair was seen; answered: ISO 8601, UTC."""

    rater: str
    trial: int
    a: str
    b: str
    pair: str
    left: str
    chosen: str
    limit_s: str
    took_s: float
    answered: str


@dataclass(frozen=True, slots=True)
class Preference:
    """How often A was chosen, as a share with its 95 % interval."""

    chosen: int
    answers: int
    share: float
    low: float
    high: float


def wilson(chosen: int, answers: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a share; (0, 1) without answers. It takes answers as independent,
    which those of one rater are not quite."""
    if not answers:
        return 0.0, 1.0
    share, extra = chosen / answers, z * z / answers
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(share * (1 - share) / answers + extra / (4 * answers))
    return max(0.0, middle - half), min(1.0, middle + half)


def find_pairs(a: Path, b: Path) -> dict[str, tuple[Path, Path]]:
    """The pictures of two folders that have one name, apart from what tells their role."""
    ones, others = keyed_pictures(a)[0], keyed_pictures(b)[0]
    both = sorted(ones.keys() & others.keys())
    if not both:
        raise InputError(f"{a} and {b} hold no pictures of equal names; name pairs alike.")
    return {name: (ones[name], others[name]) for name in both}


def plan(study: Study, rater: str) -> list[Shown]:
    """What one rater sees, always the same for a seed and a name.

    Both sides, and the times of the mixed protocol, come up equally often.
    """
    draw = np.random.default_rng([study.seed, *rater.encode()])
    rounds = math.ceil(study.count / len(study.pairs))
    order = [index for _ in range(rounds) for index in draw.permutation(len(study.pairs))]
    sides = draw.permutation(np.arange(study.count) % 2)
    times = draw.permutation(np.arange(study.count) % len(DURATIONS))
    return [
        Shown(study.pairs[index], "AB"[side], _seconds(study.limit, int(time)))  # type: ignore[arg-type]
        for index, side, time in zip(order[: study.count], sides, times, strict=True)
    ]


def _seconds(limit: float | str | None, drawn: int) -> float | None:
    return DURATIONS[drawn] if isinstance(limit, str) else limit


def limit_text(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:g}"


def read_answers(path: Path) -> list[Answer]:
    """All rows of a file of answers; none when there is no file. InputError for other content."""
    if not path.exists():
        return []
    try:
        text = read_bytes(path, InputError, MAX_CSV_BYTES).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text), strict=True)
        if rows.fieldnames != [field.name for field in fields(Answer)]:
            raise ValueError("its columns are others")
        return [_answer(row) for row in rows]
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        raise InputError(f"{path} is no file of answers ({error}); name another file.") from error


def _answer(row: dict[str, str]) -> Answer:
    answer = Answer(**{**row, "trial": int(row["trial"]), "took_s": float(row["took_s"])})  # type: ignore[arg-type]
    if answer.chosen not in ("A", "B"):
        raise ValueError(f"chosen is {answer.chosen!r}")
    return answer


def write_answers(path: Path, answers: Sequence[Answer]) -> None:
    """The whole file at once: a crash leaves the answers before, never half a row."""
    text = io.StringIO()
    table = csv.DictWriter(text, [field.name for field in fields(Answer)])
    table.writeheader()
    table.writerows(asdict(answer) for answer in answers)
    with atomic_file(path, InputError) as file:
        file.write(text.getvalue().encode())


def answered(answers: Iterable[Answer], study: Study, rater: str, path: Path) -> int:
    """How many pairs of the plan a rater has answered.

    Raises InputError where the file tells of other pairs: another study was kept in it.
    """
    answers = list(answers)
    own = [answer for answer in answers if answer.rater == rater]
    wanted = [
        (number, shown.pair, shown.left, limit_text(shown.seconds))
        for number, shown in enumerate(plan(study, rater))
    ]
    told = [(answer.trial, answer.pair, answer.left, answer.limit_s) for answer in own]
    others = {(answer.a, answer.b) for answer in answers} - {(study.a, study.b)}
    if others or told != wanted[: len(told)]:
        raise InputError(
            f"{path} holds answers to other pictures, another seed or another limit; "
            "name another file."
        )
    return len(own)


def preference(answers: Iterable[Answer]) -> Preference:
    chosen = [answer.chosen == "A" for answer in answers]
    share = sum(chosen) / len(chosen) if chosen else 0.0
    return Preference(sum(chosen), len(chosen), share, *wilson(sum(chosen), len(chosen)))


def grouped(answers: Iterable[Answer], key: Callable[[Answer], str]) -> dict[str, Preference]:
    """Preference by what key() tells of an answer, in the order of first answers."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(key(answer), []).append(answer)
    return {name: preference(group) for name, group in groups.items()}


def summary(answers: Sequence[Answer]) -> dict[str, object]:
    """The figures of a study as plain values: all, by rater, and by seconds where limited."""
    limited = [answer for answer in answers if answer.limit_s]
    by_limit = grouped(sorted(limited, key=lambda a: float(a.limit_s)), lambda a: a.limit_s)
    return {
        "kind": "study",
        "a": answers[0].a,
        "b": answers[0].b,
        "all": asdict(preference(answers)),
        "raters": {name: asdict(p) for name, p in grouped(answers, lambda a: a.rater).items()},
        "seconds": {name: asdict(p) for name, p in by_limit.items()},
    }


def table(answers: Sequence[Answer]) -> str:
    """The figures as text for a terminal."""
    rows = [("all", preference(answers))]
    rows += grouped(answers, lambda answer: answer.rater).items()
    limited = sorted((a for a in answers if a.limit_s), key=lambda answer: float(answer.limit_s))
    rows += grouped(limited, lambda answer: f"{answer.limit_s} s").items()
    width = max(len(name) for name, _ in rows)
    lines = [f"{answers[0].a} preferred to {answers[0].b}, with 95 % intervals"]
    for name, each in rows:
        interval = f"{each.low:.1%} to {each.high:.1%}"
        lines.append(f"{name:<{width}}  {each.share:6.1%}  ({interval}) of {each.answers} answers")
    return "\n".join(lines)
