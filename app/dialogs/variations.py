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

from app.translation import tr
from model.formats.variations import Variations

MOST = 10_000


class VariationsDialog(QDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Variations"))
        self.setModal(True)
        self.count, self.seed = QSpinBox(), QSpinBox()
        self.count.setRange(1, MOST)
        self.count.setValue(20)
        self.count.setAccessibleName(tr("Pictures"))
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName(tr("Seed"))
        self.moves = QCheckBox(tr("&Move some objects as well"))
        text = QLabel(
            tr(
                "Pictures of this scene in other styles with their exact maps, for training: in "
                "the layout of Cityscapes, with COCO panoptic beside it. They are marked as "
                "synthetic."
            )
        )
        text.setWordWrap(True)
        form = QFormLayout(self)
        form.addRow(text)
        form.addRow(tr("&Pictures"), self.count)
        form.addRow(tr("&Seed"), self.seed)
        form.addRow(self.moves)
        answers = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(answers.Ok | answers.Cancel)
        buttons.button(answers.Ok).setText(tr("Choose Folder…"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def wanted(self) -> Variations:
        return Variations(self.count.value(), self.seed.value(), self.moves.isChecked())
