"""Switching: another checkpoint for the picture that is there; its labels are mapped if need be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from app.checkpoints import Checkpoints
from app.dialogs.mapping import MappingDialog
from app.errors import Notice
from app.mappings import Mappings
from app.problems import problem
from app.saving import Saving
from app.services import Services
from app.translation import tr
from model.errors import InputError
from model.formats.foreign import UnknownLabels
from model.formats.relabel import relabelled
from model.inference.card import Card, read_card
from model.scene.document import Document
from model.scene.extras import Extras, Pin
from model.scene.labels import LabelSchema, load_schema
from model.scene.scene import Scene


@dataclass(frozen=True, slots=True)
class _Left:
    """What was edited before the labels were mapped."""

    document: Document
    path: Path | None
    title: str
    extras: Extras
    pins: tuple[Pin, ...]
    modified: bool
    previous: Scene | None
    checkpoint: Path | None


class Switching(QObject):
    """Signals:
    refused: one sentence about a checkpoint that cannot be used.
    """

    refused = Signal(str)

    def __init__(
        self,
        services: Services,
        checkpoints: Checkpoints,
        saving: Saving,
    ) -> None:
        super().__init__(services.window)
        self._session = services.session
        self._jobs = services.jobs
        self._settings = services.settings
        self._window = services.window
        self.checkpoints = checkpoints
        self._saving = saving

    def use(self, path: Path) -> None:
        """Paint with a checkpoint from now on. The picture stays; labels may have to be mapped."""
        work = lambda _: read_card(path)  # noqa: E731
        self._jobs.run(
            tr("Look at {checkpoint}", checkpoint=path.name),
            work,
            self._use,
            self._refuse,
            quick=True,
        )

    def _use(self, card: Card) -> None:
        in_use = self.checkpoints.in_use()
        if in_use is not None and card.path.resolve() == in_use.resolve():
            self._settings.set_split(card.path, None)  # chosen again: to answer anew
        if card.schema_name in ("", self._session.document.schema.name):
            self.checkpoints.open(card.path)
            return
        try:
            schema = load_schema(card.schema_name)
        except InputError as error:
            self._refuse(Notice(problem(error)))
        else:
            self._map(card, schema)

    def _map(self, card: Card, schema: LabelSchema) -> None:
        self._session.finish_stroke()
        document = self._session.document
        scene, state = document.snapshot(), document.history.state
        known = Mappings(self._settings, schema)

        def work(_: object) -> Scene | UnknownLabels:
            try:
                return relabelled(scene, schema, known.get())
            except UnknownLabels as error:
                return error

        def outdated() -> bool:
            """Painting and opening went on meanwhile."""
            return self._session.document is not document or document.history.state != state

        def switch(mapped: Scene) -> None:
            if outdated():
                self._use(card)
            else:
                self._switch(card, mapped)

        def use(found: Scene | UnknownLabels) -> None:
            self._session.finish_stroke()
            if outdated():
                self._use(card)
            elif isinstance(found, Scene):
                self._saving.before_leaving(lambda: switch(found))
            else:
                self._ask(card, schema, found)

        self._jobs.run(tr("Map the labels"), work, use, self._refuse, quick=True)

    def _ask(self, card: Card, schema: LabelSchema, unknown: UnknownLabels) -> None:
        """What unknown labels become, and then map them."""
        texts = tr("The picture"), self._window, tr("Map Labels")
        dialog = MappingDialog(unknown.counts, schema, *texts)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            Mappings(self._settings, schema).add(dialog.mapping())
            self._map(card, schema)

    def _switch(self, card: Card, scene: Scene) -> None:
        session, saving = self._session, self._saving
        left = _Left(
            session.document,
            session.path,
            session.title,
            session.extras,
            session.pins,
            session.modified,
            saving.previous,
            self.checkpoints.in_use(),
        )
        saving.previous = None
        self.checkpoints.open(card.path, schema=scene.schema)
        session.replace_document(scene, None, left.title)
        text = tr(
            "{checkpoint} knows the labels of “{theirs}”: those of “{ours}” were mapped. "
            "Objects keep their places; their styles are the new checkpoint's.",
            checkpoint=card.name,
            theirs=scene.schema.name,
            ours=left.document.schema.name,
        )
        back = {tr("Go Back"): lambda: saving.before_leaving(lambda: self._return(left))}
        session.noticed.emit(Notice(text, actions=back, serious=False))

    def _return(self, left: _Left) -> None:
        """The picture with its own labels and its history, and the checkpoint it had."""
        document = Document(left.document.snapshot())
        document.history = left.document.history
        self._saving.previous = left.previous
        self.checkpoints.open(left.checkpoint, schema=document.schema)
        kept = left.path, left.title, left.extras, left.pins
        self._session.replace_kept(document, *kept, saved=not left.modified)

    def _refuse(self, notice: Notice) -> None:
        self.refused.emit(notice.text)
        self._session.noticed.emit(notice)
