"""Plans what stands along the kerb: trees, lamps, signs, signals, guard rails and furniture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.streets.draft import Draft
from model.streets.movables import WHEELED_BIN_SIZE
from model.streets.plan import KERB_HEIGHT, SIDES, Crossing
from model.streets.plots import place_tree
from model.streets.style import pick

TREE_LINED: Mapping[str, float] = {
    "urban": 0.55,
    "residential": 0.65,
    "boulevard": 0.95,
    "arterial": 0.7,
}
RAILED: Mapping[str, float] = {
    "urban": 0.0,
    "residential": 0.0,
    "boulevard": 0.05,
    "arterial": 0.22,
}
# What may stand every nine metres, with its weight.
FURNITURE: Mapping[str, float] = {
    "nothing": 0.12,
    "sign": 0.25,
    "bicycle": 0.15,
    "litter_bin": 0.07,
    "bollards": 0.05,
    "railing": 0.05,
    "bench": 0.06,
    "cabinet": 0.07,
    "planter": 0.05,
    "poster_stand": 0.035,
    "post_box": 0.03,
    "twin_poles": 0.04,
    "advertising_column": 0.03,
    "bag": 0.02,
    "wheeled_bin": 0.05,
    "motorcycle": 0.03,
}
# What may stand every seven metres before the houses of dense streets.
BEFORE_HOUSES: Mapping[str, float] = {
    "nothing": 0.52,
    "cafe_table": 0.16,
    "planter": 0.08,
    "bicycle": 0.15,
    "wheeled_bin": 0.05,
    "sandwich_board": 0.09,
}
SIZES: Mapping[str, tuple[float, float]] = {
    "bicycle": (1.8, 0.6),
    "litter_bin": (0.6, 0.6),
    "bench": (1.8, 0.7),
    "cabinet": (1.1, 0.5),
    "planter": (1.2, 0.6),
    "twin_poles": (0.3, 0.9),
    "advertising_column": (1.5, 1.5),
    "bag": (0.7, 0.7),
    "wheeled_bin": WHEELED_BIN_SIZE,
    "motorcycle": (2.2, 0.85),
    "poster_stand": (1.3, 0.5),
    "post_box": (0.6, 0.5),
    "cafe_table": (2.0, 2.0),
    "sandwich_board": (0.6, 0.6),
}
SIGNS = (
    "prohibition",
    "warning",
    "mandatory",
    "priority",
    "stop",
    "information",
    "direction",
    "no_parking",
)


def plan(draft: Draft, rng: np.random.Generator) -> None:
    """Adds everything fixed along the kerb to the draft."""
    for crossing in draft.crossings:
        _crossing(draft, rng, crossing)
    lamp_style = int(rng.integers(3))
    for side in SIDES:
        _lamps(draft, rng, side, lamp_style)
        _trees(draft, rng, side)
        _shelter(draft, rng, side)
        _furniture(draft, rng, side)
        if draft.kind in ("urban", "boulevard"):
            _before_houses(draft, rng, side)
        if rng.random() < RAILED[draft.kind]:
            _guard_rail(draft, side)


def _lamps(draft: Draft, rng: np.random.Generator, side: int, style: int) -> None:
    spacing, phase = rng.uniform(22, 34), rng.uniform(0, 25)
    t = side * (draft.section.kerb(side) + 0.5)
    for start, end in draft.blocks(side):
        for s in np.arange(start + 3 + phase % 9, end - 2, spacing):
            if s > 4 and draft.open_sky(float(s)):
                draft.place(
                    "lamp_post",
                    float(s),
                    t,
                    z=KERB_HEIGHT,
                    turn=-np.pi / 2 * side,
                    size=(0.4, 0.4),
                    style=style,
                )


def _trees(draft: Draft, rng: np.random.Generator, side: int) -> None:
    lined, spacing = rng.random() < TREE_LINED[draft.kind], rng.uniform(7, 14)
    scale, phase = rng.uniform(0.65, 1.45), rng.uniform(0, 3)
    if not lined:
        return
    verge = draft.section.verge[side]
    t = side * (draft.section.kerb(side) + (verge / 2 if verge else 0.9))
    for start, end in draft.blocks(side):
        for s in np.arange(start + 5 + phase, end - 5, spacing):
            grows, size = rng.random() < 0.85, scale * rng.uniform(0.8, 1.2)
            grows = grows and s > 3 and draft.open_sky(float(s), 6)
            placed = grows and place_tree(draft, rng, float(s), t, KERB_HEIGHT, size)
            if placed and not verge:
                draft.place("tree_pit", float(s), t, z=KERB_HEIGHT)


def _shelter(draft: Draft, rng: np.random.Generator, side: int) -> None:
    wanted, s = rng.random() < 0.22, rng.uniform(18, 90)
    kerb = draft.section.kerb(side) + draft.section.verge[side]
    if wanted and draft.section.pavement[side] > 2.9 and draft.open_road(s, 6):
        # Open towards the road: the shelter's local +y looks at the axis.
        turn = 0.0 if side > 0 else np.pi
        t = side * (kerb + 1.5)
        draft.place("bus_shelter", s, t, z=KERB_HEIGHT, turn=turn, size=(4.2, 1.7))


def _furniture(draft: Draft, rng: np.random.Generator, side: int) -> None:
    kerb, turn = draft.section.kerb(side), 0.0 if side > 0 else np.pi
    for start, end in draft.blocks(side):
        for place in np.arange(start + 3, end - 3, 9.0):
            kind, s = pick(rng, FURNITURE), float(place + rng.uniform(-2, 2))
            look, lean = int(rng.integers(1 << 16)), rng.normal()
            if s < 5 or kind == "nothing":
                continue
            if kind == "sign":
                _sign(draft, s, side, SIGNS[look % len(SIGNS)], lean * 0.1)
            elif kind == "bollards":
                draft.run("bollards", s, s + 6.4, side * (kerb + 0.35), 1.6)
            elif kind == "bicycle":
                _bicycles(draft, s, side, 1 + look % 5, lean)
            elif kind == "railing":
                t = side * (kerb + 0.3)
                draft.run("fence", s, s + 6.0, t, 2.0, height=1.0, style=0)
            else:
                t = side * (kerb + max(0.55, SIZES[kind][1] / 2 + 0.2))
                size = SIZES[kind]
                draft.place(kind, s, t, z=KERB_HEIGHT, turn=turn, size=size, gap=0.1, look=look)


def _bicycles(draft: Draft, s: float, side: int, count: int, lean: float) -> None:
    """One bicycle along the kerb, or a row of them across it."""
    turn, size = lean * 0.25, SIZES["bicycle"]
    t = side * (draft.section.kerb(side) + (0.55 if count == 1 else 1.15))
    if count > 1:
        turn = side * np.pi / 2 + lean * 0.08
    for k in range(count):
        draft.place("bicycle", s + 0.65 * k, t, z=KERB_HEIGHT, turn=turn, size=size)


def _before_houses(draft: Draft, rng: np.random.Generator, side: int) -> None:
    front, turn = draft.section.front(side), 0.0 if side > 0 else np.pi
    for start, end in draft.blocks(side):
        for place in np.arange(start + 3, end - 3, 7.0):
            kind, s = pick(rng, BEFORE_HOUSES), float(place + rng.uniform(-2, 2))
            lean = rng.normal()
            if s < 5 or kind == "nothing" or not draft.open_sky(s):
                continue
            t = side * (front - SIZES[kind][1] / 2 - 0.25)
            own = turn + lean * 0.2
            draft.place(kind, s, t, z=KERB_HEIGHT, turn=own, size=SIZES[kind], gap=0.2)


def _sign(draft: Draft, s: float, side: int, kind: str, lean: float, height: float = 2.4) -> None:
    turn = lean + (0.0 if side > 0 else np.pi)
    t = side * (draft.section.kerb(side) + 0.55)
    draft.place("sign", s, t, z=KERB_HEIGHT, turn=turn, size=(0.2, 0.2), sign=kind, height=height)


def _guard_rail(draft: Draft, side: int) -> None:
    t = side * (draft.section.kerb(side) + 0.4)
    for start, end in draft.blocks(side):
        if end - start > 8:
            draft.run("guard_rail", start + 2, end - 2, t, 2.0, side=side)


def _crossing(draft: Draft, rng: np.random.Generator, crossing: Crossing) -> None:
    section, near, far = draft.section, crossing.near, crossing.far
    right, left = section.kerb(1) + 0.5, -section.kerb(-1) - 0.5
    arm = 3.8 if rng.random() < 0.5 else 0.0
    kind = ("priority", "stop", "warning")[rng.integers(3)]
    board = rng.random() < 0.3
    if crossing.signal is not None:
        across = "green" if crossing.signal == "red" else "red"
        _signal(draft, near - 5, right, 0.0, crossing.signal, arm)
        _signal(draft, near - 5, left, 0.0, crossing.signal)
        _signal(draft, far + 5, left, np.pi, crossing.signal)
        _signal(draft, far + 0.6, right + 0.1, np.pi / 2, across)
    else:
        _sign(draft, near - 2, 1, kind, 0.0)
    if board:
        _sign(draft, far + 1, 1, "direction", 0.0, 2.1)


def _signal(draft: Draft, s: float, t: float, turn: float, state: str, arm: float = 0.0) -> None:
    draft.place(
        "traffic_light", s, t, z=KERB_HEIGHT, turn=turn, size=(0.4, 0.4), state=state, arm=arm
    )
