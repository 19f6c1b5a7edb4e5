"""Makes the pictures of the README in assets/screenshots, with the window itself:

    xvfb-run -s "-screen 0 1440x900x24" python -m tests.app.readme_pictures

A street before and after an edit, a film of that edit, the window afterwards, a film of picking
styles, and a sheet of them. Needs xdotool; takes some minutes. With another checkpoint the
pictures are others, so it is run again once the bundled one changes.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QListWidgetItem

from app.panels import LabelPanel, StampPanel, StylePanel
from app.panels.lists import rows_of
from app.panels.stamps import STAMP
from app.panels.tiles import IN_USE
from app.sample import SAMPLES
from app.window import MainWindow
from tests.app.film import SIZE, Film, RealHand, Wait, give_up, real_window
from tests.app.story import Place, Story, inner_place, largest_of, open_file
from tests.app.style_story import StyleStory

ROOT = Path(__file__).parent.parent.parent
SCENE = SAMPLES / "boulevard.labelbrush"
STYLE_SCENE = SAMPLES / "boulevard.labelbrush"
WINDOW = (1440, 900)  # of the picture of the window
WIDTH, QUALITY = 1024, 88  # of the pair before and after
# Places in map coordinates, on the bundled boulevard.
TRUNK = [(1650.0, 740.0 - 20 * step) for step in range(17)]
LEAVES = [(0.75 * step, 90 + 35 * math.sin(2.7 * step)) for step in range(26)]  # angle, radius
CROWN = [(1650 + far * math.cos(turn), 300 + far * math.sin(turn)) for turn, far in LEAVES]
PUT_DOWN, PULLED_TO = (840.0, 620.0), (690.0, 700.0)


class EditStory:
    """A tree is painted, a car removed, another put down, pulled nearer and given a style."""

    def __init__(self, window: MainWindow, hand: RealHand, wait: Wait, film: Film) -> None:
        self.window, self.hand, self.wait, self.film = window, hand, wait, film
        self.story, self.session = Story(window), window.session

    def tell(self) -> None:
        self.step(1.2)
        self.paint_a_tree()
        self.remove_a_car()
        self.put_down_a_car()
        self.pull_it_nearer()
        self.give_it_a_style()
        self.step_back()

    def step(self, seconds: float) -> None:
        self.wait()
        self.film.shot(seconds)

    def paint_a_tree(self) -> None:
        tree = self.window._panel(LabelPanel).tree
        row = next(item for item in rows_of(tree) if item.text(0) == "vegetation")
        tree.scrollToItem(row)
        self.hand.move(tree.viewport(), tree.visualItemRect(row).center())
        self.click()
        self.hover(TRUNK[0])
        self.hand.key("b")
        self.session.set_radius(14)
        self.step(0.8)
        self.stroke(TRUNK)
        self.session.set_radius(50)
        self.stroke(CROWN)
        self.step(1.5)

    def remove_a_car(self) -> None:
        car = inner_place(self.session.document, largest_of(self.session.document, "car"))
        self.hover(car)
        self.hand.key("v")
        self.step(0.6)
        self.click()
        self.step(0.8)
        self.hand.key("Delete")
        self.step(1.5)

    def put_down_a_car(self) -> None:
        self.window._docks[StampPanel].raise_()
        QApplication.processEvents()
        QApplication.processEvents()  # what waits for its first paint
        stamps = self.window._panel(StampPanel)
        stamps.show_label("car")
        rows = map(stamps.list.item, range(stamps.list.count()))
        self.press_tile(
            stamps.list, next(item for item in rows if item.data(STAMP).name == "city car 0°")
        )
        for share in (0.0, 0.5, 1.0):
            x, y = PUT_DOWN
            self.hover((x, y - 90 * (1 - share)))
            self.film.shot(0.4)
        self.click()
        self.step(1.2)

    def pull_it_nearer(self) -> None:
        start = inner_place(self.session.document, self.session.selected[0])
        away = np.subtract(PULLED_TO, PUT_DOWN)
        self.hover(start)
        self.hand.key("v")
        self.hand.press()
        for share in np.linspace(0, 1, 7):
            self.hover((start[0] + share * away[0], start[1] + share * away[1]))
            self.film.shot(0.25)
        self.hand.release()
        self.step(1.5)

    def give_it_a_style(self) -> None:
        tiles = self.window._panel(StylePanel).list
        unused = [item for item in map(tiles.item, range(tiles.count())) if not item.data(IN_USE)]
        for item in unused[2:5]:  # the commonest are white and grey
            tiles.scrollToItem(item)
            self.hand.move(tiles.viewport(), tiles.visualItemRect(item).center())
            self.step(0.7)
        self.click()
        self.step(1.2)

    def step_back(self) -> None:
        canvas = self.window.canvas
        self.hand.move(canvas, QPoint(canvas.width() // 2, 40))
        self.hand.key("Escape")
        self.step(2.0)

    def stroke(self, places: list[Place]) -> None:
        self.hover(places[0])
        self.hand.press()
        for number, place in enumerate(places):
            self.hover(place)
            if number % 3 == 2:
                self.film.shot(0.15)
        self.hand.release()
        self.step(0.8)

    def hover(self, place: Place) -> None:
        self.hand.move(self.window.canvas, self.story.view(place))

    def press_tile(self, tiles, item: QListWidgetItem) -> None:
        tiles.scrollToItem(item)
        self.hand.move(tiles.viewport(), tiles.visualItemRect(item).center())
        self.click()
        self.step(0.6)

    def click(self) -> None:
        self.hand.press()
        self.hand.release()


def save_picture(window: MainWindow, path: Path) -> None:
    """What the generator painted, without the window."""
    save_jpeg(window.canvas.layers.picture.image, path, WIDTH)


def save_jpeg(image: QImage, path: Path, width: int) -> None:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    size = width, round(image.height() * width / image.width())
    picture = Image.fromarray(pixels.copy()).resize(size, Image.Resampling.LANCZOS)
    picture.save(path, quality=QUALITY, optimize=True)
    print(f"{path}: {size[0]} x {size[1]}, {path.stat().st_size / 1e6:.2f} MB")


def make_edit(window: MainWindow, wait: Wait, folder: Path, frames: Path | None) -> None:
    """before.jpg, after.jpg, painting.gif and editor.jpg."""
    open_file(window, SCENE)
    wait()
    save_picture(window, folder / "before.jpg")
    hand = RealHand()
    film = Film(window, hand)
    EditStory(window, hand, wait, film).tell()
    film.save(folder / "painting.gif")
    if frames is not None:
        film.save_frames(frames)
    save_picture(window, folder / "after.jpg")
    window.resize(*WINDOW)
    document = window.session.document
    window.session.select(largest_of(document, "car"))
    wait()
    save_jpeg(window.grab().toImage(), folder / "editor.jpg", WINDOW[0])


def make_styles(window: MainWindow, wait: Wait, folder: Path) -> None:
    """styles.gif."""
    window.session.mark_saved(folder / SCENE.name, window.session.state)
    window.resize(*SIZE)
    open_file(window, STYLE_SCENE)
    wait()
    hand = RealHand()
    film = Film(window, hand)
    StyleStory(window, hand, wait, film.shot).tell()
    film.save(folder / "styles.gif")


def make_sheet(checkpoint: Path, folder: Path) -> None:
    """styles_sheet.jpg."""
    command = [sys.executable, "main.py", "styles", "show", str(checkpoint)]
    command += ["--scene", str(STYLE_SCENE), "-o", str(folder / "styles_sheet.jpg")]
    subprocess.run(command, check=True, cwd=ROOT)


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "checkpoints" / "streets")
    parser.add_argument("--folder", type=Path, default=ROOT / "assets" / "screenshots")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--frames", type=Path, help="folder for every picture of the first film")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    window, wait = real_window(args.checkpoint.resolve(), args.theme)
    make_edit(window, wait, args.folder, args.frames)
    make_styles(window, wait, args.folder)
    give_up(window)
    make_sheet(args.checkpoint.resolve(), args.folder.resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
