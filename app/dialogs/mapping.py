"""Which labels a file's own ones mean: asked once, remembered by the caller."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.theme import swatch
from app.translation import number, tr
from model.formats.suggestion import suggested
from model.scene.labels import LabelSchema


class MappingDialog(QDialog):
    """Offers the nearest label of each, or void where none is near.

    Attributes:
    choices: a combo box for each of the file's own names.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        schema: LabelSchema,
        title: str,
        parent: QWidget,
        verb: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Labels of the file"))
        self.setModal(True)
        self.choices: dict[str, QComboBox] = {}
        text = QLabel(
            tr(
                "{title} has labels that “{schema}” lacks. What are they?",
                title=title,
                schema=schema.name,
            )
        )
        text.setWordWrap(True)
        form = QFormLayout()
        for key, count in sorted(counts.items(), key=lambda entry: -entry[1]):
            choice = self._choice(schema, key)
            form.addRow(tr("{key}  ({count} pixels)", key=key, count=number(count)), choice)
        inside = QWidget()
        inside.setLayout(form)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(tr("Labels of the file"))
        hint = QLabel(tr("The answers are remembered."))
        answers = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(answers.Ok | answers.Cancel)
        buttons.button(answers.Ok).setText(verb or tr("Open"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (text, scroll, hint, buttons):
            layout.addWidget(widget)
        self.resize(460, 360)

    def mapping(self) -> dict[str, int]:
        """Label ids by the file's own names."""
        return {key: int(choice.currentData()) for key, choice in self.choices.items()}

    def _choice(self, schema: LabelSchema, key: str) -> QComboBox:
        choice = QComboBox()
        for label in schema:
            choice.addItem(swatch(label.color, self.palette()), label.name, label.id)
        nearest = suggested(key, schema)
        void = next((label.id for label in schema if label.group == "void"), schema.ids[0])
        choice.setCurrentIndex(choice.findData(void if nearest is None else nearest))
        choice.setAccessibleName(tr("Label for {key}", key=key))
        self.choices[key] = choice
        return choice
