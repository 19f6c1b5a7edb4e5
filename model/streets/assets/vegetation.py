"""Trees, hedges and bushes: bark limbs, leaf cards, and bare twigs in winter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from model.streets.labels import LabelId
from model.streets.materials import Material
from model.streets.mesh import Array, Color, Mesh, Primitive, Transform, offset, unit
from model.streets.primitives import (
    boxes,
    cylinders,
    leaf_cards,
    limbs,
    merge,
    ribbons,
    sphere,
    tube,
)

TREE_KINDS = ("round", "broad", "columnar", "conifer")
SEASONS = ("summer", "spring", "autumn", "bare")
EVERGREEN = frozenset({"conifer"})
_BARK_COLOR = (0.10, 0.08, 0.06)
_FULL_DENSITY = 2.6
_LEAFAGE = {"summer": 1.0, "spring": 0.75, "autumn": 0.85}


@dataclass(frozen=True)
class _Habit:
    """How a kind of tree grows; shares of the height."""

    height: tuple[float, float]
    clear_trunk: tuple[float, float]
    crown_radius: tuple[float, float]
    clusters: tuple[int, int]
    cluster_size: tuple[float, float]
    limb_rise: float


_HABITS = {
    "round": _Habit((6.0, 11.0), (0.26, 0.36), (0.22, 0.30), (9, 15), (0.34, 0.58), 0.42),
    "broad": _Habit((6.5, 10.5), (0.22, 0.30), (0.36, 0.46), (13, 19), (0.28, 0.44), 0.25),
    "columnar": _Habit((9.0, 15.0), (0.10, 0.16), (0.09, 0.13), (11, 15), (0.75, 1.05), 0.12),
    "conifer": _Habit((7.0, 14.0), (0.05, 0.12), (0.17, 0.24), (12, 16), (0.4, 0.6), 0.0),
}


def detail_at(distance: float) -> float:
    """Leaf density (1 = full) for a tree `distance` metres from where the camera starts."""
    return float(np.interp(distance, [25, 60, 110, 160], [1.0, 0.55, 0.28, 0.15]))


def tree(
    mesh: Mesh,
    rng: np.random.Generator,
    position: ArrayLike,
    *,
    kind: str,
    season: str,
    leaf_color: Color,
    scale: float = 1.0,
    detail: float = 1.0,
) -> None:
    """Add one tree standing at `position` (3,).

    Scale 1 gives 6 to 15 m, depending on the kind (one of TREE_KINDS). Kinds in EVERGREEN ignore
    the season (one of SEASONS); bare trees ignore the leaf colour. `detail` thins out leaves.
    """
    habit, base = _HABITS[kind], np.asarray(position, float)
    height = rng.uniform(*habit.height) * scale
    if kind == "conifer":
        _conifer(
            mesh, rng, base, height, rng.uniform(*habit.crown_radius) * height, leaf_color, detail
        )
        return
    skeleton = _grow(rng, habit, base, height)
    _put_wood(mesh, base, height, skeleton)
    if season == "bare":
        _put_twigs(mesh, rng, skeleton, detail)
    else:
        _put_leaves(
            mesh, rng, skeleton, np.asarray(leaf_color, float), scale, detail, _LEAFAGE[season]
        )


@dataclass(frozen=True)
class _Skeleton:
    """Trunk line (N, 3), limb starts and cluster centres (C, 3), cluster radii (C,)."""

    trunk: Array
    trunk_radius: float
    limbs: Array
    clusters: Array
    radii: Array
    crown_center: Array


def _grow(rng: np.random.Generator, habit: _Habit, base: Array, height: float) -> _Skeleton:
    clear = height * rng.uniform(*habit.clear_trunk)
    crown = height * rng.uniform(*habit.crown_radius)
    lean = rng.normal(size=2) * 0.02 * height
    levels = np.array([-0.02, 0.0, 0.04, 0.3, 0.55, 0.8, 0.97])
    wander = rng.normal(size=(len(levels), 2)) * 0.008 * height * np.clip(levels, 0, 1)[:, None]
    trunk = base + np.column_stack([lean * levels[:, None] + wander, levels * height])
    count = int(rng.integers(*habit.clusters))
    turn = np.arange(count) * 2.4 + rng.uniform(-0.4, 0.4, count)
    share = rng.uniform(0.08, 0.95, count)
    reach = (
        crown
        * np.sqrt(np.maximum(0.08, 1 - (2 * share - 0.9) ** 2))
        * rng.uniform(0.45, 0.8, count)
    )
    level = clear + (height - clear) * (0.08 + 0.82 * share)
    axis = np.stack([np.interp(level / height, levels, trunk[:, k]) for k in (0, 1)], -1)
    clusters = np.column_stack([axis, base[2] + level])
    clusters[:, 0] += np.cos(turn) * reach
    clusters[:, 1] += np.sin(turn) * reach
    start = np.clip(
        level / height - habit.limb_rise * (0.2 + share * 0.6), clear / height * 0.9, 0.9
    )
    roots = np.stack([np.interp(start, levels, trunk[:, k]) for k in (0, 1, 2)], -1)
    radii = crown * rng.uniform(*habit.cluster_size, count)
    center = base + offset(lean[0] / 2, lean[1] / 2, clear + (height - clear) * 0.5)
    return _Skeleton(trunk, 0.07 + height * 0.0105, roots, clusters, radii, center)


def _put_wood(mesh: Mesh, base: Array, height: float, skeleton: _Skeleton) -> None:
    """Trunk with a flared foot, and one bent limb to each cluster."""
    thickness = np.array([1.7, 1.45, 1.2, 1.0, 0.75, 0.45, 0.12]) * skeleton.trunk_radius
    bends = skeleton.limbs * 0.45 + skeleton.clusters * 0.55 + offset(0, 0, -0.03 * height)
    boughs = np.stack([skeleton.limbs, bends, skeleton.clusters], 1)
    sizes = np.array([0.40, 0.24, 0.07]) * skeleton.trunk_radius
    parts = [tube(skeleton.trunk, thickness, sides=9), limbs(boughs, sizes, sides=6)]
    wood = merge(parts)
    wood = wood._replace(coordinates=wood.positions - base)
    mesh.put(wood, Material.BARK, LabelId.VEGETATION, color=_BARK_COLOR, seed=0.5)


def _directions(rng: np.random.Generator, count: int) -> Array:
    return unit(rng.normal(size=(count, 3)))


def _put_leaves(
    mesh: Mesh,
    rng: np.random.Generator,
    skeleton: _Skeleton,
    color: Array,
    scale: float,
    detail: float,
    leafage: float,
) -> None:
    density = _FULL_DENSITY * detail
    share = skeleton.radii / skeleton.radii.mean()
    counts = np.maximum((85 * scale * density * leafage * share**2).astype(int), 8)
    owner = np.repeat(np.arange(len(counts)), counts)
    spread = rng.uniform(0.25, 1.15, len(owner)) ** 0.7 * skeleton.radii[owner]
    offsets = _directions(rng, len(owner)) * spread[:, None] * [1.0, 1.0, 0.75]
    centers = skeleton.clusters[owner] + offsets
    lit_from = 0.55 * skeleton.clusters[owner] + 0.45 * skeleton.crown_center
    size = 0.36 * scale**0.5 / density**0.42
    cards = leaf_cards(centers, size, rng, lit_from)
    tint = rng.uniform(0.86, 1.14, (len(counts), 1)) * rng.uniform(0.95, 1.05, (len(counts), 3))
    colors = np.repeat((color * tint)[owner], 4, axis=0)
    mesh.put(cards, Material.LEAF, LabelId.VEGETATION, color=colors)


def _put_twigs(mesh: Mesh, rng: np.random.Generator, skeleton: _Skeleton, detail: float) -> None:
    """Winter crown: branches in every cluster with twigs on them; the proxy balls stand for the
    outline a person draws round a bare crown."""
    count = len(skeleton.clusters)
    branches = max(int(12 * detail**0.6), 4)
    twigs = max(int(6 * detail), 2)
    thicken = detail**-0.35
    ends = np.repeat(skeleton.clusters, branches, axis=0)
    starts = np.repeat(skeleton.limbs * 0.35 + skeleton.clusters * 0.65, branches, axis=0)
    starts = starts + (ends - starts) * rng.uniform(0, 1, (count * branches, 1))
    away = _directions(rng, count * branches) + 0.6 * unit(ends - skeleton.crown_center)
    away[:, 2] += 0.45
    reach = np.repeat(skeleton.radii, branches) * rng.uniform(0.7, 1.15, count * branches)
    tips = starts + unit(away) * reach[:, None]
    along = rng.uniform(0.25, 1.0, (count * branches, twigs, 1))
    forks = starts[:, None] + (tips - starts)[:, None] * along
    turn = unit(unit(away)[:, None] + 0.75 * rng.normal(size=forks.shape))
    sprigs = forks + turn * (reach[:, None, None] * rng.uniform(0.25, 0.5, along.shape))
    wood = merge(
        [
            cylinders(starts, tips, 0.015 * thicken, sides=3),
            ribbons(forks.reshape(-1, 3), sprigs.reshape(-1, 3), 0.008 * thicken),
        ]
    )
    mesh.put(wood, Material.BARK, LabelId.VEGETATION, color=_BARK_COLOR, seed=0.5)
    balls = [
        sphere(center, radius * 0.95, sides=8, rings=5)
        for center, radius in zip(skeleton.clusters, skeleton.radii, strict=True)
    ]
    mesh.put(merge(balls), Material.PROXY, LabelId.VEGETATION, color=(0.0, 0.0, 0.0))


def _conifer(
    mesh: Mesh,
    rng: np.random.Generator,
    base: Array,
    height: float,
    radius: float,
    color: Color,
    detail: float,
) -> None:
    """A spruce: drooping whorls of needle cards round a straight trunk."""
    trunk = base + np.outer([-0.02, 0.0, 0.5, 1.0], [0, 0, height])
    thick = 0.07 + height * 0.010
    wood = tube(trunk, np.array([1.3, 1.2, 0.7, 0.1]) * thick, sides=8)
    wood = wood._replace(coordinates=wood.positions - base)
    mesh.put(wood, Material.BARK, LabelId.VEGETATION, color=_BARK_COLOR, seed=0.5)
    count = max(int(1700 * detail * (height / 10)), 120)
    whorls = int(height * 1.5)
    level = 1 - np.sqrt(rng.random(count) * 0.985)
    step = np.round(level * whorls) / whorls
    level = 0.4 * level + 0.6 * step
    out = np.maximum(1 - level, 0.02) ** 0.85 * radius
    share = rng.random(count) ** 0.45
    angle = rng.uniform(0, 2 * np.pi, count)
    lobes = 0.82 + 0.18 * np.cos(angle * 5 + step * 40)
    centers = np.empty((count, 3))
    centers[:, 0] = base[0] + np.cos(angle) * out * share * lobes
    centers[:, 1] = base[1] + np.sin(angle) * out * share * lobes
    centers[:, 2] = base[2] + height * (0.07 + 0.93 * level) - 0.32 * out * share**2
    axis = np.broadcast_to(base, centers.shape).copy()
    axis[:, 2] = centers[:, 2] - 0.35 * radius
    cards = leaf_cards(centers, 0.30 * (height / 10) ** 0.5 / detail**0.40, rng, axis, up=0.15)
    tint = (0.62 + 0.5 * share)[:, None] * rng.uniform(0.9, 1.1, (count, 1))
    colors = np.repeat(np.asarray(color, float) * tint, 4, axis=0)
    mesh.put(cards, Material.LEAF, LabelId.VEGETATION, color=colors)


def hedge(
    mesh: Mesh,
    rng: np.random.Generator,
    start: ArrayLike,
    end: ArrayLike,
    *,
    height: float,
    season: str,
    leaf_color: Color,
    width: float = 0.8,
) -> None:
    """A clipped hedge from start to end (3,) on the ground; thin in the bare season."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    step = (last - first) * [1.0, 1.0, 0.0]
    length = float(np.linalg.norm(step))
    along = step / length
    axes = Transform(np.stack([along, [-along[1], along[0], 0], [0, 0, 1]], 1), (first + last) / 2)
    count = int((length * height * 48 + 24) * (0.5 if season == "bare" else 1.0))
    offsets = rng.uniform(-0.5, 0.5, (count, 3)) * [length, width, 0]
    offsets[:, 2] = rng.random(count) ** 0.8 * height
    heart = offsets * [1, 0.15, 0] + [0, 0, height * 0.45]
    color = np.asarray(leaf_color, float)
    cards = leaf_cards(axes.points(offsets), 0.17, rng, axes.points(heart))
    tint = np.repeat(rng.uniform(0.75, 1.05, (count, 1)), 4, axis=0)
    mesh.put(cards, Material.LEAF, LabelId.VEGETATION, color=color * tint)
    core = boxes([0, 0, height * 0.42], [length, width * 0.6, height * 0.8])
    mesh.put(
        core, Material.PAINT, LabelId.VEGETATION, color=color * 0.45, seed=0.95, transform=axes
    )


def bush(
    mesh: Mesh,
    rng: np.random.Generator,
    position: ArrayLike,
    *,
    radius: float,
    season: str,
    leaf_color: Color,
) -> None:
    """A bush standing at position (3,)."""
    base = np.asarray(position, float)
    count = int((130 * radius**1.5 + 40) * (0.5 if season == "bare" else 1.0))
    upward = _directions(rng, count)
    upward[:, 2] = np.abs(upward[:, 2])
    centers = base + upward * radius * rng.uniform(0.55, 1.0, (count, 1)) * [1, 1, 0.9]
    color = np.asarray(leaf_color, float) * rng.uniform(0.8, 1.1)
    mesh.put(leaf_cards(centers, 0.2, rng, base), Material.LEAF, LabelId.VEGETATION, color=color)
    core: Primitive = sphere(base, [radius * 0.72, radius * 0.72, radius * 0.62], sides=9, rings=7)
    mesh.put(core, Material.PAINT, LabelId.VEGETATION, color=color * 0.3, seed=0.95)
