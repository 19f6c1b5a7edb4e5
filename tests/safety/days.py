"""Edits for as long as somebody might: memory, files and threads stay as they were.

    python -m tests.safety.days --edits 10000 [--checkpoint checkpoints/streets]

A real window without a screen, strokes by mouse events and random edits on the document, the
picture painted after each, the journal written. Prints a table; at last everything is undone and
redone. Exits with 1 when something has grown or got lost.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.main import build_window
from app.rendering.worker import EngineSource, open_engine
from app.settings import Settings
from app.theme import apply_theme
from app.window import MainWindow
from model.scene.document import HISTORY_BYTES
from model.scene.history import History
from model.scene.journal import MAX_BYTES
from tests.app.story import Story
from tests.safety.stories import STUFF, THINGS, digest, play, start_scene

GROWTH = 1.05
KEPT_FILES = 8  # of the journal: lock, keyframes and steps while one replaces another
ROWS = 20


@dataclass(frozen=True, slots=True)
class Measured:
    edits: int
    seconds: int
    memory_mib: float
    handles: int
    threads: int
    journal_files: int
    journal_kib: int
    history_kib: int
    beside_kib: int  # of it: the edits beside the present state, which stay whatever their size
    spilled_kib: int
    undo_steps: int


class Days:
    def __init__(self, app: QApplication, folder: Path, args: argparse.Namespace) -> None:
        self.app, self.folder = app, folder
        self.rng = np.random.default_rng(args.seed)
        self.window: MainWindow = build_window(app, Settings(folder / "settings.ini"), open_engine)
        session = self.window.session
        session.replace_document(start_scene(args.width, args.width // 2), None, "days")
        session.document.history._budget = args.history_kib * 1024
        self.window.show()
        self.window.recovery.start()
        self.window.checkpoints.start(EngineSource(args.checkpoint, session.document.schema))
        self.story, self.started = Story(self.window), time.monotonic()
        self.wait()

    def wait(self) -> None:
        """Until the picture shows the document."""
        controller = self.window.controller
        while not controller.idle or controller.status.loading:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        self.app.processEvents()

    def edit(self) -> None:
        session = self.window.session
        if self.rng.random() < 0.5:
            play(session.document, self.rng)
        else:
            session.choose_label(int(self.rng.choice(STUFF + THINGS)))
            session.set_radius(float(self.rng.uniform(1, 8)))
            bounds = session.document.bounds
            corner = np.array([bounds.width, bounds.height])
            self.story.stroke(*(tuple(each * corner) for each in self.rng.random((3, 2))))
        self.wait()

    def measure(self, edits: int) -> Measured:
        gc.collect()
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        history = self.window.session.document.history
        return Measured(
            edits,
            round(time.monotonic() - self.started),
            resident_mib(),
            len(os.listdir("/proc/self/fd")),
            len(os.listdir("/proc/self/task")),
            len(files),
            sum(path.stat().st_size for path in files) // 1024,
            history.nbytes // 1024,
            beside_bytes(history) // 1024,
            history.spilled_bytes // 1024,
            history.position,
        )

    def undo_and_redo_everything(self, opened: str) -> None:
        document = self.window.session.document
        painted, steps = digest(document), document.history.position
        for _ in range(steps):
            document.undo()
        assert not document.can_undo
        assert digest(document) == opened, "undoing everything did not lead back"
        for _ in range(steps):
            document.redo()
        assert digest(document) == painted, "redoing everything did not lead back"
        self.wait()
        assert self.window.controller.status.exact

    def close(self) -> None:
        session = self.window.session
        session.mark_saved(self.folder / "never.labelbrush", session.state)
        assert self.window.close() and not self.window.left_running
        left = list((self.folder / "data" / "journals").glob("*"))
        assert not left, f"left behind: {left}"


def beside_bytes(history: History) -> int:
    beside = history._entries[max(0, history.position - 1) : history.position + 1]
    return sum(entry.edit.nbytes for entry in beside if entry.edit is not None)


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def troubles(first: Measured, later: list[Measured], history_kib: int) -> list[str]:
    """What has grown since the first measurement, which comes after a tenth of the edits."""
    found = []
    for each in later:
        if each.memory_mib > GROWTH * first.memory_mib:
            found.append(f"memory {first.memory_mib:.0f} to {each.memory_mib:.0f} MiB")
        if each.handles > first.handles + 1:  # the history's file
            found.append(f"handles {first.handles} to {each.handles}")
        if each.threads > first.threads:
            found.append(f"threads {first.threads} to {each.threads}")
        if each.journal_files > KEPT_FILES or each.journal_kib > 3 * MAX_BYTES // 1024:
            found.append(f"journal of {each.journal_files} files, {each.journal_kib} KiB")
        if each.history_kib > max(history_kib, each.beside_kib):
            found.append(f"history of {each.history_kib} KiB")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=512, help="of the picture; half as high")
    parser.add_argument("--history-kib", type=int, default=HISTORY_BYTES // 1024)
    parser.add_argument("--checkpoint", type=Path, help="without one, flat colours")
    args = parser.parse_args()
    app = QApplication(["days", "-platform", "offscreen"])
    apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as place:
        days = Days(app, Path(place), args)
        opened = digest(days.window.session.document)
        print("  ".join(field.name for field in fields(Measured)), flush=True)
        rows: list[Measured] = []
        for edit in range(1, args.edits + 1):
            days.edit()
            if edit % max(1, args.edits // ROWS) == 0:
                rows.append(days.measure(edit))
                values = (
                    f"{value:.1f}" if isinstance(value, float) else value
                    for value in astuple(rows[-1])
                )
                print("  ".join(map(str, values)), flush=True)
        first, later = rows[ROWS // 10 - 1], rows[ROWS // 10 :]
        found = troubles(first, later, args.history_kib)
        days.undo_and_redo_everything(opened)
        days.close()
    growth = max(each.memory_mib for each in later) / first.memory_mib - 1
    print(
        f"{args.edits} edits, {later[-1].undo_steps} undo steps undone and redone; memory "
        f"{100 * growth:+.1f} % at most since edit {first.edits}",
        flush=True,
    )
    print("\n".join(found) or "nothing grew, nothing left behind")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
