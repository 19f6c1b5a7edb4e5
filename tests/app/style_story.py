"""Picking styles in the real window, with the mouse and keys; as a script it makes a film of it.

Part of the tests, there with events of Qt's own. The film needs an X display without a window
manager, such as Xvfb's, and xdotool, which moves the pointer and presses the keys of that display:
    xvfb-run -s "-screen 0 1240x780x24" python -m tests.app.style_story styles.gif
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.panels import StylePanel
from app.style_edits import style_of
from app.window import MainWindow
from model.scene.labels import label_of
from tests.app.film import LARGEST_FILE, Film, Hand, RealHand, Wait, give_up, real_window
from tests.app.story import Place, Story, inner_place, largest_of


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
        """Point at some tiles, click the last; not at the one that the object has already."""
        chosen, document = self.select(label), self.session.document
        steps = document.history.position
        tiles, now = self.panel.list, style_of(self.session, chosen)
        for row in (each for each in rows if each < tiles.count()):
            if now is not None and row == now.cluster:
                continue
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/streets"))
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--frames", type=Path, help="folder for every single picture")
    args = parser.parse_args()
    window, wait = real_window(args.checkpoint, args.theme)
    hand = RealHand()
    film = Film(window, hand)
    StyleStory(window, hand, wait, film.shot).tell()
    film.save(args.film)
    if args.frames is not None:
        film.save_frames(args.frames)
    give_up(window)
    return 0 if args.film.stat().st_size < LARGEST_FILE else 1


if __name__ == "__main__":
    sys.exit(main())
