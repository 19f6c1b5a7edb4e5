"""Drives the real window as a person would: mouse and keys on the widgets, pictures of it.

With LABELBRUSH_SHOTS=folder every shot() is saved there as NAME.png, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.window import MainWindow
from model.scene.document import Document

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
Place = tuple[float, float]


class Story:
    """Places are in map coordinates."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.canvas = window.canvas

    def view(self, place: Place) -> QPoint:
        return QPointF(*self.canvas.viewport.to_view(place)).toPoint()

    def press(self, place: Place, modifiers=NONE, button=LEFT) -> None:
        QTest.mousePress(self.canvas, button, modifiers, self.view(place))

    def move(self, place: Place) -> None:
        QTest.mouseMove(self.canvas, self.view(place))

    def release(self, place: Place, modifiers=NONE, button=LEFT) -> None:
        QTest.mouseRelease(self.canvas, button, modifiers, self.view(place))

    def click(self, place: Place, modifiers=NONE) -> None:
        self.press(place, modifiers)
        self.release(place, modifiers)

    def stroke(self, *places: Place, modifiers=NONE) -> None:
        self.press(places[0], modifiers)
        for place in places[1:]:
            self.move(place)
        self.release(places[-1], modifiers)

    def key(self, key, modifiers=NONE) -> None:
        """A key while the canvas has the focus, shortcuts included."""
        self.window.activateWindow()
        self.canvas.setFocus()
        QTest.keyClick(self.canvas, key, modifiers)

    def act(self, action_id: str) -> None:
        """Trigger an action; what it does beside the window is done when this returns."""
        action = self.window.table.by_id[action_id]
        assert action.isEnabled(), f"{action_id} is disabled"
        action.trigger()
        finish_jobs(self.window)

    def choose(self, label_name: str) -> None:
        label = self.window.session.document.schema.by_name(label_name)
        self.window.session.choose_label(label.id)

    def color(self, place: Place) -> tuple[int, int, int]:
        """What is on the screen at a place, the pointer's mark taken away."""
        QApplication.sendEvent(self.canvas, _leave())
        image = self.canvas.grab().toImage()
        point = self.view(place) * image.devicePixelRatio()
        return QColor(image.pixel(point)).toTuple()[:3]

    def shot(self, name: str, widget: QWidget | None = None) -> None:
        folder = os.environ.get("LABELBRUSH_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            assert (widget or self.window).grab().save(str(Path(folder) / f"{name}.png"))


def inner_place(document: Document, instance_id: int) -> Place:
    """The place of an instance that is farthest from everything else."""
    mask = np.pad(document.instance_map == instance_id, 1).astype(np.uint8)
    _, _, _, (x, y) = cv2.minMaxLoc(cv2.distanceTransform(mask, cv2.DIST_L2, 5))
    return x - 0.5, y - 0.5


def largest_of(document: Document, label: str) -> int:
    """Id of a label's largest instance."""
    label_id = document.schema.by_name(label).id
    known = [each for each in document.instances() if each.label_id == label_id]
    return max(known, key=lambda each: each.pixels).instance_id


def finish_jobs(window: MainWindow) -> None:
    """Wait for all work beside the window, and for what follows from it."""
    deadline = QDeadlineTimer(60_000)  # the first may have to load torch
    while not window.jobs.idle:
        assert not deadline.hasExpired(), "a job did not end in 60 s"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def edit(story: Story) -> None:
    story.choose("person")
    story.stroke((20, 12), (40, 12))


def open_file(window: MainWindow, path: Path) -> None:
    """Open a file and wait until it is shown, or refused."""
    window.files.open_path(path)
    finish_jobs(window)


def save(window: MainWindow) -> bool:
    """Save and wait; whether everything is saved now."""
    window.saving.save()
    finish_jobs(window)
    return not window.session.modified


def _leave():
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def answer[Dialog: QWidget](kind: type[Dialog], reply: Callable[[Dialog], object]) -> list[Dialog]:
    """Reply to the next modal dialog of that kind; the list returned holds it once it came."""
    met: list[Dialog] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            met.append(dialog)
            reply(dialog)
        elif not met and tries:
            tries.pop()
            QTimer.singleShot(20, look)

    tries = list(range(200))
    QTimer.singleShot(0, look)
    return met


def type_path(path: Path) -> Callable[[QWidget], None]:
    """Reply to a file dialog by typing a path and pressing its button."""

    def reply(dialog) -> None:
        from PySide6.QtWidgets import QLineEdit

        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)

    return reply
