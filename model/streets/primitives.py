"""Surfaces in local metres: boxes, nets, cylinders, limbs, balls, leaf cards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.streets.mesh import Array, Primitive, cross, unit


def both_sides(x: float, y: float, z: float) -> list[list[float]]:
    """A point and its mirror image across the plane y = 0."""
    return [[x, y, z], [x, -y, z]]


def merge(primitives: Sequence[Primitive]) -> Primitive:
    """Several surfaces as one."""
    offsets = np.cumsum([0] + [len(primitive.positions) for primitive in primitives[:-1]])
    return Primitive(
        np.concatenate([primitive.positions for primitive in primitives]),
        np.concatenate([primitive.normals for primitive in primitives]),
        np.concatenate([primitive.coordinates for primitive in primitives]),
        np.concatenate(
            [p.triangles + offset for p, offset in zip(primitives, offsets, strict=True)]
        ),
    )


def quads(corners: ArrayLike, coordinates: ArrayLike | None = None) -> Primitive:
    """Flat four-sided faces (Q, 4, 3), corners in order round the face, normals by right hand."""
    faces = np.asarray(corners, float).reshape(-1, 4, 3)
    normals = unit(cross(faces[:, 2] - faces[:, 0], faces[:, 3] - faces[:, 1]))
    first = np.arange(len(faces))[:, None] * 4
    triangles = np.concatenate([first + corner for corner in ((0, 1, 2), (0, 2, 3))])
    positions = faces.reshape(-1, 3)
    own = positions if coordinates is None else np.asarray(coordinates, float).reshape(-1, 3)
    return Primitive(positions, np.repeat(normals, 4, axis=0), own, triangles)


_BOX_FACES = 0.5 * np.array(
    [
        [[1, -1, -1], [1, 1, -1], [1, 1, 1], [1, -1, 1]],
        [[-1, 1, -1], [-1, -1, -1], [-1, -1, 1], [-1, 1, 1]],
        [[1, 1, -1], [-1, 1, -1], [-1, 1, 1], [1, 1, 1]],
        [[-1, -1, -1], [1, -1, -1], [1, -1, 1], [-1, -1, 1]],
        [[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]],
        [[-1, 1, -1], [1, 1, -1], [1, -1, -1], [-1, -1, -1]],
    ]
)


_BACK_FACE = 3


def boxes(centers: ArrayLike, sizes: ArrayLike, *, back: bool = True) -> Primitive:
    """Upright boxes; centers (N, 3) or (3,), sizes (N, 3) or (3,), whole edge lengths.

    Without `back` the faces towards -y are left out: for what sits on a wall facing +y.
    """
    middle = np.atleast_2d(np.asarray(centers, float))
    edges = np.broadcast_to(np.asarray(sizes, float), middle.shape)
    faces = _BOX_FACES if back else np.delete(_BOX_FACES, _BACK_FACE, axis=0)
    return quads(faces * edges[:, None, None] + middle[:, None, None])


def grid(points: ArrayLike, *, closed: bool = False) -> Primitive:
    """Smooth surface through (M, N, 3) points; closed joins the last column to the first."""
    net = np.asarray(points, float)
    along = np.gradient(net, axis=0)
    if closed:
        across = (np.roll(net, -1, axis=1) - np.roll(net, 1, axis=1)) / 2
    else:
        across = np.gradient(net, axis=1)
    normals = unit(cross(along, across)).reshape(-1, 3)
    positions = net.reshape(-1, 3)
    triangles = grid_triangles(net.shape[0], net.shape[1], closed)
    return Primitive(positions, _filled(normals), positions, triangles)


def _filled(normals: Array) -> Array:
    """Degenerate points (poles) have no cross product; give them an upward unit normal."""
    lengths = np.linalg.norm(normals, axis=1)
    if np.all(lengths > 0.5):
        return normals
    normals = normals.copy()
    normals[lengths <= 0.5] = [0.0, 0.0, 1.0]
    return normals


def grid_triangles(rows: int, columns: int, closed: bool) -> NDArray[np.int64]:
    """Triangles (T, 3) of a net of rows x columns points stored row by row."""
    index = np.arange(rows * columns).reshape(rows, columns)
    right = np.roll(index, -1, axis=1) if closed else index[:, 1:]
    left = index if closed else index[:, :-1]
    a, b, c, d = left[:-1], left[1:], right[1:], right[:-1]
    halves = [np.stack(corners, -1).reshape(-1, 3) for corners in ((a, b, c), (a, c, d))]
    return np.concatenate(halves)


def _axes(direction: Array) -> tuple[Array, Array, Array]:
    """Two unit vectors across a direction, and the direction's unit vector."""
    forward = unit(direction)
    helper = np.array([0.0, 0.0, 1.0]) if abs(forward[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    across = unit(cross(helper, forward))
    return across, cross(forward, across), forward


_ROUND_ENDS = np.array([-0.98, -0.7, 0.0, 0.0, 0.0, 0.7, 0.98])
_ROUND_WIDTHS = np.array([0.2, 0.71, 1.0, 1.0, 1.0, 0.71, 0.2])


def cylinder(
    start: ArrayLike,
    end: ArrayLike,
    radius: float,
    end_radius: float | None = None,
    *,
    sides: int = 10,
    capped: bool = True,
    rounded: bool = False,
) -> Primitive:
    """A (tapered) cylinder; rounded gives half spheres as ends, capped flat ones."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    far_radius = radius if end_radius is None else end_radius
    across, up, forward = _axes(last - first)
    angles = np.arange(sides) * 2 * np.pi / sides
    ring = np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * up
    if rounded:
        mix = np.array([0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0])
        radii = radius + (far_radius - radius) * mix
        centers = first + mix[:, None] * (last - first)
        centers = centers + (_ROUND_ENDS * radii)[:, None] * forward
        tilt = np.sign(_ROUND_ENDS) * np.array([1.0, 0.7, 0.0, 0.0, 0.0, 0.7, 1.0])
        widths = radii * _ROUND_WIDTHS
    elif capped:
        mix = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
        widths = np.array([0.0, radius, radius, far_radius, far_radius, 0.0])
        centers = first + mix[:, None] * (last - first)
        tilt = np.array([-1.0, -1.0, 0.0, 0.0, 1.0, 1.0])
    else:
        widths = np.array([radius, far_radius])
        centers, tilt = np.stack([first, last]), np.zeros(2)
    positions = (centers[:, None] + widths[:, None, None] * ring).reshape(-1, 3)
    outward = ring * (1.0 - np.abs(tilt))[:, None, None] + tilt[:, None, None] * forward
    normals = unit(outward).reshape(-1, 3)
    triangles = grid_triangles(len(widths), sides, closed=True)[:, ::-1]
    return Primitive(positions, normals, positions, triangles)


def cylinders(starts: ArrayLike, ends: ArrayLike, radius: float, *, sides: int = 4) -> Primitive:
    """Many open cylinders at once; starts and ends (N, 3). For spokes, bars and branches."""
    first = np.asarray(starts, float).reshape(-1, 3)
    last = np.asarray(ends, float).reshape(-1, 3)
    forward = unit(last - first)
    helper = np.where(np.abs(forward[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    across = unit(cross(helper, forward))
    up = cross(forward, across)
    angles = np.arange(sides) * 2 * np.pi / sides
    ring = np.cos(angles)[:, None] * across[:, None] + np.sin(angles)[:, None] * up[:, None]
    ends_ = np.stack([first, last], 1)[:, :, None] + radius * ring[:, None]
    positions = ends_.reshape(-1, 3)
    normals = np.repeat(ring[:, None], 2, axis=1).reshape(-1, 3)
    single = grid_triangles(2, sides, closed=True)[:, ::-1]
    triangles = (single[None] + np.arange(len(first))[:, None, None] * 2 * sides).reshape(-1, 3)
    return Primitive(positions, normals, positions, triangles)


def limbs(points: ArrayLike, radii: ArrayLike, *, sides: int = 6) -> Primitive:
    """Many bent limbs at once: points (T, N, 3), radii (N,) or (T, N); open ends."""
    lines = np.asarray(points, float)
    count, steps = lines.shape[:2]
    sizes = np.broadcast_to(np.asarray(radii, float), (count, steps))
    forward = unit(np.gradient(lines, axis=1))
    whole = lines[:, -1] - lines[:, 0]
    helper = np.where(np.abs(unit(whole)[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    first = unit(cross(np.broadcast_to(helper[:, None], lines.shape), forward))
    second = cross(forward, first)
    angles = -np.arange(sides) * 2 * np.pi / sides
    ring = (
        np.cos(angles)[:, None] * first[:, :, None] + np.sin(angles)[:, None] * second[:, :, None]
    )
    positions = (lines[:, :, None] + sizes[..., None, None] * ring).reshape(-1, 3)
    single = grid_triangles(steps, sides, closed=True)
    starts = np.arange(count)[:, None, None] * steps * sides
    triangles = (single[None] + starts).reshape(-1, 3)
    return Primitive(positions, ring.reshape(-1, 3), positions, triangles)


def ribbons(starts: ArrayLike, ends: ArrayLike, radius: float) -> Primitive:
    """Flat strips from starts to ends (N, 3), level across: the cheapest twigs."""
    first, last = np.asarray(starts, float), np.asarray(ends, float)
    along = last - first
    aside = unit(np.stack([-along[:, 1], along[:, 0], 0.3 * along[:, 0] + 1e-6], -1)) * radius
    return quads(
        np.stack([first - aside, first + aside, last + aside * 0.5, last - aside * 0.5], 1)
    )


def tube(
    points: ArrayLike,
    radii: ArrayLike,
    *,
    sides: int = 8,
    lateral: ArrayLike = (0.0, 1.0, 0.0),
) -> Primitive:
    """A smooth limb through points (N, 3); radii (N,), or (N, 2) = (along, across) `lateral`.

    The line must nowhere run along `lateral`. Ends stay open: let the radii shrink there.
    """
    line = np.asarray(points, float)
    sizes = np.asarray(radii, float)
    sizes = np.stack([sizes, sizes], -1) if sizes.ndim == 1 else sizes
    forward = unit(np.gradient(line, axis=0))
    first = unit(cross(np.asarray(lateral, float), forward))
    second = cross(forward, first)
    angles = -np.arange(sides) * 2 * np.pi / sides
    net = line[:, None] + (sizes[:, :1] * np.cos(angles))[..., None] * first[:, None]
    net = net + (sizes[:, 1:] * np.sin(angles))[..., None] * second[:, None]
    return grid(net, closed=True)


def sphere(center: ArrayLike, radius: ArrayLike, *, sides: int = 10, rings: int = 7) -> Primitive:
    """A ball or ellipsoid; radius is a number or one per axis. Coordinates are directions."""
    radii = np.broadcast_to(np.asarray(radius, float), 3)
    latitude = np.linspace(-np.pi / 2, np.pi / 2, rings)[:, None]
    longitude = np.arange(sides)[None] * 2 * np.pi / sides
    height = np.broadcast_to(np.sin(latitude), (rings, sides))
    level = [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude)]
    directions = np.stack([*level, height], -1).reshape(-1, 3)
    positions = directions * radii + np.asarray(center, float)
    triangles = grid_triangles(rings, sides, closed=True)[:, ::-1]
    return Primitive(positions, unit(directions / radii), directions, triangles)


def torus(
    center: ArrayLike,
    axis: ArrayLike,
    radius: float,
    tube: float,
    *,
    sides: int = 20,
    tube_sides: int = 6,
) -> Primitive:
    """A ring round an axis: a tyre."""
    across, up, forward = _axes(np.asarray(axis, float))
    angles = np.arange(sides + 1) * 2 * np.pi / sides
    tube_angles = np.arange(tube_sides) * 2 * np.pi / tube_sides
    radial = np.cos(angles)[:, None, None] * across + np.sin(angles)[:, None, None] * up
    outward = radial * np.cos(tube_angles)[None, :, None]
    outward = outward + forward * np.sin(tube_angles)[None, :, None]
    positions = (np.asarray(center, float) + radial * radius + outward * tube).reshape(-1, 3)
    triangles = grid_triangles(sides + 1, tube_sides, closed=True)
    return Primitive(positions, outward.reshape(-1, 3), positions, triangles)


def leaf_cards(
    centers: ArrayLike,
    size: float,
    rng: np.random.Generator,
    crown_center: ArrayLike,
    *,
    up: float = 0.3,
) -> Primitive:
    """Square cards of random orientation at centers (N, 3), half edge about `size` metres.

    Normals point away from crown_center, (3,) or (N, 3), bent upward by `up`, so that a crown is
    lit as one body. Coordinates are (0..1, 0..1, a random number per card).
    """
    middle = np.asarray(centers, float)
    count = len(middle)
    first = unit(rng.normal(size=(count, 3)))
    second = unit(cross(first, rng.normal(size=(count, 3))))
    half = (size * rng.uniform(0.7, 1.3, count))[:, None]
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = np.stack([middle + (a * first + b * second) * half for a, b in signs], 1)
    away = corners - np.broadcast_to(np.asarray(crown_center, float), (count, 3))[:, None]
    away[..., 2] += up * np.abs(away).mean()
    coordinates = np.empty((count, 4, 3))
    coordinates[:, :, 0] = [0, 1, 1, 0]
    coordinates[:, :, 1] = [0, 0, 1, 1]
    coordinates[:, :, 2] = rng.random(count)[:, None]
    faces = quads(corners, coordinates)
    return faces._replace(normals=unit(away).reshape(-1, 3))
