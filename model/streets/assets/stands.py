"""What cities and shops put on the pavement: posters, columns, letter boxes, cafe tables."""

from __future__ import annotations

import numpy as np

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Color, Mesh, Transform
from model.streets.primitives import boxes, cylinder, cylinders, grid, merge, quads, sphere

# Seeds from here on make shop_sign.glsl draw posters instead of lettering.
POSTER = 2.0
_FRAME = (0.05, 0.052, 0.055)


def put_posters(
    mesh: Mesh,
    rng: np.random.Generator,
    label: LabelId,
    center: tuple[float, float, float],
    size: tuple[float, float],
    out: float,
    transform: Transform,
) -> None:
    """A poster of `size` (width, height) on either side of an upright case across local x."""
    x, y, z = center
    half, tall = size[0] / 2, size[1] / 2
    faces = [
        [[x - out, y + half, z - tall], [x - out, y - half, z - tall],
         [x - out, y - half, z + tall], [x - out, y + half, z + tall]],
        [[x + out, y - half, z - tall], [x + out, y + half, z - tall],
         [x + out, y + half, z + tall], [x + out, y - half, z + tall]],
    ]  # fmt: skip
    aspect = size[1] / size[0]
    own = [[[0, 0, aspect], [1, 0, aspect], [1, 1, aspect], [0, 1, aspect]]] * 2
    mesh.put(
        quads(faces, own),
        Material.SHOP_SIGN,
        label,
        seed=POSTER + rng.random(),
        transform=transform,
    )


def poster_stand(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """An illuminated poster case on a foot, across local x."""
    label = LabelId.STATIC
    case = boxes([[0, 0, 1.6], [0, 0, 0.35]], [[0.2, 1.35, 1.95], [0.16, 0.6, 0.7]])
    mesh.put(case, Material.PAINT, label, color=_FRAME, seed=0.35, transform=transform)
    put_posters(mesh, rng, label, (0, 0, 1.6), (1.2, 1.75), 0.105, transform)


def advertising_column(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """A round pillar covered with posters."""
    label, count = LabelId.STATIC, 24
    angles = -np.arange(count + 1) * 2 * np.pi / count
    ring = np.stack([0.6 * np.cos(angles), 0.6 * np.sin(angles)], -1)
    net = np.stack([np.column_stack([ring, np.full(count + 1, z)]) for z in (0.3, 2.9)])
    body = grid(net)
    own = np.full((2, count + 1, 3), 1.3 / 1.256)
    own[..., 0], own[..., 1] = np.linspace(3, 0, count + 1), np.array([[0.0], [2.0]])
    body = body._replace(coordinates=own.reshape(-1, 3))
    seed = POSTER + rng.random()
    mesh.put(body, Material.SHOP_SIGN, label, seed=seed, transform=transform)
    ends = [
        cylinder([0, 0, 0], [0, 0, 0.3], 0.66, sides=20),
        cylinder([0, 0, 2.9], [0, 0, 3.05], 0.72, sides=20),
        sphere([0, 0, 3.05], [0.6, 0.6, 0.3], sides=16, rings=7),
    ]
    green = (0.06, 0.09, 0.07)
    mesh.put(merge(ends), Material.PAINT, label, color=green, seed=0.5, transform=transform)


def post_box(mesh: Mesh, transform: Transform) -> None:
    """A yellow letter box on a post."""
    label, yellow = LabelId.STATIC, (0.55, 0.36, 0.02)
    body = boxes([[0, 0, 1.15], [0, 0, 1.44]], [[0.42, 0.5, 0.55], [0.44, 0.52, 0.05]])
    mesh.put(body, Material.PAINT, label, color=yellow, seed=0.35, transform=transform)
    slot = boxes([[-0.215, 0, 1.32], [0.215, 0, 1.32]], [0.01, 0.36, 0.05])
    mesh.put(slot, Material.PAINT, label, color=(0.02,) * 3, seed=0.5, transform=transform)
    post = boxes([0, 0, 0.45], [0.12, 0.12, 0.9])
    mesh.put(post, Material.METAL, label, color=(0.2,) * 3, transform=transform)


def cafe_table(mesh: Mesh, rng: np.random.Generator, transform: Transform, *, color: Color) -> None:
    """A table with chairs, mostly under a parasol in `color`; label static."""
    label, wood = LabelId.STATIC, (0.20, 0.12, 0.06)
    top = cylinder([0, 0, 0.72], [0, 0, 0.75], 0.4, sides=16)
    mesh.put(top, Material.PAINT, label, color=wood, seed=0.6, transform=transform)
    foot = cylinder([0, 0, 0], [0, 0, 0.72], 0.04, sides=6)
    mesh.put(foot, Material.METAL, label, color=(0.1,) * 3, transform=transform)
    for turn in np.arange(4) * np.pi / 2 + rng.uniform(-0.3, 0.3):
        chair = transform.turned(float(turn)).moved(0.72)
        seat = boxes([[0, 0, 0.45], [0.19, 0, 0.72]], [[0.40, 0.40, 0.04], [0.03, 0.40, 0.30]])
        mesh.put(seat, Material.PAINT, label, color=wood, seed=0.7, transform=chair)
        feet = [[x, y] for x in (-0.17, 0.19) for y in (-0.17, 0.17)]
        legs = cylinders([[*f, 0] for f in feet], [[*f, 0.6] for f in feet], 0.014)
        mesh.put(legs, Material.METAL, label, color=(0.08,) * 3, transform=chair)
    if rng.random() < 0.75:
        _put_parasol(mesh, transform, color)


def _put_parasol(mesh: Mesh, transform: Transform, color: Color) -> None:
    angles = np.arange(9) * np.pi / 4
    levels = ((0.0, 2.75), (0.8, 2.5), (1.45, 2.2), (1.45, 2.02))
    net = [[[r * np.cos(a), r * np.sin(a), z] for a in angles] for r, z in levels]
    cloth = grid(net[::-1])
    label = LabelId.STATIC
    mesh.put(cloth, Material.CLOTH, label, color=color, seed=0.3, transform=transform)
    pole = cylinder([0, 0, 0], [0, 0, 2.8], 0.025, sides=6)
    mesh.put(pole, Material.METAL, label, color=(0.5, 0.48, 0.44), transform=transform)


def sandwich_board(mesh: Mesh, rng: np.random.Generator, transform: Transform) -> None:
    """A shop's board before its door; label dynamic."""
    label = LabelId.DYNAMIC
    frame = boxes([0, 0, 0.5], [0.10, 0.62, 1.0])
    mesh.put(frame, Material.PAINT, label, color=_FRAME, seed=0.6, transform=transform)
    put_posters(mesh, rng, label, (0, 0, 0.52), (0.54, 0.86), 0.055, transform)
