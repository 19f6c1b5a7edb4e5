"""Questions about files: which to open, where to save, what to do with unsaved changes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QWidget

from app.translation import number, tr


def ask_open(parent: QWidget, title: str, folder: str, filters: list[str]) -> Path | None:
    """An existing file; None when the person changed their mind."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(filters)
    return _answer(dialog)


def ask_folder(parent: QWidget, title: str, folder: str) -> Path | None:
    """An existing folder; None when the person changed their mind."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog)


def ask_save(
    parent: QWidget, title: str, folder: str, name: str, filters: list[str], suffix: str
) -> Path | None:
    """Where to write; the suffix is added to a name that ends in none of the filters'.

    Qt adds it to names without a dot alone, and asks by itself before a file is replaced.
    """
    dialog = QFileDialog(parent, title, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    path = _answer(dialog)
    endings = tuple(re.findall(r"\*(\.[^\s)]+)", " ".join(filters)))
    if path is None or path.name[1:].lower().endswith(endings):  # more than an ending
        return path
    path = path.with_name(f"{path.name}.{suffix}")
    return path if not os.path.exists(path) or _ask_replace(parent, path.name) else None


def _ask_replace(parent: QWidget, title: str) -> bool:
    """Whether another file of that name may be replaced."""
    text = tr("{title} is there already. Replace it?", title=title)
    return _ask(parent, text, "", tr("Replace it")) is not None


def ask_unsaved(parent: QWidget, title: str) -> QMessageBox.StandardButton:
    """Save, Discard or Cancel."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Labelbrush")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(tr("Save the changes to {title}?", title=title))
    box.setInformativeText(tr("They are lost otherwise."))
    answers = QMessageBox.StandardButton
    box.setStandardButtons(answers.Save | answers.Discard | answers.Cancel)
    box.button(answers.Discard).setText(tr("Discard changes"))
    box.setDefaultButton(answers.Save)
    box.setEscapeButton(answers.Cancel)
    return QMessageBox.StandardButton(box.exec())


def ask_delete(parent: QWidget, title: str, edits: int) -> bool:
    """Whether recovered work may go for good."""
    text = tr(
        "Delete the unsaved edits of {title} ({count})?",
        title=title or tr("an untitled picture"),
        count=number(edits),
    )
    return (
        _ask(parent, text, tr("They cannot be brought back afterwards."), tr("Delete")) is not None
    )


def ask_delete_style(parent: QWidget, name: str) -> bool:
    """Whether a style of the user's library may go for good."""
    text = tr("Delete the style {name}?", name=name)
    hint = tr("Objects that are drawn in it stay as they are.")
    return _ask(parent, text, hint, tr("Delete")) is not None


def ask_overwrite_changed(parent: QWidget, title: str) -> bool:
    """Whether a file that another program has changed may be replaced."""
    text = tr(
        "{title} was changed by another program since it was opened. Replace it?", title=title
    )
    hint = tr("What it holds now stays beside it as a backup, its name ending in ~.")
    return _ask(parent, text, hint, tr("Replace it")) is not None


def _ask(parent: QWidget, text: str, hint: str, verb: str) -> QAbstractButton | None:
    """A question about something destructive: Cancel is what Return and Escape choose."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Labelbrush")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(hint)
    chosen = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return chosen if box.clickedButton() is chosen else None


def _answer(dialog: QFileDialog) -> Path | None:
    if not dialog.exec() or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])
