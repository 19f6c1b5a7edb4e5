"""Plans what stands behind the pavement: houses, gardens and what bounds them, the skyline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.scene.street_grid import BAY, GROUND_FLOOR, STOREY
from model.streets.draft import Draft
from model.streets.plan import SIDES

TUNNEL_SHARE = 0.14


@dataclass(frozen=True)
class Building:
    """How one kind of street is built up: share of built plots and ranges in metres."""

    density: float
    setback: tuple[float, float]
    width: tuple[float, float]
    storeys: tuple[int, int]
    gap: tuple[float, float]
    attached: float


KINDS: Mapping[str, Building] = {
    "urban": Building(0.95, (0.0, 0.4), (11, 24), (4, 8), (2, 5), 0.85),
    "residential": Building(0.78, (4, 9), (8, 14), (2, 5), (2, 8), 0.0),
    "boulevard": Building(0.88, (0.0, 4.0), (12, 26), (4, 9), (2, 8), 0.4),
    "arterial": Building(0.62, (5, 14), (12, 26), (3, 9), (4, 10), 0.0),
}
FAMILIES: Mapping[bool, tuple[str, ...]] = {
    True: ("plain", "bays", "pilasters", "panels", "arcade"),
    False: ("plain", "plain", "bays", "panels"),
}


def plan(draft: Draft, rng: np.random.Generator) -> None:
    """Adds houses, garden trees, boundaries, the skyline and perhaps a bridge to the draft."""
    _tunnel(draft, rng)
    for side in SIDES:
        setback = rng.uniform(*KINDS[draft.kind].setback)
        if draft.modular and draft.kind != "residential":
            setback = 0.0
        for start, end in _open_blocks(draft, side):
            _block(draft, rng, side, start, end, setback)
    _skyline(draft, rng)
    if rng.random() < 0.2 and draft.covered is None:
        _bridge(draft, rng)


def _tunnel(draft: Draft, rng: np.random.Generator) -> None:
    """Perhaps an underpass of a railway, between two side streets."""
    wanted, s, length = rng.random() < TUNNEL_SHARE, rng.uniform(42, 110), rng.uniform(22, 60)
    start, end = float(s), float(s + length)
    if not wanted or any(start - 9 < c.s < end + 9 for c in draft.crossings):
        return
    draft.covered = (start, end)
    right, left = draft.section.front(1) + 0.1, draft.section.front(-1) + 0.1
    draft.run("tunnel", start, end, 0.0, 3.0, left=left, right=right)


def _open_blocks(draft: Draft, side: int) -> list[tuple[float, float]]:
    """Stretches of one side between side streets and outside the tunnel."""
    found = []
    for start, end in draft.blocks(side):
        if draft.covered is None or end < draft.covered[0] or start > draft.covered[1]:
            found.append((start, end))
        else:
            found += [(start, draft.covered[0]), (draft.covered[1], end)]
    return [(start, end) for start, end in found if end - start > 2]


def _block(
    draft: Draft, rng: np.random.Generator, side: int, start: float, end: float, setback: float
) -> None:
    building = KINDS[draft.kind]
    s = start + rng.uniform(0.5, 3)
    while s < end - 6:
        if rng.random() < building.density:
            width = min(rng.uniform(*building.width), end - s)
            if draft.modular:
                s, width = np.ceil(s / BAY) * BAY, max(1, width // BAY) * BAY
            if draft.kind == "arterial":
                setback = rng.uniform(*building.setback)
            built = _house(draft, rng, side, s + width / 2, width, setback)
            if built and setback > 2:
                _boundary(draft, rng, side, s, s + width)
            attached = rng.random() < building.attached
            s += width + (0.0 if attached else rng.uniform(*building.gap))
        else:
            width = rng.uniform(8, 22)
            _garden(draft, rng, side, s, min(s + width, end))
            s += width


def _house(
    draft: Draft, rng: np.random.Generator, side: int, s: float, width: float, setback: float
) -> bool:
    building = KINDS[draft.kind]
    dense = draft.kind in ("urban", "boulevard")
    families, depth = FAMILIES[dense], float(rng.uniform(9, 14))
    storeys = rng.integers(*building.storeys)
    if draft.modular:
        families, height = ("plain",), GROUND_FLOOR + (storeys - 1) * STOREY
    else:
        height = storeys * STOREY + 1
    # Neighbours may touch, and on the inside of a bend their rear corners meet.
    return draft.place(
        "house",
        s,
        side * (draft.section.front(side) + setback),
        z=0.1,
        turn=0.0 if side > 0 else np.pi,
        size=(width * 0.94, depth - 1.0),
        behind=depth / 2,
        width=float(width - 0.02),
        depth=depth,
        height=float(height),
        dense=dense,
        family=families[rng.integers(len(families))],
        modular=draft.modular,
    )


def _garden(draft: Draft, rng: np.random.Generator, side: int, start: float, end: float) -> None:
    if rng.random() < 0.8:
        for _ in range(int((end - start) / 3.0)):
            t = side * (draft.section.front(side) + rng.uniform(2.5, 14))
            place_tree(draft, rng, rng.uniform(start, end), t, 0.1, rng.uniform(0.8, 1.4))
    for _ in range(int(rng.integers(0, 4))):
        t = side * (draft.section.front(side) + rng.uniform(1.2, 6))
        s = rng.uniform(start, end)
        draft.place("bush", s, t, z=0.1, radius=float(rng.uniform(0.5, 1.2)))
    _boundary(draft, rng, side, start, end)


def place_tree(
    draft: Draft, rng: np.random.Generator, s: float, t: float, z: float, scale: float
) -> bool:
    """One tree of a random kind; its trunk takes its place on the ground.

    Modular streets have no conifers: a map shows all trees as one, and so they have one style,
    whose colour would be neither that of autumn nor that of needles.
    """
    kind = ("round", "broad", "columnar", "columnar" if draft.modular else "conifer")[
        int(np.digitize(rng.random(), (0.5, 0.8, 0.92)))
    ]
    return draft.place("tree", s, t, z=z, size=(0.6, 0.6), tree=kind, scale=float(scale))


def _boundary(draft: Draft, rng: np.random.Generator, side: int, start: float, end: float) -> None:
    if end - start < 3:
        return
    t = side * (draft.section.front(side) + 0.25)
    start, end, choice = start + 0.3, end - 0.8, rng.random()
    if choice < 0.30:
        height = float(rng.uniform(0.9, 1.1) if choice < 0.15 else rng.uniform(1.3, 1.9))
        draft.run("hedge", start, end, t, 2.0, height=height)
    elif choice < 0.66:
        height, style = float(rng.uniform(1.1, 2.4)), int(rng.integers(3))
        draft.run("wall", start, end, t, 2.0, height=height, style=style)
    elif choice < 0.90:
        height, style = float(rng.uniform(1.0, 1.8)), int(rng.integers(3))
        draft.run("fence", start, end, t, 2.0, height=height, style=style)


def _skyline(draft: Draft, rng: np.random.Generator) -> None:
    for _ in range(46):
        s, side = rng.uniform(15, 400), rng.choice(SIDES)
        t = side * rng.uniform(54, 150) if s < 310 else rng.uniform(-90, 90)
        width, depth = float(rng.uniform(14, 40)), float(rng.uniform(10, 25))
        draft.place(
            "backdrop",
            s,
            t,
            size=(depth, width),
            width=width,
            depth=depth,
            height=float(rng.uniform(7, 26)),
        )
    for _ in range(30):
        s, t, scale = rng.uniform(120, 350), rng.uniform(-70, 70), rng.uniform(1, 1.7)
        if abs(t) < 16 and s < 300:
            t = np.sign(t) * 24
        draft.place("tree", s, t, tree="round", scale=float(scale))


def _bridge(draft: Draft, rng: np.random.Generator) -> None:
    section, s = draft.section, rng.uniform(60, 140)
    span = section.front(1) + section.front(-1) + 16
    middle = (section.front(1) - section.front(-1)) / 2
    width = float(rng.uniform(4, 12))
    draft.place("bridge", s, middle, span=float(span), width=width, clearance=5.0)
