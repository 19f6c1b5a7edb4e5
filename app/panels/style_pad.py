"""Style pad: a label's styles as places on a plane, to go anywhere between and around them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.style_choices import Choice
from app.theme import is_dark
from app.translation import mark, tr
from model.scene.scene import Style
from model.styles.space import FAR, StyleSpace, Vector

SNAP = 7.0  # view pixels from a dot within which it is meant
STEP, LARGE_STEP = 1 / 40, 1 / 8  # of an axis, for one press of an arrow key
SETTLE_MS = 500  # after the last key or notch of the wheel, what is shown is chosen
SLIDER = 100  # steps of the third axis, each way
SMALLEST, LARGEST = 7.0, 11.0  # radii of the dots
RING = 13.0  # radius of the mark
HEIGHT = 132
GUESS = QColor("#e0a100")
HINT = mark("Drag between the dots to mix styles; arrow keys do the same.")
WARNING = mark("Far from every known style: a guess")
KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class PadView(QWidget):
    """The plane itself; knows places and dots, not what they mean.

    Signals:
    grabbed: the pointer is at a place, in shares of the plane from -1 to 1, y upwards.
    released: it let go; stepped: an arrow key asks for so many steps; escaped: Esc.
    """

    grabbed = Signal(float, float)
    released = Signal()
    stepped = Signal(float, float)
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dots: list[tuple[float, float]] = []
        self.shares: list[float] = []
        self.colors: dict[int, QColor] = {}  # of the dots, where they are known
        self.mark: tuple[float, float] | None = None
        self.guess = False
        self.busy = False  # a style is shown that is not chosen yet
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Style pad"))
        self.setAccessibleDescription(tr(HINT))
        self.setToolTip(tr(HINT))
        self.setMinimumHeight(96)
        self.setMaximumHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def place_of(self, x: float, y: float) -> QPointF:
        """View coordinates of a place in shares of the plane."""
        area = self._area
        middle = area.center()
        return QPointF(middle.x() + x * area.width() / 2, middle.y() - y * area.height() / 2)

    def dot_at(self, x: float, y: float) -> int | None:
        """The dot that a place is on."""
        place = self.place_of(x, y)
        steps = [self.place_of(*dot) - place for dot in self.dots]
        distances = [np.hypot(step.x(), step.y()) for step in steps]
        nearest = int(np.argmin(distances)) if distances else None
        return nearest if nearest is not None and distances[nearest] <= SNAP else None

    @property
    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LARGEST, LARGEST, -LARGEST, -LARGEST)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grab(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._grab(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit()

    def event(self, event: QEvent) -> bool:
        """Esc gives up what is shown before it deselects, as the window's shortcut would."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(self.busy)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = KEYS.get(Qt.Key(event.key()))
        if direction is not None:
            large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = 2 * (LARGE_STEP if large else STEP)
            self.stepped.emit(direction[0] * step, direction[1] * step)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.released.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)

    def _grab(self, position: QPointF) -> None:
        area, middle = self._area, self._area.center()
        x = (position.x() - middle.x()) / (area.width() / 2)
        y = (middle.y() - position.y()) / (area.height() / 2)
        self.grabbed.emit(min(max(x, -1.0), 1.0), min(max(y, -1.0), 1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = palette.accent().color() if self.hasFocus() else palette.mid().color()
        painter.setPen(QPen(GUESS if self.guess else edge, 2 if self.guess else 1))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(frame, 4, 4)
        self._paint_known(painter, palette)
        for dot in sorted(range(len(self.dots)), key=lambda dot: -self.shares[dot]):
            self._paint_dot(painter, dot)
        if self.guess:
            self._paint_warning(painter)
        if self.mark is not None:
            self._paint_mark(painter, self.place_of(*self.mark))
        painter.end()

    def _paint_known(self, painter: QPainter, palette: QPalette) -> None:
        """Between which styles a mixture lies."""
        if len(self.dots) < 2:
            return
        places = [self.place_of(*dot) for dot in self.dots]
        points = np.array([[place.x(), place.y()] for place in places], np.float32)
        hull = cv2.convexHull(points)[:, 0].tolist()
        inside = QColor(palette.accent().color())
        inside.setAlpha(46 if is_dark(palette) else 30)
        painter.setBrush(inside)
        inside.setAlpha(110)
        painter.setPen(QPen(inside, 1, Qt.PenStyle.DotLine))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in hull]))

    def _paint_dot(self, painter: QPainter, dot: int) -> None:
        share = self.shares[dot] / max(self.shares)
        radius = SMALLEST + (LARGEST - SMALLEST) * float(np.sqrt(share))
        color = self.colors.get(dot, self.palette().mid().color())
        place = self.place_of(*self.dots[dot])
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
        painter.setBrush(color)
        painter.drawEllipse(place, radius, radius)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white if color.lightness() < 135 else Qt.GlobalColor.black)
        box = QRectF(place.x() - 10, place.y() - 10, 20, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(dot + 1))

    def _paint_warning(self, painter: QPainter) -> None:
        """Along the edge that the mark is not at."""
        low = self.mark is not None and self.mark[1] < 0
        band = QRectF(self.rect()).adjusted(8, 5, -8, -5)
        flag = Qt.AlignmentFlag.AlignTop if low else Qt.AlignmentFlag.AlignBottom
        font = painter.font()
        font.setPixelSize(12)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().text().color())
        painter.drawText(band, flag | Qt.AlignmentFlag.AlignLeft, tr(WARNING))

    def _paint_mark(self, painter: QPainter, place: QPointF) -> None:
        color = GUESS if self.guess else self.palette().accent().color()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pens = QPen(QColor(0, 0, 0, 160), 6), QPen(Qt.GlobalColor.white, 4), QPen(color, 2)
        for pen in pens:
            painter.setPen(pen)
            painter.drawEllipse(place, RING, RING)
        if all(QPointF(place - self.place_of(*dot)).manhattanLength() > 2 for dot in self.dots):
            painter.setPen(QPen(color, 2))
            painter.drawLine(place - QPointF(4, 0), place + QPointF(4, 0))
            painter.drawLine(place - QPointF(0, 4), place + QPointF(0, 4))


