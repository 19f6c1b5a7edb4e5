"""The first and the last page of a study: who answers, and thanks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.translation import decimal, mark, number, tr
from model.errors import InputError
from model.evaluation.preference import Study, plan
from model.evaluation.sitting import Sitting

CARD_WIDTH = 520
QUESTION = mark("Which picture looks more natural?")


class StartPage(QWidget):
    """Asks for a name; `begun` carries it."""

    begun = Signal(str)

    def __init__(self, sitting: Sitting, rater: str) -> None:
        super().__init__()
        self._sitting = sitting
        self.advice = QLabel(advice(sitting.study))
        self.advice.setWordWrap(True)
        self.name = QLineEdit(rater)
        self.name.setMaxLength(80)
        self.name.setAccessibleName(tr("Your name"))
        self.begin = QPushButton(tr("Begin"))
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        form.addRow(tr("Your &name"), self.name)
        buttons = QHBoxLayout()
        buttons.addWidget(self.state, 1)
        buttons.addWidget(self.begin)
        put_in_middle(self, title(tr(QUESTION)), self.advice, form, buttons)
        self.name.textChanged.connect(self.refresh)
        self.name.returnPressed.connect(self.begin.click)
        self.begin.clicked.connect(lambda: self.begun.emit(self.name.text().strip()))
        self.refresh()

    def refresh(self) -> None:
        """Say how far the person who is named is, and whether there is something to begin."""
        name, count = self.name.text().strip(), self._sitting.study.count
        done, problem = 0, ""
        try:
            done = self._sitting.done(name) if name else 0
        except InputError as error:
            problem = str(error)
        if done:
            problem = tr("{done} of {count} pairs answered", done=number(done), count=number(count))
        self.state.setText(problem)
        self.begin.setText(tr("Go on") if 0 < done < count else tr("Begin"))
        self.begin.setEnabled(bool(name) and done < count and (not problem or done > 0))

    def ask_again(self) -> None:
        """For another person."""
        self.name.clear()
        self.name.setFocus()


class EndPage(QWidget):
    another = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.next_person = QPushButton(tr("Another person"))
        self.next_person.clicked.connect(self.another)
        self.close_button = QPushButton(tr("Close"))
        self.close_button.clicked.connect(self.closed)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.next_person)
        buttons.addWidget(self.close_button)
        put_in_middle(self, title(tr("Thank you")), self.text, buttons)

    def show_thanks(self, sitting: Sitting) -> None:
        self.text.setText(
            tr(
                "{count} answers of {name} are in {file}.",
                count=number(sitting.trial),
                name=sitting.rater,
                file=sitting.file,
            )
        )
        self.close_button.setFocus()


def advice(study: Study) -> str:
    """What a person is told before the first pair."""
    what = tr(
        "You will see {count} pairs of pictures of the same scenes. Choose with the arrow keys or "
        "with a click. No answer is wrong, and you may stop and go on later.",
        count=number(study.count),
    )
    times = [shown.seconds for shown in plan(study, "") if shown.seconds is not None]
    if not times:
        return f"{what}\n\n" + tr("Look at each pair as long as you like.")
    how = tr(
        "Each pair is seen for a moment only, {least} to {most} s. Look at the cross before it, "
        "and answer when you are sure, however long that takes.",
        least=_seconds(min(times)),
        most=_seconds(max(times)),
    )
    return f"{what}\n\n{how}"


def _seconds(value: float) -> str:
    digits = len(f"{value:g}".partition(".")[2])
    return decimal(value, digits)


def title(text: str, size: float = 1.6) -> QLabel:
    label = QLabel(text)
    font = QFont(label.font())
    font.setPointSizeF(font.pointSizeF() * size)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)
    label.setWordWrap(True)
    return label


def put_in_middle(page: QWidget, *parts: QWidget | QLayout) -> None:
    """The parts below each other, in a column of its own width in the middle of the page."""
    card = QWidget()
    card.setFixedWidth(CARD_WIDTH)
    column = QVBoxLayout(card)
    column.setSpacing(18)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    row = QHBoxLayout()  # an alignment instead would cut off text that is wrapped
    row.addStretch(1)
    row.addWidget(card)
    row.addStretch(1)
    layout = QVBoxLayout(page)
    layout.addStretch(2)
    layout.addLayout(row)
    layout.addStretch(3)
