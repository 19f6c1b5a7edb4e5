"""Houses and towers: fronts on every side, roofs, and what stands on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.scene.street_grid import BAY, GROUND_FLOOR, STOREY
from model.streets.assets.facades import FACADE_FAMILIES, put_facade
from model.streets.assets.openings import FacadeStyle
from model.streets.assets.painter import Painter, rectangles
from model.streets.materials import Material
from model.streets.mesh import Array, Color, Mesh, Transform
from model.streets.primitives import boxes, cylinder, cylinders, merge, quads

__all__ = ["FACADE_FAMILIES", "Surface", "backdrop_building", "building"]

_ROOF_COLORS = ((0.22, 0.08, 0.05), (0.10, 0.06, 0.05), (0.07, 0.07, 0.075), (0.16, 0.10, 0.08))
_ACCENTS = (
    (0.10, 0.16, 0.12), (0.20, 0.10, 0.06), (0.30, 0.30, 0.30), (0.07, 0.10, 0.16),
    (0.50, 0.48, 0.44), (0.35, 0.06, 0.05), (0.45, 0.33, 0.12),
)  # fmt: skip
_CHIMNEY = (0.25, 0.12, 0.09)
# Bays a little narrower than the grid's, so that whole ones fit between the margins. What else
# could differ from house to house is the same on all: it cannot be read off a map.
_MODULE: dict[str, Any] = {
    "ground": GROUND_FLOOR, "floor": STOREY, "bay": BAY - 0.1, "window": (1.5, 1.95),
    "margin": 0.05, "reveal": 0.12, "surround": True, "shutters": False, "balconies": False,
    "awnings": False, "trim": (0.60, 0.59, 0.55), "plain": True,
}  # fmt: skip
_ORNATE = (Material.PLASTER, Material.BRICK, Material.SANDSTONE)


@dataclass(frozen=True)
class Surface:
    """What the mode of a picture decides about a house: its wall material and base colour."""

    material: Material
    color: Color


def building(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    width: float,
    depth: float,
    height: float,
    surface: Surface,
    dense: bool,
    family: str = "plain",
    modular: bool = False,
    instance_id: int | None = None,
    detail: bool = True,
) -> None:
    """Add a house: local x along the street, the front in the plane y = 0, the body behind it.

    `height` is that of the eaves. Dense houses have shops and often flat roofs, others gables
    and shutters. A curtain wall ignores the family. Without detail, windows lie flush. A modular
    house has the storeys and bays of `model.scene.surface`, from its left edge on.
    """
    color = np.asarray(surface.color, float) * rng.uniform(0.88, 1.12)
    painter = Painter(mesh, transform, surface.material, color, float(rng.random()), instance_id)
    style = _draw_style(rng, surface.material, color, dense, family, depth)
    if modular:
        ground = tuple(color * 0.6)
        style = replace(style, shop=dense, ground_color=ground, **_MODULE)
    _put_walls(painter, rng, style, width, depth, height, dense, detail)
    flat = surface.material in (Material.CURTAIN_WALL, Material.CONCRETE) or family == "panels"
    if flat or rng.random() < (0.30 if dense else 0.05):
        _put_flat_roof(painter, rng, width, depth, height, detail)
    else:
        roof = np.asarray(_ROOF_COLORS[rng.integers(len(_ROOF_COLORS))])
        _put_pitched_roof(painter, rng, width, depth, height, roof, dense, detail)


def _draw_style(
    rng: np.random.Generator,
    material: Material,
    color: Array,
    dense: bool,
    family: str,
    depth: float,
) -> FacadeStyle:
    panels = family == "panels"
    pale = np.array([0.55, 0.54, 0.50]) * rng.uniform(0.6, 1.25)
    ground_materials = (material, Material.PLASTER, Material.CONCRETE)
    arcade = family == "arcade" and depth > 5
    return FacadeStyle(
        family=family,
        ground=rng.uniform(3.4, 4.3) if dense else 3.0,
        floor=2.85 if panels else rng.uniform(2.9, 3.6),
        bay=rng.uniform(3.0, 3.8) if panels or arcade else rng.uniform(2.1, 3.4),
        window=(rng.uniform(1.8, 2.4), 1.4)
        if panels
        else (rng.uniform(0.95, 1.5), rng.uniform(1.35, 2.0)),
        reveal=rng.uniform(0.06, 0.12) if panels else rng.uniform(0.1, 0.28),
        shop=dense and (arcade or bool(rng.random() < (0.25 if panels else 0.62))),
        surround=not panels and bool(rng.random() < (0.6 if material in _ORNATE else 0.1)),
        shutters=not dense and bool(rng.random() < 0.4),
        balconies=bool(rng.random() < (0.6 if panels else 0.33)),
        awnings=bool(rng.random() < 0.35),
        trim=tuple(pale if rng.random() < 0.6 else color * 0.75),
        accent=_ACCENTS[rng.integers(len(_ACCENTS))],
        ground_material=ground_materials[rng.integers(3)],
        ground_color=tuple(color * rng.uniform(0.45, 0.9)),
    )


def _put_walls(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle,
    width: float, depth: float, height: float, dense: bool, detail: bool,
) -> None:  # fmt: skip
    put_facade(painter.facing([-width / 2, 0, 0], 0.0), rng, style, width, height, detail=detail)
    side = replace(style, family="plain", shop=False, balconies=False, bay=style.bay * 1.6)
    for start, yaw in (([width / 2, 0, 0], np.pi / 2), ([-width / 2, -depth, 0], -np.pi / 2)):
        wall = painter.facing(start, yaw)
        blank = style.plain or (dense and rng.random() < 0.45)
        if blank and painter.material != Material.CURTAIN_WALL:
            wall.wall(0.0, depth, 0.0, height)
        else:
            put_facade(wall, rng, side, depth, height, detail=detail)
    painter.facing([width / 2, -depth, 0], np.pi).wall(0.0, width, 0.0, height)


def _put_flat_roof(
    painter: Painter,
    rng: np.random.Generator,
    width: float,
    depth: float,
    height: float,
    detail: bool,
) -> None:
    grey = (0.30, 0.30, 0.30)
    painter.put(boxes([0, -depth / 2, height + 0.10], [width, depth, 0.3]), Material.CONCRETE, grey)
    rim = boxes(
        [[0, -0.12, height + 0.4], [0, -depth + 0.12, height + 0.4],
         [width / 2 - 0.12, -depth / 2, height + 0.4],
         [0.12 - width / 2, -depth / 2, height + 0.4]],
        np.array([[width, 0.24, 0.5], [width, 0.24, 0.5], [0.24, depth, 0.5], [0.24, depth, 0.5]]),
    )  # fmt: skip
    painter.put(rim, Material.CONCRETE, painter.color * 0.6 + 0.08)
    if rng.random() < 0.6:
        x = rng.uniform(-0.3, 0.3) * width
        hut = boxes([x, -depth / 2, height + 1.35], [min(4, width * 0.4), 4, 2.4])
        painter.put(hut, Material.CONCRETE, grey)
    if detail:
        _put_clutter(painter, rng, width, depth, height + 0.25)


def _put_clutter(
    painter: Painter, rng: np.random.Generator, width: float, depth: float, level: float
) -> None:
    """Vents, air conditioners and aerials on a flat roof."""
    count = int(rng.integers(2, 6))
    x, y = rng.uniform(-0.42, 0.42, count) * width, -rng.uniform(0.12, 0.8, count) * depth
    size = rng.uniform([0.6, 0.6, 0.5], [1.8, 1.4, 1.3], (count, 3))
    units = boxes(np.stack([x, y, level + size[:, 2] / 2], -1), size)
    painter.put(units, Material.METAL, (0.33, 0.34, 0.34))
    pipes = [
        cylinder([px, py, level], [px, py, level + rng.uniform(0.6, 1.4)], 0.16, sides=8)
        for px, py in zip(
            rng.uniform(-0.4, 0.4, 3) * width, rng.uniform(-0.7, -0.1, 3) * depth, strict=True
        )
    ]
    painter.put(merge(pipes), Material.METAL, (0.28,) * 3)
    _put_aerial(painter, rng, rng.uniform(-0.4, 0.4) * width, -depth * 0.4, level)


def _put_aerial(
    painter: Painter, rng: np.random.Generator, x: float, y: float, level: float
) -> None:
    """A television aerial: a mast with cross-bars."""
    top = level + rng.uniform(1.6, 3.0)
    bars = top - np.array([0.15, 0.45, 0.75])
    starts = [[x, y, level], *([x - 0.45, y, z] for z in bars)]
    ends = [[x, y, top], *([x + 0.45, y, z] for z in bars)]
    painter.put(cylinders(starts, ends, 0.022, sides=4), Material.METAL, (0.22,) * 3)


def _put_pitched_roof(
    painter: Painter, rng: np.random.Generator, width: float, depth: float, height: float,
    color: Array, dense: bool, detail: bool,
) -> None:  # fmt: skip
    rise = rng.uniform(2.4, 4.2)
    shape = rng.random()
    if not dense and shape < 0.5:
        _put_gable_to_street(painter, width, depth, height, rise, color)
    elif dense and shape < 0.3 and detail:
        _put_mansard(painter, rng, width, depth, height, color)
        rise = 3.0
    else:
        _put_ridge_along_street(painter, width, depth, height, rise, color)
        if detail:
            _put_dormers(painter, rng, width, depth, height, rise, color)
    _put_chimneys(painter, rng, width, depth, height + rise, detail)


def _put_slopes(painter: Painter, slopes: list[list[list[float]]], color: Array) -> None:
    """Tiled slopes; the first edge of each is its eaves, coordinates run along and up it."""
    corners = np.asarray(slopes, float)
    along = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    up = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    own = np.zeros_like(corners)
    own[:, 1:3, 0] = along[:, None]
    own[:, 2:, 1] = up[:, None]
    painter.put(quads(corners, own), Material.ROOF_TILE, color)


def _put_gable_to_street(
    painter: Painter, width: float, depth: float, height: float, rise: float, color: Array
) -> None:
    half, over = width / 2 + 0.45, 0.45
    front, back, ridge = over, -depth - over, height + rise
    low = height - 0.45 * rise / half
    slopes = [
        [[-half, back, low], [-half, front, low], [0, front, ridge], [0, back, ridge]],
        [[half, front, low], [half, back, low], [0, back, ridge], [0, front, ridge]],
    ]
    _put_slopes(painter, slopes[0:1], color)
    _put_slopes(painter, slopes[1:2], color)
    for y in (0.0, -depth):
        left, right = [-width / 2, y, height], [width / 2, y, height]
        first, second = (right, left) if y == 0 else (left, right)
        painter.put(quads([[first, second, [0, y, ridge - 0.1], [0, y, ridge - 0.1]]]))
    attic = rectangles(-0.5, 0.5, height + rise * 0.2, height + rise * 0.2 + 1.1, 0.02)
    own = np.array([[1.0, 0, 0.3], [0, 0, 0.3], [0, 1.1, 0.3], [1, 1.1, 0.3]])
    painter.put(attic._replace(coordinates=own), Material.WINDOW, (1.0, 1.1, 0.0))


def _put_ridge_along_street(
    painter: Painter, width: float, depth: float, height: float, rise: float, color: Array
) -> None:
    half, over = width / 2 + 0.05, 0.4
    ridge, middle = height + rise, -depth / 2
    low = height - over * rise / (depth / 2)
    slopes = [
        [[half, over, low], [-half, over, low], [-half, middle, ridge], [half, middle, ridge]],
        [
            [-half, -depth - over, low],
            [half, -depth - over, low],
            [half, middle, ridge],
            [-half, middle, ridge],
        ],
    ]
    _put_slopes(painter, slopes, color)
    for x, order in ((width / 2, 1), (-width / 2, -1)):
        foot = [[x, -depth, height], [x, 0, height]][::order]
        painter.put(quads([[*foot, [x, middle, ridge], [x, middle, ridge]]]))
    gutter = cylinder(
        [-half, over + 0.06, low + 0.02], [half, over + 0.06, low + 0.02], 0.08, sides=6
    )
    painter.put(gutter, Material.METAL, (0.24,) * 3)


def _put_dormers(
    painter: Painter, rng: np.random.Generator, width: float, depth: float,
    height: float, rise: float, color: Array,
) -> None:  # fmt: skip
    """Dormers or skylights on the street side."""
    places = -width / 2 + 2.0 + 4.0 * np.arange(int(width / 4))
    places = places[rng.random(len(places)) < 0.6]
    if not len(places):
        return
    skylights = rng.random() < 0.35
    y, z = -depth * 0.12, height + rise * 0.24
    if skylights:
        slope = rise / (depth / 2)
        for x in places:
            low, high = [x, y - 0.2, z + 0.1 + 0.2 * slope], [x, y - 1.3, z + 0.1 + 1.3 * slope]
            corners = [
                [x + 0.45, *low[1:]],
                [x - 0.45, *low[1:]],
                [x - 0.45, *high[1:]],
                [x + 0.45, *high[1:]],
            ]
            own = [[[0.9, 0, 0.2], [0, 0, 0.2], [0, 1.2, 0.2], [0.9, 1.2, 0.2]]]
            painter.put(quads([corners], own), Material.WINDOW, (0.9, 1.2, 0.0))
        return
    middle = z + 0.5
    painter.slabs(places, y - 1.0, middle, [1.5, 2.0, 1.5], Material.PLASTER, painter.color * 0.8)
    painter.slabs(places, y - 0.9, middle + 0.8, [1.8, 2.3, 0.12], Material.ROOF_TILE, color)
    panes = rectangles(places - 0.5, places + 0.5, middle - 0.55, middle + 0.55, y + 0.02)
    own = np.tile([[1.0, 0, 0.3], [0, 0, 0.3], [0, 1.1, 0.3], [1, 1.1, 0.3]], (len(places), 1))
    painter.put(panes._replace(coordinates=own), Material.WINDOW, (1.0, 1.1, 0.0))


def _put_mansard(
    painter: Painter,
    rng: np.random.Generator,
    width: float,
    depth: float,
    height: float,
    color: Array,
) -> None:
    """A steep attic storey with windows under a flat top."""
    half, rise, inset = width / 2, 2.9, 0.9
    top = height + rise
    rim = [(-half, 0.0), (half, 0.0), (half, -depth), (-half, -depth)]
    head = [(-half, -inset), (half, -inset), (half, -depth + inset), (-half, -depth + inset)]
    slopes = []
    for index in (0, 2):
        after = (index + 1) % 4
        slopes.append(
            [[*rim[after], height], [*rim[index], height], [*head[index], top], [*head[after], top]]
        )
    _put_slopes(painter, slopes, color)
    for x, order in ((half, 1), (-half, -1)):
        corners = [[x, -depth, height], [x, 0, height], [x, -inset, top], [x, inset - depth, top]]
        painter.put(quads([corners[::order]]))
    painter.put(
        boxes([0, -depth / 2, top], [width, depth - 2 * inset + 0.3, 0.2]),
        Material.CONCRETE,
        (0.25,) * 3,
    )
    places = -half + 1.6 + np.arange(max(1, int((width - 1.6) / 2.6))) * 2.6
    painter.slabs(
        places, -0.75, height + 1.35, [1.35, 1.2, 1.9], Material.PLASTER, painter.color * 0.85
    )
    painter.slabs(places, -0.70, height + 2.36, [1.55, 1.4, 0.12], Material.ROOF_TILE, color)
    panes = rectangles(places - 0.45, places + 0.45, height + 0.65, height + 2.1, -0.13)
    own = np.tile([[0.9, 0, 0.4], [0, 0, 0.4], [0, 1.45, 0.4], [0.9, 1.45, 0.4]], (len(places), 1))
    own[:, 2] = np.repeat(rng.random(len(places)), 4)
    painter.put(panes._replace(coordinates=own), Material.WINDOW, (0.9, 1.45, 0.0))


def _put_chimneys(
    painter: Painter,
    rng: np.random.Generator,
    width: float,
    depth: float,
    ridge: float,
    detail: bool,
) -> None:
    for _ in range(int(rng.integers(1, 3))):
        x, y = rng.uniform(-0.4, 0.4) * width, -depth * 0.5 + rng.uniform(-1, 1)
        stack = boxes([[x, y, ridge], [x, y, ridge + 1.0]], [[0.9, 0.6, 2.0], [1.0, 0.7, 0.12]])
        painter.put(stack, Material.BRICK, _CHIMNEY)
        if detail:
            pots = [
                cylinder([x + o, y, ridge + 1.0], [x + o, y, ridge + 1.4], 0.12, 0.10, sides=7)
                for o in (-0.22, 0.22)
            ]
            painter.put(merge(pots), Material.PLASTER, (0.30, 0.13, 0.08))
    if detail and rng.random() < 0.6:
        _put_aerial(painter, rng, rng.uniform(-0.4, 0.4) * width, -depth / 2, ridge - 0.3)


def backdrop_building(
    mesh: Mesh,
    rng: np.random.Generator,
    transform: Transform,
    *,
    width: float,
    depth: float,
    height: float,
    surface: Surface,
    instance_id: int | None = None,
) -> None:
    """A far block: local x away from the viewer (its depth), local y across (its width)."""
    painter = Painter(
        mesh, transform, surface.material, surface.color, float(rng.random()), instance_id
    )
    style = replace(
        _draw_style(rng, surface.material, painter.color, True, "plain", depth),
        ground=3.4, floor=3.2, bay=3.2, window=(1.3, 1.6),
    )  # fmt: skip
    x, y = depth / 2, width / 2
    for start, yaw, size in (
        ([-x, -y, 0], -np.pi / 2, width),
        ([x, -y, 0], np.pi, depth),
        ([-x, y, 0], 0.0, depth),
    ):
        put_facade(painter.facing(start, yaw), rng, style, size, height, detail=False)
    roof = _ROOF_COLORS[rng.integers(len(_ROOF_COLORS))]
    painter.put(boxes([0, 0, height + 0.1], [depth, width, 0.4]), Material.CONCRETE, (0.25,) * 3)
    if surface.material != Material.CURTAIN_WALL and rng.random() < 0.6:
        ridge = height + 3.2
        slopes = [
            [[-x, y, height], [-x, -y, height], [0, -y * 0.9, ridge], [0, y * 0.9, ridge]],
            [[x, -y, height], [x, y, height], [0, y * 0.9, ridge], [0, -y * 0.9, ridge]],
        ]
        _put_slopes(painter, slopes, np.asarray(roof))
