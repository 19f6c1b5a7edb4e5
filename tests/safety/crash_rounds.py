"""Kills a program that edits and saves, at random moments, and looks at what can be recovered.

    python -m tests.safety.crash_rounds --rounds 200 --seed 1

Every round is a process of its own that plays a random story; the same story is then played here
to know what should be there. Prints one line; exits with 1 when a finished stroke was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.scene.document import Document
from model.scene.journal import Journal
from model.scene.journal_records import Facts
from model.scene.project import ProjectFile, load_project, save_project
from model.scene.recovery import find_abandoned, read_journal
from tests.safety.stories import digest, play, start_scene

ACTIONS = 400  # more than anybody gets done before the kill
SAVE_EVERY = 25


@dataclass
class Figures:
    rounds: int = 0
    finished: int = 0  # actions that the killed programs had finished
    recovered: int = 0  # rounds in which a journal was recovered
    torn: int = 0  # journals read again with their end torn off


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    figures = Figures()
    for number in range(args.rounds):
        folder = Path(tempfile.mkdtemp(prefix="crash-"))
        try:
            crash_round(folder, args.seed * 100_003 + number, figures)
        finally:
            shutil.rmtree(folder)
    print(
        f"{figures.rounds} kills, {figures.finished} finished actions, "
        f"{figures.recovered} journals recovered, {figures.torn} with a torn end, none lost"
    )
    return 0


def crash_round(folder: Path, seed: int, figures: Figures) -> None:
    finished = killed_story(folder, seed)
    states = expected_states(folder, seed)
    allowed = {state for action, state in states if action >= finished}
    everything = {state for _, state in states}
    saved = folder / "street.labelbrush"
    project = digest(Document(load_project(saved).scene)) if saved.exists() else None
    assert project is None or project in everything, f"seed {seed}: the project is none of ours"
    found = find_abandoned(folder / "journals")
    if found:
        (abandoned,) = found
        state = digest(abandoned.recover().document)
        assert state in allowed, f"seed {seed}: lost a stroke, {finished} were finished"
        figures.recovered += 1
        figures.torn += torn_end(abandoned.folder, random.Random(seed), everything)
        abandoned.release()
    else:
        unchanged = project or states[0][1]
        assert unchanged in allowed, f"seed {seed}: nothing to recover after {finished} actions"
    figures.rounds += 1
    figures.finished += finished


def killed_story(folder: Path, seed: int) -> int:
    """Let a child play, kill it, and return how many actions it had finished by then."""
    rng = random.Random(seed)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            tell_story(folder, seed, lambda action: os.write(writing, b"."))
        finally:
            os._exit(3)  # the story ended before the kill: the round is a mistake
    os.close(writing)
    wanted, heard = rng.randrange(0, 120), 0
    while heard < wanted:
        heard += len(os.read(reading, 1))
    time.sleep(rng.uniform(0, 0.02))  # so that it dies at any point of an action
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"seed {seed}: the child ended by itself, {status}"
    while content := os.read(reading, 4096):
        heard += len(content)
    os.close(reading)
    return heard


def tell_story(folder: Path, seed: int, finished, on_step=None, journaled: bool = True) -> None:
    document, rng = Document(start_scene()), np.random.default_rng(seed)
    if on_step is not None:
        document.step_listeners.append(lambda *_: on_step(document))
    limit = int(rng.integers(3, 40))
    journal = None
    if journaled:
        journal = Journal(folder / "journals", document, Facts("street"), max_steps=limit)
    for action in range(1, ACTIONS + 1):
        if action % SAVE_EVERY == 0 and journal is not None:
            save_project(folder / "street.labelbrush", ProjectFile(document.snapshot()))
            journal.saved(folder / "street.labelbrush")
        play(document, rng)
        assert journal is None or journal.failed is None
        finished(action)


def expected_states(folder: Path, seed: int) -> list[tuple[int, str]]:
    """Every state of the story with the number of the last action finished before it."""
    states: list[tuple[int, str]] = [(0, digest(Document(start_scene())))]
    done = [0]

    def on_step(document: Document) -> None:
        states.append((done[0], digest(document)))

    def finished(action: int) -> None:
        done[0] = action
        states.append((action, states[-1][1]))

    tell_story(folder, seed, finished, on_step, journaled=False)
    return states


def torn_end(folder: Path, rng: random.Random, everything: set[str]) -> int:
    """As after a power cut: the newest file of steps lacks some of its last bytes."""
    newest = max(folder.glob("steps-*.log"))
    size = newest.stat().st_size
    os.truncate(newest, max(0, size - rng.randrange(1, 200)))
    assert digest(read_journal(folder).document) in everything
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
