"""What films of the real window are made with: a hand, pictures of the screen, the window.

A film needs an X display without a window manager, such as Xvfb's, and xdotool.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.window import MainWindow
from tests.app.story import LEFT

Wait = Callable[[], object]
LARGEST_FILE = 3 * 10**6
SIZE = (1240, 780)  # of the window
WIDTHS = (1240, 1000, 800)  # of the film
COLORS = 128
ARROW = [(0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12)]


class Hand(Protocol):
    """A pointer and a keyboard."""

    place: QPoint  # in screen coordinates

    def move(self, widget: QWidget, point: QPoint) -> None: ...

    def press(self) -> None: ...

    def release(self) -> None: ...

    def key(self, letter: str) -> None: ...


class TestHand:
    """Sends Qt's events to the widgets themselves."""

    __test__ = False

    def __init__(self) -> None:
        self.place = QPoint()
        self._widget: QWidget | None = None
        self._point = QPoint()

    def move(self, widget: QWidget, point: QPoint) -> None:
        if self._widget is not None and widget is not self._widget:
            QApplication.sendEvent(self._widget, QEvent(QEvent.Type.Leave))
        self._widget, self._point = widget, point
        self.place = widget.mapToGlobal(point)
        QTest.mouseMove(widget, point)

    def press(self) -> None:
        assert self._widget is not None
        QTest.mousePress(self._widget, LEFT, pos=self._point)

    def release(self) -> None:
        assert self._widget is not None
        QTest.mouseRelease(self._widget, LEFT, pos=self._point)

    def key(self, letter: str) -> None:
        assert self._widget is not None
        QTest.keyClick(self._widget, letter)


class RealHand:
    """Moves the pointer of the display and presses its keys."""

    def __init__(self) -> None:
        self.place = QPoint()

    def move(self, widget: QWidget, point: QPoint) -> None:
        self.place = widget.mapToGlobal(point)
        self._do("mousemove", str(self.place.x()), str(self.place.y()))

    def press(self) -> None:
        self._do("mousedown", "1")

    def release(self) -> None:
        self._do("mouseup", "1")

    def key(self, letter: str) -> None:
        self._do("key", letter)

    def _do(self, *command: str) -> None:
        subprocess.run(["xdotool", *command], check=True)
        until = time.monotonic() + 0.15  # the display's events come through a connection
        while time.monotonic() < until:
            QApplication.processEvents()


class Film:
    """Pictures of the screen with the pointer drawn on, and how long each is shown."""

    def __init__(self, window: MainWindow, hand: Hand) -> None:
        self._window, self._hand = window, hand
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def shot(self, seconds: float) -> None:
        corner = self._window.pos()
        size = self._window.size()
        shown = self._window.screen().grabWindow(
            0, corner.x(), corner.y(), size.width(), size.height()
        )
        draw_pointer(shown, QPointF(self._hand.place - corner))
        image = shown.toImage().convertToFormat(shown.toImage().Format.Format_RGB888)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
        rgb = pixels[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        self.frames.append(Image.fromarray(rgb.copy()))
        self.milliseconds.append(round(1000 * seconds))

    def save(self, path: Path) -> None:
        """As wide as LARGEST_FILE allows."""
        for width in WIDTHS:
            self._write(path, width)
            size = path.stat().st_size
            print(f"{path}: {len(self.frames)} pictures, {width} wide, {size / 1e6:.2f} MB")
            if size < LARGEST_FILE:
                return

    def save_frames(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(self.frames):
            frame.save(folder / f"{number:03}.png")

    def _write(self, path: Path, width: int) -> None:
        """One palette for all of it, so that what stands still costs nothing.

        Of an octree: a median cut has no red for one red car in a grey street.
        """
        size = width, round(self.frames[0].height * width / self.frames[0].width)
        frames = [frame.resize(size, Image.Resampling.LANCZOS) for frame in self.frames]
        every = frames[:: max(1, len(frames) // 12)]
        sheet = Image.new("RGB", (width, len(every) * size[1]))
        for place, frame in enumerate(every):
            sheet.paste(frame, (0, place * size[1]))
        palette = sheet.quantize(COLORS, method=Image.Quantize.FASTOCTREE)
        still = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
        still[0].save(
            path,
            save_all=True,
            append_images=still[1:],
            duration=self.milliseconds,
            loop=0,
            optimize=True,
            disposal=1,
        )


def draw_pointer(picture: QPixmap, place: QPointF) -> None:
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor("black"))
    painter.setBrush(QColor("white"))
    painter.drawPolygon(QPolygonF([place + QPointF(*point) for point in ARROW]))
    painter.end()


def real_window(checkpoint: Path, theme: str) -> tuple[MainWindow, Wait]:
    """The editor's window on the display, and what returns once all is painted and written."""
    from app.main import build_window
    from app.rendering.worker import EngineSource, open_engine
    from app.settings import throwaway_settings
    from app.theme import apply_theme

    app = QApplication(["film"])
    apply_theme(app, theme)
    window = build_window(app, throwaway_settings(), open_engine)
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.resize(*SIZE)
    window.show()
    session = window.session
    source = EngineSource(checkpoint, session.document.schema, style_seed=session.style_seed)
    window.checkpoints.start(source)

    def wait() -> None:
        controller = window.controller
        while not (controller.idle and window.jobs.idle) or controller.status.loading:
            app.processEvents()
            time.sleep(0.002)
        app.processEvents()

    window.activateWindow()
    wait()
    return window, wait


def give_up(window: MainWindow) -> None:
    """Close without being asked about what is not saved."""
    window.session.mark_saved(Path("street.labelbrush"), window.session.state)
    window.close()
