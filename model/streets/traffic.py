"""Plans vehicles on the road: driving, parked, waiting in side streets, and two-wheelers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.streets.assets.cars import CAR_BODIES
from model.streets.assets.vehicles import VEHICLE_SIZES
from model.streets.draft import Draft
from model.streets.plan import END, SIDES
from model.streets.style import pick

BODY_WEIGHTS: Mapping[str, float] = {
    "city": 0.11,
    "hatch": 0.24,
    "sedan": 0.16,
    "coupe": 0.05,
    "estate": 0.15,
    "suv": 0.14,
    "minivan": 0.07,
    "van": 0.06,
    "pickup": 0.02,
}
BODIES = {body: BODY_WEIGHTS.get(body, 0.05) for body in CAR_BODIES}
DRIVING: Mapping[str, float] = {"bus": 0.024, "lorry": 0.030, "car": 0.946}
PARKED: Mapping[str, float] = {"caravan": 0.02, "trailer": 0.018, "lorry": 0.006, "car": 0.956}
CYCLE_BOX: Mapping[str, tuple[float, float]] = {"bicycle": (1.9, 0.7), "motorcycle": (2.2, 0.85)}
CAR_GAP = 0.25


def plan(draft: Draft, rng: np.random.Generator) -> None:
    """Adds vehicles and riders to the draft; none overlaps anything else."""
    density = rng.uniform(0.10, 0.80)
    if draft.section.tram:
        _trams(draft, rng)
    for side in SIDES:
        for lane in range(draft.section.lanes[side]):
            _lane(draft, rng, side, lane, density)
        _parked(draft, rng, side)
    for crossing in draft.crossings[:3]:
        if rng.random() < 0.55:
            _waiting(draft, rng, crossing.s, crossing.width, crossing.sides[0])
    for _ in range(int(rng.poisson(1.3))):
        _rider(draft, rng)


def _vehicle(
    draft: Draft,
    rng: np.random.Generator,
    kinds: Mapping[str, float],
    s: float,
    t: float,
    turn: float,
) -> float:
    """Places one vehicle whose rear or front is at s; returns the length used along the street."""
    kind, body = pick(rng, kinds), pick(rng, BODIES)
    skew, shift = rng.normal() * 0.012, rng.normal() * 0.1
    length, width, _ = VEHICLE_SIZES[body if kind == "car" else kind]
    placed = draft.place(
        kind,
        s + length / 2,
        t + shift,
        turn=turn + skew,
        size=(length, width),
        gap=CAR_GAP,
        body=body if kind == "car" else None,
    )
    return length + 2 * CAR_GAP if placed else 3.0


def _lane(draft: Draft, rng: np.random.Generator, side: int, lane: int, density: float) -> None:
    t, turn = draft.section.lane(side, lane), 0.0 if side > 0 else np.pi
    dense = density > 0.75
    s = rng.uniform(-6, 25)
    while s < 0.75 * END:
        if rng.random() < density * 0.75:
            s += _vehicle(draft, rng, DRIVING, s, t, turn)
        s += rng.uniform(2.5, 10) if dense else rng.uniform(6, 42)


def _parked(draft: Draft, rng: np.random.Generator, side: int) -> None:
    section, occupied = draft.section, rng.uniform(0.25, 0.85)
    if not section.parking[side]:
        return
    t, turn = side * (section.edge(side) + section.parking[side] / 2), 0.0 if side > 0 else np.pi
    for start, end in draft.blocks(side):
        s = start + 6.0
        while s < min(end - 9, 0.75 * END):
            if rng.random() < occupied:
                s += _vehicle(draft, rng, PARKED, s, t, turn) + rng.uniform(0.1, 0.9)
            else:
                s += 5.5


def _waiting(draft: Draft, rng: np.random.Generator, s: float, width: float, side: int) -> None:
    t = side * (draft.section.kerb(side) + rng.uniform(4.5, 9))
    body = pick(rng, BODIES)
    length, wide, _ = VEHICLE_SIZES[body]
    turn = -side * np.pi / 2
    # Right-hand traffic: the driver's right-hand half of the side street.
    along = s - side * width * 0.24
    draft.place("car", along, t, turn=turn, size=(length, wide), gap=CAR_GAP, body=body)


def _trams(draft: Draft, rng: np.random.Generator) -> None:
    length, width, _ = VEHICLE_SIZES["tram"]
    if rng.random() < 0.40:
        s = rng.uniform(30, 110)
        draft.place("tram", s, draft.section.track(-1), turn=np.pi, size=(length, width))
    if rng.random() < 0.25:
        s = rng.uniform(45, 140)
        draft.place("tram", s, draft.section.track(1), size=(length, width), gap=CAR_GAP)


def _rider(draft: Draft, rng: np.random.Generator) -> None:
    side, s = int(rng.choice(SIDES)), 8 + rng.gamma(1.6, 16)
    kind = "bicycle" if rng.random() < 0.75 else "motorcycle"
    from_edge = 0.7 if kind == "bicycle" else draft.section.lane_width / 2
    t = side * (draft.section.edge(side) - from_edge)
    turn = (0.0 if side > 0 else np.pi) + rng.normal() * 0.02
    if s < 160:
        draft.place(f"{kind}_rider", s, t, turn=turn, size=CYCLE_BOX[kind], gap=0.15)
