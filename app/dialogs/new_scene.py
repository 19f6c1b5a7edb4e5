"""A new scene: its size, its labels, and what it starts from."""

from __future__ import annotations

from math import isqrt
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.dialogs.files import ask_open
from app.problems import problem
from app.translation import mark, tr
from model.errors import InputError
from model.scene.labels import SCHEMA_FOLDER, load_schema
from model.scene.maps import MAX_PIXELS

SIZES = ("2048 x 1024", "1024 x 512", "512 x 512", mark("Other"))
EMPTY_SCENE = mark("Empty")
LARGEST = isqrt(MAX_PIXELS)  # a square of it can still be opened again
LEAST = 64


class NewScene(QDialog):
    """Attributes:
    schema: its data is the name or path of a label schema.
    start: its data is a label id to fill with, or the path of a template.
    """

    def __init__(self, templates: list[Path], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New scene"))
        self.setModal(True)
        self.size_choice = QComboBox()
        self.size_choice.addItems([*SIZES[:-1], tr(SIZES[-1])])
        self.width_field, self.height_field = self._side(2048), self._side(1024)
        self.schema = QComboBox()
        for path in sorted(SCHEMA_FOLDER.glob("*.toml")):
            self.schema.addItem(path.stem, path.stem)
        self.schema.setCurrentText("cityscapes")
        other = QPushButton(tr("Other labels…"))
        other.setToolTip(tr("A label schema of your own, a TOML file"))
        self.start = QComboBox()
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self._templates = templates
        form = QFormLayout(self)
        form.addRow(tr("&Start from"), self.start)
        form.addRow(tr("Si&ze"), self.size_choice)
        form.addRow(tr("&Width"), self.width_field)
        form.addRow(tr("&Height"), self.height_field)
        form.addRow(tr("&Labels"), self.schema)
        form.addRow("", other)
        form.addRow(self.problem)
        answers = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(answers.Ok | answers.Cancel)
        buttons.button(answers.Ok).setText(tr("Create"))
        form.addRow(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        other.clicked.connect(self._ask_schema)
        self.size_choice.currentTextChanged.connect(self._on_size)
        self.schema.currentIndexChanged.connect(self._fill_starts)
        self.start.currentIndexChanged.connect(self._on_start)
        for widget, name in (
            (self.start, tr("Start from")),
            (self.size_choice, tr("Size")),
            (self.width_field, tr("Width")),
            (self.height_field, tr("Height")),
            (self.schema, tr("Labels")),
        ):
            widget.setAccessibleName(name)
        self._fill_starts()
        self._on_size(SIZES[0])

    def add_schema(self, path: Path) -> None:
        """Offer a schema file of the user's own; says so when it is none."""
        try:
            name = load_schema(path).name
        except InputError as error:
            self.problem.setText(problem(error))
            return
        self.problem.clear()
        self.schema.addItem(name, str(path))
        self.schema.setCurrentIndex(self.schema.count() - 1)

    def _side(self, value: int) -> QSpinBox:
        field = QSpinBox()
        field.setRange(LEAST, LARGEST)
        field.setSuffix(" px")
        field.setValue(value)
        return field

    def _ask_schema(self) -> None:
        path = ask_open(self, tr("Label schema"), "", [tr("Label schemas (*.toml)")])
        if path is not None:
            self.add_schema(path)

    def _fill_starts(self) -> None:
        self.start.clear()
        schema = load_schema(self.schema.currentData())
        self.start.addItem(tr(EMPTY_SCENE), schema.ids[0])
        if schema.name == "cityscapes":
            for path in self._templates:
                self.start.addItem(path.stem.replace("_", " ").capitalize(), str(path))

    def _on_start(self) -> None:
        empty = not isinstance(self.start.currentData(), str)
        self.size_choice.setEnabled(empty)
        self._on_size(self.size_choice.currentText())

    def _on_size(self, text: str) -> None:
        own = text == tr(SIZES[-1])
        if not own:
            width, height = (int(part) for part in text.split(" x "))
            self.width_field.setValue(width)
            self.height_field.setValue(height)
        for field in (self.width_field, self.height_field):
            field.setEnabled(own and self.size_choice.isEnabled())
