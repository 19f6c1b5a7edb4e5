"""Templates of what cars tow: caravans and small trailers, with their drawbars."""

from __future__ import annotations

from functools import cache

import numpy as np

from model.streets.assets.cars import BODY, DARK, TAIL_LAMP
from model.streets.assets.hulls import (
    FLAT,
    Hull,
    glass,
    put_hull,
    put_lamps,
    put_plates,
    put_running_gear,
)
from model.streets.assets.wheels import put_wheel
from model.streets.materials import Material
from model.streets.mesh import Mesh
from model.streets.primitives import both_sides, boxes, cylinder, cylinders, sphere

VARIANTS = 3
CARAVAN_SIZE = (6.6, 2.2, 2.75)
TRAILER_SIZE = (3.6, 1.75, 1.5)


@cache
def caravan_template(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, height = CARAVAN_SIZE
    size = length - 1.3
    middle = -length / 2 + size / 2
    hull = Hull(
        *(size, width, height - 0.06, 0.42, middle, 0.45, 0.28, 0.1),
        axles=(middle - 0.1,),
        wheel=0.33,
    )
    put_hull(mesh, hull)
    put_running_gear(mesh, hull, width=0.2)
    for front, span in ((True, 0.72), (False, 0.62)):
        pane = hull.patch(front, (-span, span), (0.42, 0.72), 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=height)
    for start, end in ((middle - 2.0, middle - 1.0), (middle + 0.5, middle + 1.5)):
        surround = hull.side(start - 0.05, end + 0.05, hull.z(0.47), hull.z(0.73), 0.006)
        mesh.put(surround, Material.PAINT, 0, color=(0.05,) * 3, seed=0.4)
        pane = hull.side(start, end, hull.z(0.50), hull.z(0.70), 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=glass(hull), seed=height)
    _put_caravan_details(mesh, hull)
    stripe = hull.side(
        middle - size / 2 + 0.3, middle + size / 2 - 0.3, hull.z(0.30), hull.z(0.36), 0.006
    )
    stripe_color = [(0.10, 0.16, 0.30), (0.35, 0.33, 0.30), (0.30, 0.08, 0.06)][variant]
    mesh.put(stripe, Material.PAINT, 0, color=stripe_color, seed=0.4)
    put_lamps(mesh, hull, None, 0.10)
    put_plates(mesh, hull, seed=variant / VARIANTS, share=0.12)
    _put_drawbar(mesh, start=middle + size / 2 - 0.1, end=length / 2, z=0.46)
    return mesh


def _put_caravan_details(mesh: Mesh, hull: Hull) -> None:
    """The door on the right, seams along the sides and the roof vent."""
    middle, low, high = hull.middle, hull.z(0.06), hull.z(0.80)
    y = -hull.width / 2 - 0.006
    edges = [[middle + x, y, (low + high) / 2] for x in (-0.65, 0.05)]
    edges += [[middle - 0.3, y, z] for z in (low, high)]
    sizes = [[0.02, 0.02, high - low]] * 2 + [[0.72, 0.02, 0.02]] * 2
    mesh.put(boxes(edges, np.array(sizes)), Material.PAINT, 0, color=(0.25,) * 3, seed=0.6)
    handle = boxes([middle - 0.02, y - 0.01, hull.z(0.42)], [0.05, 0.03, 0.14])
    mesh.put(handle, Material.PAINT, 0, color=DARK, seed=0.4)
    reach = hull.length / 2 - 0.45
    for share in (0.22, 0.80):
        seam = hull.side(
            middle - reach, middle + reach, hull.z(share), hull.z(share) + 0.025, 0.005
        )
        mesh.put(seam, Material.METAL, 0, color=(0.45,) * 3)
    vent = boxes([middle + 0.4, 0, hull.height + 0.03], [0.7, 0.6, 0.08])
    mesh.put(vent, Material.PAINT, 0, color=(0.5,) * 3, seed=0.5)


def _put_drawbar(mesh: Mesh, start: float, end: float, z: float) -> None:
    starts, ends = both_sides(start, 0.5, z), [[end - 0.1, 0, z]] * 2
    mesh.put(cylinders(starts, ends, 0.04, sides=6), Material.METAL, 0, color=(0.22,) * 3)
    mesh.put(
        sphere([end - 0.08, 0, z], 0.075, sides=8, rings=6), Material.METAL, 0, color=(0.15,) * 3
    )
    jockey = cylinder([end - 0.35, 0, 0.1], [end - 0.35, 0, z + 0.25], 0.03, sides=6)
    mesh.put(jockey, Material.METAL, 0, color=(0.3,) * 3)
    put_wheel(mesh, end - 0.35, 0.03, 0.1, 1.0, width=0.06, style=0.3)


@cache
def trailer_template(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, height = TRAILER_SIZE
    size = length - 1.1
    middle, inner = -length / 2 + size / 2, width - 0.38
    floor, top = 0.52, 0.95
    sides = boxes(
        [
            [middle, 0, floor], [middle, inner / 2, (floor + top) / 2],
            [middle, -inner / 2, (floor + top) / 2],
            [middle + size / 2, 0, (floor + top) / 2],
            [middle - size / 2 + 0.03, 0, (floor + top) / 2],
        ],
        np.array([
            [size, inner, 0.05], [size, 0.04, top - floor], [size, 0.04, top - floor],
            [0.04, inner, top - floor], [0.04, inner, top - floor],
        ]),
    )  # fmt: skip
    mesh.put(sides, Material.CAR_PAINT, 0, color=BODY, seed=FLAT)
    if variant:
        cover = boxes([middle, 0, (top + height) / 2], [size * 0.98, inner * 0.98, height - top])
        mesh.put(cover, Material.CLOTH, 0, color=(0.12, 0.14, 0.18), seed=0.3)
    for side in (1.0, -1.0):
        put_wheel(mesh, middle, side * width * 0.49, 0.30, side, width=0.17, style=0.3)
        guard = boxes([middle, side * width * 0.45, 0.65], [0.72, 0.2, 0.04])
        mesh.put(guard, Material.PAINT, 0, color=DARK, seed=0.7)
        lamp = boxes([middle - size / 2 + 0.0, side * inner * 0.4, 0.46], [0.05, 0.26, 0.1])
        mesh.put(lamp, Material.LAMP, 0, color=TAIL_LAMP, seed=1.0)
    _put_drawbar(mesh, start=middle + size / 2, end=length / 2, z=0.45)
    return mesh
