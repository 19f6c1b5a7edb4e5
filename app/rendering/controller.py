"""RenderController: one request at the worker, later changes pile up into the next one.

All of its state belongs to the GUI thread, so there are no locks.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, SignalInstance, Slot

from app.rendering.status import RenderStatus, Stage
from app.rendering.watchdog import Patience, Watchdog
from app.rendering.worker import EngineRefusal, EngineSource, OpenedEngine, RenderWorker
from app.rendering.worker_thread import WorkerThread
from app.translation import tr
from model.inference.request import (
    BorrowRequest,
    FailureKind,
    RenderFailure,
    RenderResult,
    Thumbnail,
    ThumbnailRequest,
    Trial,
    TrialRequest,
)
from model.scene.document import Change, Document
from model.scene.geometry import EMPTY
from model.scene.scene import ScenePatch

Aside = ThumbnailRequest | TrialRequest
"""What is painted beside the picture, while nothing else is to be painted."""

RESTART_SECONDS = 0.2  # what an idle worker may take to end


class RenderController(QObject):
    """Signals:
    rendered: a RenderResult and the ScenePatch it answers.
    status_changed: a RenderStatus.
    engine_opened: an OpenedEngine.
    engine_refused: an EngineRefusal.
    failed: a RenderFailure; of the kind STUCK when the worker has not answered for very long.
    thumbnail: a Thumbnail.
    trial_changed: the Trial to be laid over the picture, or None for none.
    borrowed: a Borrowed.
    """

    rendered = Signal(object, object)
    status_changed = Signal(object)
    engine_opened = Signal(object)
    engine_refused = Signal(object)
    failed = Signal(object)
    thumbnail = Signal(object)
    trial_changed = Signal(object)
    borrowed = Signal(object)

    _open_requested = Signal(object)
    _render_requested = Signal(object)
    _thumbnails_requested = Signal(object, int)
    _trial_requested = Signal(object, int)
    _borrow_requested = Signal(object)

    def __init__(
        self,
        document: Document,
        worker: RenderWorker,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.worker = worker
        self.status = RenderStatus()
        self.source: EngineSource | None = None
        self.asked: EngineSource | None = None  # being opened, or else the one in use
        self._document = document
        self._oldest_revision = document.revision
        self._dirty = EMPTY
        self._resend_all = True  # a new engine knows nothing
        self._has_engine = False  # at the worker there is now
        self._busy = False
        self._opening = 0
        self._in_flight: ScenePatch | None = None
        self._answered = True  # whether a result came for it
        self._thumbnails: ThumbnailRequest | None = None  # those that are still to come
        self._trial: TrialRequest | None = None  # that is still to come
        self._aside: tuple[int, Aside] | None = None  # number and request being painted
        self._borrow: BorrowRequest | None = None
        self._watchdog = Watchdog(patience or Patience(), self)
        self._watchdog.overdue.connect(self._on_overdue)
        self._connect()
        self._thread = WorkerThread(worker)
        document.listeners.append(self._on_document_changed)

    def _connect(self) -> None:
        worker, queued = self.worker, Qt.ConnectionType.QueuedConnection
        self._open_requested.connect(worker.open, queued)
        self._render_requested.connect(worker.render, queued)
        self._thumbnails_requested.connect(worker.paint_thumbnails, queued)
        self._trial_requested.connect(worker.paint_trial, queued)
        self._borrow_requested.connect(worker.borrow, queued)
        worker.opened.connect(self._on_opened, queued)
        worker.refused.connect(self._on_refused, queued)
        worker.rendered.connect(self._on_rendered, queued)
        worker.thumbnail.connect(self._on_thumbnail, queued)
        worker.tried.connect(self._on_tried, queued)
        worker.borrowed.connect(self.borrowed, queued)
        worker.failed.connect(self._on_failed, queued)
        worker.finished.connect(self._on_finished, queued)

    @property
    def idle(self) -> bool:
        """Nothing is at the worker, and nothing waits that could be sent to it."""
        served = self.source is not None and self.status.stage is not Stage.FAILED
        asides = (self._thumbnails, self._trial, self._borrow)
        wished = any(request is not None for request in asides)
        waits = served and (self._has_changes or wished)
        return not (self._busy or self._opening or waits)

    def open_engine(self, source: EngineSource) -> None:
        """Load another engine; the one in use stays until the new one is ready."""
        if self.status.silent:
            self._replace_worker()
        self._opening += 1
        self.asked = source
        self._set_status(loading=source.name, silent=0)
        self._watchdog.watch(self._watchdog.patience.opening)
        self._open_requested.emit(source)

    def restart(self, device: str | None = None) -> None:
        """Open the engine anew at a new worker, on another device if one is named.

        A worker that does not answer is left to itself.
        """
        if self.asked is None:
            return
        self._replace_worker()
        chosen = {} if device is None else {"device": device, "precision": "auto"}
        self.open_engine(replace(self.asked, **chosen))

    def set_document(self, document: Document) -> None:
        """Paint another document, whose revision must be newer than any before."""
        if document.revision <= self._document.revision:
            raise ValueError(f"revision {document.revision} follows {self._document.revision}")
        self._document.listeners.remove(self._on_document_changed)
        document.listeners.append(self._on_document_changed)
        self._document = document
        self._oldest_revision = document.revision
        self.repaint()

    def repaint(self) -> None:
        """Paint the whole scene again."""
        self._resend_all = True
        self.worker.newest_revision = self._document.revision
        self._send()

    def set_hold_still(self, wanted: bool) -> None:
        """Whether later changes of style keep the rest of the picture; off shows the network's."""
        self.worker.hold_still = wanted
        if not wanted and self.status.held:
            self.repaint()

    def ask_thumbnails(self, request: ThumbnailRequest) -> None:
        """Paint thumbnails once the picture is exact; a change of the document drops them."""
        self.drop_thumbnails()
        self._thumbnails = request
        self._send()

    def drop_thumbnails(self) -> None:
        self._thumbnails = None
        self.worker.newest_aside += 1

    def ask_trial(self, request: TrialRequest) -> None:
        """Show a style on the picture before it is chosen; thumbnails go on afterwards.

        Only the newest is painted. The one shown stays until then, so that nothing flickers.
        """
        self._trial = request
        self.worker.newest_aside += 1
        self._set_status(trial=request.name)
        self._send()

    def drop_trial(self) -> None:
        """Show the picture as it is."""
        if self._trial is not None or self.status.trial:
            self.worker.newest_aside += 1
            self._forget_trial()
            self.trial_changed.emit(None)

    def _forget_trial(self) -> None:
        self._trial = None
        self._set_status(trial="")

    def ask_borrow(self, request: BorrowRequest) -> None:
        """Ask for the styles of a photo; of requests that wait, the newest is answered."""
        self._borrow = request
        self._send()

    def close(self) -> bool:
        """Stop the thread, waiting for the step in hand but not for ever; whether it ended."""
        self._watchdog.stop()
        return self._thread.stop(self._watchdog.patience.closing)

    def _replace_worker(self) -> None:
        old = self.worker
        old.disconnect(self)
        requests = self._open_requested, self._render_requested
        asides = self._thumbnails_requested, self._trial_requested, self._borrow_requested
        for signal in (*requests, *asides):
            signal.disconnect()
        QCoreApplication.removePostedEvents(self, QEvent.Type.MetaCall)  # what it still had to say
        self.worker = RenderWorker(old.open_renderer)
        self.worker.hold_still = old.hold_still
        self.worker.newest_revision = self._document.revision
        self.worker.newest_aside = old.newest_aside
        self._thread.stop(RESTART_SECONDS)
        self._connect()
        self._thread = WorkerThread(self.worker)
        self._busy, self._opening, self._aside = False, 0, None
        self._has_engine = False

    @property
    def _has_changes(self) -> bool:
        return self._resend_all or bool(self._dirty)

    def _on_document_changed(self, change: Change) -> None:
        self._dirty = self._dirty.union(change.rect)
        self.worker.newest_revision = change.revision  # the pass in flight may stop early
        self._thumbnails = None
        self._forget_trial()
        self._send()

    def _send(self) -> None:
        if self._has_changes and self.status.stage is not Stage.FLAT:
            self._set_status(stage=Stage.PAINTING)
        if self._busy or self._opening or self.source is None:
            return
        if self._has_changes:
            self._send_patch()
        elif self._borrow is not None:
            borrow, self._borrow = self._borrow, None
            self._busy = True
            self._watchdog.watch(self._watchdog.patience.opening)  # the encoder may be loaded
            self._borrow_requested.emit(borrow)
        elif self._trial is not None:
            self._send_aside(self._trial_requested, self._trial)
        elif self._thumbnails is not None:
            self._send_aside(self._thumbnails_requested, self._thumbnails)

    def _send_aside(self, signal: SignalInstance, request: Aside) -> None:
        self._busy = True
        self._expect_frame()
        self._aside = (self.worker.newest_aside, request)
        signal.emit(request, self.worker.newest_aside)

    def _send_patch(self) -> None:
        rect = self._document.bounds if self._resend_all else self._dirty
        self._in_flight = self._document.patch(rect)
        self._answered = False
        self._resend_all = False
        self._dirty = EMPTY
        self._busy = True
        self._set_status(stage=Stage.PAINTING)
        self._expect_frame()
        self._render_requested.emit(self._in_flight)

    def _expect_frame(self) -> None:
        self._watchdog.watch(self._watchdog.limit(self._pixels))

    @property
    def _pixels(self) -> int:
        return self._document.bounds.width * self._document.bounds.height

    @Slot(object)
    def _on_opened(self, opened: OpenedEngine) -> None:
        self._watchdog.forget()
        self._has_engine = True
        self._on_open_ended()
        self.source = opened.source
        flat = opened.source.path is None
        loading = self.status.loading if self._opening else ""
        self.drop_trial()
        self._set_status(
            stage=Stage.PAINTING, info=opened.info, loading=loading, flat=flat, silent=0
        )
        self._resend_all = True  # also when somebody edits as soon as they hear of it
        self.engine_opened.emit(opened)
        self.repaint()

    def _on_open_ended(self) -> None:
        self._opening -= 1
        if self._opening:
            self._watchdog.watch(self._watchdog.patience.opening)
        else:
            self._watchdog.stop()

    @Slot(object)
    def _on_refused(self, refusal: EngineRefusal) -> None:
        self._on_open_ended()
        if not self._has_engine:
            self.source = None
        if not self._opening:  # or else that is what was asked for
            self.asked = self.source or refusal.source
        self._set_status(loading=self.status.loading if self._opening else "", silent=0)
        self.engine_refused.emit(refusal)
        self._send()

    @Slot(object)
    def _on_rendered(self, result: RenderResult) -> None:
        self._on_sign()
        self._answered = True
        if result.final:
            self._watchdog.measured(self._pixels, result.seconds)
        if result.revision < self._oldest_revision:
            return  # of the document before this one
        self.rendered.emit(result, self._in_flight)
        self._set_status(economies=result.economies)
        if not result.final:
            self._set_status(stage=Stage.DRAFT)
        elif not self._has_changes:
            self._set_status(
                stage=Stage.EXACT,
                seconds=result.seconds,
                held=result.held,
                compiled=result.compiled,
            )

    @Slot(object)
    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        self._on_sign()
        wanted = self._thumbnails
        about = thumbnail.revision, thumbnail.instance_id
        if wanted is None or about != (wanted.revision, wanted.instance_id):
            return  # of something asked for before
        rest = tuple(style for style in wanted.styles if style != thumbnail.style)
        self._thumbnails = replace(wanted, styles=rest) if rest else None
        self.thumbnail.emit(thumbnail)

    @Slot(object)
    def _on_tried(self, trial: Trial) -> None:
        self._on_sign()
        if trial.request is self._trial:
            self._trial = None
            self.trial_changed.emit(trial)

    def _on_sign(self) -> None:
        self._watchdog.sign()
        self._set_status(silent=0)

    @Slot(float)
    def _on_overdue(self, seconds: float) -> None:
        self._set_status(silent=round(seconds))
        silence = tr("no answer for {seconds} s", seconds=round(seconds))
        self.failed.emit(
            RenderFailure(self._document.revision, silence, silence, FailureKind.STUCK)
        )

    @Slot(object)
    def _on_failed(self, failure: RenderFailure) -> None:
        self._resend_all = True  # the engine's copy of the scene may be half written
        self._thumbnails = None
        self.drop_trial()
        self._set_status(stage=Stage.FAILED)
        self.failed.emit(failure)

    @Slot()
    def _on_finished(self) -> None:
        self._busy = False
        self._watchdog.stop()
        self._set_status(silent=0)
        self._end_aside()
        self._take_back()
        if self.status.stage is not Stage.FAILED or self._dirty:  # the same would fail for ever
            self._send()

    def _take_back(self) -> None:
        """A patch that was given up without a result goes with the next, so that the result of that
        one is known to show both."""
        if not self._answered and self._in_flight and self.status.stage is not Stage.FAILED:
            self._dirty = self._dirty.union(self._in_flight.rect)
        self._answered = True

    def _end_aside(self) -> None:
        """What was painted to its end is done with; what was interrupted is asked for again."""
        number, request = self._aside or (None, None)
        self._aside = None
        if number != self.worker.newest_aside:
            return
        if isinstance(request, ThumbnailRequest):
            self._thumbnails = None
        elif request is self._trial:  # styles change nothing here
            self._trial = None

    def _set_status(self, **changes: object) -> None:
        status = replace(self.status, **changes)
        if status != self.status:
            self.status = status
            self.status_changed.emit(status)