class StylePad(QWidget):
    """The plane, and the third axis below it.

    Signals:
    moved: a Style and its name, to be shown; settled: a Style to be chosen; left: neither.
    """

    moved = Signal(object, str)
    settled = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._space: StyleSpace | None = None
        self._choices: Sequence[Choice] = ()
        self._now: Vector = np.zeros(0)  # coordinates of the object's style
        self._at: Vector = np.zeros(0)  # of the one shown
        self._wanted_style: Style | None = None  # shown, but not chosen yet
        self.view = PadView()
        self.third = QSlider(Qt.Orientation.Horizontal)
        self.third.setRange(-SLIDER, SLIDER)
        self.third.setAccessibleName(tr("Third axis of the styles"))
        self.third.setToolTip(tr("Third axis: what the pad does not show"))
        self.third_name = QLabel(tr("Third axis"))
        self.third_name.setBuddy(self.third)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        self._arrange()
        self.view.grabbed.connect(self._on_grabbed)
        self.view.released.connect(self._settle)
        self.view.stepped.connect(self._on_stepped)
        self.view.escaped.connect(self.cancel)
        self.third.valueChanged.connect(self._on_third)
        self.third.sliderReleased.connect(self._settle)

    @property
    def _wanted(self) -> Style | None:
        return self._wanted_style

    @_wanted.setter
    def _wanted(self, style: Style | None) -> None:
        self._wanted_style = style
        self.view.busy = style is not None

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view)
        row = QHBoxLayout()
        row.addWidget(self.third_name)
        row.addWidget(self.third, 1)
        column.addLayout(row)

    def show_space(self, space: StyleSpace, choices: Sequence[Choice]) -> None:
        """Another label's styles; choices are its clusters in the book's order."""
        self.cancel()
        self._space, self._choices = space, choices
        self.view.dots = [self._shares(dot) for dot in space.dots]
        self.view.shares = [float(weight) for weight in space.weights]
        self.view.colors = {}
        self.view.mark = None
        for widget in (self.third, self.third_name):
            widget.setVisible(len(space.mean) > 2)
        self.view.update()

    def show_style(self, style: Style | None) -> None:
        """Mark where the object's style is; not while another is being looked for."""
        if self._space is None or self._wanted is not None:
            return
        if style is None or len(style.vector) != len(self._space.mean):
            self.view.mark = None
            self.view.update()
            return
        self._now = self._space.coordinates(style.vector)
        self._show(self._now)

    def set_color(self, cluster: int, color: QColor) -> None:
        """The colour that the object has in a cluster's style."""
        self.view.colors[cluster] = color
        self.view.update()

    def cancel(self) -> None:
        """Back to the object's style."""
        self._settling.stop()
        if self._wanted is not None:
            self._wanted = None
            self._show(self._now)
            self.left.emit()

    def _on_grabbed(self, x: float, y: float) -> None:
        space = self._space
        if space is None:
            return
        if space.plane == 1:
            y = 0.0
        dot = self.view.dot_at(x, y)
        if dot is not None:
            self._try(space.dots[dot], self._choices[dot])
            return
        offset = space.offset(self._now) if len(self._now) else np.zeros(len(space.mean))[2:]
        place = np.array([x, y])[: space.plane] * space.extents[: space.plane]
        self._try(space.at(place, offset))

    def _on_stepped(self, across: float, up: float) -> None:
        space = self._space
        if space is None or not len(self._at):
            return
        limits = space.extents[: space.plane]
        step = np.array([across, up])[: space.plane] * limits
        place = np.clip(self._at[: space.plane] + step, -limits, limits)
        self._try(space.at(place, space.offset(self._at)))
        self._settling.start()

    def _on_third(self, value: int) -> None:
        space = self._space
        if space is None or not len(self._at):
            return
        offset = space.offset(self._at)
        offset[0] = value / SLIDER * space.extents[2]
        self._try(space.at(self._at[:2], offset))
        if not self.third.isSliderDown():
            self._settling.start()

    def _try(self, coordinates: Vector, choice: Choice | None = None) -> None:
        assert self._space is not None
        self._wanted = choice.style if choice else Style(self._space.vector(coordinates))
        self._show(coordinates)
        self.moved.emit(self._wanted, choice.name if choice else tr("between styles"))

    def _settle(self) -> None:
        self._settling.stop()
        if self._wanted is not None:
            style, self._wanted = self._wanted, None
            self.settled.emit(style)

    def _show(self, coordinates: Vector) -> None:
        space = self._space
        assert space is not None
        self._at = coordinates
        self.view.mark = self._shares(coordinates)
        self.view.guess = space.beyond(coordinates) > FAR
        if len(coordinates) > 2:
            self.third.blockSignals(True)
            self.third.setValue(round(SLIDER * space.offset(coordinates)[0] / space.extents[2]))
            self.third.blockSignals(False)
        self.view.setAccessibleDescription(tr(WARNING) if self.view.guess else tr(HINT))
        self.view.update()

    def _shares(self, coordinates: Vector) -> tuple[float, float]:
        """A place in shares of the plane; what lies outside of it is shown at its edge."""
        assert self._space is not None
        plane = self._space.plane
        shares = np.zeros(2)
        shares[:plane] = coordinates[:plane] / self._space.extents[:plane]
        x, y = np.clip(shares, -1, 1)
        return float(x), float(y)
