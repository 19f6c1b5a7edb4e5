"""How much memory the engine may take, as a preference."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr
from model.inference.request import Limits

_MOST = 1 << 20
_STEP = 64


class MemoryDialog(QDialog):
    """Asks for the limits; `limits` is what was chosen."""

    def __init__(self, parent: QWidget, limits: Limits) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Memory"))
        self._painting = _field(tr("automatic: half of the memory"), limits.painting_mib or 0)
        self._recording = _field(tr("off: previews are coarser"), limits.recording_mib)
        form = QFormLayout()
        form.addRow(tr("&Painting may take"), self._painting)
        form.addRow(tr("&Remember for previews at most"), self._recording)
        text = QLabel(
            tr("A picture that takes more is painted in strips: the same picture, more slowly.")
        )
        text.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(text)
        layout.addWidget(buttons)
        self.setMinimumWidth(420)

    @property
    def limits(self) -> Limits:
        return Limits(self._painting.value() or None, self._recording.value())


def _field(at_zero: str, value: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(0, _MOST)
    field.setSingleStep(_STEP)
    field.setSuffix(" MiB")
    field.setSpecialValueText(at_zero)
    field.setValue(value)
    return field
