"""A sheet of one scene in other styles: for each of four labels the clusters that differ most.

Chosen from what the generator paints, so that a better checkpoint gives a better sheet.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from model.errors import InputError
from model.scene.labels import label_of
from model.scene.scene import Scene, Style
from model.styles.book import StyleBook

Pixels = NDArray[np.uint8]
Paint = Callable[[Scene], Pixels]
WIDTH = 1920
CAPTION = 26
FONT_SIZE = 15
BACKGROUND, FOREGROUND = (24, 24, 26), (230, 230, 230)
SEASONS = ("autumn", "spring", "summer")


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes:
    count: of styles shown; columns: beside each other.
    seasons: the styles are the reddest, the greenest and the greyest, in this order, called after
        the trees of rendered streets.
    """

    label: str
    count: int
    columns: int
    seasons: bool = False


GROUPS = (
    Group("road", 4, 4),
    Group("building", 6, 3),
    Group("sky", 4, 4),
    Group("vegetation", 3, 3, seasons=True),
)


def draw_variants(scene: Scene, book: StyleBook, paint: Paint) -> Pixels:
    """The sheet, (H, 1920, 3) uint8 RGB.

    All else is drawn in the largest cluster of its label. Raises InputError when a label of the
    sheet is missing in the scene or has too few clusters.
    """
    plain = {
        int(each): book.style(label_of(int(each)), 0)
        for each in np.unique(scene.instance_map)
        if book.count(label_of(int(each)))
    }
    rows = []
    for group in GROUPS:
        pictures = _pictures(group, scene, book, plain, paint)
        colors = np.array([_appearance(picture, mask) for picture, mask in pictures])
        chosen = seasons(colors) if group.seasons else most_different(colors, group.count)
        names = SEASONS if group.seasons else [""] * group.count
        panels = [
            (pictures[cluster][0], _caption(group.label, cluster, name))
            for cluster, name in zip(chosen, names, strict=True)
        ]
        for start in range(0, len(panels), group.columns):
            rows.append(_row(panels[start : start + group.columns]))
    return np.concatenate(rows)


def most_different(colors: np.ndarray, count: int) -> list[int]:
    """Of (n, C) rows the `count` whose two most alike are as different as possible."""
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=2)

    def worst(chosen: Sequence[int]) -> float:
        return min(apart[a, b] for a, b in itertools.combinations(chosen, 2))

    return list(max(itertools.combinations(range(len(colors)), count), key=worst))


def seasons(colors: np.ndarray) -> list[int]:
    """The reddest, the greenest and of the others the greyest of (n, 4) appearances."""
    reddest, greenest = int(colors[:, 1].argmax()), int(colors[:, 1].argmin())
    dullness = np.hypot(colors[:, 1], colors[:, 2])
    dullness[[reddest, greenest]] = np.inf
    return [reddest, greenest, int(dullness.argmin())]


def _pictures(
    group: Group, scene: Scene, book: StyleBook, plain: dict[int, Style], paint: Paint
) -> list[tuple[Pixels, np.ndarray]]:
    """The scene with all of a label in each of its clusters, and where that label is."""
    label = scene.schema.by_name(group.label).id
    mask = scene.label_map == label
    if not mask.any() or book.count(label) < group.count:
        raise InputError(
            f"The sheet shows {group.count} styles of {group.label}, but the scene has "
            f"{np.count_nonzero(mask)} pixels of it and the checkpoint {book.count(label)} styles."
        )
    ids = [each for each in plain if label_of(each) == label]
    return [
        (
            paint(replace(scene, styles=plain | dict.fromkeys(ids, book.style(label, cluster)))),
            mask,
        )
        for cluster in range(book.count(label))
    ]


def _appearance(picture: Pixels, mask: np.ndarray) -> list[float]:
    """Mean CIELAB colour (L 0..100, a, b) inside the mask, and the spread of L."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[mask]
    return [*lab.mean(axis=0).tolist(), float(lab[:, 0].std())]


def _caption(label: str, cluster: int, name: str) -> str:
    return f"{label}, style {cluster + 1}" + (f": {name}" if name else "")


def _row(panels: Sequence[tuple[Pixels, str]]) -> Pixels:
    width = WIDTH // len(panels)
    height = round(width * panels[0][0].shape[0] / panels[0][0].shape[1])
    row = Image.new("RGB", (WIDTH, height + CAPTION), BACKGROUND)
    draw, font = ImageDraw.Draw(row), ImageFont.load_default(FONT_SIZE)
    for column, (picture, caption) in enumerate(panels):
        small = cv2.resize(picture, (width - 4, height), interpolation=cv2.INTER_AREA)
        row.paste(Image.fromarray(small.astype(np.uint8)), (column * width + 2, CAPTION))
        draw.text((column * width + 8, 4), caption, FOREGROUND, font)
    return np.asarray(row)
