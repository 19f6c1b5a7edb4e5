"""Small things that are gone tomorrow (label DYNAMIC): wheeled bins and prams."""

from __future__ import annotations

import numpy as np

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Mesh, Primitive, Transform
from model.streets.primitives import boxes, cylinder, grid
from model.streets.style import Color

WHEELED_BIN_SIZE = (0.75, 0.6)
PRAM_SIZE = (0.95, 0.6)
BLACK: Color = (0.015, 0.015, 0.016)


def wheeled_bin(mesh: Mesh, transform: Transform, *, color: Color, lid_color: Color) -> None:
    """A refuse bin on two wheels, 1.1 m high; its front looks along local x."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * 0.5
    levels = ((0.08, 0.46, 0.44), (0.95, 0.62, 0.56))
    body = grid([[[x * length, y * width, z] for x, y in half] for z, length, width in levels])
    _put(mesh, transform, body, Material.PAINT, color)
    lid = boxes([[0, 0, 1.0], [-0.28, 0, 1.04]], [[0.66, 0.6, 0.08], [0.08, 0.5, 0.06]])
    _put(mesh, transform, lid, Material.PAINT, lid_color)
    for side in (-1, 1):
        wheel = cylinder([-0.22, side * 0.2, 0.1], [-0.22, side * 0.27, 0.1], 0.1, sides=12)
        _put(mesh, transform, wheel, Material.TYRE, BLACK)


def pram(mesh: Mesh, transform: Transform, *, color: Color) -> None:
    """A pram that is pushed along local x."""
    basket = [
        [[x, y, z] for y in (-0.2, 0.2)]
        for x, z in ((-0.38, 0.8), (-0.34, 0.55), (0.3, 0.5), (0.42, 0.72))
    ]
    _put(mesh, transform, grid(basket), Material.CLOTH, color)
    arc = np.linspace(0.1, 2.1, 6)
    rims = [(-0.1 - 0.3 * np.cos(angle), 0.75 + 0.3 * np.sin(angle)) for angle in arc]
    hood = [[[x, y, z] for y in (-0.21, 0.21)] for x, z in rims]
    _put(mesh, transform, grid(hood), Material.CLOTH, color)
    sides = boxes([[0.0, y, 0.66] for y in (-0.2, 0.2)], [0.72, 0.03, 0.26])
    _put(mesh, transform, sides, Material.CLOTH, color)
    frame = boxes([[-0.45, 0, 0.98], [0, -0.2, 0.35], [0, 0.2, 0.35]], [[0.03, 0.44, 0.03]] * 3)
    _put(mesh, transform, frame, Material.METAL, (0.2, 0.2, 0.21))
    for y in (-0.22, 0.22):
        for x in (-0.3, 0.32):
            wheel = cylinder([x, y, 0.15], [x, y + 0.03, 0.15], 0.15, sides=12)
            _put(mesh, transform, wheel, Material.TYRE, BLACK)
            strut = cylinder([x, y, 0.15], [x * 0.5, y * 0.9, 0.55], 0.014, sides=5)
            _put(mesh, transform, strut, Material.METAL, (0.2, 0.2, 0.21))
        handle = cylinder([0.05, y * 0.9, 0.4], [-0.46, y * 0.95, 0.98], 0.014, sides=5)
        _put(mesh, transform, handle, Material.METAL, (0.2, 0.2, 0.21))


def _put(
    mesh: Mesh, transform: Transform, primitive: Primitive, material: Material, color: Color
) -> None:
    mesh.put(primitive, material, LabelId.DYNAMIC, color=color, seed=0.5, transform=transform)
