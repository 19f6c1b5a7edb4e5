"""A data folder that is still being written: new frames are decoded beside the training."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from model.scene.frame_files import FrameFiles, find_frames
from model.training.frames import FrameCache

RESCAN_SECONDS = 20.0


class GrowingData:
    """The training frames of a folder, as far as they are decoded."""

    def __init__(self, folder: Path, cache: FrameCache, *, rgb: bool, workers: int) -> None:
        self._folder, self._cache, self._rgb, self._workers = folder, cache, rgb, workers
        self._pool, self._stop = ThreadPoolExecutor(1), threading.Event()
        self._search: Future[list[FrameFiles]] | None = None
        self._searched = time.monotonic()

    def found(self) -> list[FrameFiles] | None:
        """All frames there are, once those of a search are decoded; else None, without waiting.

        Raises InputError where a file cannot be read.
        """
        now = time.monotonic()
        if self._search is None and now - self._searched > RESCAN_SECONDS:
            self._search, self._searched = self._pool.submit(self._load), now
        if self._search is None or not self._search.done():
            return None
        search, self._search = self._search, None
        return search.result()

    def close(self) -> None:
        """Waits for the frames that are being decoded, and leaves the others."""
        self._stop.set()
        self._pool.shutdown()

    def _load(self) -> list[FrameFiles]:
        frames = find_frames(self._folder, "train", rgb=self._rgb, growing=True)
        self._cache.preload(frames, self._workers, self._stop)
        return frames
