"""The window of a study: a name, the pairs one after the other, thanks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.study.pages import QUESTION, EndPage, StartPage, title
from app.study.view import PairView, to_image
from app.theme import icon, window_icon
from app.translation import number, tr
from model.errors import InputError
from model.evaluation.sitting import Sitting
from model.scene.maps import read_picture

CROSS_MS = 600  # how long the eye waits at the cross
KEYS = {Qt.Key.Key_Left: 0, Qt.Key.Key_Right: 1}
Pair = tuple[QImage, QImage]


class StudyWindow(QWidget):
    """Every answer is in the file before the next pair comes: closing it loses nothing."""

    def __init__(
        self, sitting: Sitting, pictures: Mapping[str, tuple[Path, Path]], rater: str = ""
    ) -> None:
        """pictures: for every pair's name its picture of A and of B."""
        super().__init__()
        self.sitting, self._pictures = sitting, pictures
        self._read: dict[int, Pair] = {}  # trial -> left and right picture
        self._clock = QElapsedTimer()  # runs from the moment that the pair is seen
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer)
        self.view = PairView()
        self.view.seen.connect(self._on_seen)
        self.view.clicked.connect(self.choose)
        self.start_page, self.end_page = StartPage(sitting, rater), EndPage()
        self.start_page.begun.connect(self.start)
        self.end_page.another.connect(self._on_another)
        self.end_page.closed.connect(self.close)
        self.pages = QStackedWidget()
        self.pair_page = self._make_pairs()
        for page in (self.start_page, self.pair_page, self.end_page):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.setWindowTitle(tr("Comparing pictures"))
        self.setWindowIcon(window_icon())
        self.resize(1280, 640)
        QShortcut(QKeySequence(Qt.Key.Key_F11), self, self.toggle_full_screen)
        QShortcut(QKeySequence.StandardKey.Undo, self, self.take_back)
        self._tint()

    def start(self, rater: str) -> None:
        """Go on where this person has stopped."""
        self.sitting.begin(rater)
        self._read.clear()
        self.pages.setCurrentWidget(self.pair_page)
        self.view.setFocus()
        self._next()

    def choose(self, side: int) -> None:
        """Answer with the left (0) or right (1) picture, once the pair was seen."""
        if self._clock.isValid():
            took = self._clock.elapsed() / 1000
            self._keep(lambda: self.sitting.answer(side, took))

    def take_back(self) -> None:
        """Ask the last pair again."""
        if self.sitting.can_take_back and self.pages.currentWidget() is self.pair_page:
            self._keep(self.sitting.take_back)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in KEYS and not event.isAutoRepeat():
            self.choose(KEYS[key])
        elif key == Qt.Key.Key_Backspace:
            self.take_back()
        elif key == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_full_screen()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _make_pairs(self) -> QWidget:
        question = title(tr(QUESTION), 1.3)
        question.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back = _button(tr("Take back"), tr("Ask the last pair again (Backspace)"))
        self.back.clicked.connect(self.take_back)
        self.back.setVisible(self.sitting.study.limit is None)
        self.full = _button(tr("Full screen"), tr("The whole screen, or the window again (F11)"))
        self.full.clicked.connect(self.toggle_full_screen)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setRange(0, self.sitting.study.count)
        self.bar.setAccessibleName(tr("Pairs answered"))
        self.position, self.problem = QLabel(), QLabel()
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.back)
        below.addWidget(self.bar, 1)
        below.addWidget(self.position)
        below.addWidget(self.full)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 14, 12, 10)
        layout.addWidget(question)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.problem)
        layout.addLayout(below)
        return page

    def _keep(self, change: Callable[[], None]) -> None:
        """Change what is in the file, and go on; say so where it cannot be written."""
        try:
            change()
        except InputError as error:
            self._complain(error)
        else:
            self._next()

    def _next(self) -> None:
        """The pair that is to be answered now, or the end."""
        self._clock.invalidate()
        self._timer.stop()
        self.problem.hide()
        shown, count = self.sitting.shown(), self.sitting.study.count
        self.bar.setValue(self.sitting.trial)
        self.back.setEnabled(self.sitting.can_take_back)
        if shown is None:
            self.end_page.show_thanks(self.sitting)
            self.pages.setCurrentWidget(self.end_page)
            return
        at = number(self.sitting.trial + 1)
        self.position.setText(tr("{number} of {count}", number=at, count=number(count)))
        if shown.seconds is None:
            self._show()
        else:
            self.view.show_cross()
            self._timer.start(CROSS_MS)
            QTimer.singleShot(0, self._read_pairs)

    def _show(self) -> None:
        self._read_pairs()
        if self.sitting.trial in self._read:
            self.view.show_pair(*self._read[self.sitting.trial])

    def _on_timer(self) -> None:
        if self.view.cross:
            self._show()
        else:
            self.view.hide_pair()

    def _on_seen(self) -> None:
        """The pair is on the screen: its time runs. Without a limit the next one is read."""
        if self._clock.isValid():
            return
        self._clock.start()
        shown = self.sitting.shown()
        if shown is not None and shown.seconds is not None:
            self._timer.start(round(1000 * shown.seconds))
        else:
            QTimer.singleShot(0, lambda: self._read_pairs(ahead=1))

    def _read_pairs(self, ahead: int = 0) -> None:
        """Read the present pair, or one after it, unless that was done before."""
        trial, shown = self.sitting.trial + ahead, self.sitting.shown(ahead)
        if shown is None or trial in self._read:
            return
        try:
            a, b = (to_image(read_picture(path)) for path in self._pictures[shown.pair])
        except InputError as error:
            self._complain(error)
            return
        kept = {at: pair for at, pair in self._read.items() if at == trial - 1}
        self._read = {**kept, trial: (a, b) if shown.left == "A" else (b, a)}

    def _complain(self, error: InputError) -> None:
        self.problem.setText(str(error))
        self.problem.show()

    def _on_another(self) -> None:
        self.pages.setCurrentWidget(self.start_page)
        self.start_page.ask_again()

    def _tint(self) -> None:
        self.back.setIcon(icon("undo", self.palette()))
        self.full.setIcon(icon("fit", self.palette()))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setText(text)
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
