"""Looks of a scene: the one table of mode names, weights and colours. Knows no geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from model.errors import InputError
from model.streets.materials import Material
from model.streets.rng import stream

Color = tuple[float, float, float]

# Modes of what has one look per picture, with their weights. About 70 % soft daylight, because
# cast shadows would otherwise separate pictures more than materials do.
MODES: Mapping[str, Mapping[str, float]] = {
    "road": {"asphalt": 0.34, "cobblestone": 0.22, "concrete": 0.22, "wet": 0.22},
    "sidewalk": {"slabs": 0.36, "paving": 0.34, "asphalt": 0.30},
    "building": {
        "brick_red": 0.19,
        "brick_yellow": 0.15,
        "plaster_white": 0.21,
        "plaster_colour": 0.22,
        "sandstone": 0.15,
        "glass": 0.08,
    },
    "sky": {"clear": 0.18, "cloudy": 0.42, "overcast": 0.28, "dusk": 0.12},
    "vegetation": {"summer": 0.38, "spring": 0.22, "autumn": 0.22, "bare": 0.18},
    "terrain": {"grass": 0.50, "dry": 0.26, "gravel": 0.24},
}

BUILDING_COLORS: Mapping[str, tuple[Material, tuple[Color, ...]]] = {
    "brick_red": (Material.BRICK, ((0.30, 0.115, 0.075), (0.26, 0.10, 0.07), (0.34, 0.15, 0.10))),
    "brick_yellow": (Material.BRICK, ((0.50, 0.35, 0.15), (0.46, 0.33, 0.17))),
    "plaster_white": (
        Material.PLASTER,
        ((0.74, 0.73, 0.70), (0.68, 0.675, 0.66), (0.76, 0.74, 0.69)),
    ),
    "plaster_colour": (
        Material.PLASTER,
        ((0.58, 0.40, 0.14), (0.54, 0.30, 0.24), (0.30, 0.45, 0.30), (0.28, 0.41, 0.55)),
    ),
    "sandstone": (Material.SANDSTONE, ((0.40, 0.29, 0.18), (0.36, 0.28, 0.19), (0.42, 0.31, 0.21))),
    "glass": (Material.CURTAIN_WALL, ((0.07, 0.10, 0.12), (0.05, 0.09, 0.13), (0.09, 0.11, 0.11))),
}

LEAF_COLORS: Mapping[str, tuple[Color, ...]] = {
    "summer": ((0.066, 0.114, 0.030), (0.056, 0.102, 0.033), (0.078, 0.122, 0.034)),
    "spring": ((0.22, 0.29, 0.045), (0.19, 0.28, 0.05)),
    "autumn": ((0.36, 0.17, 0.02), (0.30, 0.09, 0.015), (0.40, 0.25, 0.03)),
    "bare": ((0.12, 0.095, 0.06), (0.105, 0.08, 0.055)),
}
EVERGREEN_COLOR: Color = (0.035, 0.075, 0.028)

CAR_COLORS: Mapping[str, tuple[Color, float]] = {
    "white": ((0.70, 0.71, 0.72), 0.18),
    "silver": ((0.45, 0.47, 0.49), 0.17),
    "grey": ((0.16, 0.17, 0.18), 0.16),
    "black": ((0.012, 0.012, 0.014), 0.17),
    "blue": ((0.028, 0.055, 0.14), 0.12),
    "red": ((0.26, 0.020, 0.024), 0.11),
    "green": ((0.025, 0.09, 0.05), 0.05),
    "yellow": ((0.56, 0.38, 0.06), 0.04),
}

CLOTHING_COLORS: Mapping[str, tuple[Color, float]] = {
    "black": ((0.02, 0.02, 0.025), 0.24),
    "navy": ((0.03, 0.05, 0.11), 0.16),
    "grey": ((0.22, 0.22, 0.23), 0.15),
    "white": ((0.56, 0.55, 0.52), 0.12),
    "red": ((0.36, 0.04, 0.045), 0.09),
    "blue": ((0.05, 0.15, 0.30), 0.09),
    "beige": ((0.36, 0.28, 0.18), 0.09),
    "green": ((0.07, 0.14, 0.08), 0.06),
}


@dataclass(frozen=True)
class StyleModes:
    """One mode name per thing that has one look in the whole picture."""

    road: str
    sidewalk: str
    building: str
    sky: str
    vegetation: str
    terrain: str


STYLED = tuple(field.name for field in fields(StyleModes))


def pick(rng: np.random.Generator, weights: Mapping[str, float]) -> str:
    """One name, drawn by weight (weights need not sum to one); draws exactly one number."""
    names, shares = list(weights), np.cumsum(list(weights.values()))
    place = int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))
    return names[min(place, len(names) - 1)]


def pick_color(
    rng: np.random.Generator, table: Mapping[str, tuple[Color, float]]
) -> tuple[str, Color]:
    """A named colour of a table, its brightness varied by up to 12 %."""
    name = pick(rng, {key: weight for key, (_, weight) in table.items()})
    return name, varied(rng, table[name][0])


def varied(rng: np.random.Generator, color: Color, spread: float = 0.12) -> Color:
    """The colour at a brightness of 1 +- spread."""
    red, green, blue = np.asarray(color) * rng.uniform(1 - spread, 1 + spread)
    return float(red), float(green), float(blue)


def sample(
    seed: int, forced: Mapping[str, str] | None = None, *, modular: bool = False
) -> StyleModes:
    """The modes of a scene. Forcing one leaves all the others as they are without it.

    Trees of modular streets are bare only if forced: maps show their crowns filled, in which
    generators paint noise instead of twigs.
    """
    rng = stream(seed, "style")
    drawn = {name: pick(rng, MODES[name]) for name in STYLED}
    if modular and drawn["vegetation"] == "bare":
        leafy = {mode: share for mode, share in MODES["vegetation"].items() if mode != "bare"}
        drawn["vegetation"] = pick(rng, leafy)
    return StyleModes(**(drawn | check_forced(forced or {})))


def check_forced(forced: Mapping[str, str]) -> dict[str, str]:
    """The same mapping, or InputError naming what is not in MODES."""
    for name, mode in forced.items():
        if name not in MODES:
            raise InputError(f"--force knows no {name!r}; it takes: {', '.join(MODES)}.")
        if mode not in MODES[name]:
            known = ", ".join(MODES[name])
            raise InputError(f"--force {name} knows no mode {mode!r}; it takes: {known}.")
    return dict(forced)


def parse_forced(text: str) -> dict[str, str]:
    """'road=wet,sky=clear' as a checked mapping; InputError when it is malformed."""
    forced = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, equals, mode = part.partition("=")
        if not equals:
            raise InputError(f"--force takes label=mode pairs, not {part!r}.")
        forced[name.strip()] = mode.strip()
    return check_forced(forced)


def buildings_differ(seed: int, buildings: str) -> bool:
    """Whether each house has its own id and look: 'each' yes, 'one' no, 'mixed' half the seeds."""
    if buildings not in BUILDING_CHOICES:
        raise ValueError(f"buildings is {buildings!r}, not one of {BUILDING_CHOICES}")
    own_coin = stream(seed, "style", 1).random() < 0.5
    return buildings == "each" or (buildings == "mixed" and own_coin)


BUILDING_CHOICES = ("one", "each", "mixed")
