"""What the objects of one scene share while it is built: looks, colours, instance ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.streets.assets.buildings import Surface
from model.streets.camera import VIEW_SPAN
from model.streets.instances import InstanceAllocator
from model.streets.materials import Material
from model.streets.mesh import Mesh
from model.streets.rng import stream
from model.streets.style import (
    BUILDING_COLORS,
    CAR_COLORS,
    LEAF_COLORS,
    MODES,
    Color,
    StyleModes,
    pick,
    pick_color,
    varied,
)

Generator = np.random.Generator
FURNITURE_COLORS: tuple[Color, ...] = (
    (0.24, 0.055, 0.02),
    (0.05, 0.13, 0.07),
    (0.10, 0.10, 0.11),
    (0.42, 0.33, 0.03),
    (0.32, 0.33, 0.31),
)
BIN_LIDS: tuple[Color, ...] = (
    (0.03, 0.03, 0.032),
    (0.03, 0.06, 0.16),
    (0.42, 0.30, 0.03),
    (0.10, 0.06, 0.03),
)
PARASOLS: tuple[Color, ...] = (
    (0.42, 0.05, 0.04),
    (0.62, 0.58, 0.48),
    (0.05, 0.16, 0.09),
    (0.50, 0.30, 0.05),
)
BENCH_COLOR: Color = (0.2, 0.12, 0.06)
CABINET_COLOR: Color = (0.35, 0.36, 0.33)
WALLS: tuple[tuple[Material, Color], ...] = (
    (Material.BRICK, (0.28, 0.13, 0.09)),
    (Material.ROUGH_WALL, (0.42, 0.40, 0.36)),
    (Material.CONCRETE, (0.35, 0.34, 0.32)),
)
LIVERIES = ("red", "white", "yellow", "blue", "green")
DETAILED_UNTIL = 0.6 * VIEW_SPAN


@dataclass(frozen=True)
class Outfit:
    """What all objects of a scene share while it is built."""

    mesh: Mesh
    seed: int
    modes: StyleModes
    instances: InstanceAllocator
    buildings_differ: bool
    forced: Mapping[str, str]
    modular: bool = False

    @property
    def leaf_color(self) -> Color:
        palette = LEAF_COLORS[self.modes.vegetation]
        return palette[int(stream(self.seed, "style", 2).integers(len(palette)))]

    @property
    def building_tone(self) -> int:
        """Which of the mode's colours all houses share when they share one look."""
        return int(stream(self.seed, "style", 3).integers(1 << 16))


def house_surface(outfit: Outfit, index: int) -> tuple[str, Surface]:
    """The mode and surface of one house: its own, or the one that all share."""
    rng = stream(outfit.seed, "buildings", index, 1)
    own, tone = pick(rng, MODES["building"]), int(rng.integers(1 << 16))
    mode = outfit.modes.building
    if outfit.buildings_differ and "building" not in outfit.forced:
        mode = own
    if not outfit.buildings_differ:
        tone = outfit.building_tone
    material, colors = BUILDING_COLORS[mode]
    color = varied(rng, colors[tone % len(colors)], 0.07)
    return mode, Surface(material, color)


def livery(rng: Generator) -> tuple[str, Color]:
    """The name and colour of a firm's vehicle."""
    mode = LIVERIES[rng.integers(len(LIVERIES))]
    return mode, varied(rng, CAR_COLORS[mode][0])


def _lacquer(rng: Generator) -> tuple[str, Color]:
    return pick_color(rng, CAR_COLORS)


# How each kind of vehicle but cars is painted: name of the mode and colour.
VEHICLE_COLORS: Mapping[str, Callable[[Generator], tuple[str, Color]]] = {
    "bus": livery,
    "tram": livery,
    "lorry": livery,
    "caravan": lambda rng: ("white", varied(rng, (0.70, 0.69, 0.66))),
    "trailer": lambda rng: ("grey", varied(rng, (0.30, 0.30, 0.30))),
    "bicycle": _lacquer,
    "motorcycle": _lacquer,
}
