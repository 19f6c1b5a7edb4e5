"""Camera positions along a street: where a car could be, looking down the road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.scene.street_grid import DASH, EYE_HEIGHT, FOCAL, PITCH
from model.streets.footprints import Box, overlap
from model.streets.plan import StreetPlan
from model.streets.rng import stream

VIEW_SPAN = 56.0
GOLDEN = 0.6180339887
BONNET_SHARE, BORDER_SHARE, ORNAMENT_SHARE = 0.46, 0.40, 0.45


@dataclass(frozen=True)
class Bonnet:
    """The own car's bonnet at the bottom: height as a share of the picture, how round, colour."""

    height: float
    roundness: float
    tilt: float
    color: tuple[float, float, float]
    ornament: bool = False


@dataclass(frozen=True)
class Border:
    """What rectifying a picture leaves round its valid part, a quadrilateral: insets as shares of
    the width, (at the first end, at the last end) of the left, right, top and bottom edge."""

    left: tuple[float, float]
    right: tuple[float, float]
    top: tuple[float, float]
    bottom: tuple[float, float]


@dataclass(frozen=True)
class View:
    """One camera: eye in world metres, angles in radians (yaw clockwise from +y, pitch up)."""

    index: int
    eye: tuple[float, float, float]
    yaw: float
    pitch: float
    roll: float
    field_of_view: float
    bonnet: Bonnet | None
    border: Border | None

    @property
    def forward(self) -> tuple[float, float, float]:
        level = np.cos(self.pitch)
        x, y = np.sin(self.yaw) * level, np.cos(self.yaw) * level
        return float(x), float(y), float(np.sin(self.pitch))


def view(plan: StreetPlan, index: int) -> View:
    """The index-th camera of a scene; it does not depend on how many there are."""
    rng = stream(plan.seed, "camera", index)
    s, t = _place(plan, index, rng)
    x, y, _ = plan.axis.points(s, t)
    yaw, turned = rng.normal() * 0.022, rng.random() < 0.14
    yaw += rng.uniform(-0.22, 0.22) * turned
    height, pitch, roll = rng.uniform(1.2, 1.5), rng.uniform(-0.066, -0.012), rng.normal() * 0.004
    field_of_view = np.radians(rng.uniform(48, 57))
    if plan.modular:
        yaw, height, pitch, roll = 0.0, EYE_HEIGHT, -PITCH, 0.0
        field_of_view = 2 * np.arctan(0.5 / FOCAL)
    bonnet, border = _bonnet(rng), _border(stream(plan.seed, "camera", index, 1))
    return View(
        index,
        (float(x), float(y), float(height)),
        float(plan.axis.heading(s) + yaw),
        float(pitch),
        float(roll),
        float(field_of_view),
        bonnet if rng.random() < BONNET_SHARE else None,
        border if rng.random() < BORDER_SHARE else None,
    )


def _place(plan: StreetPlan, index: int, rng: np.random.Generator) -> tuple[float, float]:
    """(s, t) of a spot whose next metres are free; the own lane's start is always free."""
    drift = rng.normal() * 0.15
    own = plan.section.lane(1, plan.own_lane)
    lane = plan.section.lane(1, int(rng.integers(plan.section.lanes[1])))
    # A golden-ratio sequence spreads any number of views evenly along the street.
    wanted = VIEW_SPAN * ((GOLDEN * index) % 1.0)
    nudges = rng.uniform(-5, 5, 8)
    if plan.modular:  # every camera sees dashes and bays in the same phase
        step = 2 * DASH  # whole dashes, short ones too
        drift, wanted, nudges = 0.0, np.rint(wanted / step) * step, step * np.arange(-1, 2)
    if index == 0:
        return 0.0, own + drift
    for s, t in [(wanted + nudge, across) for nudge in nudges for across in (lane, own)]:
        if s > -4 and _is_free(plan, s, t + drift):
            return float(s), float(t + drift)
    return float(rng.uniform(-4, 1)), float(own + drift)


def _is_free(plan: StreetPlan, s: float, t: float) -> bool:
    x, y, _ = plan.axis.points(s + 3.5, t)
    ahead = Box(float(x), float(y), float(plan.axis.heading(s)), 10.0, 2.0)
    return not any(overlap(ahead, box) for box in plan.boxes)


def _bonnet(rng: np.random.Generator) -> Bonnet:
    shades = ((0.02, 0.02, 0.022), (0.30, 0.31, 0.32), (0.10, 0.105, 0.11), (0.03, 0.05, 0.10))
    return Bonnet(
        float(rng.uniform(0.05, 0.15)),
        float(rng.uniform(2.0, 4.5)),
        float(rng.normal() * 0.015),
        shades[rng.integers(len(shades))],
        bool(rng.random() < ORNAMENT_SHARE),
    )


def _border(rng: np.random.Generator) -> Border:
    def edge(most: float) -> tuple[float, float]:
        first, last = rng.uniform(0, most, 2) * (rng.random() < 0.7)
        return float(first), float(last)

    return Border(edge(0.014), edge(0.014), edge(0.010), edge(0.022))
