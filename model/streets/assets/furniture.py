"""Street furniture: lamps, bins, benches, shelters, bollards. All of it is stuff."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from model.streets.assets.stands import put_posters
from model.streets.assets.vegetation import bush
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Color, Mesh, Transform, offset
from model.streets.primitives import boxes, cylinder, cylinders, merge, quads, sphere, tube

_LAMP_COLORS = ((0.22, 0.23, 0.23), (0.05, 0.06, 0.06), (0.10, 0.14, 0.12))
_LAMP_HEIGHTS = (8.5, 5.0, 7.0)


def lamp_post(mesh: Mesh, transform: Transform, *, style: int) -> None:
    """A street lamp; its arm (styles 0 and 2) reaches along local x, style 1 is a lantern.

    Annotators call the post a pole and the lamp static.
    """
    color, height = _LAMP_COLORS[style], _LAMP_HEIGHTS[style]
    parts = [
        cylinder([0, 0, 0], [0, 0, height], 0.085, 0.05),
        cylinder([0, 0, 0], [0, 0, 1.1], 0.11, 0.10),
    ]
    if style == 1:
        bulb = cylinder([0, 0, height], [0, 0, height + 0.55], 0.16, 0.26)
        mesh.put(bulb, Material.LAMP, LabelId.STATIC, color=(0.7, 0.7, 0.66), transform=transform)
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
        mesh.put(head, Material.METAL, LabelId.STATIC, color=(0.3,) * 3, transform=transform)
        glass = boxes([1.95, 0, height + 0.30], [0.5, 0.2, 0.03])
        mesh.put(glass, Material.LAMP, LabelId.STATIC, color=(0.7, 0.7, 0.66), transform=transform)
    mesh.put(merge(parts), Material.METAL, LabelId.POLE, color=color, transform=transform)


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
    case = boxes([1.9, -0.08, 1.25], [0.10, 1.25, 1.85])
    mesh.put(case, Material.PAINT, label, color=(0.05,) * 3, seed=0.4, transform=transform)
    put_posters(mesh, rng, label, (1.9, -0.08, 1.25), (1.15, 1.75), 0.055, transform)
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
