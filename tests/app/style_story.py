"""Picking styles in the real window, with the mouse and keys; as a script it makes a film of it.

Part of the tests, there with events of Qt's own. The film needs an X display without a window
manager, such as Xvfb's, and xdotool, which moves the pointer and presses the keys of that display:
    xvfb-run -s "-screen 0 1240x780x24" python -m tests.app.style_story styles.gif
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.panels import StylePanel
from app.window import MainWindow
from model.scene.labels import label_of
from tests.app.story import LEFT, Place, Story, inner_place, largest_of

Wait = Callable[[], object]
LARGEST_FILE = 3 * 10**6
WIDTH = 1240  # of the film
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


@dataclass
class StyleStory:
    """wait() returns once everything is painted; shot(seconds) takes a picture shown so long."""

    window: MainWindow
    hand: Hand
    wait: Wait
    shot: Callable[[float], object]
    chosen: list[str] = field(default_factory=list)  # names of the undo steps made

    def __post_init__(self) -> None:
        self.story = Story(self.window)
        self.session = self.window.session
        self.panel = next(each for each in self.window.panels if isinstance(each, StylePanel))

    def tell(self) -> None:
        self.wait()
        self.hand.move(self.window.canvas, self.story.view(self.middle_of("road")))
        self.hand.key("s")
        self.step(1.0)
        self.pick("road", (1, 5, 7))
        self.pick("building", (7, 9, 8))
        self.pick("sky", (2, 6))
        self.roll()
        self.mix("road")

    def step(self, seconds: float) -> None:
        self.wait()
        self.shot(seconds)

    def select(self, label: str) -> int:
        """Click the largest object of a label."""
        self.hand.move(self.window.canvas, self.story.view(self.middle_of(label)))
        self.step(0.3)
        self._click()
        self.step(0.8)
        chosen = self.session.selection
        assert chosen is not None
        named = self.session.document.schema.by_id(label_of(chosen)).name
        assert named == label, named
        return chosen

    def pick(self, label: str, rows: tuple[int, ...]) -> None:
        """Point at some tiles, click the last."""
        chosen, document = self.select(label), self.session.document
        steps = document.history.position
        tiles = self.panel.list
        for row in (each for each in rows if each < tiles.count()):
            item = tiles.item(row)
            tiles.scrollToItem(item)
            self.hand.move(tiles.viewport(), tiles.visualItemRect(item).center())
            self.step(0.8)
            assert document.history.position == steps
        self._click()
        self.step(1.2)
        assert document.history.position == steps + 1
        assert document.styles[chosen].cluster is not None
        self.chosen.append(document.undo_name or "")

    def roll(self) -> None:
        """Throw the dice twice."""
        for _ in range(2):
            self.hand.move(self.panel.dice, self.panel.dice.rect().center())
            self._click()
            self.step(1.2)
        self.chosen.append(self.session.document.undo_name or "")

    def mix(self, label: str) -> None:
        """Drag from one style to others on the pad."""
        self.hand.move(self.panel.shows_pad, self.panel.shows_pad.rect().center())
        self._click()
        chosen = self.select(label)
        pad, steps = self.panel.pad.view, self.session.document.history.position
        known = self.session.document.styles.get(chosen)
        dots = farthest(pad.dots)
        # Not what the dice gave it: that would be no change, so no step.
        last = next(dot for dot in dots[1:] if known is None or known.cluster != dot)
        stops = [pad.place_of(*pad.dots[dot]) for dot in dots]
        end_at = pad.place_of(*pad.dots[last])
        stops.append(pad.place_of(0.97, 0.9))
        self.hand.move(pad, stops[0].toPoint())
        self.hand.press()
        self.step(0.6)
        for start, end in itertools.pairwise(stops):
            for share in (0.33, 0.67, 1.0):
                self.hand.move(pad, (start + share * (end - start)).toPoint())
                self.step(0.5)
        assert pad.guess
        self.hand.move(pad, end_at.toPoint())
        self.step(0.6)
        self.hand.release()
        self.step(2.0)
        assert self.session.document.history.position == steps + 1
        assert self.session.document.styles[chosen].cluster is not None
        self.chosen.append(self.session.document.undo_name or "")

    def middle_of(self, label: str) -> Place:
        document = self.session.document
        return inner_place(document, largest_of(document, label))

    def _click(self) -> None:
        self.hand.press()
        self.hand.release()


def farthest(dots: list[tuple[float, float]]) -> list[int]:
    """Three dots: two that lie far apart, and the one farthest from both."""
    places = np.array(dots)
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    first, second = np.unravel_index(apart.argmax(), apart.shape)
    third = np.minimum(apart[first], apart[second]).argmax()
    return [int(first), int(third), int(second)]


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
        frame = Image.fromarray(rgb.copy())
        height = round(frame.height * WIDTH / frame.width)
        self.frames.append(frame.resize((WIDTH, height), Image.Resampling.LANCZOS))
        self.milliseconds.append(round(1000 * seconds))

    def save(self, path: Path) -> None:
        """One palette for all of it, so that what stands still costs nothing."""
        every = self.frames[:: max(1, len(self.frames) // 12)]
        sheet = Image.new("RGB", (WIDTH, sum(frame.height for frame in every)))
        top = 0
        for frame in every:
            sheet.paste(frame, (0, top))
            top += frame.height
        palette = sheet.quantize(COLORS, method=Image.Quantize.MEDIANCUT)
        still = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames]
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/streets"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--frames", type=Path, help="folder for every single picture")
    args = parser.parse_args()
    from app.main import build_window
    from app.rendering.worker import EngineSource, open_engine
    from app.settings import throwaway_settings
    from app.theme import apply_theme

    app = QApplication(["style_story"])
    apply_theme(app, args.theme)
    window = build_window(app, throwaway_settings(), open_engine)
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.resize(1240, 780)
    window.show()
    session = window.session
    source = EngineSource(args.checkpoint, session.document.schema, style_seed=session.style_seed)
    window.checkpoints.start(source)

    def wait() -> None:
        while not window.controller.idle or window.controller.status.loading:
            app.processEvents()
            time.sleep(0.002)
        app.processEvents()

    window.activateWindow()
    wait()
    hand = RealHand()
    film = Film(window, hand)
    StyleStory(window, hand, wait, film.shot).tell()
    film.save(args.film)
    if args.frames is not None:
        args.frames.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(film.frames):
            frame.save(args.frames / f"{number:03}.png")
    size = args.film.stat().st_size
    print(f"{args.film}: {len(film.frames)} pictures, {size / 1e6:.2f} MB")
    window.session.mark_saved(Path("street.labelbrush"), window.session.state)
    window.close()
    return 0 if size < LARGEST_FILE else 1


if __name__ == "__main__":
    sys.exit(main())
