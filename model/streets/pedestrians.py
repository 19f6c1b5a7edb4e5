"""Plans people: alone and in groups on the pavement, on crossings, waiting for a bus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.streets.draft import Draft
from model.streets.movables import PRAM_SIZE
from model.streets.plan import KERB_HEIGHT, SIDES

BUSY: Mapping[str, float] = {"urban": 14, "residential": 8, "boulevard": 12, "arterial": 6}
GROUP_SIZES = ((1, 0.62), (2, 0.27), (3, 0.08), (4, 0.03))
PERSON_BOX = (0.45, 0.6)


def plan(draft: Draft, rng: np.random.Generator) -> None:
    """Adds people to the draft, none inside another object."""
    for _ in range(int(rng.poisson(BUSY[draft.kind]))):
        _group(draft, rng)
    for crossing in draft.crossings[:3]:
        if crossing.zebra and crossing.near > 8 and rng.random() < 0.55:
            _on_crossing(draft, rng, crossing.near - 4.0, crossing.near - 1.0)
    for item in list(draft.items):
        if item.kind == "bus_shelter":
            _waiting(draft, rng, item.position)


def _size(rng: np.random.Generator) -> int:
    sizes, weights = zip(*GROUP_SIZES, strict=True)
    return int(rng.choice(sizes, p=weights))


def _group(draft: Draft, rng: np.random.Generator) -> None:
    section, side = draft.section, int(rng.choice(SIDES))
    s, turn = 5 + rng.gamma(1.4, 19), float(rng.choice((0.0, np.pi)) + rng.normal() * 0.3)
    inner = section.kerb(side) + section.verge[side] + 0.5
    t = side * rng.uniform(inner, max(section.front(side) - 0.4, inner + 0.1))
    count, standing = _size(rng), rng.random() < 0.25
    with_child, with_pram = count > 1 and rng.random() < 0.3, rng.random() < 0.06
    if s > 190 or not draft.open_road(s):
        return
    if with_pram and not standing:
        pushed = float(s + 0.85 * np.cos(turn))
        draft.place("pram", pushed, t, z=KERB_HEIGHT, turn=turn, size=PRAM_SIZE)
    for k in range(count):
        beside, ahead = (k % 2) * 0.75, (k // 2) * 0.8
        facing = turn + (rng.normal() * 1.2 if standing else rng.normal() * 0.08)
        _person(
            draft,
            s + ahead + rng.normal() * 0.15,
            t - side * beside,
            facing,
            KERB_HEIGHT,
            pose="stand" if standing else "walk",
            child=with_child and k == count - 1,
        )


def _on_crossing(draft: Draft, rng: np.random.Generator, near: float, far: float) -> None:
    section = draft.section
    for _ in range(int(rng.integers(1, 5))):
        t, s = rng.uniform(-section.edge(-1), section.edge(1)), rng.uniform(near, far)
        turn = rng.choice((-1, 1)) * np.pi / 2 + rng.normal() * 0.1
        _person(draft, s, t, float(turn), 0.0, pose="walk", child=bool(rng.random() < 0.1))


def _waiting(draft: Draft, rng: np.random.Generator, position: tuple[float, float, float]) -> None:
    # Shelters stand on the straight or gently bent part: s is close to the world's y there.
    s, side = position[1], 1 if position[0] > 0 else -1
    t = side * (draft.section.kerb(side) + draft.section.verge[side] + 0.35)
    for _ in range(int(rng.integers(0, 4))):
        turn = float(-side * np.pi / 2 + rng.normal() * 0.6)
        _person(draft, s + rng.uniform(-2.5, 2.5), t, turn, KERB_HEIGHT, pose="stand", child=False)


def _person(
    draft: Draft, s: float, t: float, turn: float, z: float, *, pose: str, child: bool
) -> None:
    if s > 4.0:
        draft.place("person", s, t, z=z, turn=turn, size=PERSON_BOX, pose=pose, child=child)
