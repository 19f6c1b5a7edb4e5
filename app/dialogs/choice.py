"""One of several: a short list to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr


class ChoiceDialog(QDialog):
    """Attributes:
    list: what there is to choose from, the first chosen at first.
    """

    def __init__(self, title: str, text: str, choices: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        label = QLabel(text)
        label.setWordWrap(True)
        self.list = QListWidget()
        self.list.addItems(list(choices))
        self.list.setCurrentRow(0)
        self.list.setAccessibleName(title)
        answers = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(answers.Ok | answers.Cancel)
        buttons.button(answers.Ok).setText(tr("Open"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.list.itemActivated.connect(self.accept)
        layout = QVBoxLayout(self)
        for widget in (label, self.list, buttons):
            layout.addWidget(widget)
        self.resize(460, 320)

    @property
    def chosen(self) -> int:
        """Which of the choices."""
        return self.list.currentRow()
