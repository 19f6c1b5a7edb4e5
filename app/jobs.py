"""Jobs: long work beside the window, one piece after the other, with progress and cancel.

Work runs on a thread of its own and touches nothing of the window's. Files that are opened and
saved go their own way, so that they never wait for an export.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.errors import Notice, notice_of
from app.problems import problem
from app.translation import tr
from model.errors import InputError

log = logging.getLogger(__name__)

SHOWN_AFTER_MS = 150
CLOSING_SECONDS = 10
Report = Callable[[int, int], None]
"""done, of how many; raises Cancelled when the work is not wanted any more."""


class Cancelled(Exception):
    pass


@dataclass(eq=False)
class _Job:
    title: str
    work: Callable[[Report], Any]
    done: Callable[[Any], object] | None
    failed: Callable[[Notice], object] | None
    quick: bool
    cancelled: threading.Event = field(default_factory=threading.Event)
    progress: tuple[int, int] = 0, 0


@dataclass(frozen=True, slots=True)
class _End:
    """How a job ended: with a result, or with what there is to say."""

    result: Any = None
    notice: Notice | None = None


class _Line:
    """A thread that does one piece of work after the other, begun with the first.

    Not Qt's pool: it deletes what it has run, and PySide then takes the next object at that
    address for the deleted one. A daemon: work that hangs does not keep the program from ending.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._waiting.put(work)

    def close(self, seconds: float) -> bool:
        """Let the work in hand and that in line end; whether it did within the time."""
        if self._thread is None:
            return True
        self._waiting.put(None)
        self._thread.join(seconds)
        ended = not self._thread.is_alive()
        if ended:
            self._thread = None
        return ended

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            work()


class Jobs(QObject):
    """Signals:
    changed: a job came or went.
    progressed: done, of how many, of the job that is shown.
    finished: the title of a job that is done.
    noticed: a Notice about one that failed.
    """

    changed = Signal()
    progressed = Signal(int, int)
    finished = Signal(str)
    noticed = Signal(object)
    _reported = Signal(object, int, int)
    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines = {quick: _Line() for quick in (False, True)}
        self._jobs: list[_Job] = []
        self._held: list[tuple[_Job, _End]] = []  # ended while a question was open
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)

    @property
    def idle(self) -> bool:
        return not self._jobs

    @property
    def title(self) -> str:
        """Of the job that is shown."""
        return self._jobs[0].title if self._jobs else ""

    def run(
        self,
        title: str,
        work: Callable[[Report], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Notice], object] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        """Do work beside the window; title says what it is.

        done gets on the window's thread what work returned, failed why there is nothing; without
        them `finished` and `noticed` tell. quick: beside the jobs that are not, before them.
        """
        job = _Job(title, work, done, failed, quick)
        self._jobs.append(job)
        self._jobs.sort(key=lambda each: not each.quick)
        self._lines[quick].put(lambda: self._work(job))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the job that is shown; what it has already written stays."""
        if self._jobs:
            self._jobs[0].cancelled.set()

    def close(self) -> bool:
        """Stop everything; whether it ended. Waits for the step in hand, but not for ever."""
        for job in self._jobs:
            job.cancelled.set()
        return all([line.close(CLOSING_SECONDS) for line in self._lines.values()])

    def _work(self, job: _Job) -> None:
        def report(done: int, total: int) -> None:
            if job.cancelled.is_set():
                raise Cancelled
            self._reported.emit(job, done, total)

        try:
            report(0, 0)
            end = _End(job.work(report))
        except Cancelled:
            end = _End(notice=Notice(tr("{job}: stopped.", job=job.title), serious=False))
        except InputError as error:
            end = _End(notice=Notice(problem(error)))
        except Exception as error:  # the thread's last line of defence
            log.exception("%s failed", job.title)
            end = _End(notice=notice_of(error))
        with suppress(RuntimeError):  # a job that was left to itself outlives the window
            self._ended.emit(job, end)

    def _on_reported(self, job: _Job, done: int, total: int) -> None:
        job.progress = done, total
        if job is self._jobs[0]:
            self.progressed.emit(done, total)

    def _on_ended(self, job: _Job, end: _End) -> None:
        """What follows may ask something, and waits for a question that is open already."""
        self._held.append((job, end))
        self._follow()

    def _follow(self) -> None:
        while self._held:
            asking = QApplication.activeModalWidget()
            if isinstance(asking, QDialog):
                asking.finished.connect(lambda: QTimer.singleShot(0, self._follow))
                return
            self._end(*self._held.pop(0))

    def _end(self, job: _Job, end: _End) -> None:
        self._jobs.remove(job)
        self.changed.emit()  # before what follows
        if self._jobs:
            self.progressed.emit(*self._jobs[0].progress)
        if end.notice is not None:
            (job.failed or self.noticed.emit)(end.notice)
        elif job.done is not None:
            job.done(end.result)
        else:
            self.finished.emit(job.title)


class JobBar(QWidget):
    """What runs and how far it is; hidden for work that is done at once."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.text = QLabel()
        self.bar = QProgressBar()
        self.bar.setMaximumWidth(160)
        self.bar.setAccessibleName(tr("Progress"))
        self.stop = QPushButton(tr("Cancel"))
        self.stop.setAccessibleName(tr("Cancel the work in the background"))
        self.stop.setToolTip(tr("Stop; what is already written stays"))
        self.stop.clicked.connect(jobs.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        for widget in (self.text, self.bar, self.stop):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_AFTER_MS)
        self._timer.timeout.connect(self.show)
        jobs.changed.connect(self._on_changed)
        jobs.progressed.connect(self._on_progress)
        self.hide()

    def _on_changed(self) -> None:
        self.text.setText(self._jobs.title)
        if self._jobs.idle:
            self._timer.stop()
            self.hide()
        elif not self.isVisible() and not self._timer.isActive():
            self.bar.setRange(0, 0)
            self._timer.start()

    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
