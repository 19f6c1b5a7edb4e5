"""Brush options: size as slider and number, and whether strokes make new objects."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

from app.session import MAX_RADIUS, MIN_RADIUS, EditorSession

SLIDER_STEPS = 200


class BrushOptions(QWidget):
    """The slider is logarithmic: each step changes the size by the same share."""

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        tip = "Diameter of brush and eraser in pixels ([ and ])"
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMaximum(SLIDER_STEPS)
        self.slider.setToolTip(tip)
        self.slider.setAccessibleName("Brush size")
        self.slider.setFixedWidth(140)
        self.number = QSpinBox()
        self.number.setRange(1, round(2 * MAX_RADIUS))
        self.number.setSuffix(" px")
        self.number.setToolTip(tip)
        self.number.setFixedWidth(84)
        self.number.setAccessibleName("Brush size in pixels")
        self.new_instances = QCheckBox("New object per stroke")
        self.new_instances.setToolTip(
            "Each stroke of a counted label starts an object of its own; "
            "Shift continues the last one"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        layout.addWidget(QLabel("Size"))
        layout.addWidget(self.slider)
        layout.addWidget(self.number)
        layout.addSpacing(8)
        layout.addWidget(self.new_instances)
        layout.addStretch(1)
        self.slider.valueChanged.connect(lambda step: session.set_radius(_radius(step)))
        self.number.valueChanged.connect(lambda diameter: session.set_radius(diameter / 2))
        self.new_instances.toggled.connect(session.set_new_instances)
        session.brush_changed.connect(self._show)
        session.label_changed.connect(self._show)
        session.document_replaced.connect(self._show)
        self._show()

    def _show(self) -> None:
        brush = self._session.brush
        with (
            QSignalBlocker(self.slider),
            QSignalBlocker(self.number),
            QSignalBlocker(self.new_instances),
        ):
            self.slider.setValue(_step(brush.radius))
            if not self.number.hasFocus() or self.number.value() != round(2 * brush.radius):
                self.number.setValue(round(2 * brush.radius))
            self.new_instances.setChecked(brush.new_instances)
        self.new_instances.setEnabled(self._session.label.has_instances)


def _radius(step: int) -> float:
    radius = MIN_RADIUS * (MAX_RADIUS / MIN_RADIUS) ** (step / SLIDER_STEPS)
    return round(2 * radius) / 2


def _step(radius: float) -> int:
    share = math.log(radius / MIN_RADIUS) / math.log(MAX_RADIUS / MIN_RADIUS)
    return round(share * SLIDER_STEPS)
