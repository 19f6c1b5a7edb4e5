"""How many variations to make, and of what kind."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from model.formats.variations import Variations

MOST = 10_000


class VariationsDialog(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Variations")
        self.setModal(True)
        self.count, self.seed = QSpinBox(), QSpinBox()
        self.count.setRange(1, MOST)
        self.count.setValue(20)
        self.count.setAccessibleName("Pictures")
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName("Seed")
        self.moves = QCheckBox("&Move some objects as well")
        text = QLabel(
            "Pictures of this scene in other styles with their exact maps, for training: in the "
            "layout of Cityscapes, with COCO panoptic beside it. They are marked as synthetic."
        )
        text.setWordWrap(True)
        form = QFormLayout(self)
        form.addRow(text)
        form.addRow("&Pictures", self.count)
        form.addRow("&Seed", self.seed)
        form.addRow(self.moves)
        answers = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(answers.Ok | answers.Cancel)
        buttons.button(answers.Ok).setText("Choose Folder…")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def wanted(self) -> Variations:
        return Variations(self.count.value(), self.seed.value(), self.moves.isChecked())
