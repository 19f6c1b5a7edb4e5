"""Crude scenes: label maps as a person in a hurry paints them, with a few big strokes.

No outline of a renderer is in them: what a generator makes of these, it makes of a new user's map.
"""

from __future__ import annotations

import numpy as np

from model.scene.document import Document
from model.scene.labels import LabelSchema
from model.scene.raster import Point, capsule, polygon, square
from model.scene.scene import Scene

CRUDE_SCENES = 10


def crude_scene(schema: LabelSchema, seed: int, size: tuple[int, int] = (1024, 2048)) -> Scene:
    """A street of Cityscapes' labels of `size` (height, width); the same seed, the same street."""
    return _Hand(schema, seed, size).street()


class _Hand:
    """Paints with a large brush; positions and radii are shares of the picture's height."""

    def __init__(self, schema: LabelSchema, seed: int, size: tuple[int, int]) -> None:
        height, width = size
        sky = schema.by_name("sky").id
        labels = np.full(size, sky, np.uint8)
        self._document = Document(Scene(schema, labels, labels.astype(np.int32)))
        self._rng = np.random.default_rng(seed)
        self._height, self._aspect = height, width / height
        self._horizon = self._rng.uniform(0.4, 0.55)

    def street(self) -> Scene:
        things = (self._car, self._car, self._person, self._pole)
        with self._document.edit("street"):
            self._ground()
            self._houses()
            for _ in range(self._rng.integers(0, 6)):
                self._tree()
            depths = self._rng.uniform(0.08, 0.9, self._rng.integers(2, 9))
            for depth in sorted(depths):  # the nearer ones cover the farther ones
                things[self._rng.integers(len(things))](depth)
        return self._document.snapshot()

    def _stroke(self, name: str, a: Point, b: Point, radius: float, instance: int = 0) -> int:
        """A line painted with a brush; 0 gives it an instance of its own where there are any."""
        label = self._document.schema.by_name(name).id
        instance = instance or self._document.new_instance_id(label)
        brush = square if name == "building" else capsule
        start, end = ((x * self._height, y * self._height) for x, y in (a, b))
        rect, mask = brush(start, end, radius * self._height, self._document.bounds)
        self._document.paint(rect, mask, label, instance)
        return instance

    def _ground(self) -> None:
        middle, horizon = self._aspect * self._rng.uniform(0.35, 0.65), self._horizon
        for name, half in (("terrain", 9.0), ("sidewalk", 1.5), ("road", 1.0)):
            label = self._document.schema.by_name(name).id
            corners = [(middle - half, 1.0), (middle - half / 40, horizon)]
            corners += [(middle + half / 40, horizon), (middle + half, 1.0)]
            points = [(x * self._height, y * self._height) for x, y in corners]
            rect, mask = polygon(points, self._document.bounds)
            self._document.paint(rect, mask, label, label)

    def _houses(self) -> None:
        x = 0.0
        while x < self._aspect:
            width = self._rng.uniform(0.15, 0.5)
            if self._rng.random() < 0.8:
                top = self._horizon - self._rng.uniform(0.1, 0.4)
                ends = (x + width / 2, top), (x + width / 2, self._horizon)
                self._stroke("building", *ends, width / 2)
            x += width

    def _tree(self) -> None:
        x, foot = self._rng.uniform(0, self._aspect), self._horizon + self._rng.uniform(0.02, 0.15)
        radius = self._rng.uniform(0.06, 0.16)
        crown = foot - 2.2 * radius
        self._stroke("vegetation", (x, foot), (x, crown), radius / 8)
        for _ in range(4):
            sway = self._rng.uniform(-radius, radius, 2)
            self._stroke("vegetation", (x, crown), (x + sway[0], crown + sway[1] / 2), radius)

    def _spot(self, depth: float, wide: float) -> tuple[float, float, float]:
        """Where something stands on the ground: x and y of its foot, and the size of a metre."""
        foot = self._horizon + depth * (1 - self._horizon)
        x = self._aspect / 2 + self._rng.uniform(-1, 1) * wide * max(depth, 0.3)
        return x, foot, depth * (1 - self._horizon) * 0.6

    def _car(self, depth: float) -> None:
        x, foot, metre = self._spot(depth, 0.9)
        half, radius = self._rng.uniform(0.7, 1.6) * metre, 0.45 * metre
        car = self._stroke("car", (x - half, foot - radius), (x + half, foot - radius), radius)
        roof = foot - 2 * radius
        self._stroke("car", (x - half / 2, roof), (x + half / 2, roof), radius, car)

    def _person(self, depth: float) -> None:
        x, foot, metre = self._spot(depth, 1.4)
        body = self._stroke("person", (x, foot - 0.2 * metre), (x, foot - metre), 0.24 * metre)
        self._stroke(
            "person", (x, foot - 1.45 * metre), (x, foot - 1.5 * metre), 0.16 * metre, body
        )

    def _pole(self, depth: float) -> None:
        x, foot, metre = self._spot(depth, 1.4)
        self._stroke("pole", (x, foot), (x, foot - 4 * metre), 0.07 * metre)
        self._stroke("traffic sign", (x, foot - 4 * metre), (x, foot - 3.8 * metre), 0.35 * metre)
