"""Interrupts that wait for the end of a step or of a save, so that no state is half updated."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """SIGINT and SIGTERM as KeyboardInterrupt, at once or at the end of what is `held`."""

    def __init__(self) -> None:
        self._depth = 0
        self._waiting = False

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While inside, both signals come here.

        Also in the background, where a shell has interrupts ignored.
        """
        names = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(name, self._arrived) for name in names]
        try:
            yield
        finally:
            for name, handler in zip(names, before, strict=True):
                signal.signal(name, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done inside is done whole; an interrupt is raised at the end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        if self._waiting and not self._depth:
            self._waiting = False
            raise KeyboardInterrupt

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        if not self._depth:
            raise KeyboardInterrupt
        self._waiting = True
