"""Bicycles and motorcycles; riders are people placed at the same transform."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from model.streets.assets.cars import BODY, TAIL_LAMP
from model.streets.assets.wheels import RUBBER, disc
from model.streets.materials import Material
from model.streets.mesh import Mesh, offset
from model.streets.primitives import (
    both_sides,
    boxes,
    cylinder,
    cylinders,
    merge,
    sphere,
    torus,
    tube,
)

CYCLE_SIZES: Mapping[str, tuple[float, float, float]] = {
    "bicycle": (1.75, 0.56, 1.08),
    "motorcycle": (2.05, 0.80, 1.25),
}
BICYCLES, MOTORCYCLES = 4, 5
_BLACK = (0.03, 0.03, 0.03)
_STEEL = (0.35, 0.35, 0.35)


def _put_spoked_wheel(mesh: Mesh, x: float, radius: float, tube_radius: float) -> None:
    """Tyre, rim and spokes; the proxy disc fills the wheel in the label map."""
    center = np.array([x, 0, radius])
    tyre = torus(center, [0, 1, 0], radius - tube_radius, tube_radius, sides=22, tube_sides=5)
    mesh.put(tyre, Material.TYRE, 0, color=RUBBER)
    mesh.put(disc(center, radius, 1.0), Material.PROXY, 0, color=(0.0, 0.0, 0.0))
    angles = np.arange(9) * np.pi / 9
    spoke = np.stack([np.cos(angles), 0 * angles, np.sin(angles)], -1) * (radius - tube_radius)
    spokes = cylinders(center - spoke, center + spoke, 0.0035, sides=3)
    hub = cylinder(center - [0, 0.05, 0], center + offset(0, 0.05, 0), 0.025, sides=7)
    mesh.put(merge([spokes, hub]), Material.METAL, 0, color=_STEEL)


@cache
def bicycle_template(variant: int) -> Mesh:
    """Variants: town bicycle, with basket, racer, step-through frame."""
    mesh, radius = Mesh(), 0.34
    rear, front = np.array([-0.52, 0, radius]), np.array([0.52, 0, radius])
    for hub in (rear, front):
        _put_spoked_wheel(mesh, float(hub[0]), radius, 0.018 if variant == 2 else 0.024)
    pedals, saddle = np.array([-0.05, 0, 0.30]), np.array([-0.2, 0, 0.87])
    head, drop = np.array([0.37, 0, 0.86]), 0.30 if variant == 3 else 0.08
    bars = [
        (rear, pedals), (pedals, saddle), (pedals, head - [-0.03, 0, 0.14]),
        (saddle - [0, 0, drop], head - [0, 0, drop * 0.4]), (rear, saddle - [0, 0, 0.12]),
    ]  # fmt: skip
    starts, ends = zip(*bars, strict=True)
    mesh.put(cylinders(starts, ends, 0.019, sides=6), Material.CAR_PAINT, 0, color=BODY, seed=9.0)
    fork = [[head + offset(-0.02, s * 0.03, 0.1), front + offset(0, s * 0.05, 0)] for s in (1, -1)]
    forks = cylinders([f[0] for f in fork], [f[1] for f in fork], 0.014, sides=5)
    mesh.put(forks, Material.CAR_PAINT, 0, color=BODY, seed=9.0)
    _put_bicycle_parts(mesh, pedals, variant)
    if variant != 2:
        guards = [
            tube(_arc(hub, radius + 0.03, start), [[0.006, 0.03]] * 9, sides=5)
            for hub, start in ((rear, 0.3), (front, 0.6))
        ]
        mesh.put(merge(guards), Material.PAINT, 0, color=_BLACK, seed=0.4)
        rack = boxes(
            [[-0.55, 0, 0.76], [-0.6, 0.06, 0.57], [-0.6, -0.06, 0.57]],
            np.array([[0.42, 0.13, 0.02], [0.015, 0.015, 0.4], [0.015, 0.015, 0.4]]),
        )
        mesh.put(rack, Material.METAL, 0, color=(0.1,) * 3)
    return mesh


def _arc(hub: np.ndarray, radius: float, start: float) -> np.ndarray:
    angles = np.linspace(start, start + 2.2, 9)
    return hub + np.stack([np.cos(angles), 0 * angles, np.sin(angles)], -1) * radius


def _put_bicycle_parts(mesh: Mesh, pedals: np.ndarray, variant: int) -> None:
    """Handlebar, saddle, cranks, lamps and perhaps a basket."""
    grip = 0.30 if variant != 2 else 0.21
    reach = 0.34 if variant != 2 else 0.46
    bar = [
        [reach - 0.1, -grip, 1.02],
        [0.40, -0.1, 1.03],
        [0.40, 0.1, 1.03],
        [reach - 0.1, grip, 1.02],
    ]
    bars = cylinders(bar[:-1], bar[1:], 0.013, sides=6)
    stem = cylinder([0.36, 0, 0.88], [0.39, 0, 1.03], 0.014, sides=6)
    mesh.put(merge([bars, stem]), Material.METAL, 0, color=(0.22,) * 3)
    saddle = sphere([-0.22, 0, 0.92], [0.14, 0.075, 0.035], sides=9, rings=6)
    post = cylinder([-0.2, 0, 0.84], [-0.21, 0, 0.91], 0.014, sides=6)
    mesh.put(merge([saddle, post]), Material.PAINT, 0, color=_BLACK, seed=0.7)
    crank = cylinders(
        [pedals + offset(0, 0.07, 0), pedals + offset(0, -0.07, 0)],
        [pedals + offset(0.06, 0.09, 0.15), pedals - [0.06, 0.09, 0.15]],
        0.011,
        sides=5,
    )
    ring = disc(pedals + offset(0, -0.075, 0), 0.085, -1.0, sides=12)
    mesh.put(merge([crank, ring]), Material.METAL, 0, color=(0.15,) * 3)
    treads = boxes(
        [pedals + offset(0.06, 0.13, 0.15), pedals - [0.06, 0.13, 0.15]], [0.1, 0.08, 0.025]
    )
    mesh.put(treads, Material.PAINT, 0, color=_BLACK, seed=0.8)
    lamp = sphere([0.44, 0, 0.93], [0.035, 0.03, 0.03], sides=7, rings=5)
    mesh.put(lamp, Material.METAL, 0, color=(0.6,) * 3)
    if variant == 1:
        basket = boxes([0.56, 0, 0.90], [0.26, 0.34, 0.22])
        mesh.put(basket, Material.CLOTH, 0, color=(0.20, 0.13, 0.06), seed=0.4)


def _put_fat_wheel(mesh: Mesh, x: float, radius: float, tube_radius: float) -> None:
    center = np.array([x, 0, radius])
    tyre = torus(center, [0, 1, 0], radius - tube_radius, tube_radius, sides=20, tube_sides=7)
    mesh.put(tyre, Material.TYRE, 0, color=RUBBER)
    for side in (1.0, -1.0):
        rim = disc(center + offset(0, side * 0.03, 0), radius - tube_radius * 1.4, side, sides=16)
        rim = rim._replace(coordinates=rim.positions - [x, 0, 0])
        style = (0.4, radius, radius - tube_radius * 1.4)
        mesh.put(rim, Material.RIM, 0, color=style, seed=0.0)


@cache
def motorcycle_template(variant: int) -> Mesh:
    """Three motorcycles, then two scooters."""
    return _motorcycle() if variant < 3 else _scooter()


def _motorcycle() -> Mesh:
    mesh = Mesh()
    for x in (-0.68, 0.70):
        _put_fat_wheel(mesh, x, 0.32, 0.075)
    tank = tube(
        [[0.42, 0, 0.86], [0.32, 0, 0.90], [0.1, 0, 0.88], [-0.12, 0, 0.80]],
        [[0.05, 0.06], [0.14, 0.16], [0.13, 0.15], [0.05, 0.08]],
        sides=10,
    )
    tail = tube(
        [[-0.3, 0, 0.80], [-0.6, 0, 0.84], [-0.88, 0, 0.86]],
        [[0.07, 0.13], [0.06, 0.11], [0.02, 0.06]],
        sides=9,
    )
    mudguard = tube(_arc(np.array([0.70, 0, 0.32]), 0.35, 0.5), [[0.01, 0.08]] * 9, sides=6)
    mesh.put(merge([tank, tail, mudguard]), Material.CAR_PAINT, 0, color=BODY, seed=9.0)
    seat = sphere([-0.38, 0, 0.85], [0.36, 0.14, 0.07], sides=10, rings=6)
    mesh.put(seat, Material.PAINT, 0, color=_BLACK, seed=0.7)
    engine = merge(
        [boxes([0.05, 0, 0.50], [0.46, 0.28, 0.36]), boxes([-0.1, 0, 0.36], [0.5, 0.2, 0.2])]
    )
    mesh.put(engine, Material.METAL, 0, color=(0.10,) * 3)
    pipe = cylinder([0.2, -0.16, 0.32], [-0.78, -0.2, 0.44], 0.045, 0.06, sides=8)
    forks = cylinders(
        both_sides(0.70, 0.09, 0.32),
        both_sides(0.44, 0.09, 1.0),
        0.028,
        sides=6,
    )
    swing = cylinders(
        both_sides(-0.68, 0.1, 0.32),
        both_sides(-0.1, 0.1, 0.42),
        0.03,
        sides=5,
    )
    mesh.put(merge([pipe, forks, swing]), Material.METAL, 0, color=_STEEL)
    _put_controls(mesh, x=0.40, z=1.04, lamp_x=0.56)
    return mesh


def _scooter() -> Mesh:
    mesh = Mesh()
    for x in (-0.62, 0.62):
        _put_fat_wheel(mesh, x, 0.24, 0.07)
    rear = tube(
        [[-0.05, 0, 0.45], [-0.25, 0, 0.58], [-0.55, 0, 0.62], [-0.88, 0, 0.60]],
        [[0.10, 0.12], [0.20, 0.19], [0.17, 0.18], [0.05, 0.08]],
        sides=10,
    )
    shield = tube(
        [[0.32, 0, 0.30], [0.38, 0, 0.55], [0.42, 0, 0.90]],
        [[0.05, 0.20], [0.06, 0.24], [0.06, 0.15]],
        sides=10,
    )
    fender = sphere([0.62, 0, 0.38], [0.24, 0.1, 0.16], sides=10, rings=6)
    mesh.put(merge([rear, shield, fender]), Material.CAR_PAINT, 0, color=BODY, seed=9.0)
    floor = boxes([0.14, 0, 0.30], [0.5, 0.34, 0.08])
    seat = sphere([-0.38, 0, 0.82], [0.38, 0.15, 0.08], sides=10, rings=6)
    mesh.put(merge([floor, seat]), Material.PAINT, 0, color=_BLACK, seed=0.7)
    fork = cylinder([0.62, 0, 0.25], [0.42, 0, 0.92], 0.04, sides=7)
    mesh.put(fork, Material.METAL, 0, color=_STEEL)
    _put_controls(mesh, x=0.40, z=1.03, lamp_x=0.48)
    return mesh


def _put_controls(mesh: Mesh, x: float, z: float, lamp_x: float) -> None:
    """Handlebar, mirrors, lamps."""
    grips = cylinder([x, -0.36, z], [x, 0.36, z], 0.018, sides=6)
    stalks = cylinders(
        both_sides(x, 0.25, z),
        both_sides(x + 0.02, 0.33, z + 0.14),
        0.008,
    )
    glasses = [
        sphere([x + 0.02, s * 0.35, z + 0.16], [0.02, 0.06, 0.04], sides=7, rings=5)
        for s in (1, -1)
    ]
    mesh.put(merge([grips, stalks, *glasses]), Material.PAINT, 0, color=_BLACK, seed=0.5)
    lamp = sphere([lamp_x, 0, z - 0.14], [0.07, 0.09, 0.085], sides=9, rings=7)
    mesh.put(lamp, Material.LAMP, 0, color=(0.8, 0.8, 0.8), seed=0.0)
    tail = boxes([-0.90, 0, 0.76], [0.06, 0.16, 0.07])
    mesh.put(tail, Material.LAMP, 0, color=TAIL_LAMP, seed=1.0)
    board = boxes([-0.93, 0, 0.62], [0.015, 0.2, 0.14])
    mesh.put(board, Material.PAINT, 0, color=(0.7, 0.7, 0.67), seed=0.4)
