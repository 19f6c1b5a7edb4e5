"""Questions about files: which to open, where to save, what to do with unsaved changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


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
    """Where to write; the suffix is added to a name without one."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    return _answer(dialog)


def ask_unsaved(parent: QWidget, title: str) -> QMessageBox.StandardButton:
    """Save, Discard or Cancel."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Labelbrush")
    box.setText(f"Save the changes to {title}?")
    box.setInformativeText("They are lost otherwise.")
    answers = QMessageBox.StandardButton
    box.setStandardButtons(answers.Save | answers.Discard | answers.Cancel)
    box.button(answers.Discard).setText("Discard changes")
    box.setDefaultButton(answers.Save)
    box.setEscapeButton(answers.Cancel)
    return QMessageBox.StandardButton(box.exec())


def _answer(dialog: QFileDialog) -> Path | None:
    if not dialog.exec() or not dialog.selectedFiles():
        return None
    return Path(dialog.selectedFiles()[0])
