"""The opacity of the labels in the blend view, as a slider that is there when it matters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from app.picture_view import PictureView
from app.settings import Settings
from app.translation import tr


class BlendOpacity(QWidget):
    def __init__(
        self, view: PictureView, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._settings = settings
        tip = tr("How much the labels cover the picture in the blend view")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMaximum(100)
        self.slider.setToolTip(tip)
        self.slider.setAccessibleName(tr("Opacity of the labels"))
        self.slider.setFixedWidth(70)
        self._number = QLabel()
        self._number.setFixedWidth(self._number.fontMetrics().horizontalAdvance("100 %"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(QLabel(tr("Labels")))
        row.addWidget(self.slider)
        row.addWidget(self._number)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.setValue(settings.get("view/blend"))
        self._on_moved(self.slider.value())

    def _on_moved(self, percent: int) -> None:
        self._number.setText(f"{percent} %")
        self._view.set_blend(percent / 100)
        self._settings.set("view/blend", percent)
