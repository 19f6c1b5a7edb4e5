"""WorkerThread: the thread a worker lives on. It is ended in bounded time, or left to itself.

It gives way to the window's thread, with which it shares the processor.
"""

from __future__ import annotations

import logging
import sys

from PySide6.QtCore import QDeadlineTimer, QThread

from app.rendering.worker import RenderWorker
from model.inference.priority import give_way

log = logging.getLogger(__name__)

STACK_BYTES = 16 * 2**20  # the default of some systems is too little for deep networks
_abandoned: list[WorkerThread] = []  # Qt aborts the program when a running thread is destroyed


class _SecondThread(QThread):
    def run(self) -> None:
        give_way()
        self.exec()


class WorkerThread:
    """Runs one worker from the start until stop()."""

    def __init__(self, worker: RenderWorker) -> None:
        self._worker = worker
        self._thread = _SecondThread()
        self._thread.setStackSize(STACK_BYTES)
        worker.moveToThread(self._thread)
        self._thread.finished.connect(worker.deleteLater)
        self._thread.start(QThread.Priority.LowPriority)  # which Linux does not heed

    def stop(self, seconds: float) -> bool:
        """Wait so long for the step of work in hand; whether the thread has ended.

        One that has not is left to itself: nobody can stop a driver that hangs. Should the work
        ever return, the thread ends and its engine is let go.
        """
        self._worker.newest_revision = sys.maxsize
        self._worker.abandoned = True
        self._thread.quit()
        if self._thread.wait(QDeadlineTimer(round(1000 * seconds))):
            return True
        log.warning("a worker does not answer and is left to itself")
        _abandoned.append(self)
        return False

    @property
    def running(self) -> bool:
        return self._thread.isRunning()


def any_left_running() -> bool:
    """Whether a worker that was left to itself is still at it; an ordinary exit would hang."""
    return any(thread.running for thread in _abandoned)
