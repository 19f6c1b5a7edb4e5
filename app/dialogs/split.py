"""The one question an official checkpoint may leave open: what its input channels mean."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr


class SplitDialog(QDialog):
    """Offers the possible splits, the one in use first."""

    def __init__(self, parent: QWidget, name: str, splits: tuple[str, ...]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Input channels"))
        text = QLabel(
            tr(
                "{name} does not say what its input channels mean. If the picture looks wrong, "
                "choose another meaning. To be asked again, choose the checkpoint again.",
                name=name,
            )
        )
        text.setWordWrap(True)
        self._splits = splits
        self._choices = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(text)
        for number, split in enumerate(splits):
            button = QRadioButton(describe_split(split))
            button.setChecked(number == 0)
            self._choices.addButton(button, number)
            layout.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        layout.addSpacing(6)
        layout.addWidget(buttons)
        self.setMinimumWidth(420)

    @property
    def chosen(self) -> str:
        return self._splits[self._choices.checkedId()]


def describe_split(split: str) -> str:
    """ "35+1+3" in words."""
    labels, *rest = split.split("+")
    parts = [tr("a colour picture") if labels == "rgb" else tr("{count} labels", count=labels)]
    if rest and rest[0] == "1":
        parts.append(tr("object boundaries"))
    if len(rest) > 1:
        parts.append(tr("{count} style channels", count=rest[1]))
    return ", ".join(parts)
