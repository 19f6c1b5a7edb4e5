"""Opening checkpoints: which one at the start, on request, and when the document changes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.dialogs.memory import MemoryDialog
from app.dialogs.split import SplitDialog
from app.errors import Notice
from app.rendering.controller import RenderController
from app.rendering.worker import EngineRefusal, EngineSource, OpenedEngine
from app.session import EditorSession
from app.settings import Settings
from app.translation import tr
from model.inference.request import EngineInfo, Limits
from model.scene.labels import LabelSchema

BUNDLED = Path(__file__).parent.parent / "checkpoints"
DESCRIPTION = "checkpoint.json"
PREFERRED = "streets"


class Checkpoints(QObject):
    """Keeps an engine open that fits the document's label schema; flat colours if none does.

    Signals:
    opened: an OpenedEngine, which paints from now on.
    """

    opened = Signal(object)

    def __init__(
        self,
        session: EditorSession,
        controller: RenderController,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._controller = controller
        self._settings = settings
        self._window = window
        self._template = EngineSource(None, session.document.schema)  # device and the like
        self._wanted: EngineSource | None = None  # while it is being opened
        self._otherwise: Path | None = None  # if that is refused and nothing is open yet
        self._info: EngineInfo | None = None  # of the engine in use
        controller.engine_opened.connect(self._on_opened)
        controller.engine_refused.connect(self._on_refused)
        session.document_replaced.connect(self._close_unfit)

    def start(self, source: EngineSource, otherwise: Path | None = None) -> None:
        """Open the first engine; its device and precision hold for every later one.

        otherwise: the checkpoint to open when that one is refused, instead of flat colours.
        """
        self._template = source
        self._open(source, None if otherwise == source.path else otherwise)

    def open(
        self, path: Path | None, split: str | None = None, schema: LabelSchema | None = None
    ) -> None:
        """Open a checkpoint, or with None show flat colours.

        schema: of the document that is about to be opened, instead of the one that is.
        """
        schema = schema or self._session.document.schema
        seed = self._session.style_seed
        self._open(replace(self._template, path=path, split=split, schema=schema, style_seed=seed))

    def _open(self, source: EngineSource, otherwise: Path | None = None) -> None:
        self._wanted, self._otherwise = source, otherwise
        self._controller.open_engine(source)

    def ask_limits(self) -> None:
        """Ask how much memory the engine may take, and open it anew with that."""
        dialog = MemoryDialog(self._window, limits_of(self._settings))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.limit(dialog.limits))
        dialog.open()

    def limit(self, limits: Limits) -> None:
        self._settings.set("memory/painting", limits.painting_mib or 0)
        self._settings.set("memory/recording", limits.recording_mib)
        self._template = replace(self._template, limits=limits)
        newest = self._newest
        if newest is not None:
            self._open(replace(newest, limits=limits), self._otherwise)

    def restart(self, device: str | None = None) -> None:
        """Open the engine anew at a new worker; a device that is named holds from now on."""
        if device is not None:
            self._template = replace(self._template, device=device, precision="auto")
        self._controller.restart(device)
        self._wanted = self._controller.asked

    def open_for_project(self, name: str | None, title: str, reseeded: bool) -> None:
        """Open what a project names, or go on with the one in use and say why.

        reseeded: the session's style seed has changed, so that it has to be opened anew.
        """
        newest = None if self._newest is None else self._newest.path
        wanted = newest if name is None else path_of(name)
        if wanted is not None and not os.path.exists(wanted):  # Path.exists may raise
            text = tr(
                "{title} was painted with the checkpoint {checkpoint}, which is not there: "
                "it is painted with the one in use.",
                title=title,
                checkpoint=wanted,
            )
            self._session.noticed.emit(Notice(text, serious=False))
            wanted = newest
        if wanted is not None and (reseeded or wanted != newest):
            self.open(wanted)
        self._drop_foreign_styles()

    def show_flat(self) -> None:
        self.open(None)

    def in_use(self) -> Path | None:
        source = self._controller.source
        return None if source is None else source.path

    @property
    def _newest(self) -> EngineSource | None:
        """What paints once everything that is being opened is open."""
        return self._wanted or self._controller.source

    def _on_opened(self, opened: OpenedEngine) -> None:
        if opened.source is self._wanted:
            self._wanted, self._otherwise = None, None
        self._info = opened.info
        self._session.book = opened.info.style_book
        self._close_unfit()  # the document may be another since it was asked for
        self._drop_foreign_styles()
        self.opened.emit(opened)
        path = opened.source.path
        if path is None:
            return
        self._settings.set("files/checkpoint", str(path.resolve()))
        if opened.splits and opened.source.split is None and self._wanted is None:
            self._settle_split(path, opened.splits)

    def _settle_split(self, path: Path, splits: tuple[str, ...]) -> None:
        """Take the input channels for what was answered before, or ask."""

        def settle(split: str) -> None:
            self._settings.set_split(path, split)
            if split != splits[0]:
                self.open(path, split)

        answered = self._settings.split_of(path)
        if answered in splits:
            settle(answered)
            return
        dialog = SplitDialog(self._window, path.name, splits)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: settle(dialog.chosen))
        dialog.open()

    def _on_refused(self, refusal: EngineRefusal) -> None:
        source = refusal.source
        if source is not self._wanted:
            return  # another was asked for since
        self._wanted = None
        if source.schema.name != self._session.document.schema.name:
            self.open(source.path, source.split)  # it was for the document before this one
            return

        def again() -> None:
            self.open(source.path, source.split)

        self._session.noticed.emit(
            Notice(refusal.message, refusal.details, {tr("Try again"): again})
        )
        if self._controller.source is None:
            self.open(self._otherwise)
        else:
            self._close_unfit()
            self._drop_foreign_styles()

    def _close_unfit(self) -> None:
        """Show flat colours when the engine in use is for another label schema.

        One that takes pictures is for any: it is opened anew, for the new labels' colours. Of one
        that is still being opened this is not known yet.
        """
        if self._wanted is not None and self._wanted.path is not None:
            return
        schema, source = self._session.document.schema, self._wanted or self._controller.source
        if source is None or source.schema.name == schema.name:
            return
        takes_pictures = self._info is not None and self._info.schema_name == ""
        if source.path is not None and takes_pictures and source is self._controller.source:
            self.open(source.path, source.split)
            return
        if source.path is not None:
            text = tr(
                "{checkpoint} is for the label schema {theirs}, but this picture "
                "uses {ours}: it is shown in flat colours; open a checkpoint that fits.",
                checkpoint=source.name,
                theirs=repr(source.schema.name),
                ours=repr(schema.name),
            )
            self._session.noticed.emit(Notice(text, serious=False))
        self.open(None)

    def _drop_foreign_styles(self) -> None:
        """Leave out styles of a checkpoint with other features, as a step that can be undone.

        Not for an engine in whose place another is being opened: that one may take them.
        """
        if self._info is None or self._wanted is not None:
            return
        document, features = self._session.document, self._info.features
        foreign = {
            key: None for key, style in document.styles.items() if len(style.vector) != features
        }
        if features and foreign:
            self._session.finish_stroke()
            document.set_styles("Leave out styles of another checkpoint", foreign)


def bundled_checkpoint() -> Path | None:
    """The checkpoint that came with the program."""
    folders = sorted(path.parent for path in BUNDLED.glob(f"*/{DESCRIPTION}"))
    preferred = [folder for folder in folders if folder.name == PREFERRED]
    return next(iter(preferred + folders), None)


def portable_name(path: Path | None) -> str | None:
    """How a project names its checkpoint: bundled ones by folder name, others by their path."""
    if path is None:
        return None
    path = path.resolve()
    return path.name if path.parent == BUNDLED.resolve() else str(path)


def path_of(name: str) -> Path:
    """The inverse of portable_name(): an absolute path stays as it is."""
    return BUNDLED / name


def limits_of(settings: Settings) -> Limits:
    """The memory limits that are set."""
    painting, recording = settings.get("memory/painting"), settings.get("memory/recording")
    return Limits(painting if painting > 0 else None, max(0, recording))
