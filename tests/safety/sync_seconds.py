"""How long a finished stroke is not yet on the disk itself: what a power cut can take.

    python -m tests.safety.sync_seconds --strokes 400

Plays a story on a picture of 2048x1024 with compactions in between, a stroke every 50 ms, and
measures from the moment a step was handed to the system until the disk was asked and said yes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from model.scene.document import Document
from model.scene.journal import Journal
from model.scene.journal_records import Facts, RecordFile
from tests.safety.stories import act, start_scene

PAUSE = 0.05  # seconds between strokes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=400)
    args = parser.parse_args()
    waiting: list[float] = []
    waited: list[float] = []

    class Timed(RecordFile):
        def append(self, *record) -> None:
            super().append(*record)
            waiting.append(time.monotonic())

        def sync(self) -> None:
            covered = len(waiting)
            super().sync()
            now = time.monotonic()
            waited.extend(now - since for since in waiting[:covered])
            del waiting[:covered]

    import model.scene.journal as journal_module

    journal_module.RecordFile = Timed  # type: ignore[misc]
    document, rng = Document(start_scene(2048, 1024)), np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as root:
        journal = Journal(Path(root), document, Facts("street"), max_steps=100)
        for _ in range(args.strokes):
            act("brush", document, rng)
            time.sleep(PAUSE)
        journal.close(delete=True)
    waited.sort()
    middle, last = waited[len(waited) // 2], waited[-1]
    print(f"{len(waited)} records, on the disk after {middle:.3f} s (median), {last:.2f} s at most")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
