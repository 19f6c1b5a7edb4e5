"""Wheels, their housings and licence plates: what all vehicles share."""

from __future__ import annotations

import numpy as np

from model.streets.materials import Material
from model.streets.mesh import Array, Mesh, Primitive
from model.streets.primitives import grid, quads

RUBBER = (0.02, 0.02, 0.021)


def wheel(radius: float, width: float, *, sides: int = 20) -> Primitive:
    """A tyre lying along y round the origin, its outer face towards +y; a lathe profile."""
    across = np.array([-0.9, 0.75, 0.96, 1.0, 0.97]) * width / 2
    reach = np.array([0.97, 1.0, 0.87, 0.70, 0.60]) * radius
    angles = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(angles), 0 * angles, np.sin(angles)], -1)
    net = reach[:, None, None] * ring[None]
    net[..., 1] = across[:, None]
    return grid(net, closed=True)


def disc(center: Array, radius: float, side: float, *, sides: int = 18) -> Primitive:
    """A round plate across y, facing `side`."""
    angles = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(angles), 0 * angles, np.sin(angles)], -1) * radius
    positions = np.concatenate([np.zeros((1, 3)), ring]) + center
    after = 1 + (np.arange(sides) + 1) % sides
    triangles = np.stack([0 * after, after, 1 + np.arange(sides)], -1)
    normals = np.tile([0.0, side, 0.0], (sides + 1, 1))
    return Primitive(positions, normals, positions, triangles if side > 0 else triangles[:, ::-1])


def put_wheel(
    mesh: Mesh,
    x: float,
    y: float,
    radius: float,
    side: float,
    *,
    width: float,
    style: float,
    sides: int = 20,
) -> None:
    """A tyre with its rim; y is the outer face, side +1 the left, -1 the right of the vehicle."""
    tyre = wheel(radius, width, sides=sides)
    flip = np.array([1.0, side, 1.0])
    center = np.array([x, y - side * width / 2, radius])
    triangles = tyre.triangles if side > 0 else tyre.triangles[:, ::-1]
    placed = Primitive(
        tyre.positions * flip + center, tyre.normals * flip, tyre.positions, triangles
    )
    mesh.put(placed, Material.TYRE, 0, color=RUBBER)
    rim = disc(np.array([x, y - side * 0.012, radius]), radius * 0.66, side, sides=sides)
    rim = rim._replace(coordinates=rim.positions - [x, 0, 0])
    mesh.put(rim, Material.RIM, 0, color=(style, radius, radius * 0.66), seed=0.0)


def put_well(
    mesh: Mesh, axle: float, side: float, outer: float, z: float, arch: float, depth: float
) -> None:
    """The dark upper half of a wheel housing behind an arch."""
    angles = np.linspace(-0.25, np.pi + 0.25, 14)
    rim = np.stack([axle + np.cos(angles) * arch, 0 * angles, z + np.sin(angles) * arch], -1)
    inner, edge = rim.copy(), rim.copy()
    inner[:, 1], edge[:, 1] = side * (outer - depth), side * outer * 0.992
    back = np.broadcast_to([axle, side * (outer - depth), z], rim.shape)
    surface = grid(np.stack([edge, inner]))
    mesh.put(surface, Material.PAINT, 0, color=(0.006,) * 3, seed=0.95)
    mesh.put(grid(np.stack([inner, back])), Material.PAINT, 0, color=(0.004,) * 3, seed=0.95)


def plate(center: Array, front: bool, width: float = 0.52, height: float = 0.115) -> Primitive:
    """A licence plate across y; coordinates 0..1 over the plate, read from outside."""
    sign = 1.0 if front else -1.0
    y = np.array([-1, 1, 1, -1]) * width / 2 * sign
    z = np.array([-1, -1, 1, 1]) * height / 2
    corners = np.stack([np.zeros(4), y, z], -1) + center
    own = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.0]])
    return quads(corners[None], own[None])
