"""Gives every crafted file to its reader, each in a process of its own with little memory.

    python -m tests.hostile.rounds

A reader refuses the file with one sentence that names it, or opens it where that is expected. It
may take 1 GiB more than the program itself before an allocation fails, 5 seconds of work, and may
neither write anything nor leave a file open. Prints one line; exits with 1 when a file was not
treated so.
"""

from __future__ import annotations

import argparse
import os
import pickle
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError
from tests.hostile.crafting import OPENS, Crafted
from tests.hostile.readers import READERS
from tests.versions.write import fixture

GIB = 2**30
CPU_SECONDS = 5
WALL_SECONDS = 120  # a reader that waits does no work; the machine may be busy
MARKS = (Path("/tmp/labelbrush-was-here"),)


@dataclass(frozen=True)
class Outcome:
    """What a reader did; sentence is empty when the file was opened."""

    sentence: str
    changed: bool  # files were written or left open
    peak: int = 0  # bytes of memory, the program included


@dataclass(frozen=True)
class Made:
    """A crafted file that lies on the disk; fields as in Crafted."""

    name: str
    reader: str
    path: Path
    refusal: str | None
    folder: Path


def all_files() -> list[Crafted]:
    from tests.hostile import checkpoints, pictures, projects

    return [*pictures.FILES, *projects.FILES, *checkpoints.FILES]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="only files whose name has this")
    args = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="hostile-"))
    troubles, peaks = [], []
    try:
        files = made(root, args.pattern)
        shutil.copy(fixture("state", 2), root / "state.pt")
        READERS["state"](root)  # what torch loads late is loaded now
        for crafted in files:
            try:
                peaks.append(one_round(crafted))
            except AssertionError as error:
                troubles.append(f"{crafted.name}: {error}")
    finally:
        shutil.rmtree(root)
    print(
        f"{len(files)} files, {len({each.reader for each in files})} readers, "
        f"{len(troubles)} not treated as expected; at most {max(peaks, default=0) >> 20} MiB "
        "of memory, the program included"
    )
    print("\n".join(troubles), end="")
    return 1 if troubles else 0


def made(root: Path, pattern: str) -> list[Made]:
    """Writes all files whose name has the pattern, in a child: making them takes memory."""

    def make() -> list[Made]:
        found = []
        for number, crafted in enumerate(all_files()):
            if pattern in crafted.name:
                folder = root / str(number)
                folder.mkdir()
                path = crafted.make(folder)
                found.append(Made(crafted.name, crafted.reader, path, crafted.refusal, folder))
        return found

    (root / "list").write_bytes(b"")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            (root / "list").write_bytes(pickle.dumps(make()))
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0, "the files could not be made"
    return pickle.loads((root / "list").read_bytes())


def one_round(crafted: Made) -> int:
    """Peak memory in bytes. Raises AssertionError when anything is not as expected."""
    outcome = in_a_child(lambda: READERS[crafted.reader](crafted.path), crafted.folder)
    assert not outcome.changed, "files were written or left open"
    assert outcome.peak < GIB, f"{outcome.peak >> 20} MiB of memory"
    if crafted.refusal is OPENS:
        assert not outcome.sentence, f"refused: {outcome.sentence}"
    else:
        check_sentence(outcome.sentence, crafted.refusal, crafted.folder)
    return outcome.peak


def check_sentence(sentence: str, expected: str, folder: Path) -> None:
    assert sentence, "was opened"
    assert re.search(expected, sentence), f"says: {sentence}"
    assert str(folder) in sentence, f"names no file: {sentence}"
    assert sentence.isprintable() and len(sentence) < 1200, f"is no sentence: {sentence!r}"


def in_a_child(read: Callable[[], object], folder: Path) -> Outcome:
    """What becomes of a reader with limits; AssertionError when it fails in any other way."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            limit()
            outcome: object = attempt(read, folder)
        except BaseException as error:
            outcome = f"{type(error).__name__}: {error}"
        os.write(writing, pickle.dumps(outcome)[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status, usage = os.wait4(child, 0)
    if os.WIFSIGNALED(status):
        raise AssertionError(f"ended by {signal.Signals(os.WTERMSIG(status)).name}")
    outcome = pickle.loads(answer)
    if not isinstance(outcome, Outcome):
        raise AssertionError(f"failed with {outcome}")
    return Outcome(outcome.sentence, outcome.changed, usage.ru_maxrss * 1024)


def limit() -> None:
    most = own_bytes(virtual=True) + GIB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    signal.alarm(WALL_SECONDS)


def attempt(read: Callable[[], object], folder: Path) -> Outcome:
    before = traces(folder)
    sentence = ""
    try:
        read()
    except InputError as error:
        sentence = str(error)
    return Outcome(sentence, traces(folder) != before)


def traces(folder: Path) -> tuple[object, ...]:
    """What a reader could leave: files, and open ones."""
    found = sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))
    return found, len(os.listdir("/proc/self/fd")), [mark.exists() for mark in MARKS]


def own_bytes(virtual: bool = False) -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[0 if virtual else 1]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())
