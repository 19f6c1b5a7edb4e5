"""Templates of lorries: a cab and a load body, painted apart."""

from __future__ import annotations

from functools import cache

import numpy as np

from model.streets.assets.cars import BODY, TAIL_LAMP
from model.streets.assets.hulls import (
    FLAT,
    Hull,
    glass,
    put_hull,
    put_lamps,
    put_mirrors,
    put_running_gear,
)
from model.streets.assets.wheels import put_wheel
from model.streets.materials import Material
from model.streets.mesh import Mesh
from model.streets.primitives import both_sides, boxes, quads

VARIANTS = 3
LORRY_SIZE = (8.4, 2.5, 3.6)
_SILVER = (0.40, 0.41, 0.42)
_CAB_LENGTH = 2.1


@cache
def cab_template(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, _ = LORRY_SIZE
    middle = length / 2 - _CAB_LENGTH / 2
    hull = Hull(
        *(_CAB_LENGTH, width * 0.97, 2.85 + 0.2 * (variant == 2), 0.42, middle),
        *(0.22, 0.02, 0.14),
        axles=(length / 2 - 1.25,),
    )
    put_hull(mesh, hull)
    put_running_gear(mesh, hull)
    pane = hull.patch(True, (-0.93, 0.93), (0.44, 0.83), 0.012)
    mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=hull.height)
    doors = hull.side(length / 2 - 1.35, length / 2 - 0.42, hull.z(0.46), hull.z(0.80), 0.01)
    mesh.put(doors, Material.CAR_GLASS, 0, color=glass(hull), seed=hull.height)
    for low, high, span in ((0.20, 0.30, 0.62), (0.32, 0.37, 0.62), (0.02, 0.085, 0.95)):
        grille = hull.patch(True, (-span, span), (low, high), 0.01)
        mesh.put(grille, Material.PAINT, 0, color=(0.02,) * 3, seed=0.5)
    put_lamps(mesh, hull, 0.09, None)
    front = hull.face(np.array(0.0), np.array(0.15), True)
    board = boxes([front[0] + 0.012, 0, front[2]], [0.02, 0.5, 0.11])
    mesh.put(board, Material.PAINT, 0, color=(0.7, 0.7, 0.67), seed=0.4)
    put_mirrors(mesh, hull, 0.78)
    visor = boxes([length / 2 - 0.12, 0, hull.z(0.87)], [0.22, width * 0.84, 0.05])
    mesh.put(visor, Material.PAINT, 0, color=(0.015,) * 3, seed=0.3)
    if variant != 1:
        _put_deflector(mesh, length / 2 - _CAB_LENGTH, width, hull.height)
    return mesh


def _put_deflector(mesh: Mesh, rear: float, width: float, low: float) -> None:
    """The sloping spoiler on the cab's roof."""
    front, high, half = rear + 1.35, 3.45, width * 0.42
    top, base = [[rear, half, high], [rear, -half, high]], [[front, -half, low], [front, half, low]]
    faces = [top + base]
    faces += [
        [[rear, s * half, low], [front, s * half, low], [rear, s * half, high]] for s in (1, -1)
    ]
    corners = np.array([face + face[-1:] if len(face) == 3 else face for face in faces])
    mesh.put(quads(corners), Material.CAR_PAINT, 0, color=BODY, seed=FLAT)


@cache
def load_template(variant: int) -> Mesh:
    """Chassis, wheels and the load body: a box, a curtain-sider or a low platform with a skip."""
    mesh = Mesh()
    length, width, height = LORRY_SIZE
    size, floor = length - _CAB_LENGTH - 0.22, 0.95
    middle = -length / 2 + 0.07 + size / 2
    top = height if variant != 1 else 2.15
    chassis = boxes([-0.3, 0, 0.75], [length * 0.9, width * 0.42, 0.28])
    mesh.put(chassis, Material.PAINT, 0, color=(0.03,) * 3, seed=0.8)
    box = boxes([middle, 0, (floor + top) / 2], [size, width, top - floor])
    mesh.put(box, Material.CAR_PAINT, 0, color=BODY, seed=FLAT)
    _put_load_frame(mesh, middle, size, width, floor, top)
    _put_rear_axle(mesh, length, width)
    for side in (1, -1):
        guard = boxes([[0.6, side * width * 0.47, z] for z in (0.55, 0.75)], [2.0, 0.03, 0.07])
        mesh.put(guard, Material.METAL, 0, color=_SILVER)
        lamp = boxes([-length / 2 + 0.02, side * width * 0.42, 0.8], [0.06, 0.34, 0.15])
        mesh.put(lamp, Material.LAMP, 0, color=TAIL_LAMP, seed=1.0)
    return mesh


def _put_load_frame(
    mesh: Mesh, middle: float, size: float, width: float, floor: float, top: float
) -> None:
    """Edges, rear doors and underrun bar."""
    rear, half = middle - size / 2, width / 2
    bars, extents = [], []
    for z in (floor, top - 0.05):
        bars += [*both_sides(middle, half, z), [rear, 0, z]]
        extents += [[size, 0.05, 0.10]] * 2 + [[0.05, width, 0.10]]
    for x in (rear, middle + size / 2):
        bars += both_sides(x, half, (floor + top) / 2)
        extents += [[0.09, 0.05, top - floor]] * 2
    for y in (-0.35, -0.02, 0.02, 0.35):
        bars.append([rear - 0.012, y * width / 2, (floor + top) / 2])
        extents.append([0.03, 0.025, top - floor - 0.1])
    mesh.put(boxes(bars, np.array(extents)), Material.METAL, 0, color=_SILVER)
    bumper = boxes([rear - 0.0, 0, 0.58], [0.1, width * 0.94, 0.13])
    mesh.put(bumper, Material.PAINT, 0, color=(0.05,) * 3, seed=0.7)
    board = boxes([rear - 0.06, 0, 0.78], [0.02, 0.5, 0.11])
    mesh.put(board, Material.PAINT, 0, color=(0.7, 0.7, 0.67), seed=0.4)


def _put_rear_axle(mesh: Mesh, length: float, width: float) -> None:
    for x in (-length * 0.25, -length * 0.25 - 1.12):
        for side in (1.0, -1.0):
            put_wheel(mesh, x, side * width * 0.485, 0.48, side, width=0.5, style=0.3)
            guard = boxes([x, side * width * 0.38, 1.0], [0.9, 0.5, 0.03])
            mesh.put(guard, Material.PAINT, 0, color=(0.02,) * 3, seed=0.8)
