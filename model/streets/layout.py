"""From a seed to a street plan; looks play no part in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from model.scene.street_grid import LANE
from model.streets import kerbside, pedestrians, plots, traffic
from model.streets.draft import Draft
from model.streets.plan import SIDES, Axis, Crossing, CrossSection, StreetPlan
from model.streets.rng import stream
from model.streets.style import pick

KINDS: Mapping[str, float] = {
    "urban": 0.34,
    "residential": 0.31,
    "boulevard": 0.19,
    "arterial": 0.16,
}
# Where every house has to stand on one grid, its foot has to be seen.
MODULAR_KINDS: Mapping[str, float] = {"urban": 0.6, "boulevard": 0.3, "residential": 0.1}
OWN_TRACK_WIDTH = 6.4
SIGNALS: Mapping[str, float] = {"red": 0.25, "green": 0.5, "amber": 0.25}


def plan_street(seed: int, *, modular: bool = False) -> StreetPlan:
    """The plan of a scene. No two objects with a footprint overlap.

    modular: a straight street whose houses, lanes and dashes all repeat with the periods of
    `model.scene.surface`, for generators that take its channels; what a label map shows as one,
    the signs and the lights, is alike: outlines tell what signs are, all signals say the same.
    """
    rng = stream(seed, "layout")
    kind = pick(rng, MODULAR_KINDS if modular else KINDS)
    axis = _axis(rng)
    section = _section(rng, kind)
    if modular:
        # Whole stones and slabs between the eye and the axis.
        median = LANE * math.ceil(section.median / LANE)
        axis = replace(axis, curvature=0.0)
        section = replace(section, lane_width=LANE, median=median)
    own_lane = int(rng.integers(section.lanes[1]))
    crossings = _crossings(stream(seed, "layout", 1))
    if modular:
        crossings = _with_one_signal(crossings)
    draft = Draft(seed, kind, axis, section, crossings, own_lane, modular)
    plots.plan(draft, stream(seed, "layout", 2))
    kerbside.plan(draft, stream(seed, "layout", 3))
    with draft.reserved(draft.own_space()):
        traffic.plan(draft, stream(seed, "traffic"))
        pedestrians.plan(draft, stream(seed, "people"))
    return StreetPlan(
        seed,
        kind,
        axis,
        section,
        crossings,
        kind in ("residential", "arterial"),
        tuple(draft.items),
        tuple(draft.lines),
        own_lane,
        modular,
    )


def _axis(rng: np.random.Generator) -> Axis:
    straight, bend = rng.random() < 0.35, rng.normal() * 0.0022
    return Axis(0.0 if straight else float(bend), float(rng.uniform(8, 40)))


def _section(rng: np.random.Generator, kind: str) -> CrossSection:
    wide = kind in ("boulevard", "arterial") and rng.random() < 0.7
    right = 2 if wide else 1
    lanes = {1: right, -1: right if rng.random() < 0.8 else 1}
    median = float(rng.uniform(2, 5)) if kind == "boulevard" and rng.random() < 0.6 else 0.0
    own_track = median > 0 and rng.random() < 0.25
    shared_track = median == 0 and kind in ("urban", "boulevard") and rng.random() < 0.22
    median = OWN_TRACK_WIDTH if own_track else median
    green = kind != "urban"
    narrow = kind == "residential"
    return CrossSection(
        lane_width=float(rng.uniform(3.0, 3.6)),
        lanes=lanes,
        median=median,
        tram=bool(own_track or shared_track),
        parking={
            side: float(rng.uniform(2.2, 2.5)) if kind != "arterial" and rng.random() < 0.5 else 0.0
            for side in SIDES
        },
        marked_parking={side: bool(rng.random() < 0.5) for side in SIDES},
        verge={
            side: float(rng.uniform(1.2, 2.5)) if green and rng.random() < 0.5 else 0.0
            for side in SIDES
        },
        pavement={
            side: float(rng.uniform(2.0, 3.6) if narrow else rng.uniform(3.0, 6.5))
            for side in SIDES
        },
    )


def _crossings(rng: np.random.Generator) -> tuple[Crossing, ...]:
    found = []
    s = rng.uniform(17, 62)
    while s < 250:
        exists = rng.random() < 0.8
        crossing = Crossing(
            s=float(s),
            width=float(rng.uniform(6, 11)),
            sides=((1, -1), (1, -1), (1,), (-1,))[rng.integers(4)],
            zebra=bool(rng.random() < 0.7),
            zebra_behind=bool(rng.random() < 0.6),
            striped=bool(rng.random() < 0.7),
            signal=pick(rng, SIGNALS) if rng.random() < 0.8 else None,
        )
        if exists:
            found.append(crossing)
        s += rng.uniform(45, 110)
    return tuple(found)


def _with_one_signal(crossings: tuple[Crossing, ...]) -> tuple[Crossing, ...]:
    """Crossings whose lights say what those of the first that has any do."""
    shown = next((each.signal for each in crossings if each.signal), None)
    return tuple(replace(each, signal=each.signal and shown) for each in crossings)
