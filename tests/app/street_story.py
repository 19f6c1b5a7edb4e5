"""A whole session in the real window: a street is opened, edited, compared and exported.

Part of the tests; as a script it also measures how long the window is busy with each event:
    python -m tests.app.street_story --shots FOLDER --checkpoint checkpoints/streets --theme dark
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.panels import HistoryPanel, StampPanel, StylePanel
from app.panels.stamps import STAMP
from app.panels.tiles import IN_USE
from app.sample import SAMPLES
from app.window import MainWindow
from model.scene.labels import label_of
from model.scene.maps import read_picture, write_instance_map, write_label_map
from model.scene.project import load_project
from model.scene.scene import Scene
from tests.app.story import (
    LEFT,
    NONE,
    Place,
    Story,
    answer,
    inner_place,
    largest_of,
    open_file,
    type_path,
)

Wait = Callable[[], object]
Shot = Callable[[str], object]
SAMPLE = SAMPLES / "boulevard.labelbrush"
DISTANCE = 30  # map rows below the horizon where the bus stands


def write_street(folder: Path, scene: Scene) -> Path:
    """A scene as Cityscapes files; returns the label map's path."""
    labels = folder / "street_gtFine_labelIds.png"
    write_label_map(labels, scene.label_map)
    write_instance_map(folder / "street_gtFine_instanceIds.png", scene.instance_map)
    return labels


class StreetStory:
    """The steps in order; wait() returns once the picture shows the document and is written."""

    def __init__(self, window: MainWindow, wait: Wait, shot: Shot) -> None:
        self.window, self.wait, self.shot = window, wait, shot
        self.story = Story(window)
        self.session = window.session

    def tell(self, labels: Path, picture: Path) -> None:
        self.open(labels)
        self.look_around()
        self.add_a_bus_in_the_distance()
        self.remove_a_car()
        self.move_a_car()
        self.paint()
        self.turn_a_house_to_brick()
        self.make_it_autumn()
        self.compare()
        self.look_at_history()
        self.export(picture)

    def step(self, name: str) -> None:
        self.wait()
        self.shot(name)

    def open(self, labels: Path) -> None:
        open_file(self.window, labels)
        self.step("01_opened")
        assert self.session.title == labels.name or labels.stem in self.session.title

    def look_around(self) -> None:
        story, car = self.story, self.middle_of(self.cars()[0])
        story.key(Qt.Key.Key_V)
        story.move((car[0] - 30, car[1]))
        story.move(car)
        self.step("02_hover")
        for mode in ("labels", "blend", "picture"):
            story.act(mode)
            self.step(f"03_{mode}")

    def add_a_bus_in_the_distance(self) -> None:
        stamps = self.window._panel(StampPanel)
        self.window._docks[StampPanel].raise_()
        QApplication.processEvents()
        QApplication.processEvents()  # what waits for its first paint
        stamps.show_label("bus")
        rows = range(stamps.list.count())
        item = next(i for i in map(stamps.list.item, rows) if i.data(STAMP).name == "bus 0°")
        place = stamps.list.visualItemRect(item).center()
        QTest.mouseClick(stamps.list.viewport(), LEFT, NONE, place)
        foot = self.clear_road()
        for step in range(12):
            self.story.move((foot[0] + 10 * (11 - step), foot[1] + 5 * (11 - step)))
        self.step("04_bus_before_the_click")
        self.story.click(foot)
        self.step("05_bus")
        (bus,) = self.session.selected
        assert self.session.document.schema.by_id(label_of(bus)).name == "bus"
        rows = np.flatnonzero((self.session.document.instance_map == bus).any(axis=1))
        assert len(rows) < 5 * DISTANCE  # far away is small

    def remove_a_car(self) -> None:
        story, car = self.story, self.cars()[0]
        story.key(Qt.Key.Key_V)
        story.click(self.middle_of(car))
        assert self.session.selected == (car,)
        self.step("06_car_selected")
        story.key(Qt.Key.Key_Delete)
        self.step("07_car_removed")
        assert car not in self.session.document.instance_map
        steps = self.session.document.history.position
        story.key(Qt.Key.Key_Period)
        self.step("08_another_filling")
        assert self.session.document.history.position == steps

    def move_a_car(self) -> None:
        car = self.cars()[0]
        x, y = self.middle_of(car)
        story = self.story
        story.press((x, y))
        for step in range(1, 11):
            story.move((x - 8 * step, y + 4 * step))
        self.shot("09_car_in_hand")
        story.release((x - 80, y + 40))
        self.step("10_car_moved")
        assert self.session.document.undo_name == "Move car"

    def paint(self) -> None:
        story, (x, y) = self.story, self.clear_road()
        story.key(Qt.Key.Key_B)
        story.choose("sidewalk")
        self.session.set_radius(14)
        story.press((x - 200, y + 150))
        for step in range(40):
            story.move((x - 200 + 8 * step, y + 150 + 20 * np.sin(step / 5)))
        self.shot("11_stroke")
        story.release((x + 120, y + 150))
        self.step("12_painted")

    def turn_a_house_to_brick(self) -> None:
        self.choose_warmest_style("building")
        self.step("13_house_of_brick")

    def make_it_autumn(self) -> None:
        self.choose_warmest_style("vegetation")
        self.step("14_autumn")

    def choose_warmest_style(self, label: str) -> None:
        """Click the label's largest object, and the other style in which it is the reddest."""
        story, document, steps = self.story, self.session.document, self.position
        story.key(Qt.Key.Key_V)
        story.click(inner_place(document, largest_of(document, label)))
        self.wait()
        panel, chosen = self.window._panel(StylePanel), self.session.selection
        tiles, (_, painted) = panel.list, panel._pictures[chosen]
        others = [row for row in range(tiles.count()) if not tiles.item(row).data(IN_USE)]
        styles = [choice.style for choice in panel._choices]
        item = tiles.item(max(others, key=lambda row: _warmth(painted.get(styles[row]))))
        tiles.scrollToItem(item)
        QTest.mouseClick(tiles.viewport(), LEFT, NONE, tiles.visualItemRect(item).center())
        self.wait()
        assert self.position == steps + 1

    @property
    def position(self) -> int:
        return self.session.document.history.position

    def compare(self) -> None:
        story, canvas = self.story, self.window.canvas
        story.act("wipe")
        middle = canvas.width() * canvas.wipe
        QTest.mousePress(canvas, LEFT, NONE, QPointF(middle, 60).toPoint())
        for step in range(10):
            QTest.mouseMove(canvas, QPointF(middle - 10 * step, 60).toPoint())
        QTest.mouseRelease(canvas, LEFT, NONE, QPointF(middle - 90, 60).toPoint())
        self.step("15_wipe")
        story.act("split")
        self.step("16_side_by_side")
        story.act("split")
        story.act("heat")
        self.step("17_what_changed")
        story.act("heat")
        story.act("outlines")
        for _ in range(5):
            story.act("zoom_in")
        self.step("18_outlines_and_minimap")
        story.act("outlines")
        story.act("fit")

    def look_at_history(self) -> None:
        history = self.window._panel(HistoryPanel)
        self.window._docks[HistoryPanel].raise_()
        QApplication.processEvents()
        QTest.mouseClick(history.pin, LEFT)
        self.step("19_history")
        self.story.act("shortcuts")
        QApplication.processEvents()
        self.story.shot("20_shortcuts", self.window.sheet)
        self.window.sheet.close()

    def export(self, picture: Path) -> None:
        answer(QFileDialog, type_path(picture))
        self.story.act("export_picture")
        self.step("21_exported")
        height, width = self.session.document.label_map.shape
        assert read_picture(picture).shape == (height, width, 3)

    def cars(self) -> list[int]:
        """Ids of the cars that little stands before, the largest first."""
        schema, instances = self.session.document.schema, self.session.document.instances()
        cars = [i for i in instances if schema.by_id(i.label_id).name == "car"]
        cars = [i for i in cars if i.instance_id >= 1000 and i.pixels > 0.5 * _area(i.rect)]
        return [i.instance_id for i in sorted(cars, key=lambda i: -i.pixels)]

    def middle_of(self, instance_id: int) -> Place:
        return inner_place(self.session.document, instance_id)

    def clear_road(self) -> Place:
        """A place on the road near the horizon."""
        row = round(self.session.horizon) + DISTANCE
        document = self.session.document
        road = document.schema.by_name("road").id
        columns = np.flatnonzero(document.label_map[row] == road)
        return float(np.median(columns)) + 0.5, float(row)


