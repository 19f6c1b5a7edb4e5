"""Street furniture: lamps, traffic lights, signs, bins, benches, shelters. All of it is stuff."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from model.streets.assets.vegetation import bush
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Array, Color, Mesh, Primitive, Transform, offset
from model.streets.primitives import boxes, cylinder, cylinders, merge, quads, sphere, tube

SIGN_KINDS = (
    "prohibition", "warning", "mandatory", "priority",
    "stop", "information", "direction", "no_parking",
)  # fmt: skip
_LAMP_COLORS = ((0.22, 0.23, 0.23), (0.05, 0.06, 0.06), (0.10, 0.14, 0.12))
_LAMP_HEIGHTS = (8.5, 5.0, 7.0)
_BLACK = (0.02, 0.022, 0.022)
_LIGHTS = (("green", (0.05, 0.9, 0.35)), ("amber", (1.0, 0.55, 0.05)), ("red", (1.0, 0.06, 0.04)))


def lamp_post(mesh: Mesh, transform: Transform, *, style: int) -> None:
    """A street lamp; its arm (styles 0 and 2) reaches along local x, style 1 is a lantern."""
    color, height = _LAMP_COLORS[style], _LAMP_HEIGHTS[style]
    parts = [
        cylinder([0, 0, 0], [0, 0, height], 0.085, 0.05),
        cylinder([0, 0, 0], [0, 0, 1.1], 0.11, 0.10),
    ]
    if style == 1:
        bulb = cylinder([0, 0, height], [0, 0, height + 0.55], 0.16, 0.26)
        mesh.put(bulb, Material.LAMP, LabelId.POLE, color=(0.7, 0.7, 0.66), transform=transform)
        parts.append(cylinder([0, 0, height + 0.55], [0, 0, height + 0.68], 0.28, 0.05))
        parts.append(cylinder([0, 0, height - 0.05], [0, 0, height + 0.01], 0.05, 0.18))
    else:
        arm = [
            [0, 0, height - 0.35],
            [0.12, 0, height],
            [0.7, 0, height + 0.28],
            [1.6, 0, height + 0.36],
        ]
        parts.append(tube(arm, [0.045, 0.045, 0.04, 0.03], sides=7))
        head = boxes([1.9, 0, height + 0.36], [0.8, 0.28, 0.10])
        mesh.put(head, Material.METAL, LabelId.POLE, color=(0.3,) * 3, transform=transform)
        glass = boxes([1.95, 0, height + 0.30], [0.5, 0.2, 0.03])
        mesh.put(glass, Material.LAMP, LabelId.POLE, color=(0.7, 0.7, 0.66), transform=transform)
    mesh.put(merge(parts), Material.METAL, LabelId.POLE, color=color, transform=transform)


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


_SIGN_RADIUS = 0.33


def _outline(kind: str) -> Array:
    """The edge of a sign plate (N, 2): right-hand and up, metres."""
    if kind == "direction":
        return np.array([[-0.8, -0.3], [0.8, -0.3], [0.8, 0.3], [-0.8, 0.3]])
    if kind == "information":
        return np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3]])
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
) -> None:
    """A traffic sign facing local -x, its middle at `height`; kind is one of SIGN_KINDS."""
    number = SIGN_KINDS.index(kind)
    if pole:
        post = cylinder([0, 0, 0], [0, 0, height + 0.3], 0.032, sides=8)
        mesh.put(post, Material.METAL, LabelId.POLE, color=(0.30, 0.31, 0.31), transform=transform)
    edge = np.concatenate([[[0.0, 0.0]], _outline(kind)])
    count = len(edge) - 1
    own = np.column_stack([edge / _SIGN_RADIUS, np.full(count + 1, float(number))])
    after = 1 + (np.arange(count) + 1) % count
    fan = np.stack([0 * after, 1 + np.arange(count), after], -1)
    for x, front in ((-0.045, True), (-0.035, False)):
        positions = np.column_stack([np.full(count + 1, x), -edge[:, 0], height + edge[:, 1]])
        normals = np.tile([-1.0 if front else 1.0, 0, 0], (count + 1, 1))
        face = Primitive(positions, normals, own, fan if front else fan[:, ::-1])
        if front:
            look = rng.random(3)
            mesh.put(
                face,
                Material.SIGN,
                LabelId.TRAFFIC_SIGN,
                color=look,
                seed=number,
                transform=transform,
            )
        else:
            mesh.put(
                face, Material.METAL, LabelId.TRAFFIC_SIGN, color=(0.25,) * 3, transform=transform
            )


def litter_bin(mesh: Mesh, transform: Transform, *, color: Color) -> None:
    """A waste bin."""
    body = boxes([0, 0, 0.5], [0.5, 0.5, 1.0])
    mesh.put(body, Material.PAINT, LabelId.STATIC, color=color, seed=0.4, transform=transform)
    lid = boxes([[0, 0, 1.03], [0.255, 0, 0.82]], [[0.56, 0.56, 0.07], [0.02, 0.34, 0.12]])
    mesh.put(lid, Material.PAINT, LabelId.STATIC, color=(0.05,) * 3, seed=0.4, transform=transform)


def bench(mesh: Mesh, transform: Transform, *, color: Color) -> None:
    """A bench along local x, its back towards local -y."""
    slats = [[0, y, 0.45] for y in (-0.14, 0.0, 0.14)] + [[0, -0.24, z] for z in (0.62, 0.78)]
    sizes = [[1.7, 0.12, 0.04]] * 3 + [[1.7, 0.04, 0.12]] * 2
    wood = boxes(slats, np.array(sizes))
    mesh.put(wood, Material.PAINT, LabelId.STATIC, color=color, seed=0.8, transform=transform)
    legs = boxes([[x, y, 0.22] for x in (-0.65, 0.65) for y in (-0.18, 0.14)], [0.06, 0.06, 0.44])
    mesh.put(legs, Material.METAL, LabelId.STATIC, color=(0.1,) * 3, transform=transform)


def cabinet(mesh: Mesh, transform: Transform, *, color: Color) -> None:
    """A grey roadside cabinet for cables."""
    body = boxes([[0, 0, 0.60], [0, 0, 1.22]], [[1.0, 0.45, 1.2], [1.06, 0.5, 0.05]])
    mesh.put(body, Material.PAINT, LabelId.STATIC, color=color, seed=0.6, transform=transform)
    seams = boxes([[0, 0.226, 0.62], [0, 0, 0.06]], [[0.012, 0.006, 1.05], [1.02, 0.47, 0.12]])
    mesh.put(
        seams, Material.PAINT, LabelId.STATIC, color=(0.03,) * 3, seed=0.6, transform=transform
    )


def planter(
    mesh: Mesh, rng: np.random.Generator, transform: Transform, *, season: str, leaf_color: Color
) -> None:
    """A concrete flower tub."""
    tub = cylinder([0, 0, 0], [0, 0, 0.55], 0.42, 0.52, sides=14)
    mesh.put(tub, Material.CONCRETE, LabelId.STATIC, color=(0.36, 0.35, 0.33), transform=transform)
    top = transform.points([0, 0, 0.5])
    bush(mesh, rng, top, radius=0.42, season=season, leaf_color=leaf_color)


def bollards(mesh: Mesh, positions: ArrayLike) -> None:
    """Posts at positions (N, 3) on the ground."""
    for foot in np.asarray(positions, float).reshape(-1, 3):
        post = merge(
            [
                cylinder(foot, foot + offset(0, 0, 0.92), 0.055, sides=8),
                sphere(foot + offset(0, 0, 0.95), 0.065, sides=8, rings=5),
            ]
        )
        mesh.put(post, Material.METAL, LabelId.POLE, color=(0.15,) * 3)


def bus_shelter(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """A glass shelter 4.0 x 1.5 m along local x, open towards local +y."""
    label = LabelId.STATIC
    feet = [[x, y] for x in (-1.9, 0.0, 1.9) for y in (-0.7, 0.55)]
    posts = cylinders([[*f, 0] for f in feet], [[*f, 2.4] for f in feet], 0.035, sides=6)
    rails = boxes([[0, -0.7, z] for z in (0.3, 2.25)], [3.9, 0.05, 0.05])
    mesh.put(merge([posts, rails]), Material.METAL, label, color=(0.18,) * 3, transform=transform)
    roof = boxes([0, -0.05, 2.45], [4.1, 1.55, 0.10])
    mesh.put(roof, Material.PAINT, label, color=(0.06, 0.065, 0.07), seed=0.4, transform=transform)
    seat = boxes([0, -0.45, 0.47], [2.2, 0.35, 0.05])
    mesh.put(seat, Material.PAINT, label, color=(0.20, 0.12, 0.06), seed=0.8, transform=transform)
    poster = boxes([1.9, -0.08, 1.25], [0.10, 1.15, 1.75])
    color = rng.uniform(0.08, 0.6, 3)
    mesh.put(poster, Material.SHOP_SIGN, label, color=color, transform=transform)
    back = quads(
        [
            [
                [x - 0.9, -0.7, 0.35],
                [x + 0.9, -0.7, 0.35],
                [x + 0.9, -0.7, 2.2],
                [x - 0.9, -0.7, 2.2],
            ]
            for x in (-0.95, 0.95)
        ]
    )
    mesh.put(back, Material.PROXY, label, color=(0.0, 0.0, 0.0), transform=transform)


def advertising_column(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """A round pillar covered with posters."""
    label = LabelId.STATIC
    body = cylinder([0, 0, 0.3], [0, 0, 2.9], 0.6, sides=20, capped=False)
    color = rng.uniform(0.15, 0.6, 3)
    mesh.put(body, Material.SHOP_SIGN, label, color=color, transform=transform)
    ends = [
        cylinder([0, 0, 0], [0, 0, 0.3], 0.66, sides=20),
        cylinder([0, 0, 2.9], [0, 0, 3.05], 0.72, sides=20),
        sphere([0, 0, 3.05], [0.6, 0.6, 0.3], sides=16, rings=7),
    ]
    mesh.put(
        merge(ends), Material.PAINT, label, color=(0.06, 0.09, 0.07), seed=0.5, transform=transform
    )


def bag(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """A full rubbish bag, label dynamic."""
    radii = np.array([0.26, 0.22, 0.27]) * rng.uniform(0.8, 1.15)
    knot = cylinder([0, 0, radii[2] * 1.7], [0, 0, radii[2] * 2.1], 0.05, 0.09, sides=7)
    body = merge([sphere([0, 0, radii[2] * 0.9], radii, sides=11, rings=8), knot])
    mesh.put(
        body,
        Material.PAINT,
        LabelId.DYNAMIC,
        color=(0.02, 0.02, 0.025),
        seed=0.4,
        transform=transform,
    )
