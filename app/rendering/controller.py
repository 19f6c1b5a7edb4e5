"""RenderController: one request at the worker, later changes pile up into the next one.

All of its state belongs to the GUI thread, so there are no locks.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QThread, Signal, SignalInstance, Slot

from app.rendering.status import RenderStatus, Stage
from app.rendering.worker import EngineRefusal, EngineSource, OpenedEngine, RenderWorker
from model.inference.request import (
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

STACK_BYTES = 16 * 2**20  # the default of some systems is too little for deep networks


class RenderController(QObject):
    """Signals:
    rendered: a RenderResult and the ScenePatch it answers.
    status_changed: a RenderStatus.
    engine_opened: an OpenedEngine.
    engine_refused: an EngineRefusal.
    failed: a RenderFailure.
    thumbnail: a Thumbnail.
    trial_changed: the Trial to be laid over the picture, or None for none.
    """

    rendered = Signal(object, object)
    status_changed = Signal(object)
    engine_opened = Signal(object)
    engine_refused = Signal(object)
    failed = Signal(object)
    thumbnail = Signal(object)
    trial_changed = Signal(object)

    _open_requested = Signal(object)
    _render_requested = Signal(object)
    _thumbnails_requested = Signal(object, int)
    _trial_requested = Signal(object, int)

    def __init__(
        self, document: Document, worker: RenderWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.worker = worker
        self.status = RenderStatus()
        self.source: EngineSource | None = None
        self._document = document
        self._oldest_revision = document.revision
        self._dirty = EMPTY
        self._resend_all = True  # a new engine knows nothing
        self._busy = False
        self._opening = 0
        self._in_flight: ScenePatch | None = None
        self._thumbnails: ThumbnailRequest | None = None  # those that are still to come
        self._trial: TrialRequest | None = None  # that is still to come
        self._aside: tuple[int, Aside] | None = None  # number and request being painted
        self._thread = QThread(self)
        self._thread.setStackSize(STACK_BYTES)
        self._connect()
        document.listeners.append(self._on_document_changed)
        self._thread.start()

    def _connect(self) -> None:
        worker, queued = self.worker, Qt.ConnectionType.QueuedConnection
        worker.moveToThread(self._thread)
        self._thread.finished.connect(worker.deleteLater)
        self._open_requested.connect(worker.open, queued)
        self._render_requested.connect(worker.render, queued)
        self._thumbnails_requested.connect(worker.paint_thumbnails, queued)
        self._trial_requested.connect(worker.paint_trial, queued)
        worker.opened.connect(self._on_opened, queued)
        worker.refused.connect(self._on_refused, queued)
        worker.rendered.connect(self._on_rendered, queued)
        worker.thumbnail.connect(self._on_thumbnail, queued)
        worker.tried.connect(self._on_tried, queued)
        worker.failed.connect(self._on_failed, queued)
        worker.finished.connect(self._on_finished, queued)

    @property
    def idle(self) -> bool:
        """Nothing is at the worker, and nothing waits that could be sent to it."""
        served = self.source is not None and self.status.stage is not Stage.FAILED
        wished = self._thumbnails is not None or self._trial is not None
        waits = served and (self._has_changes or wished)
        return not (self._busy or self._opening or waits)

    def open_engine(self, source: EngineSource) -> None:
        """Load another engine; the one in use stays until the new one is ready."""
        self._opening += 1
        self._set_status(loading=source.name)
        self._open_requested.emit(source)

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

    def close(self) -> None:
        """Stop the thread; waits for the step of work in hand."""
        self.worker.newest_revision = sys.maxsize
        self._thread.quit()
        self._thread.wait()

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
        elif self._trial is not None:
            self._send_aside(self._trial_requested, self._trial)
        elif self._thumbnails is not None:
            self._send_aside(self._thumbnails_requested, self._thumbnails)

    def _send_aside(self, signal: SignalInstance, request: Aside) -> None:
        self._busy = True
        self._aside = (self.worker.newest_aside, request)
        signal.emit(request, self.worker.newest_aside)

    def _send_patch(self) -> None:
        rect = self._document.bounds if self._resend_all else self._dirty
        self._in_flight = self._document.patch(rect)
        self._resend_all = False
        self._dirty = EMPTY
        self._busy = True
        self._set_status(stage=Stage.PAINTING)
        self._render_requested.emit(self._in_flight)

    @Slot(object)
    def _on_opened(self, opened: OpenedEngine) -> None:
        self._opening -= 1
        self.source = opened.source
        flat = opened.source.path is None
        loading = self.status.loading if self._opening else ""
        self.drop_trial()
        self._set_status(stage=Stage.PAINTING, info=opened.info, loading=loading, flat=flat)
        self.engine_opened.emit(opened)
        self.repaint()

    @Slot(object)
    def _on_refused(self, refusal: EngineRefusal) -> None:
        self._opening -= 1
        self._set_status(loading=self.status.loading if self._opening else "")
        self.engine_refused.emit(refusal)
        self._send()

    @Slot(object)
    def _on_rendered(self, result: RenderResult) -> None:
        if result.revision < self._oldest_revision:
            return  # of the document before this one
        self.rendered.emit(result, self._in_flight)
        if not result.final:
            self._set_status(stage=Stage.DRAFT)
        elif not self._has_changes:
            self._set_status(stage=Stage.EXACT, seconds=result.seconds, held=result.held)

    @Slot(object)
    def _on_thumbnail(self, thumbnail: Thumbnail) -> None:
        wanted = self._thumbnails
        if wanted is not None:
            rest = tuple(style for style in wanted.styles if style != thumbnail.style)
            self._thumbnails = replace(wanted, styles=rest) if rest else None
        self.thumbnail.emit(thumbnail)

    @Slot(object)
    def _on_tried(self, trial: Trial) -> None:
        if trial.request is self._trial:
            self._trial = None
            self.trial_changed.emit(trial)

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
        self._end_aside()
        if self.status.stage is not Stage.FAILED or self._dirty:  # the same would fail for ever
            self._send()

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
