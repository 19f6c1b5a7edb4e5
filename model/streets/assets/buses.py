"""Templates of buses and trams, with what only they have: window rows, doors, boards."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from model.streets.assets.cars import BODY, DARK
from model.streets.assets.hulls import (
    FLAT,
    Hull,
    glass,
    put_hull,
    put_lamps,
    put_mirrors,
    put_plates,
    put_running_gear,
)
from model.streets.materials import Material
from model.streets.mesh import Mesh
from model.streets.primitives import both_sides, boxes, cylinder, cylinders, quads

VARIANTS = 3
BUS_SIZE = (11.8, 2.55, 3.25)
TRAM_SIZE = (24.0, 2.45, 3.9)
_SILVER = (0.40, 0.41, 0.42)
_BAND = (0.62, 0.62, 0.60)


def _windows(
    mesh: Mesh, hull: Hull, start: float, end: float, low: float, high: float, count: int
) -> None:
    """A row of side windows in one dark band."""
    band = hull.side(start - 0.05, end + 0.05, low - 0.05, high + 0.05, 0.005)
    mesh.put(band, Material.PAINT, 0, color=DARK, seed=0.25)
    edges = np.linspace(start, end, count + 1)
    for first, last in pairwise(edges):
        pane = hull.side(first + 0.03, last - 0.03, low, high, 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=hull.height)


def _doors(mesh: Mesh, hull: Hull, centers: list[float], width: float, top: float) -> None:
    """Double glass doors on the right side."""
    for center in centers:
        start, end = center - width / 2, center + width / 2
        frame_ = hull.panel(start - 0.05, end + 0.05, hull.floor + 0.02, top + 0.05, -1.0, 0.010)
        mesh.put(quads(frame_), Material.PAINT, 0, color=DARK, seed=0.3)
        for first, last in ((start, center - 0.03), (center + 0.03, end)):
            leaf = hull.panel(first, last, hull.floor + 0.12, top - 0.03, -1.0, 0.018)
            mesh.put(quads(leaf), Material.CAR_GLASS, 0, color=glass(hull), seed=hull.height)


def _front_glass(mesh: Mesh, hull: Hull, low: float, high: float) -> None:
    """Windscreen and rear pane, as shares of the height."""
    for front, span in ((True, 0.95), (False, 0.80)):
        start = low if front else max(low, 0.5)
        pane = hull.patch(front, (-span, span), (start, high), 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=hull.height)


def _board(mesh: Mesh, hull: Hull, share: tuple[float, float], front: bool, span: float) -> None:
    """The lit destination board."""
    case = hull.patch(
        front, (-span * 1.12, span * 1.12), (share[0] - 0.012, share[1] + 0.012), 0.014
    )
    mesh.put(case, Material.PAINT, 0, color=DARK, seed=0.3)
    sign = hull.patch(front, (-span, span), share, 0.022)
    mesh.put(sign, Material.LAMP, 0, color=(0.9, 0.5, 0.05), seed=2.0)


@cache
def bus_template(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, height = BUS_SIZE
    top = height - (0.28 if variant else 0.05)
    hull = Hull(length, width, top, 0.32, rake_front=0.28, rake_rear=0.08, axles=(3.05, -2.9))
    put_hull(mesh, hull)
    put_running_gear(mesh, hull)
    _windows(mesh, hull, -length / 2 + 0.35, length / 2 - 0.75, hull.z(0.42), hull.z(0.80), 7)
    _doors(mesh, hull, [4.75, 0.1] if variant < 2 else [4.75, 0.4, -4.4], 1.25, hull.z(0.80))
    _front_glass(mesh, hull, 0.30, 0.82)
    _board(mesh, hull, (0.845, 0.925), True, 0.62)
    _board(mesh, hull, (0.86, 0.92), False, 0.25)
    put_lamps(mesh, hull, 0.12, 0.16)
    put_plates(mesh, hull, seed=variant / VARIANTS)
    put_mirrors(mesh, hull, 0.80)
    bumper = [hull.patch(front, (-0.98, 0.98), (0.0, 0.085), 0.02) for front in (True, False)]
    for part in bumper:
        mesh.put(part, Material.PAINT, 0, color=(0.03,) * 3, seed=0.6)
    if variant == 1:
        skirt = hull.side(-length / 2 + 0.2, length / 2 - 0.2, hull.z(0.335), hull.z(0.385), 0.006)
        mesh.put(skirt, Material.CAR_PAINT, 0, color=_BAND, seed=FLAT)
    if variant:
        cases = boxes(
            [[1.5, 0, top + 0.1], [-3.2, 0, top + 0.1]], [[2.4, 1.7, 0.3], [3.4, 1.8, 0.3]]
        )
        mesh.put(cases, Material.CAR_PAINT, 0, color=BODY, seed=FLAT)
    vent = hull.patch(False, (-0.7, 0.7), (0.14, 0.40), 0.008)
    mesh.put(vent, Material.PAINT, 0, color=(0.04,) * 3, seed=0.7)
    return mesh


@cache
def tram_template(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, _ = TRAM_SIZE
    top, part = 3.35, length / 3
    for index, middle in enumerate((part, 0.0, -part)):
        rakes = (0.75 if index == 0 else 0.0, 0.75 if index == 2 else 0.0)
        shift = 0.125 * (1 - index)
        size = part - 0.5 + 2 * abs(shift)
        hull = Hull(size, width, top, 0.18, middle + shift, *rakes, round_ends=0.1 * max(rakes))
        put_hull(mesh, hull)
        reach = part / 2 - 0.25
        start = middle - reach + (0.95 if index == 2 else 0.15)
        end = middle + reach - (0.95 if index == 0 else 0.15)
        _windows(mesh, hull, start, end, hull.z(0.36), hull.z(0.78), 4)
        _doors(mesh, hull, [middle], 1.3, hull.z(0.80))
        under = boxes([middle, 0, 0.3], [part * 0.9, width * 0.8, 0.5])
        mesh.put(under, Material.PAINT, 0, color=(0.01,) * 3, seed=0.9)
        skirt = hull.side(
            middle - reach + 0.1, middle + reach - 0.1, hull.z(0.02), hull.z(0.11), 0.006
        )
        mesh.put(skirt, Material.PAINT, 0, color=(0.06, 0.06, 0.065), seed=0.5)
        if index != 1:
            front = index == 0
            pane = hull.patch(front, (-0.96, 0.96), (0.30, 0.82), 0.012)
            mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=top)
            _board(mesh, hull, (0.86, 0.92), front, 0.45)
            put_lamps(mesh, hull, 0.16, 0.16)
    joints = boxes([[part / 2, 0, 1.7], [-part / 2, 0, 1.7]], [0.55, width * 0.88, 2.8])
    mesh.put(joints, Material.PAINT, 0, color=(0.025,) * 3, seed=0.85)
    units = boxes([[part, 0, 3.45], [-part, 0, 3.45]], [3.0, 1.5, 0.25])
    mesh.put(units, Material.METAL, 0, color=_SILVER)
    _put_pantograph(mesh, x=0.4 * variant)
    return mesh


def _put_pantograph(mesh: Mesh, x: float) -> None:
    low, knee, high = 3.40, 3.62, 3.86
    starts = both_sides(x, 0.5, low) + both_sides(x + 0.9, 0.5, knee)
    ends = both_sides(x + 0.9, 0.5, knee) + both_sides(x + 0.1, 0.6, high)
    mesh.put(cylinders(starts, ends, 0.025, sides=5), Material.METAL, 0, color=(0.2,) * 3)
    bar = cylinder([x + 0.1, -0.8, high], [x + 0.1, 0.8, high], 0.03, sides=6)
    mesh.put(bar, Material.METAL, 0, color=(0.2,) * 3)
