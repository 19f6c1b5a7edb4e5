"""Tool options: the bar above the canvas shows what concerns the tool in use."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.label_state import over_name, set_over
from app.panels.lists import ElidedLabel
from app.session import MAX_RADIUS, MIN_RADIUS, EditorSession
from app.theme import icon
from app.translation import tr
from model.scene.protection import PaintOver
from model.scene.stamps import Stamp

SLIDER_STEPS = 200
SLIDER_WIDTHS = (40, 120)  # at least and at most: in a narrow window controls give way
CHOICE_WIDTHS = (80, 200)
STAMP_PERCENT = (10, 400)


class ToolOptions(QWidget):
    """One group of controls per word that tools name in `options`; the others are hidden."""

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.groups = {
            "size": SizeOption(session),
            "shape": ShapeOption(session),
            "new": NewObjectOption(session),
            "over": PaintOverOption(session),
            "stamp": StampOption(session),
        }
        self.tip = ElidedLabel()
        self.tip.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.tip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(14)
        for group in self.groups.values():
            layout.addWidget(group)
        layout.addWidget(self.tip, 1)
        session.tool_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        tool = self._session.tool
        wanted = () if tool is None else tool.options
        for name, group in self.groups.items():
            group.setVisible(name in wanted)
        self.tip.setText("" if tool is None or len(wanted) > 2 else tr(tool.tip))
        self.tip.setToolTip("" if tool is None else tr(tool.tip))


class _Group(QWidget):
    """Controls in a row."""

    def __init__(self, session: EditorSession) -> None:
        super().__init__()
        self._session = session
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)


class _Slider(QSlider):
    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SLIDER_WIDTHS[1], super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(SLIDER_WIDTHS[0], super().minimumSizeHint().height())


class _Choice(QComboBox):
    def sizeHint(self) -> QSize:
        return QSize(CHOICE_WIDTHS[1], super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(CHOICE_WIDTHS[0], super().minimumSizeHint().height())


class SizeOption(_Group):
    """The slider is logarithmic: each step changes the size by the same share."""

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        tip = tr("Diameter of brush and eraser in pixels")
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setMaximum(SLIDER_STEPS)
        self.slider.setAccessibleName(tr("Brush size"))
        self.number = QSpinBox()
        self.number.setRange(1, round(2 * MAX_RADIUS))
        self.number.setSuffix(" px")
        for control in (self.slider, self.number):
            session.keys.keep_tip(control, tip, "smaller", "larger")
        self.number.setFixedWidth(84)
        self.number.setAccessibleName(tr("Brush size in pixels"))
        for widget in (QLabel(tr("Size")), self.slider, self.number):
            self.row.addWidget(widget)
        self.slider.valueChanged.connect(lambda step: session.set_radius(_radius(step)))
        self.number.valueChanged.connect(lambda diameter: session.set_radius(diameter / 2))
        session.brush_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        radius = self._session.brush.radius
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setValue(_step(radius))
            if not self.number.hasFocus() or self.number.value() != round(2 * radius):
                self.number.setValue(round(2 * radius))


class ShapeOption(_Group):
    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self.square = QToolButton()
        self.square.setCheckable(True)
        self.square.setAutoRaise(True)
        self.square.setIconSize(QSize(18, 18))
        self.square.setAccessibleName(tr("Square brush"))
        self.row.addWidget(self.square)
        self.square.toggled.connect(session.set_square)
        session.brush_changed.connect(self._show)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._show()
        super().changeEvent(event)

    def _show(self) -> None:
        is_square = self._session.brush.square
        with QSignalBlocker(self.square):
            self.square.setChecked(is_square)
        self.square.setIcon(icon("square" if is_square else "round", self.palette()))
        self.square.setToolTip(
            tr("Square brush") if is_square else tr("Round brush; press for a square")
        )


class NewObjectOption(_Group):
    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self.check = QCheckBox(tr("New object per stroke"))
        self.check.setToolTip(
            tr(
                "Each stroke of a counted label starts an object of its own; "
                "Shift continues the last one"
            )
        )
        self.row.addWidget(self.check)
        self.check.toggled.connect(session.set_new_instances)
        for signal in (session.brush_changed, session.label_changed, session.document_replaced):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        with QSignalBlocker(self.check):
            self.check.setChecked(self._session.brush.new_instances)
        self.check.setEnabled(self._session.label.has_instances)


class PaintOverOption(_Group):
    """What may be painted over."""

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self.mode = _Choice()
        self.mode.setAccessibleName(tr("What may be painted over"))
        session.keys.keep_tip(self.mode, tr("What may be painted over"), "over")
        self.row.addWidget(self.mode)
        for over in PaintOver:
            self.mode.addItem("", over)
        self.mode.activated.connect(self._on_chosen)
        for signal in (session.protection_changed, session.document_replaced):
            signal.connect(self._show)
        session.selection_changed.connect(self._show)
        self._show()

    def _on_chosen(self, index: int) -> None:
        over = PaintOver(self.mode.itemData(index))
        if over is PaintOver.INSTANCE and self._session.selection is None:
            over = self._session.protection.over  # nothing is selected to stay inside of
        set_over(self._session, over, self._session.brush.previous_label_id)

    def _show(self) -> None:
        for index, over in enumerate(PaintOver):
            self.mode.setItemText(index, over_name(self._session, over))
        self.mode.setCurrentIndex(list(PaintOver).index(self._session.protection.over))


class StampOption(_Group):
    """Which stamp, and how much larger than its place asks for."""

    def __init__(self, session: EditorSession) -> None:
        super().__init__(session)
        self.name = QLabel()
        self.scale = QSpinBox()
        self.scale.setRange(*STAMP_PERCENT)
        self.scale.setSuffix(" %")
        tip = tr("Beside the size that its place on the ground asks for")
        session.keys.keep_tip(self.scale, tip, "smaller", "larger")
        self.scale.setAccessibleName(tr("Size of the stamp in per cent"))
        for widget in (self.name, self.scale):
            self.row.addWidget(widget)
        self.scale.valueChanged.connect(self._on_scale)
        session.stamp_changed.connect(self._show)
        self._show()

    def _on_scale(self, percent: int) -> None:
        self._session.choose_stamp(self._session.stamp, percent / 100)

    def _show(self) -> None:
        stamp = self._session.stamp
        text = tr("Choose a shape in the Stamps panel")
        self.name.setText(text if stamp is None else _spoken(stamp))
        with QSignalBlocker(self.scale):
            self.scale.setValue(round(100 * self._session.stamp_scale))


def _spoken(stamp: Stamp) -> str:
    """Label and name, "bus 0°" instead of "bus: bus 0°"."""
    return stamp.name if stamp.name.startswith(stamp.label) else f"{stamp.label}: {stamp.name}"


def _radius(step: int) -> float:
    radius = MIN_RADIUS * (MAX_RADIUS / MIN_RADIUS) ** (step / SLIDER_STEPS)
    return round(2 * radius) / 2


def _step(radius: float) -> int:
    share = math.log(radius / MIN_RADIUS) / math.log(MAX_RADIUS / MIN_RADIUS)
    return round(share * SLIDER_STEPS)
