"""What the editor opens on: the bundled street, or a simple one built here."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import Rect
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.project import ProjectFile, load_project
from model.scene.raster import Point, capsule, polygon
from model.scene.scene import Scene

SAMPLES = Path(__file__).parent.parent / "assets" / "samples"
BUNDLED = SAMPLES / "boulevard.labelbrush"
WIDTH, HEIGHT = 2048, 1024
# (label, corners as shares of the picture), from back to front
SURFACES: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("building", ((0, 0.08), (0.3, 0.24), (0.42, 0.4), (0.42, 0.5), (0, 0.66))),
    ("building", ((1, 0.02), (0.7, 0.22), (0.58, 0.4), (0.58, 0.5), (1, 0.66))),
    ("vegetation", ((0.4, 0.36), (0.46, 0.33), (0.55, 0.34), (0.6, 0.38), (0.6, 0.5), (0.4, 0.5))),
    (
        "vegetation",
        ((0.2, 0.3), (0.26, 0.18), (0.33, 0.2), (0.36, 0.34), (0.3, 0.44), (0.22, 0.42)),
    ),
    ("road", ((0, 1), (0, 0.78), (0.46, 0.49), (0.54, 0.49), (1, 0.78), (1, 1))),
    ("sidewalk", ((0, 0.62), (0.42, 0.48), (0.46, 0.49), (0, 0.8))),
    ("sidewalk", ((1, 0.62), (0.58, 0.48), (0.54, 0.49), (1, 0.8))),
    ("pole", ((0.705, 0.16), (0.712, 0.16), (0.712, 0.62), (0.705, 0.62))),
    ("traffic sign", ((0.695, 0.2), (0.722, 0.2), (0.722, 0.26), (0.695, 0.26))),
)
CARS = ((0.3, 0.66, 0.1), (0.62, 0.58, 0.055), (0.75, 0.72, 0.13))  # middle x, foot y, height
PERSONS = ((0.13, 0.74, 0.24), (0.86, 0.68, 0.18))


def opening_project() -> ProjectFile:
    """The bundled street, 2048x1024, or when it is missing one made of a few surfaces."""
    if BUNDLED.exists():
        try:
            return load_project(BUNDLED)
        except InputError:  # made by a newer version, say: no reason not to start
            pass
    return ProjectFile(built_scene())


def built_scene() -> Scene:
    schema = load_schema(CITYSCAPES_NAME)
    sky = schema.by_name("sky").id
    labels = np.full((HEIGHT, WIDTH), sky, np.uint8)
    document = Document(Scene(schema, labels, labels.astype(np.int32)))
    with document.edit("Build the street"):
        for name, corners in SURFACES:
            rect, mask = polygon([(x * WIDTH, y * HEIGHT) for x, y in corners])
            label = schema.by_name(name).id
            document.paint(rect, mask, label, label)
        for car in CARS:
            _add(document, "car", _car(*car))
        for person in PERSONS:
            _add(document, "person", _person(*person))
    return document.snapshot()


def _add(document: Document, name: str, shapes: list[tuple[Rect, np.ndarray]]) -> None:
    label = document.schema.by_name(name).id
    instance_id = document.new_instance_id(label)
    for rect, mask in shapes:
        document.paint(rect, mask, label, instance_id)


def _car(x: float, foot: float, height: float) -> list[tuple[Rect, np.ndarray]]:
    outline = (
        *((-0.9, 0.15), (-0.95, 0.55), (-0.6, 0.62), (-0.4, 0.98), (0.4, 0.98), (0.6, 0.62)),
        *((0.95, 0.55), (0.9, 0.15)),
    )
    scale, left, bottom = height * HEIGHT, x * WIDTH, foot * HEIGHT
    body = polygon([(left + across * scale, bottom - up * scale) for across, up in outline])
    wheels = [(left + side * scale, bottom - 0.18 * scale) for side in (-0.6, 0.6)]
    return [body, *(capsule(wheel, wheel, 0.18 * scale) for wheel in wheels)]


def _person(x: float, foot: float, height: float) -> list[tuple[Rect, np.ndarray]]:
    scale, left, bottom = height * HEIGHT, x * WIDTH, foot * HEIGHT

    def part(start: Point, end: Point, radius: float) -> tuple[Rect, np.ndarray]:
        ends = [(left + across * scale, bottom - up * scale) for across, up in (start, end)]
        return capsule(ends[0], ends[1], radius * scale)

    return [
        part((0, 0.91), (0, 0.91), 0.08),
        part((0, 0.72), (0, 0.52), 0.12),
        part((-0.05, 0.5), (-0.09, 0.05), 0.05),
        part((0.05, 0.5), (0.1, 0.05), 0.05),
    ]
