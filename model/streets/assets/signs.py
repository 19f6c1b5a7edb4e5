"""Traffic signs and traffic lights, of no particular country. All of it is stuff."""

from __future__ import annotations

import numpy as np

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Array, Mesh, Primitive, Transform, offset
from model.streets.primitives import boxes, cylinder, merge

SIGN_KINDS = (
    "prohibition", "warning", "mandatory", "priority",
    "stop", "information", "direction", "no_parking",
)  # fmt: skip
PANEL = len(SIGN_KINDS)
_BLACK = (0.02, 0.022, 0.022)
_LIGHTS = (("green", (0.05, 0.9, 0.35)), ("amber", (1.0, 0.55, 0.05)), ("red", (1.0, 0.06, 0.04)))


def traffic_light(mesh: Mesh, transform: Transform, *, state: str, arm: float = 0.0) -> None:
    """Signals whose lenses face local -x; `arm` hangs a second one `arm` metres to the left.

    State is "red", "amber" or "green".
    """
    top = 5.9 if arm else 3.3
    pole = [cylinder([0, 0, 0], [0, 0, top + 0.1], 0.075, 0.06, sides=9)]
    spots = [np.array([0, 0, 2.45])]
    if arm:
        pole.append(cylinder([0, 0, top], [0, arm, top + 0.15], 0.05, 0.04, sides=8))
        spots.append(np.array([0, arm * 0.95, top - 0.45]))
    color = (0.16, 0.17, 0.17)
    mesh.put(merge(pole), Material.METAL, LabelId.POLE, color=color, transform=transform)
    for index, spot in enumerate(spots):
        _signal_head(mesh, transform, spot, state, back_plate=index > 0)


def _signal_head(
    mesh: Mesh, transform: Transform, spot: Array, state: str, back_plate: bool
) -> None:
    label = LabelId.TRAFFIC_LIGHT
    dark = [boxes(spot + offset(-0.16, 0, 0.42), [0.2, 0.3, 0.92])]
    if back_plate:
        dark.append(boxes(spot + offset(-0.05, 0, 0.42), [0.02, 0.56, 1.2]))
    for level, (name, color) in enumerate(_LIGHTS):
        center = spot + offset(-0.255, 0, 0.14 + 0.28 * level)
        lens = cylinder(center, center - [0.015, 0, 0], 0.105, sides=14)
        lit = 1.0 if name == state else 0.0
        mesh.put(lens, Material.LENS, label, color=color, seed=lit, transform=transform)
        hood = center + offset(-0.005, 0, 0.01)
        dark.append(cylinder(hood, hood + offset(-0.14, 0, 0.01), 0.125, capped=False))
    mesh.put(merge(dark), Material.PAINT, label, color=_BLACK, seed=0.5, transform=transform)


_SIGN_RADIUS = 0.36
# Of signs that are told by their outlines: what round ones are, and a look for all.
_TOLD = {"mandatory": "prohibition", "no_parking": "prohibition", "stop": "prohibition"}
_TOLD_LOOK = (0.4, 0.1)


def _outline(kind: str) -> Array:
    """The edge of a sign plate (N, 2): right-hand and up, metres."""
    if kind == "direction":
        return np.array([[-0.88, -0.33], [0.88, -0.33], [0.88, 0.33], [-0.88, 0.33]])
    if kind == "information":
        return np.array([[-0.33, -0.33], [0.33, -0.33], [0.33, 0.33], [-0.33, 0.33]])
    count, phase, size = {
        "warning": (3, np.pi / 2, 1.25),
        "priority": (4, np.pi / 2, 1.1),
        "stop": (8, np.pi / 8, 1.0),
    }.get(kind, (24, 0.0, 1.0))
    angles = np.arange(count) * 2 * np.pi / count + phase
    return np.stack([np.cos(angles), np.sin(angles)], -1) * _SIGN_RADIUS * size


def sign(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    kind: str,
    height: float = 2.4,
    pole: bool = True,
    told: bool = False,
) -> None:
    """A traffic sign facing local -x, its middle at `height`; kind is one of SIGN_KINDS.

    On a pole of its own there may be another one below it. Annotators call the back of a sign
    static. told: its outline tells its kind and colours, as a label map shows nothing else.
    """
    if pole:
        post = cylinder([0, 0, 0], [0, 0, height + 0.3], 0.032, sides=8)
        mesh.put(post, Material.METAL, LabelId.POLE, color=(0.30, 0.31, 0.31), transform=transform)
    first, below, panel, look = rng.random(3), rng.random(), rng.random() < 0.6, rng.random(3)
    if told:
        kind = _TOLD.get(kind, kind)
        first[:2] = look[:2] = _TOLD_LOOK
    edge = _outline(kind)
    _put_plate(mesh, transform, edge, SIGN_KINDS.index(kind), height, first)
    if not pole or below > 0.45 or (panel and told):  # a panel has a board's outline
        return
    if panel:
        flat = np.array([[-0.32, -0.12], [0.32, -0.12], [0.32, 0.12], [-0.32, 0.12]])
        _put_plate(mesh, transform, flat, PANEL, height + edge[:, 1].min() - 0.16, look)
    else:
        other = SIGN_KINDS[int(below * 100) % len(SIGN_KINDS)]
        other = _TOLD.get(other, other) if told else other
        if other != "direction":
            lower = height + edge[:, 1].min() - _outline(other)[:, 1].max() - 0.06
            _put_plate(mesh, transform, _outline(other), SIGN_KINDS.index(other), lower, look)


def _put_plate(
    mesh: Mesh, transform: Transform, outline: Array, number: int, height: float, look: Array
) -> None:
    """A flat sign of any outline (N, 2): its face, and its grey back."""
    edge = np.concatenate([[[0.0, 0.0]], outline])
    count = len(outline)
    own = np.column_stack([edge / _SIGN_RADIUS, np.full(count + 1, float(number))])
    after = 1 + (np.arange(count) + 1) % count
    fan = np.stack([0 * after, 1 + np.arange(count), after], -1)
    positions = np.column_stack([np.full(count + 1, -0.045), -edge[:, 0], height + edge[:, 1]])
    ahead = np.tile([-1.0, 0, 0], (count + 1, 1))
    face = Primitive(positions, ahead, own, fan)
    back = Primitive(positions + offset(0.01, 0, 0), -ahead, own, fan[:, ::-1])
    sign_label, static = LabelId.TRAFFIC_SIGN, LabelId.STATIC
    mesh.put(face, Material.SIGN, sign_label, color=look, seed=number, transform=transform)
    mesh.put(back, Material.METAL, static, color=(0.25,) * 3, transform=transform)
