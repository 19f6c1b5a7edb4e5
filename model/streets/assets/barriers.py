"""What runs along or over a street: walls, fences, guard rails and bridges. All of it is stuff."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Array, Color, Mesh, Primitive, Transform, offset
from model.streets.primitives import boxes, grid, quads

_FENCE_COLORS = ((0.05, 0.05, 0.05), (0.35, 0.25, 0.15), (0.30, 0.32, 0.32))


def _across(line: Array) -> Array:
    """Level unit vectors (N, 3) to the left of a line."""
    along = np.gradient(line, axis=0)
    left = np.stack([-along[:, 1], along[:, 0], np.zeros(len(line))], -1)
    return left / np.linalg.norm(left, axis=1, keepdims=True)


def wall(
    mesh: Mesh,
    line: ArrayLike,
    *,
    height: float,
    material: Material,
    color: Color,
    thickness: float = 0.24,
) -> None:
    """A garden wall along ground points (N, 3), with a coping."""
    foot = np.asarray(line, float)
    aside = _across(foot) * thickness / 2
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(foot, axis=0), axis=1))])
    up = np.array([0.0, 0.0, height])
    for side in (1.0, -1.0):
        net = np.stack([foot + side * aside, foot + side * aside + up], 1)
        face = grid(net[::-1] if side > 0 else net)
        run = length[::-1] if side > 0 else length
        own = np.zeros((len(foot), 2, 3))
        own[..., 0], own[:, 1, 1] = run[:, None], height
        face = face._replace(coordinates=own.reshape(-1, 3))
        mesh.put(face, material, LabelId.WALL, color=color, seed=0.3)
    for end, side in ((0, 1.0), (-1, -1.0)):
        left, right = foot[end] + side * aside[end], foot[end] - side * aside[end]
        own = [[0, 0, 0], [thickness, 0, 0], [thickness, height, 0], [0, height, 0]]
        cap = quads([[left, right, right + up, left + up]], [own])
        mesh.put(cap, material, LabelId.WALL, color=color, seed=0.3)
    _put_coping(mesh, foot + up, aside * 1.3)


def _put_coping(mesh: Mesh, line: Array, aside: Array) -> None:
    rise = np.array([0.0, 0.0, 0.06])
    section = [line + aside, line + aside + rise, line - aside + rise, line - aside]
    coping = grid(np.stack(section, 1)[::-1])
    mesh.put(coping, Material.CONCRETE, LabelId.WALL, color=(0.40, 0.39, 0.37), seed=0.2)


def fence(mesh: Mesh, line: ArrayLike, *, height: float, style: int) -> None:
    """A fence along ground points (N, 3): style 0 iron bars, 1 timber boards, 2 grey wire.

    A proxy panel fills it in the label map.
    """
    points = np.asarray(line, float)
    for start, end in pairwise(points):
        step = (end - start) * [1.0, 1.0, 0.0]
        length = float(np.linalg.norm(step))
        along = step / length
        across = np.array([-along[1], along[0], 0.0])
        axes = Transform(np.stack([along, across, [0, 0, 1]], 1), start)
        corners = [[0, 0, 0], [length, 0, 0], [length, 0, height], [0, 0, height]]
        mesh.put(quads([corners]), Material.PROXY, LabelId.FENCE, color=(0.0,) * 3, transform=axes)
        bars = _fence_bars(length, height, style)
        material = Material.PAINT if style == 1 else Material.METAL
        mesh.put(
            bars, material, LabelId.FENCE, color=_FENCE_COLORS[style], seed=0.7, transform=axes
        )


def _fence_bars(length: float, height: float, style: int) -> Primitive:
    step, width = ((0.12, 0.018), (0.14, 0.105), (0.30, 0.012))[style]
    places = np.arange(step, length, step)
    upright = np.stack([places, 0 * places, np.full_like(places, height / 2)], -1)
    rails = (0.15, height - 0.08) if style != 2 else np.linspace(0.1, height - 0.03, 6)
    centers = [[[0, 0, height / 2]], upright, [[length / 2, 0.0, z] for z in rails]]
    sizes = [
        [[0.07, 0.07, height]],
        np.tile([width, 0.02, height * 0.95], (len(places), 1)),
        np.tile([length, 0.04, 0.05] if style != 2 else [length, 0.014, 0.014], (len(rails), 1)),
    ]
    return boxes(np.concatenate(centers), np.concatenate(sizes))


def guard_rail(mesh: Mesh, line: ArrayLike, *, side: int) -> None:
    """A steel rail along ground points (N, 3); side +1 has its posts to the right of the line."""
    foot = np.asarray(line, float)
    aside = -_across(foot) * side
    profile = ((0.45, 0.0), (0.52, -0.06), (0.60, 0.0), (0.68, -0.06), (0.76, 0.0))
    net = [foot + aside * out + [0, 0, z] for z, out in profile]
    mesh.put(grid(np.stack(net, 1)), Material.METAL, LabelId.GUARD_RAIL, color=(0.40, 0.41, 0.41))
    posts = boxes(foot + aside * 0.08 + [0, 0, 0.36], [0.08, 0.08, 0.72])
    mesh.put(posts, Material.METAL, LabelId.GUARD_RAIL, color=(0.35,) * 3)


def bridge(
    mesh: Mesh, transform: Transform, *, span: float, width: float, clearance: float
) -> None:
    """A bridge over the street: `span` along local y, `width` along local x, metres."""
    concrete = (0.42, 0.41, 0.39)
    deck = boxes([[0, 0, clearance + 0.5]], [width, span, 1.1])
    piers = boxes(
        [[0, y, clearance / 2] for y in (4 - span / 2, span / 2 - 4)],
        [min(3, width), 1.4, clearance],
    )
    edges = boxes([[x, 0, clearance + 1.08] for x in (-width / 2, width / 2)], [0.3, span, 0.25])
    for part in (deck, piers, edges):
        mesh.put(
            part, Material.CONCRETE, LabelId.BRIDGE, color=concrete, seed=0.1, transform=transform
        )
    posts = np.arange(-span / 2 + 0.5, span / 2, 1.5)
    centers, sizes = [], []
    for x in (-width / 2, width / 2):
        centers += [[x, y, clearance + 1.65] for y in posts] + [
            [x, 0, clearance + z] for z in (1.6, 2.1)
        ]
        sizes += [[0.05, 0.05, 1.0]] * len(posts) + [[0.05, span, 0.06]] * 2
    rails = boxes(centers, np.array(sizes))
    mesh.put(rails, Material.METAL, LabelId.BRIDGE, color=(0.20, 0.25, 0.22), transform=transform)


def tunnel(
    mesh: Mesh, line: ArrayLike, *, left: float, right: float, clearance: float = 5.0
) -> None:
    """An underpass along the street's axis (N, 3), `left` and `right` metres wide from it.

    Its inside is labelled tunnel, the deck above it bridge, the walls beside its mouths wall.
    """
    axis = np.asarray(line, float) * [1, 1, 0]
    aside = -_across(axis)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(axis, axis=0), axis=1))])
    low, top = axis - aside * left, axis + aside * right
    up = np.array([0.0, 0.0, clearance])
    inside, concrete = LabelId.TUNNEL, (0.30, 0.29, 0.275)
    for foot, flip in ((low, False), (top, True)):
        face = grid(np.stack([foot, foot + up], 1)[:: -1 if flip else 1])
        own = np.zeros((len(axis), 2, 3))
        own[..., 0], own[:, 1, 1] = (run[::-1] if flip else run)[:, None], clearance
        face = face._replace(coordinates=own.reshape(-1, 3))
        mesh.put(face, Material.CONCRETE, inside, color=concrete, seed=0.6)
    ceiling = grid(np.stack([low + up, top + up], 1))
    mesh.put(ceiling, Material.CONCRETE, inside, color=concrete, seed=0.2)
    _put_tunnel_lights(mesh, axis, aside, (left, right), clearance)
    _put_deck(mesh, axis, aside, (left, right), clearance)


def _put_tunnel_lights(
    mesh: Mesh, axis: Array, aside: Array, widths: tuple[float, float], clearance: float
) -> None:
    left, right = widths
    rows = [axis + aside * t for t in (0.5 - left * 0.5, right * 0.5)]
    lamps = boxes(np.concatenate(rows) + offset(0, 0, clearance - 0.08), [0.25, 1.2, 0.12])
    warm = (2.6, 2.2, 1.5)
    mesh.put(lamps, Material.LAMP, LabelId.TUNNEL, color=warm, seed=2.0)


def _put_deck(
    mesh: Mesh, axis: Array, aside: Array, widths: tuple[float, float], clearance: float
) -> None:
    """The slab above, with a face and a railing at both ends, and the walls beside the mouths."""
    reach, thick, concrete = 14.0, 1.5, (0.42, 0.41, 0.39)
    left, right = axis - aside * (widths[0] + reach), axis + aside * (widths[1] + reach)
    deck = grid(np.stack([left, right], 1) + offset(0, 0, clearance + thick))
    mesh.put(deck, Material.CONCRETE, LabelId.BRIDGE, color=concrete, seed=0.1)
    for end, order in ((0, 1), (-1, -1)):
        inner = (axis[end] - aside[end] * widths[0], axis[end] + aside[end] * widths[1])
        beam = (left[end], right[end])
        _put_upright(mesh, beam[::order], clearance, clearance + thick + 0.2, LabelId.BRIDGE)
        for pair in ((beam[0], inner[0]), (inner[1], beam[1])):
            _put_upright(mesh, pair[::order], 0.0, clearance, LabelId.WALL)
        posts = np.linspace(beam[0], beam[1], 24) + offset(0, 0, clearance + thick + 0.7)
        mesh.put(
            boxes(posts, [0.06, 0.06, 1.0]), Material.METAL, LabelId.BRIDGE, color=(0.15, 0.2, 0.17)
        )
        _put_upright(
            mesh, beam[::order], clearance + thick + 1.1, clearance + thick + 1.2, LabelId.BRIDGE
        )


def _put_upright(
    mesh: Mesh, ends: tuple[Array, Array], low: float, high: float, label: LabelId
) -> None:
    """A concrete face from one ground point to another."""
    first, last = ends
    up, base = np.array([0, 0, high]), np.array([0, 0, low])
    length = float(np.linalg.norm(last - first))
    own = [[[0, low, 0], [length, low, 0], [length, high, 0], [0, high, 0]]]
    face = quads([[first + base, last + base, last + up, first + up]], own)
    mesh.put(face, Material.CONCRETE, label, color=(0.38, 0.37, 0.35), seed=0.4)
