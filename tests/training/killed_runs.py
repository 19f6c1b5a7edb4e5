"""Trains one run unbroken, and the same run killed ten times at random and resumed.

A process of its own: the runs are forked from it, so that torch is imported once, and nothing
may have trained in a process that forks.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
from pathlib import Path

import torch

from main import main

KILLS = 10


def unbroken(words: list[str]) -> None:
    torch.set_num_threads(1)
    sys.exit(main(words))


def start(words: list[str]) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=unbroken, args=(words,))
    process.start()
    return process


def run(folder: Path, words: list[str]) -> list[int]:
    """The step that was saved last at each kill; the runs are in `whole` and `killed`."""
    whole = start([*words, "--out", str(folder / "whole")])
    whole.join()
    if whole.exitcode:
        sys.exit(whole.exitcode)
    rng, steps = random.Random(0), []
    state = folder / "killed" / "state.pt"
    words = [*words, "--out", str(folder / "killed")]
    while len(steps) < KILLS:
        process = start([*words, "--resume"] if state.exists() else words)
        wait_for_saves(process, state, rng.randint(1, 4))
        process.join(rng.uniform(0, 0.1))  # anywhere in a step or in a save
        if not process.is_alive():
            sys.exit(f"ended with {process.exitcode} before it was killed {KILLS} times")
        process.kill()
        process.join()
        steps.append(torch.load(state)["step"])
    last = start([*words, "--resume"])
    last.join()
    if last.exitcode:
        sys.exit(last.exitcode)
    return steps


def wait_for_saves(process: multiprocessing.process.BaseProcess, state: Path, count: int) -> None:
    """Until the state was replaced so many times."""
    seen = state.stat().st_mtime_ns if state.exists() else 0
    while count and process.is_alive():
        process.join(0.002)
        newest = state.stat().st_mtime_ns if state.exists() else 0
        count -= newest != seen
        seen = newest


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2:])))
