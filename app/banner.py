"""Banner: one sentence above the canvas about what went wrong, never in the way of painting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.errors import Notice
from app.theme import icon, is_dark
from app.translation import tr

SERIOUS = {"light": "#fbe3e0", "dark": "#4d2623"}
MILD = {"light": "#e2edf8", "dark": "#243a50"}
EDGE = {True: "#cf4436", False: "#2f7fc9"}


class Banner(QFrame):
    """Shows one Notice at a time; hidden without one. Lasting ones wait below later ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice: Notice | None = None
        self.choices: list[QPushButton] = []  # of the notice shown
        self._covered: list[Notice] = []
        self._mark = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # it names files, whatever they are called
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = QPushButton(tr("Copy details"))
        self.dismiss = QToolButton()
        self.dismiss.setAutoRaise(True)
        self.dismiss.setToolTip(tr("Dismiss"))
        self.dismiss.setAccessibleName(tr("Dismiss"))
        self.copy.clicked.connect(self._on_copy)
        self.dismiss.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(self._mark)
        layout.addWidget(self.text, 1)
        self._buttons = QHBoxLayout()
        layout.addLayout(self._buttons)
        for button in (self.copy, self.dismiss):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            layout.addWidget(button)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        if self.notice is not None and self.notice.lasting and self.notice is not notice:
            self._covered.append(self.notice)
        self.notice = notice
        self.text.setText(notice.text)
        self.setAccessibleName(notice.text)
        self._offer(notice)
        self.copy.setVisible(bool(notice.details))
        self._tint()
        self.show()

    def clear(self) -> None:
        """Done with this notice; one that it covered comes back."""
        self.notice = None
        self.hide()
        if self._covered:
            self.show_notice(self._covered.pop())

    def withdraw(self, notice: Notice) -> None:
        """Take a notice away that no longer holds, shown or covered."""
        if self.notice is notice:
            self.clear()
        elif notice in self._covered:
            self._covered.remove(notice)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.notice is None:
            return
        colors = SERIOUS if self.notice.serious else MILD
        painter = QPainter(self)
        painter.fillRect(
            self.rect(), QColor(colors["dark" if is_dark(self.palette()) else "light"])
        )
        painter.fillRect(0, 0, 4, self.height(), QColor(EDGE[self.notice.serious]))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self.notice is not None:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        serious = self.notice is not None and self.notice.serious
        mark = icon("warning" if serious else "info", self.palette())
        self._mark.setPixmap(mark.pixmap(QSize(20, 20), self.devicePixelRatioF()))
        self.dismiss.setIcon(icon("close", self.palette()))

    def _offer(self, notice: Notice) -> None:
        for button in self.choices:
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.choices = []
        for text, action in notice.actions.items():
            button = QPushButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._on_chosen, action))
            self._buttons.addWidget(button)
            self.choices.append(button)

    def _on_chosen(self, action: Callable[[], object]) -> None:
        self.clear()
        action()

    def _on_copy(self) -> None:
        if self.notice is not None:
            QGuiApplication.clipboard().setText(f"{self.notice.text}\n\n{self.notice.details}")
