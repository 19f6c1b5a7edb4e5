"""RenderWorker: runs the engine on its own thread. Everything that goes in or out is frozen.

The only place of the editor that reaches the engine, and only once a checkpoint is opened:
importing torch takes seconds and happens on the worker's thread.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.translation import tr
from model.errors import InputError, SchemaError
from model.inference.failure import kind_of
from model.inference.flat import FlatRenderer
from model.inference.held_pictures import HeldPictures
from model.inference.preload import import_for_good
from model.inference.request import (
    DEFAULT_LIMITS,
    Borrowed,
    BorrowRequest,
    EngineInfo,
    Limits,
    Pixels,
    Renderer,
    RenderFailure,
    RenderResult,
    Superseded,
    ThumbnailRequest,
    TrialRequest,
)
from model.scene.labels import LabelSchema
from model.scene.scene import Scene, ScenePatch

log = logging.getLogger(__name__)

LONGEST_WAIT = 0.5  # seconds after which work beside the picture looks whether it is cancelled
Paint = Callable[[Scene, Callable[[], object]], Pixels]
"""The picture of a scene; the second argument is called now and then, and may raise to stop."""


@dataclass(frozen=True, slots=True)
class EngineSource:
    """Which engine to open.

    Attributes:
        path: checkpoint folder or file; None for flat colours.
        schema: of the document it is for.
        split: meaning of the input channels, when the checkpoint does not say.
        limits: of memory.
    """

    path: Path | None
    schema: LabelSchema
    device: str = "auto"
    precision: str = "auto"
    split: str | None = None
    style_seed: int = 0
    limits: Limits = DEFAULT_LIMITS

    @property
    def name(self) -> str:
        return tr("flat colours") if self.path is None else self.path.name


@dataclass(frozen=True, slots=True)
class OpenedEngine:
    """An engine that is ready.

    Attributes:
        splits: more than one when the meaning of the input channels is a guess, which comes first.
    """

    source: EngineSource
    info: EngineInfo
    splits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineRefusal:
    """Why an engine could not be opened; details are empty when the message says it all."""

    source: EngineSource
    message: str
    details: str


OpenRenderer = Callable[[EngineSource], tuple[Renderer, tuple[str, ...]]]


class RenderWorker(QObject):
    """Signals:
    opened: an OpenedEngine, which serves every later request.
    refused: an EngineRefusal; an engine opened before stays in use.
    rendered: a RenderResult; previews first, the final one last.
    thumbnail: a Thumbnail; tried: a Trial; borrowed: a Borrowed.
    failed: a RenderFailure; the request is done with.
    finished: the request, whatever it was for, is done with.
    """

    opened = Signal(object)
    refused = Signal(object)
    rendered = Signal(object)
    thumbnail = Signal(object)
    tried = Signal(object)
    borrowed = Signal(object)
    failed = Signal(object)
    finished = Signal()

    def __init__(self, open_renderer: OpenRenderer) -> None:
        super().__init__()  # no parent: it moves to another thread
        self.open_renderer = open_renderer
        self._renderer: Renderer | None = None
        self._held = HeldPictures()
        self.hold_still = True  # the GUI thread sets it, this thread only reads it
        self.newest_revision = 0  # the GUI thread raises both, this thread only reads them
        self.newest_aside = 0  # number of the newest wish for thumbnails or a trial, or for none
        self.abandoned = False  # another worker has taken over; set by the GUI thread
        self._turn = threading.Lock()  # held by the thread that paints
        self._asked_for = 0  # how many of this thread's requests wait for their turn or paint
        self._own_done = threading.Event()  # none does
        self._logged = ""
        self._slowest = 0.0

    @Slot(object)
    def open(self, source: EngineSource) -> None:
        try:
            renderer, splits = self.open_renderer(source)
        except InputError as error:
            self.refused.emit(EngineRefusal(source, str(error), ""))
        except Exception as error:
            log.exception("opening %s failed", source.name)
            message = tr("{file} could not be opened: {error}.", file=source.name, error=error)
            self.refused.emit(EngineRefusal(source, message, traceback.format_exc()))
        else:
            with self._own_turn():
                self._renderer, self._slowest = renderer, 0.0
            info = renderer.info
            engine = info.checkpoint_name, info.device, info.precision, info.load_seconds
            log.info("opened %s on %s in %s, %.1f s", *engine)
            self._held.forget()
            self.opened.emit(OpenedEngine(source, renderer.info, splits))

    @Slot(object)
    def render(self, patch: ScenePatch) -> None:
        def superseded() -> bool:
            return self.newest_revision > patch.revision

        with self._request(patch.revision) as renderer:
            self._held.take(patch)
            for result in renderer.render(patch, superseded):
                self._note_time(patch, result)
                self.rendered.emit(self._held.shown(result, self.hold_still))

    @Slot(object, int)
    def paint_thumbnails(self, request: ThumbnailRequest, number: int) -> None:
        with self._request(request.revision) as renderer:
            superseded = self._aside(request.revision, number)
            for thumbnail in renderer.thumbnails(request, superseded):
                self.thumbnail.emit(thumbnail)

    @Slot(object, int)
    def paint_trial(self, request: TrialRequest, number: int) -> None:
        with self._request(request.revision) as renderer:
            trial = renderer.trial(request, self._aside(request.revision, number))
            if trial is not None:
                self.tried.emit(trial)

    def _aside(self, revision: int, number: int) -> Superseded:
        """Whether something newer waits; a stroke counts as much as another wish."""
        return lambda: self.newest_revision > revision or self.newest_aside > number

    def painter(self) -> Paint:
        """Paints whole scenes on the thread that calls it, with the engine that is open now.

        Requests of this worker come first: a frame in hand is given up for them and begun again.
        The painter raises InputError once another engine is open.
        """
        renderer = self._renderer

        def paint(scene: Scene, report: Callable[[], object]) -> Pixels:
            while True:
                report()
                if not self._turn.acquire(timeout=LONGEST_WAIT):
                    continue
                try:
                    if self.abandoned or renderer is None or renderer is not self._renderer:
                        raise InputError(tr("Another checkpoint was opened meanwhile; try again."))
                    pixels = renderer.picture_unless(scene, lambda: self._asked_for > 0)
                finally:
                    self._turn.release()
                if pixels is not None:
                    return pixels
                self._own_done.wait(LONGEST_WAIT)

        return paint

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        self._asked_for += 1
        self._own_done.clear()
        try:
            with self._turn:
                yield
        finally:
            self._asked_for -= 1
            if not self._asked_for:
                self._own_done.set()

    @Slot(object)
    def borrow(self, request: BorrowRequest) -> None:
        """What goes wrong with a photo is said, but is no failure to paint."""
        try:
            if self._renderer is None:
                raise RuntimeError("no engine is open")
            with self._own_turn():
                styles = self._renderer.borrow(request)
            self.borrowed.emit(Borrowed(request, styles))
        except Exception as error:  # as in _request
            if not isinstance(error, InputError):
                log.exception("borrowing a style failed")
            self.borrowed.emit(Borrowed(request, {}, str(error) or type(error).__name__))
        finally:
            self.finished.emit()

    @contextmanager
    def _request(self, revision: int) -> Iterator[Renderer]:
        try:
            with self._own_turn():
                if self._renderer is None:
                    raise RuntimeError("no engine is open")
                yield self._renderer
        except Exception as error:  # the thread's last line of defence: report it, stay alive
            self._held.forget()
            self._log(revision, error)
            message = str(error) or type(error).__name__
            details = traceback.format_exc()
            self.failed.emit(RenderFailure(revision, message, details, kind_of(error)))
        finally:
            self.finished.emit()
            if self.abandoned:
                self._renderer = None

    def _note_time(self, patch: ScenePatch, result: RenderResult) -> None:
        """For the log: the first exact frame of an engine, and those much slower than before."""
        if result.final and result.seconds > 1.5 * self._slowest:
            self._slowest = result.seconds
            height, width = patch.size
            log.info("exact frame of %d x %d: %.2f s", width, height, result.seconds)

    def _log(self, revision: int, error: Exception) -> None:
        """The traceback once: while somebody paints, the same may fail a hundred times a second."""
        if repr(error) != self._logged:
            self._logged = repr(error)
            log.exception("work on revision %d failed", revision)


def open_engine(source: EngineSource) -> tuple[Renderer, tuple[str, ...]]:
    """The engine for a source, and the channel splits it may have if that was a guess.

    Raises InputError when the checkpoint cannot be used or is for another label schema.
    """
    if source.path is None:
        return FlatRenderer(source.schema), ()
    import_for_good("model.inference.engine")
    from model.inference.engine import Engine

    # isort: split
    from model.checkpoint import open_checkpoint  # after the engine, which prepares for torch

    checkpoint = open_checkpoint(source.path, source.split)
    if checkpoint.schema_name != source.schema.name and not checkpoint.conditioning.rgb:
        raise SchemaError(
            tr(
                "{checkpoint} is for the label schema {theirs}, but this picture uses the "
                "label schema {ours}; open a checkpoint that fits.",
                checkpoint=source.path.name,
                theirs=repr(checkpoint.schema_name),
                ours=repr(source.schema.name),
            )
        )
    engine = Engine(
        checkpoint,
        source.device,
        source.precision,
        source.style_seed,
        schema=source.schema,
        limits=source.limits,
    )
    return engine, checkpoint.splits if checkpoint.split_is_guess else ()
