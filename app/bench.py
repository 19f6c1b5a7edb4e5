"""`bench editor`: how soon the window and its first picture are there, how soon a stroke is seen.

Every figure comes from a process of its own that opens the real window (offscreen without a
display) with throwaway settings. Python may keep compiled sources there, as it does for users.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app import main
from app.canvas import Canvas
from app.first_paint import FirstPaint
from app.rendering.status import RenderStatus
from app.tools.brush import BrushTool
from app.window import MainWindow

STARTS = 3
MICROSECONDS = 1_000_000
MOVES = 600
INTERVAL = 0.008  # seconds between movements of the pointer, as of a common mouse
WINDOW_GOAL, PICTURE_GOAL, WARM_GOAL, POINTER_GOAL = 1000.0, 10000.0, 3000.0, 16.0
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Row = dict[str, str | float | None]


def row(name: str, goal: float, times: list[float], *, p99: bool = False) -> Row:
    """In milliseconds; the goal is for the 99th percentile, or else for the median."""
    ordered = sorted(times)
    return {
        "name": name,
        "goal": goal,
        "ms": statistics.median(ordered),
        "p99": ordered[int(0.99 * (len(ordered) - 1))] if p99 else None,
        "longest": ordered[-1],
    }


def rows(device: str) -> Iterator[Row]:
    """Start, then strokes while the engine paints."""
    arguments = ["--device", device]
    runs = [measured("start", arguments) for _ in range(STARTS)]
    yield row("start to window painted", WINDOW_GOAL, [run["window"][0] for run in runs])
    # The first start of a day reads torch from the disk; the later ones find it in memory.
    yield row("start to first exact picture", PICTURE_GOAL, runs[0]["picture"])
    yield row("the same, torch warm", WARM_GOAL, [run["picture"][0] for run in runs[1:]])
    strokes = measured("pointer", arguments)["pointer"]
    yield row("pointer to overlay, engine at work", POINTER_GOAL, strokes, p99=True)


def measured(what: str, arguments: list[str]) -> dict[str, list[float]]:
    """Figures in milliseconds, out of a process of its own; see `measure`."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    if "DISPLAY" not in environment and "WAYLAND_DISPLAY" not in environment:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "app.bench", what, repr(time.monotonic()), *arguments]
    folder = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


class Application(QApplication):
    """Notes when movements over the canvas have been painted and brought to the screen."""

    def __init__(self) -> None:
        super().__init__(["bench"])
        self.handled: list[float] = []  # movements: when each was sent, if not yet seen
        self.shown: list[float] = []  # seconds from sending to seeing
        self._painted = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        kind = event.type()
        result = super().notify(receiver, event)
        if kind == QEvent.Type.Paint and isinstance(receiver, Canvas):
            self._painted = True
        elif kind == QEvent.Type.UpdateRequest and self._painted:  # its paints have happened
            self._painted = False
            now = time.monotonic()
            self.shown += [now - sent for sent in self.handled]
            self.handled.clear()
        elif kind == QEvent.Type.MouseMove and isinstance(receiver, Canvas):
            assert isinstance(event, QMouseEvent)
            self.handled.append(event.timestamp() / MICROSECONDS)
        return result


def movement(canvas: Canvas, place: QPointF, kind: QEvent.Type) -> QMouseEvent:
    """Of the pressed mouse; it tells when it was made."""
    event = QMouseEvent(kind, place, canvas.mapToGlobal(place), LEFT, LEFT, NONE)
    event.setTimestamp(int(time.monotonic() * MICROSECONDS))
    return event


def measure(what: str, started: float, arguments: list[str]) -> dict[str, list[float]]:
    """What a process of its own finds out: "start", or "pointer" and that.

    started: on the clock of time.monotonic(); arguments: of `edit`.

    Raises RuntimeError when flat colours were not asked for and there is nothing better.
    """
    app = Application() if what == "pointer" else QApplication(["bench"])
    parser = argparse.ArgumentParser()
    main.configure(parser)
    window = main.prepared(app, parser.parse_args(["--temp", *arguments]))
    figures = _start(app, window, started)
    if window.controller.status.flat and "flat" not in arguments:
        raise RuntimeError("no checkpoint could be opened")
    if isinstance(app, Application):
        figures["pointer"] = _strokes(app, window)
    window.session.mark_saved(Path("bench.labelbrush"), window.session.state)
    window.close()
    return figures


def _start(app: QApplication, window: MainWindow, started: float) -> dict[str, list[float]]:
    """Runs until the first exact picture is there: milliseconds to it and to the first paint."""
    figures: dict[str, list[float]] = {}

    def note(name: str) -> None:
        figures[name] = [1e3 * (time.monotonic() - started)]

    def look(status: RenderStatus) -> None:
        if status.exact:
            note("picture")
            app.exit()

    first_paint = window.canvas.findChild(FirstPaint)
    assert first_paint is not None
    first_paint.happened.connect(lambda: note("window"))
    window.controller.status_changed.connect(look)
    app.exec()
    window.controller.status_changed.disconnect(look)
    return figures


def _strokes(app: Application, window: MainWindow) -> list[float]:
    """Milliseconds from each movement of a long stroke to its pixels on the screen."""
    canvas = window.canvas
    window.gallery.hide()
    window.session.use_tool(BrushTool(window.session))
    app.shown.clear()
    mover = threading.Thread(target=_move, args=(canvas,))
    mover.start()
    watch = QTimer(interval=20)
    watch.timeout.connect(lambda: None if mover.is_alive() else app.exit())
    watch.start()
    app.exec()
    mover.join()
    QCoreApplication.sendPostedEvents(canvas)  # else the stroke ends after it is saved
    return [1e3 * seconds for seconds in app.shown]


def _move(canvas: Canvas) -> None:
    """From a thread of its own, as the system does: a busy window does not slow the hand."""
    width, height = canvas.width(), canvas.height()

    def send(kind: QEvent.Type, step: int) -> None:
        across = abs(step % 400 - 200) / 200
        place = QPointF(width * (0.2 + 0.6 * across), height * (0.45 + 0.1 * (step % 7) / 7))
        QCoreApplication.postEvent(canvas, movement(canvas, place, kind))

    send(QEvent.Type.MouseButtonPress, 0)
    for step in range(MOVES):
        time.sleep(INTERVAL)
        send(QEvent.Type.MouseMove, step)
    send(QEvent.Type.MouseButtonRelease, MOVES)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], float(sys.argv[2]), sys.argv[3:])))
    main.end_at_once(0)  # an ordinary exit would wait for a worker that is still painting, or abort
