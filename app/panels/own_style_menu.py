"""Menu of own styles: keep, rename, delete, and share as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from app.dialogs.files import ask_delete_style, ask_open, ask_save
from app.own_styles import OwnStyles
from app.session import EditorSession
from app.translation import tr
from model.scene.labels import label_of
from model.styles.library import EXTENSION, MAX_NAME, tidied

FILTER = f"Labelbrush (*{EXTENSION})"


class OwnStyleMenu(QMenu):
    """What can be done with the own style that is pointed at, or else with all of them."""

    def __init__(self, session: EditorSession, own: OwnStyles, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._own = own
        self._name: str | None = None
        self.keep = self._add(tr("&Keep Style…"), self.ask_keep)
        self.addSeparator()
        self.rename = self._add(tr("&Rename…"), self._ask_rename)
        self.delete = self._add(tr("&Delete…"), self._ask_delete)
        self.addSeparator()
        self.export_one = self._add(tr("&Share as a File…"), self._ask_export)
        self.export_all = self._add(tr("Share &All as a File…"), self._ask_export_all)
        self.import_file = self._add(tr("&Import from a File…"), self._ask_import)

    def offer(self, name: str | None) -> None:
        """Be about one own style, or about none."""
        self._name = name
        self.keep.setEnabled(self._session.selection is not None)
        for action in (self.rename, self.delete, self.export_one):
            action.setEnabled(name is not None)
        self.export_all.setEnabled(bool(self._own.styles))
        self.import_file.setEnabled(bool(self._own.features))

    def ask_keep(self) -> None:
        """Keep the selected object's style under a name that is asked for."""
        chosen = self._session.selection
        if chosen is None:
            return
        label = self._session.document.schema.by_id(label_of(chosen)).name
        name = self._ask_name(tr("Keep Style"), self._own.library.free_name(label))
        if name is not None:
            self._session.attempt(lambda: self._own.keep(name))

    def _add(self, text: str, act: Callable[[], object]) -> QAction:
        action = self.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _ask_name(self, title: str, name: str) -> str | None:
        dialog = QInputDialog(self.parentWidget())
        dialog.setWindowTitle(title)
        dialog.setLabelText(tr("Name of the style"))
        dialog.setTextValue(name)
        return dialog.textValue() if dialog.exec() else None

    def _ask_rename(self) -> None:
        old = self._name
        if old is None:
            return
        new = self._ask_name(tr("Rename Style"), old)
        if new is not None:
            self._session.attempt(lambda: self._own.rename(old, new))

    def _ask_delete(self) -> None:
        name = self._name
        if name is not None and ask_delete_style(self._window, name):
            self._session.attempt(lambda: self._own.delete(name))

    def _ask_export(self) -> None:
        if self._name is not None:
            self._export(self._name, (self._name,))

    def _ask_export_all(self) -> None:
        names = tuple(own.name for own in self._own.styles)
        self._export(self._own.library.checkpoint, names)

    def _export(self, title: str, names: tuple[str, ...]) -> None:
        safe = "".join(char if char.isalnum() or char in "-_ " else "_" for char in tidied(title))
        wanted = f"{safe[:MAX_NAME]}{EXTENSION}"
        path = ask_save(self._window, tr("Share styles"), "", wanted, [FILTER], EXTENSION[1:])
        if path is not None:
            self._session.attempt(lambda: self._own.export(path, names))

    def _ask_import(self) -> None:
        filters = [FILTER, tr("All files (*)")]
        path: Path | None = ask_open(self._window, tr("Import styles"), "", filters)
        if path is not None:
            self._session.attempt(lambda: self._own.import_from(path))

    @property
    def _window(self) -> QWidget:
        parent = self.parentWidget()
        return parent.window() if isinstance(parent, QWidget) else self
