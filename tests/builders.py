"""Small scenes for tests, drawn as text: one letter per pixel."""

from __future__ import annotations

import numpy as np

from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.scene import Scene

LETTERS = {
    ".": 0,
    "r": 7,  # road
    "w": 8,  # sidewalk
    "b": 11,  # building
    "p": 17,  # pole
    "v": 21,  # vegetation
    "s": 23,  # sky
    "h": 24,  # person
    "c": 26,  # car
}

STREET = """\
bbbb
rrrr
rrrr"""


def scene(picture: str, counts: str = "") -> Scene:
    """A Cityscapes scene: rows of letters and, in the same form, a number for each object.

    scene("rccr", "0120") holds two cars, 26001 and 26002; 0 stands for the label's own id.
    """
    labels = np.array([[LETTERS[letter] for letter in row] for row in picture.split()], np.uint8)
    instances = labels.astype(np.int32)
    if counts:
        numbers = np.array([[int(digit) for digit in row] for row in counts.split()], np.int32)
        instances = np.where(numbers > 0, instances * 1000 + numbers, instances)
    return Scene(load_schema(CITYSCAPES_NAME), labels, instances.astype(np.int32))


def picture(scene: Scene) -> str:
    """The label map of a scene as text, one line per row."""
    letters = {label: letter for letter, label in LETTERS.items()}
    return "\n".join("".join(letters[label] for label in row) for row in scene.label_map.tolist())
