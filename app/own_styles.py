"""OwnStyles: the library of the checkpoint in use, as the window changes it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QObject, Signal

from app.errors import Notice
from app.rendering.controller import RenderController
from app.rendering.worker import OpenedEngine
from app.session import EditorSession
from app.style_edits import style_of
from app.translation import tr
from model.errors import InputError
from model.scene.labels import label_of
from model.styles.library import (
    OwnStyle,
    StyleLibrary,
    library_path,
    load_library,
    save_library,
)


def user_styles() -> Path:
    """Where the user's libraries are."""
    return user_data_path("labelbrush") / "styles"


class OwnStyles(QObject):
    """Every change is on the disk before it is shown; a file that cannot be read is left alone.

    Signals:
    changed: the library is another.
    """

    changed = Signal()

    def __init__(
        self, session: EditorSession, controller: RenderController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.folder = user_styles()
        self.library = StyleLibrary("", "")
        self.features = 0  # numbers of a style of the checkpoint in use; 0 when it takes none
        controller.engine_opened.connect(self._on_opened)

    @property
    def styles(self) -> tuple[OwnStyle, ...]:
        return self.library.styles

    def offered(self, instance_id: int) -> list[OwnStyle]:
        """Those made for the instance's label, then the others."""
        label = self._session.document.schema.by_id(label_of(instance_id)).name
        return sorted(self.styles, key=lambda own: own.label != label)

    def keep(self, name: str) -> None:
        """Add the selected object's style. Raises InputError."""
        chosen = self._session.selection
        style = None if chosen is None else style_of(self._session, chosen)
        if chosen is None or style is None:
            raise InputError(tr("The selected object has no style to keep."))
        label = self._session.document.schema.by_id(label_of(chosen)).name
        self._change(lambda library: library.with_style(OwnStyle(name, label, style.vector)))

    def rename(self, old: str, new: str) -> None:
        self._change(lambda library: library.renamed(old, new))

    def delete(self, name: str) -> None:
        self._change(lambda library: library.without(name))

    def export(self, path: Path, names: tuple[str, ...]) -> None:
        """Write some of the styles to a file that others can import."""
        wanted = tuple(own for own in self.styles if own.name in names)
        save_library(path, StyleLibrary(self.library.identity, self.library.checkpoint, wanted))

    def import_from(self, path: Path) -> None:
        """Add what a file holds. Raises InputError when it fits another kind of checkpoint."""
        found, ours = load_library(path), self.library.checkpoint
        if any(len(own.vector) != self.features for own in found.styles):
            length = len(found.styles[0].vector)
            raise InputError(
                tr(
                    "{file} has styles of {length} numbers, but {ours} takes {features}; "
                    "open the checkpoint {theirs} first.",
                    file=path.name,
                    length=length,
                    ours=ours,
                    features=self.features,
                    theirs=found.checkpoint,
                )
            )
        before = len(self.styles)
        self._change(lambda library: library.merged(found.styles))
        text = tr("{count} styles were added.", count=len(self.styles) - before)
        if found.identity != self.library.identity:
            text += " " + tr(
                "They were made with the checkpoint {checkpoint} and may look different here.",
                checkpoint=found.checkpoint,
            )
        self._session.noticed.emit(Notice(text, serious=False))

    def _on_opened(self, opened: OpenedEngine) -> None:
        info = opened.info
        self.features = info.features
        self.library = StyleLibrary(info.identity, info.checkpoint_name)
        if info.features:
            self._session.attempt(self._read)
        self.changed.emit()

    @property
    def _path(self) -> Path:
        return library_path(self.folder, self.library.identity)

    def _read(self) -> None:
        """Take over what the disk has: another window may have changed it."""
        if os.path.exists(self._path):  # Path's own raises where the folder may not be read
            self.library = load_library(self._path)

    def _change(self, change: Callable[[StyleLibrary], StyleLibrary]) -> None:
        self._read()
        changed = change(self.library)
        with suppress(OSError):  # then the file cannot be written either, which says so
            self.folder.mkdir(parents=True, exist_ok=True)
        save_library(self._path, changed)
        self.library = changed
        self.changed.emit()
