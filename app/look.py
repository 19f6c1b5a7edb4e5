"""Look: Fusion whose boxes, fields and small signs can be seen in both themes.

Fusion takes its edges from the window's colour made darker, which vanishes on a dark window.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QToolBar,
    QWidget,
)

Element = QStyle.PrimitiveElement
Control = QStyle.ControlElement
State = QStyle.StateFlag
EDGE = {"light": "#767676", "dark": "#8a8a8a"}  # at least 3:1 on window, fields and buttons
FIELDS = (Element.PE_FrameLineEdit, Element.PE_PanelLineEdit, Element.PE_Frame)
BARS = (Control.CE_ToolBar, Control.CE_MenuBarEmptyArea)
DOCK_BUTTONS = ("qt_dockwidget_floatbutton", "qt_dockwidget_closebutton")
ROUNDING = 2.0
TITLE_MARGIN = 5  # of docks: their titles stand above what is in them
ARROW_WIDTH = 9
FIELD_PADDING = 3  # pixels beside the two of a QLineEdit


class Look(QProxyStyle):
    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == Element.PE_IndicatorCheckBox:
            self._draw_check(option, painter)
        elif element == Element.PE_IndicatorRadioButton:
            self._draw_radio(option, painter)
        else:
            super().drawPrimitive(element, option, painter, widget)
            if element in FIELDS and _has_edge(element, option):
                _draw_box(option, painter, QRectF(option.rect), filled=False)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element in BARS:
            _draw_bar(option, painter, lined=isinstance(widget, QToolBar))
        else:
            if element == Control.CE_HeaderLabel and _is_sorted(option):
                option.rect = option.rect.adjusted(0, 0, -ARROW_WIDTH, 0)  # the arrow is there
            super().drawControl(element, option, painter, widget)
            if element == Control.CE_MenuBarItem and not option.state & State.State_Selected:
                # Fusion underlines the words and leaves the gaps between them.
                painter.setPen(option.palette.window().color())
                painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if widget is not None and widget.objectName() in DOCK_BUTTONS:
            _draw_dock_button(option, painter, closes=widget.objectName() == DOCK_BUTTONS[1])
            return
        if control == QStyle.ComplexControl.CC_Slider:
            option.palette.setColor(QPalette.ColorRole.Button, edge(option.palette))
        super().drawComplexControl(control, option, painter, widget)
        if control == QStyle.ComplexControl.CC_SpinBox:
            _draw_box(option, painter, QRectF(option.rect), filled=False)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 0  # their words say it
        return super().styleHint(hint, option, widget, returnData)

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == QStyle.PixelMetric.PM_DockWidgetTitleMargin:
            return TITLE_MARGIN
        return super().pixelMetric(metric, option, widget)

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget
    ) -> QRect:
        area = super().subElementRect(element, option, widget)
        framed = getattr(option, "lineWidth", 0) > 0
        if element == QStyle.SubElement.SE_LineEditContents and framed:
            area.adjust(FIELD_PADDING, 0, -FIELD_PADDING, 0)
        return area

    def _draw_check(self, option: QStyleOption, painter: QPainter) -> None:
        box = QRectF(option.rect)
        box.adjust(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_box(option, painter, box, filled=True)
        painter.setPen(QPen(_ink(option), 2))
        if option.state & State.State_On:
            corners = ((0.22, 0.52), (0.42, 0.73), (0.8, 0.28))
            painter.drawPolyline(QPolygonF([_at(box, *corner) for corner in corners]))
        elif option.state & State.State_NoChange:
            painter.drawLine(_at(box, 0.25, 0.5), _at(box, 0.75, 0.5))
        painter.restore()

    def _draw_radio(self, option: QStyleOption, painter: QPainter) -> None:
        box = QRectF(option.rect)
        box.adjust(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = _pen(option)
        pen.setWidthF(1.5)
        painter.setPen(pen)
        painter.setBrush(option.palette.base())
        painter.drawEllipse(box)
        if option.state & State.State_On:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_ink(option))
            painter.drawEllipse(box.center(), box.width() / 4, box.height() / 4)
        painter.restore()


def edge(palette: QPalette) -> QColor:
    """The colour of a control's edge."""
    return QColor(EDGE["dark" if palette.window().color().lightness() < 128 else "light"])


def _is_sorted(option: QStyleOption) -> bool:
    unsorted = QStyleOptionHeader.SortIndicator.None_
    return getattr(option, "sortIndicator", unsorted) != unsorted


def _has_edge(element: QStyle.PrimitiveElement, option: QStyleOption) -> bool:
    if element == Element.PE_Frame:
        return bool(option.state & State.State_Sunken)
    return element == Element.PE_FrameLineEdit or getattr(option, "lineWidth", 0) > 0


def _draw_box(option: QStyleOption, painter: QPainter, box: QRectF, filled: bool) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(option))
    painter.setBrush(option.palette.base() if filled else Qt.BrushStyle.NoBrush)
    inset = 0.0 if filled else 0.5
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), ROUNDING, ROUNDING)
    painter.restore()


def _draw_bar(option: QStyleOption, painter: QPainter, lined: bool) -> None:
    """A plain surface; tool bars end in a quiet line towards the picture."""
    area = option.rect
    painter.fillRect(area, option.palette.window())
    if lined:
        painter.setPen(option.palette.mid().color())
        if option.state & State.State_Horizontal:
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        else:
            painter.drawLine(area.topRight(), area.bottomRight())


def _draw_dock_button(option: QStyleOption, painter: QPainter, closes: bool) -> None:
    """A cross, or a window that comes off another; lit up under the pointer."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if option.state & State.State_MouseOver and option.state & State.State_Enabled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(option.palette.mid())
        painter.drawRoundedRect(QRectF(option.rect), ROUNDING, ROUNDING)
    painter.setPen(QPen(_ink(option), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = 8.0
    center = QRectF(option.rect).center()
    sign = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
    if closes:
        painter.drawLine(sign.topLeft(), sign.bottomRight())
        painter.drawLine(sign.topRight(), sign.bottomLeft())
    else:
        painter.drawRect(sign.adjusted(0, 2.5, -2.5, 0))
        corners = ((0.3, 0.1), (0.3, 0.0), (1.0, 0.0), (1.0, 0.7), (0.9, 0.7))
        painter.drawPolyline(QPolygonF([_at(sign, *corner) for corner in corners]))
    painter.restore()


def _pen(option: QStyleOption) -> QPen:
    if not option.state & State.State_Enabled:
        return QPen(option.palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text))
    focused = option.state & State.State_HasFocus
    return QPen(option.palette.accent().color() if focused else edge(option.palette), 1)


def _ink(option: QStyleOption) -> QColor:
    enabled = option.state & State.State_Enabled
    group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
    return option.palette.color(group, QPalette.ColorRole.Text)


def _at(box: QRectF, across: float, down: float) -> QPointF:
    return QPointF(box.x() + across * box.width(), box.y() + down * box.height())