def _area(rect) -> int:
    return rect.width * rect.height


def _warmth(picture: tuple[QImage, QColor] | None) -> float:
    """How much more red than green the object has, by its brightness: brick is warmer than sand."""
    if picture is None:
        return 0.0
    _, color = picture
    return (color.redF() - color.greenF()) / max(color.redF() + color.greenF(), 0.01)


class TimedApplication(QApplication):
    """Notes how long the window's thread computes for each event, what it causes included."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.seconds: list[tuple[float, str]] = []
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if threading.current_thread() is not threading.main_thread():
            return super().notify(receiver, event)  # the engine's work comes as events, too
        self._depth += 1
        started, kind = time.thread_time(), event.type().name
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            if not self._depth:
                self.seconds.append((time.thread_time() - started, kind))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--map", type=Path, help="label map; without it a sample")
    args = parser.parse_args()
    os.environ["LABELBRUSH_SHOTS"] = str(args.shots)

    from app.main import build_window
    from app.rendering.worker import EngineSource, open_engine
    from app.settings import throwaway_settings
    from app.theme import apply_theme

    app = TimedApplication(["street_story"])
    apply_theme(app, args.theme)
    window = build_window(app, throwaway_settings(), open_engine)
    window.resize(1440, 900)
    window.show()
    window.checkpoints.start(EngineSource(args.checkpoint, window.session.document.schema))

    def wait() -> None:
        while not (window.controller.idle and window.jobs.idle) or window.controller.status.loading:
            app.processEvents()
            time.sleep(0.002)
        app.processEvents()

    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    wait()
    shot = Story(window).shot
    folder = Path(tempfile.mkdtemp())
    labels = args.map or write_street(folder, load_project(SAMPLE).scene)
    app.seconds.clear()
    try:
        StreetStory(window, wait, shot).tell(labels, folder / "street.png")
    finally:
        report(app.seconds)
        state = window.session.state
        window.session.mark_saved(folder / "street.labelbrush", state)
        window.close()
    return 0


def report(seconds: list[tuple[float, str]]) -> None:
    times = np.array([took for took, _ in seconds]) * 1000
    print(f"{len(times)} events; 50 % under {np.percentile(times, 50):.1f} ms", end="; ")
    print(f"99 % under {np.percentile(times, 99):.1f} ms; longest {times.max():.0f} ms")
    for took, kind in sorted(seconds, reverse=True)[:12]:
        print(f"  {1000 * took:6.1f} ms {kind}")


if __name__ == "__main__":
    sys.exit(main())
