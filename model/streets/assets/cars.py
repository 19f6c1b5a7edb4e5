"""Passenger cars: one lofted body per type, with cut-out wheel arches, lamps, glass and wheels."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from model.streets.assets.car_bodies import BODIES, RAIL_ROW, ROWS, WINDOW_ROW, CarShape
from model.streets.assets.wheels import plate, put_well, put_wheel
from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Color, Mesh, Primitive, Transform
from model.streets.primitives import both_sides, boxes, cylinder, grid, merge, sphere

BODY = (-1.0, -1.0, -1.0)
BODY_SHADE = (-0.35, -0.35, -0.35)
DARK = (0.012, 0.012, 0.013)
HEAD_LAMP, TAIL_LAMP = (0.80, 0.83, 0.86), (0.38, 0.012, 0.014)
VARIANTS = 4
Mask = NDArray[np.bool_]


CAR_BODIES = tuple(BODIES)


def car(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    body: str,
    color: Color,
    instance_id: int | None,
    label_id: int = LabelId.CAR,
    detail: bool = True,
) -> None:
    """Add one car, heading along local x, wheels on z = 0. `body` is one of CAR_BODIES.

    Without detail it has a third of the triangles, for cars seen from afar.
    """
    template = _template(body, int(rng.integers(VARIANTS)), detail)
    mesh.put_mesh(template, transform, label_id=label_id, instance_id=instance_id, body_color=color)


@cache
def _template(body: str, variant: int, detail: bool) -> Mesh:
    """A car with body colour left open; variants differ in rims, lamps and window panels."""
    mesh, shape = Mesh(), CarShape(BODIES[body], detail)
    rng = np.random.default_rng([CAR_BODIES.index(body), variant])
    blind_rear = body == "van" and variant % 2 == 1
    _put_shell(mesh, shape, blind_rear)
    _put_ends(mesh, shape)
    _put_lamps(mesh, shape, rng)
    _put_wheels(mesh, shape, rim_style=(variant + rng.random()) / VARIANTS)
    _put_trim(mesh, shape, rng)
    return mesh


def _put_shell(mesh: Mesh, shape: CarShape, blind_rear: bool) -> None:
    rows = shape.rows
    net = np.concatenate([rows, rows[:, -2::-1] * [1, -1, 1]], 1)
    surface = grid(net)
    surface = surface._replace(coordinates=shape.drawn(surface.positions))
    glass, dark = _panes(shape, blind_rear)
    for chosen, material, color, seed in (
        (~glass & ~dark, Material.CAR_PAINT, BODY, shape.body.height),
        (dark, Material.PAINT, DARK, 0.3),
    ):
        part = surface._replace(triangles=surface.triangles[chosen])
        mesh.put(part, material, 0, color=color, seed=seed)
    windows = surface._replace(triangles=surface.triangles[glass], coordinates=surface.positions)
    mesh.put(
        windows, Material.CAR_GLASS, 0, color=(0, 0, shape.body.width / 2), seed=shape.body.height
    )


def _panes(shape: CarShape, blind_rear: bool) -> tuple[Mask, Mask]:
    """Which triangles of the shell are glass, which black pillars; bools (T,)."""
    body, length = shape.body, shape.body.length
    middle = (shape.stations[:-1] + shape.stations[1:])[:, None] / 2
    column = np.arange(2 * ROWS - 2)[None]
    row = np.minimum(column, 2 * ROWS - 3 - column)
    front_pane = (middle < body.windscreen * length) & (middle > body.roof_front * length + 0.06)
    rear_pane = (middle < body.roof_rear * length) & (middle > body.rear_glass * length)
    start = (0.45 * body.windscreen + 0.55 * body.roof_front) * length
    side = (row == WINDOW_ROW) & (middle < start) & (middle > body.roof_rear * length)
    posts = np.zeros_like(middle, bool)
    for pillar in body.pillars:
        posts |= np.abs(middle - pillar * length) < 0.045
    blind = blind_rear & (middle < body.pillars[0] * length)
    glass = (side & ~posts & ~blind) | ((front_pane | rear_pane) & (row > RAIL_ROW))
    dark = side & posts & ~blind
    if body.open_bed:
        dark |= (middle < body.rear_glass * length - 0.05) & (row > WINDOW_ROW)
    return np.tile(glass.ravel(), 2), np.tile(dark.ravel(), 2)


def _put_ends(mesh: Mesh, shape: CarShape) -> None:
    """Close both ends with a curved face that joins the last cross-section."""
    across = np.linspace(-1, 1, 9)
    for front, section in ((True, shape.rows[0]), (False, shape.rows[-1])):
        levels = section[: WINDOW_ROW + 1, 2]
        face = shape.face(across[None], levels[:, None], front)
        top = section[WINDOW_ROW:][::-1]
        rim = np.stack(
            [
                np.interp(np.abs(across) * section[WINDOW_ROW, 1], top[:, 1], top[:, axis])
                for axis in range(3)
            ],
            -1,
        )
        rim[:, 1] *= np.sign(across)
        net = np.concatenate([face, rim[None]])
        net[:, 0] = np.concatenate([section[: WINDOW_ROW + 1], rim[:1]])
        net[:, 0, 1] *= -1
        net[:, -1] = net[:, 0] * [1, -1, 1]
        surface = grid(net if front else net[:, ::-1])
        surface = surface._replace(coordinates=shape.drawn(surface.positions))
        mesh.put(surface, Material.CAR_PAINT, 0, color=BODY, seed=shape.body.height)


def _put_lamps(mesh: Mesh, shape: CarShape, rng: np.random.Generator) -> None:
    body = shape.body
    width, height = rng.uniform(0.30, 0.42), rng.uniform(0.10, 0.145)
    wrap = rng.uniform(0.12, 0.22)
    top = body.hood - 0.13
    _lamp_pair(mesh, shape, True, (top - height, top), 1 - width, wrap)
    if body.tall_lamps:
        tall = rng.uniform(0.24, 0.34)
        high = body.tail - 0.12
        _lamp_pair(mesh, shape, False, (high - tall, high), 1 - width * 0.62, wrap * 0.6)
    else:
        high = body.tail - 0.13
        _lamp_pair(mesh, shape, False, (high - height * 1.15, high), 1 - width * 1.15, wrap)


def _lamp_pair(
    mesh: Mesh, shape: CarShape, front: bool, z: tuple[float, float], inner: float, wrap: float
) -> None:
    """A lamp on each corner: from `inner` (share of the half width) round to the side."""
    for side in (1.0, -1.0):
        share = np.linspace(0, 1, 9)
        levels = np.linspace(z[0], z[1], 3)[:, None] + 0.05 * (share - 0.5) * (1 if front else 0)
        on_face = np.clip(share / 0.62, 0, 1)
        across = inner + (1 - inner) * on_face
        points = shape.face(np.broadcast_to(across, levels.shape), levels, front)
        back = np.clip(share - 0.62, 0, None) / 0.38 * wrap
        points[..., 0] -= np.sign(points[..., 0]) * back
        outside = shape.half_width(np.abs(points[..., 0]))
        points[..., 1] = np.where(back > 0, outside * 0.995 + 0.014, points[..., 1])
        points[..., 0] += (0.016 if front else -0.026) * (1 - back / wrap)
        points[..., 1] *= side
        net = points if (side > 0) == front else points[:, ::-1]
        surface = grid(net)
        grid_share = share if (side > 0) == front else share[::-1]
        own = np.ones((3, 9, 3))
        own[..., 0], own[..., 1] = grid_share, np.linspace(0, 1, 3)[:, None]
        color, seed = (HEAD_LAMP, 0.0) if front else (TAIL_LAMP, 1.0)
        lamp = surface._replace(coordinates=own.reshape(-1, 3))
        mesh.put(lamp, Material.LAMP, 0, color=color, seed=seed)


def _put_wheels(mesh: Mesh, shape: CarShape, rim_style: float) -> None:
    """Wheels, and behind each a dark well as deep as the arch is cut."""
    body, sides = shape.body, 20 if shape.detail else 10
    for axle in shape.axles:
        for side in (1.0, -1.0):
            outer = float(shape.half_width(np.array(axle))) * 0.965
            put_wheel(
                mesh, axle, side * outer, body.wheel, side, width=0.21, style=rim_style, sides=sides
            )
            put_well(mesh, axle, side, outer / 0.975, body.wheel, shape.arch + 0.01, depth=0.34)
            if body.cladding:
                mesh.put(
                    _arch_trim(shape, axle, side), Material.PAINT, 0, color=(0.02,) * 3, seed=0.7
                )


def _arch_trim(shape: CarShape, axle: float, side: float) -> Primitive:
    """The dark band round a wheel arch of an off-road body."""
    angles = np.linspace(-0.15, np.pi + 0.15, 15)
    reach = np.array([0.985, 1.0, 1.17, 1.18])[:, None] * shape.arch
    x = axle + np.cos(angles) * reach
    z = shape.wheel_center + np.sin(angles) * reach
    outer = shape.half_width(x) * 1.0
    y = side * (outer + np.array([-0.06, 0.018, 0.015, -0.04])[:, None])
    net = np.stack([x, y, z], -1)
    return grid(net if side < 0 else net[:, ::-1])


def _patch(
    shape: CarShape, front: bool, across: float, low: float, high: float, out: float
) -> Primitive:
    """A panel that follows the face of the car, symmetric, standing out by `out` metres."""
    share = np.linspace(-across, across, 7)
    levels = np.linspace(low, high, 3)
    points = shape.face(share[None], levels[:, None], front)
    points[..., 0] += out if front else -out
    return grid(points if front else points[:, ::-1])


def _put_trim(mesh: Mesh, shape: CarShape, rng: np.random.Generator) -> None:
    body = shape.body
    _put_face_trim(mesh, shape, rng)
    _put_mirrors(mesh, shape)
    floor = 0.26 + 0.25 * (body.wheel - 0.32)
    underside = boxes([0, 0, floor], [body.length * 0.92, body.width * 0.62, 0.14])
    mesh.put(underside, Material.PAINT, 0, color=(0.006,) * 3, seed=0.95)
    sills = np.diff(sorted(shape.axles))[0] - 2 * shape.arch
    middle = sum(shape.axles) / 2
    sill = boxes([middle, 0, floor], [sills, body.width * 0.90, 0.12])
    mesh.put(sill, Material.PAINT, 0, color=(0.010,) * 3, seed=0.9)
    if body.cladding or rng.random() < 0.3:
        _put_roof_rails(mesh, shape)


def _put_face_trim(mesh: Mesh, shape: CarShape, rng: np.random.Generator) -> None:
    body = shape.body
    top = body.hood - 0.15
    grille = _patch(shape, True, rng.uniform(0.42, 0.6), top - rng.uniform(0.09, 0.17), top, 0.006)
    mesh.put(grille, Material.PAINT, 0, color=(0.018,) * 3, seed=0.35)
    emblem = boxes([shape.half - 0.025, 0, top - 0.05], [0.05, 0.11, 0.085])
    bars = _patch(shape, True, 0.42, top - 0.012, top + 0.006, 0.012)
    mesh.put(merge([emblem, bars]), Material.METAL, 0, color=(0.6, 0.6, 0.6))
    intake = _patch(
        shape, True, rng.uniform(0.5, 0.85), 0.25, 0.25 + rng.uniform(0.09, 0.15), 0.006
    )
    skirt = _patch(shape, False, 0.86, 0.25, 0.25 + rng.uniform(0.10, 0.17), 0.006)
    mesh.put(merge([intake, skirt]), Material.PAINT, 0, color=DARK, seed=0.6)
    rear_z = body.tail - (0.36 if body.tall_lamps else 0.22)
    recess = _patch(shape, False, 0.40, rear_z - 0.09, rear_z + 0.09, 0.005)
    mesh.put(recess, Material.PAINT, 0, color=BODY_SHADE, seed=0.3)
    front_x = float(shape.face(np.array(0.0), np.array(0.46), True)[0]) + 0.018
    rear_x = float(shape.face(np.array(0.0), np.array(rear_z), False)[0]) - 0.016
    plates = merge(
        [plate(np.array([front_x, 0, 0.46]), True), plate(np.array([rear_x, 0, rear_z]), False)]
    )
    mesh.put(plates, Material.PLATE, 0, color=(0.75, 0.75, 0.72), seed=float(rng.random()))


def _put_mirrors(mesh: Mesh, shape: CarShape) -> None:
    body = shape.body
    x = (0.6 * body.windscreen + 0.4 * body.roof_front) * body.length
    out, z = float(shape.half_width(np.array(x))), body.belt + 0.09
    balls = [
        sphere([x, side * (out + 0.085), z], [0.06, 0.105, 0.07], sides=8, rings=6)
        for side in (1, -1)
    ]
    mesh.put(merge(balls), Material.CAR_PAINT, 0, color=BODY, seed=body.height)
    feet = boxes(both_sides(x + 0.01, out + 0.0, z - 0.05), [0.06, 0.12, 0.03])
    mesh.put(feet, Material.PAINT, 0, color=DARK, seed=0.4)


def _put_roof_rails(mesh: Mesh, shape: CarShape) -> None:
    body = shape.body
    front, rear = body.roof_front * body.length - 0.25, body.roof_rear * body.length + 0.2
    if front - rear < 0.6:
        return
    y, z = body.width / 2 * 0.62, body.height + 0.012
    bars = [cylinder([front, side * y, z], [rear, side * y, z], 0.02, sides=6) for side in (1, -1)]
    mesh.put(merge(bars), Material.METAL, 0, color=(0.12,) * 3)
