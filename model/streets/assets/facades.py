"""House fronts: walls with windows, doors and shops, in several families."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from model.scene.street_grid import BOARD
from model.streets.assets.openings import (
    DOOR,
    IRON,
    SHOP,
    WINDOW,
    Cells,
    FacadeStyle,
    make_cells,
    put_balconies,
    put_openings,
    put_panes,
    put_window_trim,
)
from model.streets.assets.painter import Painter
from model.streets.materials import Material
from model.streets.mesh import Array
from model.streets.primitives import cylinder, grid, quads, sphere

FACADE_FAMILIES = ("plain", "bays", "pilasters", "panels", "arcade")


def put_facade(
    painter: Painter,
    rng: np.random.Generator,
    style: FacadeStyle,
    width: float,
    height: float,
    *,
    detail: bool = True,
) -> None:
    """One front from x = 0 to width, z = 0 to height, in the plane y = 0 facing +y.

    Without detail the windows lie flush in one wall, for fronts seen from afar.
    """
    if painter.material == Material.CURTAIN_WALL:
        _put_curtain(painter, style, width, height)
        return
    floors = max(1, round((height - style.ground) / style.floor))
    storey = (height - style.ground) / floors
    columns = max(1, int((width - 2 * style.margin) / style.bay))
    edges = style.margin + np.arange(columns + 1) * (width - 2 * style.margin) / columns
    upper = _upper_cells(style, edges, floors, storey)
    if not detail:
        painter.wall(0.0, width, 0.0, height)
        put_panes(painter, rng, upper, depth=-0.03, plain=style.plain)
        return
    bays = _bay_columns(style, rng, columns, width, floors)
    solid = ~np.isin(np.tile(np.arange(columns), floors), bays)
    painter.wall([0, width - style.margin], [style.margin, width], 0.0, height)
    ground = _ground_cells(style, rng, edges)
    for cells in (upper.chosen(solid), ground):
        if cells is not None and len(cells.left):
            put_openings(painter, rng, style, cells)
    if ground is not None and not style.shop:
        _put_plinth(painter, ground, width)
    if style.family == "arcade" and style.shop:
        _put_arcade(painter, rng, style, edges)
    put_window_trim(painter, style, upper.chosen(solid))
    put_balconies(painter, rng, style, upper.chosen(solid))
    for column in bays:
        _put_bay(painter, rng, style, edges[column], edges[column + 1], floors, storey)
    if style.shop:
        _put_shop_fronts(painter, rng, style, edges)
    _put_bands(painter, style, width, height, floors, storey, edges)
    if not style.plain:
        _put_fittings(painter, rng, style, edges, floors, storey)


def _put_fittings(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle,
    edges: Array, floors: int, storey: float,
) -> None:  # fmt: skip
    """What people add to a front: air conditioners, dishes, wall lamps, a house number."""
    count = int(rng.integers(0, 5))
    columns = rng.integers(1, len(edges), count) if len(edges) > 1 else np.zeros(0, int)
    x = edges[columns] + rng.uniform(-0.08, 0.08, count)
    z = style.ground + storey * (rng.integers(0, floors, count) + rng.uniform(0.25, 0.75, count))
    if count:
        painter.slabs(x, 0.16, z, [0.62, 0.30, 0.44], Material.PAINT, (0.55, 0.55, 0.53), 0.5)
        painter.slabs(x - 0.08, 0.315, z, [0.34, 0.02, 0.34], Material.PAINT, (0.07,) * 3, 0.7)
    for _ in range(int(rng.integers(0, 3))):
        column, floor = int(rng.integers(len(edges))), int(rng.integers(floors))
        center = [edges[column], 0.42, style.ground + storey * (floor + 0.35)]
        dish = sphere(center, [0.33, 0.09, 0.33], sides=12, rings=7)
        painter.put(dish, Material.PAINT, (0.5, 0.5, 0.49), 0.4)
        painter.slabs(
            edges[column] - 0.03, 0.2, center[2], [0.06, 0.42, 0.06], Material.METAL, IRON
        )
    if rng.random() > 0.4:
        return
    lamps = edges[:: max(1, len(edges) // 2)]
    painter.slabs(lamps, 0.14, 2.45, [0.16, 0.26, 0.34], Material.PAINT, IRON, 0.4)
    painter.slabs(lamps, 0.275, 2.42, [0.10, 0.02, 0.2], Material.LAMP, (0.7, 0.66, 0.55))


def _upper_cells(style: FacadeStyle, edges: Array, floors: int, storey: float) -> Cells:
    columns = len(edges) - 1
    left, right = np.tile(edges[:-1], floors), np.tile(edges[1:], floors)
    low = style.ground + storey * np.repeat(np.arange(floors, dtype=float), columns)
    sill = 0.85 if style.window[1] < storey - 1.0 else 0.25
    return make_cells(
        left, right, low, low + storey, style.window, sill, np.full(len(left), WINDOW)
    )


def _ground_cells(style: FacadeStyle, rng: np.random.Generator, edges: Array) -> Cells | None:
    """Shops or ground-floor windows, and one door."""
    columns = len(edges) - 1
    door = int(rng.integers(columns))
    if style.family == "arcade" and style.shop:
        return None
    bay, low = edges[1] - edges[0], np.zeros(columns)
    kind = np.full(columns, SHOP if style.shop else WINDOW)
    kind[door] = DOOR
    wide = np.where(kind == DOOR, 1.25, bay * 0.88 if style.shop else style.window[0])
    tall = np.where(kind == DOOR, 2.55, style.ground - 1.1 if style.shop else style.window[1])
    rest = 0.3 if style.shop else max(0.9, style.ground - style.window[1] - 0.7)
    sill = np.where(kind == DOOR, 0.05, rest)
    return make_cells(edges[:-1], edges[1:], low, low + style.ground, (wide, tall), sill, kind)


def _bay_columns(
    style: FacadeStyle, rng: np.random.Generator, columns: int, width: float, floors: int
) -> list[int]:
    """Columns that step out of the front as oriels."""
    if style.family != "bays" or columns < 3 or width < 8 or floors < 2:
        return []
    step, first = int(rng.integers(2, 4)), int(rng.integers(0, 2))
    return list(range(first, columns, step))


def _put_bay(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle,
    left: float, right: float, floors: int, storey: float,
) -> None:  # fmt: skip
    """An oriel over all upper storeys but the last, with its own windows."""
    out, low = 0.75, style.ground
    tall = storey * max(1, floors - 1)
    top = low + tall
    flat = replace(style, family="plain", ground=0.0, shop=False, balconies=False, bay=right - left)
    cells = _upper_cells(flat, np.array([left, right]), max(1, floors - 1), storey)
    moved = painter.facing([0, out, low], 0.0)
    put_openings(moved, rng, flat, cells)
    put_window_trim(moved, flat, cells)
    for x, yaw in ((left, -np.pi / 2), (right, np.pi / 2)):
        start = [x, 0.0 if yaw < 0 else out, low]
        painter.facing(start, yaw).wall(0.0, out, 0.0, tall)
    middle, wide = (left + right) / 2, right - left
    for z, size in ((low - 0.08, 0.24), (top + 0.06, 0.16)):
        painter.slabs(
            middle, out / 2 + 0.05, z, [wide + 0.16, out + 0.2, size], Material.PLASTER, style.trim
        )
    if floors > 1:
        cells = _upper_cells(flat, np.array([left, right]), 1, storey)
        put_openings(painter.facing([0, 0, top], 0.0), rng, flat, cells)


def _put_arcade(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle, edges: Array
) -> None:
    """Round arches on the ground floor before a recessed row of shops."""
    depth, bay, steps = 2.2, edges[1] - edges[0], 9
    half = bay * 0.38
    spring = max(style.ground - 0.55 - half, 1.6)
    rise = style.ground - 0.55 - spring
    angles = np.linspace(np.pi, 0, steps)
    material, color = style.ground_material, style.ground_color
    for left, right in pairwise(edges):
        middle = (left + right) / 2
        x = np.concatenate([[-half], half * np.cos(angles), [half]]) + middle
        z = np.concatenate([[0.0], spring + rise * np.sin(angles), [0.0]])
        above = np.stack(
            [np.stack([x, 0 * x, z], -1), np.stack([x, 0 * x, 0 * z + style.ground], -1)]
        )
        spandrel = grid(above[:, 1:-1][:, ::-1])
        own = spandrel.positions[:, [0, 2, 1]]
        painter.put(spandrel._replace(coordinates=own), material, color)
        soffit = np.stack([np.stack([x, 0 * x, z], -1), np.stack([x, 0 * x - 0.5, z], -1)])
        painter.put(grid(soffit), Material.PLASTER, np.asarray(color) * 0.8)
        painter.wall(
            [left, middle + half], [middle - half, right], 0.0, style.ground, 0.0, material, color
        )
    start, end = float(edges[0]), float(edges[-1])
    ceiling = [
        [start, -depth, style.ground - 0.3],
        [end, -depth, style.ground - 0.3],
        [end, 0, style.ground - 0.3],
        [start, 0, style.ground - 0.3],
    ]
    painter.put(quads([ceiling]), Material.PLASTER, np.asarray(color) * 0.6)
    kind = np.full(len(edges) - 1, SHOP)
    kind[int(rng.integers(len(kind)))] = DOOR
    low = np.zeros(len(kind))
    cells = make_cells(edges[:-1], edges[1:], low, low + style.ground, (bay * 0.8, 2.5), 0.3, kind)
    put_openings(painter.facing([0, -depth, 0], 0.0), rng, replace(style, reveal=0.1), cells)


def _put_shop_fronts(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle, edges: Array
) -> None:
    """Name boards over one or two shops, signs that stick out, awnings.

    On plain fronts one board over all of them, as dark as the wall's own colour can be: of any
    other a map tells nothing.
    """
    columns = len(edges) - 1
    split = columns
    if columns > 2 and not style.plain and rng.random() < 0.7:
        split = int(rng.integers(1, columns))
    bay = edges[1] - edges[0]
    for first, last in ((0, split), (split, columns)):
        if first == last:
            continue
        left, right = edges[first] + 0.15, edges[last] - 0.15
        color, tall = rng.uniform(0.04, 0.55, 3) * rng.uniform(0.5, 1.1), rng.uniform(0.46, 0.68)
        if style.plain:
            color, tall = painter.color * 0.3, BOARD[1] - BOARD[0]
        low = style.ground - 0.45 - tall / 2
        painter.board(left, right, low, low + tall, color, float(rng.random()))
        if not style.plain and rng.random() < 0.6:
            x, size = rng.choice([left, right]), rng.uniform(0.5, 0.85)
            level = style.ground + 0.25
            painter.slabs(x, 0.55, level, [0.12, size, size], Material.PAINT, color, 0.4)
            painter.slabs(x, 0.1, level, [0.04, 0.24, 0.04], Material.METAL, IRON)
        if style.awnings and style.family != "arcade":
            cloth = np.asarray(style.accent) * rng.uniform(0.8, 1.4)
            for column in range(first, last):
                _put_awning(painter, edges[column] + 0.1, bay - 0.2, style.ground - 0.75, cloth)


def _put_awning(painter: Painter, left: float, wide: float, top: float, color: Array) -> None:
    right, front = left + wide, 1.25
    slope = [
        [left, 0.05, top],
        [left, front, top - 0.55],
        [right, front, top - 0.55],
        [right, 0.05, top],
    ]
    fall = [
        [left, front, top - 0.55],
        [left, front, top - 0.8],
        [right, front, top - 0.8],
        [right, front, top - 0.55],
    ]
    own = [[[0, 1, 0], [0, 0, 0], [wide, 0, 0], [wide, 1, 0]]] * 2
    painter.put(quads([slope, fall], own), Material.CLOTH, color, 7.0)


def _put_bands(
    painter: Painter, style: FacadeStyle, width: float, height: float,
    floors: int, storey: float, edges: Array,
) -> None:  # fmt: skip
    """Cornice, string courses, pilasters, joints and the rain pipe."""
    plaster, middle = Material.PLASTER, width / 2
    if style.family == "panels":
        joints = style.ground + np.arange(1, floors) * storey
        if floors > 1:
            painter.slabs(
                middle, 0.006, joints, [width, 0.012, 0.04], Material.PAINT, (0.10,) * 3, 0.9
            )
        painter.slabs(
            edges, 0.006, height / 2, [0.035, 0.012, height], Material.PAINT, (0.10,) * 3, 0.9
        )
        painter.slabs(middle, 0.02, height + 0.2, [width, 0.16, 0.5], Material.CONCRETE, style.trim)
    else:
        painter.slabs(middle, 0.14, height - 0.15, [width + 0.3, 0.5, 0.3], plaster, style.trim)
        painter.slabs(middle, 0.08, height - 0.42, [width + 0.1, 0.25, 0.18], plaster, style.trim)
    if style.surround or style.shop:
        painter.slabs(middle, 0.06, style.ground + 0.05, [width, 0.2, 0.18], plaster, style.trim)
    if style.family == "pilasters":
        tall = height - style.ground - 0.4
        strips = edges if len(edges) < 5 else edges[:: 2 if len(edges) % 2 else 1]
        painter.slabs(
            strips, 0.07, style.ground + tall / 2, [0.42, 0.18, tall], plaster, style.trim
        )
        painter.slabs(strips, 0.10, height - 0.62, [0.62, 0.28, 0.28], plaster, style.trim)
        painter.slabs(strips, 0.10, style.ground + 0.25, [0.58, 0.26, 0.4], plaster, style.trim)
        levels = style.ground + np.arange(1, floors) * storey
        if floors > 1:
            painter.slabs(middle, 0.05, levels, [width, 0.12, 0.12], plaster, style.trim)
    pipe = cylinder(
        [width - 0.25, 0.12, 0], [width - 0.25, 0.12, height], 0.055, sides=6, capped=False
    )
    painter.put(pipe, Material.METAL, (0.25, 0.25, 0.24))


def _put_plinth(painter: Painter, ground: Cells, width: float) -> None:
    """A stone base that leaves the doors free."""
    doors = ground.chosen(ground.kind == DOOR)
    left = np.concatenate([[0.0], doors.x1 + 0.05])
    right = np.concatenate([doors.x0 - 0.05, [width]])
    size = np.stack([right - left, np.full_like(left, 0.08), np.full_like(left, 0.6)], -1)
    color = painter.color * 0.45
    painter.slabs((left + right) / 2, 0.03, 0.3, size, Material.CONCRETE, color)


def _put_curtain(painter: Painter, style: FacadeStyle, width: float, height: float) -> None:
    """A glass front with floor bands and mullions."""
    painter.wall(0.0, width, 0.0, height)
    floors = max(1, round((height - style.ground) / style.floor))
    levels = style.ground + np.arange(floors) * (height - style.ground) / floors
    painter.slabs(width / 2, 0.06, levels, [width, 0.12, 0.22], Material.METAL, (0.18, 0.19, 0.20))
    columns = max(1, int(width / style.bay))
    places = style.margin + np.arange(columns + 1) * (width - 2 * style.margin) / columns
    painter.slabs(
        places, 0.08, height / 2, [0.08, 0.16, height], Material.METAL, (0.20, 0.21, 0.22)
    )
