"""Vehicles other than cars (buses, lorries, trams, caravans, trailers) and the sizes of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise

import numpy as np

from model.streets.assets.cars import BODIES, BODY, CAR_BODIES, DARK, TAIL_LAMP, car
from model.streets.assets.hulls import (
    FLAT,
    GLASS,
    Hull,
    put_hull,
    put_lamps,
    put_mirrors,
    put_plates,
    put_running_gear,
)
from model.streets.assets.towed import (
    CARAVAN_SIZE,
    TRAILER_SIZE,
    VARIANTS,
    caravan_template,
    trailer_template,
)
from model.streets.assets.wheels import put_wheel
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Color, Mesh, Transform, boxes, cylinder, cylinders, quads

__all__ = ["CAR_BODIES", "VEHICLE_SIZES", "bus", "car", "caravan", "lorry", "trailer", "tram"]

VEHICLE_SIZES: Mapping[str, tuple[float, float, float]] = {
    **{name: (body.length, body.width, body.height) for name, body in BODIES.items()},
    "bus": (11.8, 2.55, 3.25),
    "lorry": (8.4, 2.5, 3.6),
    "tram": (24.0, 2.45, 3.9),
    "caravan": CARAVAN_SIZE,
    "trailer": TRAILER_SIZE,
}
_SILVER = (0.40, 0.41, 0.42)
_BAND = (0.62, 0.62, 0.60)


def bus(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    color: Color,
    instance_id: int | None,
) -> None:
    """A city bus, heading along local x; its doors are on the right (local -y)."""
    _place(mesh, _bus, rng, transform, LabelId.BUS, instance_id, color)


def lorry(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    color: Color,
    box_color: Color,
    instance_id: int | None,
) -> None:
    """A lorry: a cab in `color` before a load body in `box_color`."""
    variant = int(rng.integers(VARIANTS))
    for build, paint in ((_lorry_cab, color), (_lorry_load, box_color)):
        template = build(variant)
        mesh.put_mesh(
            template, transform, label_id=LabelId.TRUCK, instance_id=instance_id, body_color=paint
        )


def tram(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    color: Color,
    instance_id: int | None,
) -> None:
    """A tram of three articulated parts."""
    _place(mesh, _tram, rng, transform, LabelId.TRAIN, instance_id, color)


def caravan(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    color: Color,
    instance_id: int | None,
) -> None:
    """A parked caravan with its drawbar."""
    _place(mesh, caravan_template, rng, transform, LabelId.CARAVAN, instance_id, color)


def trailer(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    color: Color,
    instance_id: int | None,
) -> None:
    """A small car trailer, open or under a tarpaulin, with its drawbar."""
    _place(mesh, trailer_template, rng, transform, LabelId.TRAILER, instance_id, color)


def _place(
    mesh: Mesh,
    build: Callable[[int], Mesh],
    rng: np.random.Generator,
    transform: Transform,
    label_id: int,
    instance_id: int | None,
    color: Color,
) -> None:
    template = build(int(rng.integers(VARIANTS)))
    mesh.put_mesh(template, transform, label_id=label_id, instance_id=instance_id, body_color=color)


def _windows(
    mesh: Mesh, hull: Hull, start: float, end: float, low: float, high: float, count: int
) -> None:
    """A row of side windows in one dark band."""
    band = hull.side(start - 0.05, end + 0.05, low - 0.05, high + 0.05, 0.005)
    mesh.put(band, Material.PAINT, 0, color=DARK, seed=0.25)
    edges = np.linspace(start, end, count + 1)
    for first, last in pairwise(edges):
        pane = hull.side(first + 0.03, last - 0.03, low, high, 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=GLASS, seed=hull.height)


def _doors(mesh: Mesh, hull: Hull, centers: list[float], width: float, top: float) -> None:
    """Double glass doors on the right side."""
    for center in centers:
        start, end = center - width / 2, center + width / 2
        frame_ = hull.panel(start - 0.05, end + 0.05, hull.floor + 0.02, top + 0.05, -1.0, 0.010)
        mesh.put(quads(frame_), Material.PAINT, 0, color=DARK, seed=0.3)
        for first, last in ((start, center - 0.03), (center + 0.03, end)):
            leaf = hull.panel(first, last, hull.floor + 0.12, top - 0.03, -1.0, 0.018)
            mesh.put(quads(leaf), Material.CAR_GLASS, 0, color=GLASS, seed=hull.height)


def _front_glass(mesh: Mesh, hull: Hull, low: float, high: float) -> None:
    """Windscreen and rear pane, as shares of the height."""
    for front, span in ((True, 0.95), (False, 0.80)):
        start = low if front else max(low, 0.5)
        pane = hull.patch(front, (-span, span), (start, high), 0.012)
        mesh.put(pane, Material.CAR_GLASS, 0, color=GLASS, seed=hull.height)


def _board(mesh: Mesh, hull: Hull, share: tuple[float, float], front: bool, span: float) -> None:
    """The lit destination board."""
    case = hull.patch(
        front, (-span * 1.12, span * 1.12), (share[0] - 0.012, share[1] + 0.012), 0.014
    )
    mesh.put(case, Material.PAINT, 0, color=DARK, seed=0.3)
    sign = hull.patch(front, (-span, span), share, 0.022)
    mesh.put(sign, Material.LAMP, 0, color=(0.9, 0.5, 0.05), seed=2.0)


@cache
def _bus(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, height = VEHICLE_SIZES["bus"]
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
def _tram(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, _ = VEHICLE_SIZES["tram"]
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
            mesh.put(pane, Material.CAR_GLASS, 0, color=GLASS, seed=top)
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
    starts = [[x, s * 0.5, low] for s in (1, -1)] + [[x + 0.9, s * 0.5, knee] for s in (1, -1)]
    ends = [[x + 0.9, s * 0.5, knee] for s in (1, -1)] + [[x + 0.1, s * 0.6, high] for s in (1, -1)]
    mesh.put(cylinders(starts, ends, 0.025, sides=5), Material.METAL, 0, color=(0.2,) * 3)
    bar = cylinder([x + 0.1, -0.8, high], [x + 0.1, 0.8, high], 0.03, sides=6)
    mesh.put(bar, Material.METAL, 0, color=(0.2,) * 3)


_CAB_LENGTH = 2.1


@cache
def _lorry_cab(variant: int) -> Mesh:
    mesh = Mesh()
    length, width, _ = VEHICLE_SIZES["lorry"]
    middle = length / 2 - _CAB_LENGTH / 2
    hull = Hull(
        *(_CAB_LENGTH, width * 0.97, 2.85 + 0.2 * (variant == 2), 0.42, middle),
        *(0.22, 0.02, 0.14),
        axles=(length / 2 - 1.25,),
    )
    put_hull(mesh, hull)
    put_running_gear(mesh, hull)
    pane = hull.patch(True, (-0.93, 0.93), (0.44, 0.83), 0.012)
    mesh.put(pane, Material.CAR_GLASS, 0, color=GLASS, seed=hull.height)
    doors = hull.side(length / 2 - 1.35, length / 2 - 0.42, hull.z(0.46), hull.z(0.80), 0.01)
    mesh.put(doors, Material.CAR_GLASS, 0, color=GLASS, seed=hull.height)
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
def _lorry_load(variant: int) -> Mesh:
    """Chassis, wheels and the load body: a box, a curtain-sider or a low platform with a skip."""
    mesh = Mesh()
    length, width, height = VEHICLE_SIZES["lorry"]
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
        bars += [[middle, s * half, z] for s in (1, -1)] + [[rear, 0, z]]
        extents += [[size, 0.05, 0.10]] * 2 + [[0.05, width, 0.10]]
    for x in (rear, middle + size / 2):
        bars += [[x, s * half, (floor + top) / 2] for s in (1, -1)]
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
