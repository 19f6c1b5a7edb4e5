"""Windows and doors of a house front: reveals, panes, frames, shutters, balconies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.streets.assets.painter import Painter, rectangles
from model.streets.materials import Material
from model.streets.mesh import Array, Color
from model.streets.primitives import quads

WINDOW, SHOP, DOOR = 0, 1, 2
IRON = (0.06, 0.06, 0.06)


@dataclass(frozen=True)
class FacadeStyle:
    """Measures in metres and choices shared by the fronts of one house."""

    family: str
    ground: float
    floor: float
    bay: float
    window: tuple[float, float]
    reveal: float
    shop: bool
    surround: bool
    shutters: bool
    balconies: bool
    awnings: bool
    trim: Color
    accent: Color
    ground_material: Material
    ground_color: Color
    margin: float = 0.5  # of plain wall at either end
    plain: bool = False  # all windows look the same, and nothing is fixed to the wall


@dataclass(frozen=True)
class Cells:
    """Openings of a front, one row per cell of the wall; (N,) arrays in wall metres."""

    left: Array
    right: Array
    low: Array
    high: Array
    x0: Array
    x1: Array
    z0: Array
    z1: Array
    kind: NDArray[np.int_]

    def chosen(self, mask: NDArray[np.bool_]) -> Cells:
        return Cells(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    @property
    def middle(self) -> Array:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> Array:
        return self.x1 - self.x0

    @property
    def height(self) -> Array:
        return self.z1 - self.z0


def make_cells(
    left: Array, right: Array, low: Array, high: Array,
    window: tuple[float | Array, float | Array], sill: float | Array, kind: NDArray[np.int_],
) -> Cells:  # fmt: skip
    """One opening per cell: window (width, height), kept inside the cell, above its sill."""
    wide = np.minimum(window[0], (right - left) * 0.9)
    tall = np.minimum(window[1], high - low - sill - 0.25)
    x0, z0 = (left + right - wide) / 2, low + sill
    return Cells(left, right, low, high, x0, x0 + wide, z0, z0 + tall, kind)


def put_openings(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle, cells: Cells
) -> None:
    """The wall round each opening, its reveals and its pane."""
    ground = style.shop and bool(np.any(cells.kind != WINDOW))
    c = cells
    painter.wall(
        np.concatenate([c.left, c.x1, c.x0, c.x0]),
        np.concatenate([c.x0, c.right, c.x1, c.x1]),
        np.concatenate([c.low, c.low, c.low, c.z1]),
        np.concatenate([c.high, c.high, c.z0, c.high]),
        material=style.ground_material if ground else None,
        color=style.ground_color if ground else None,
    )
    front, back = np.zeros_like(c.x0), np.full_like(c.x0, -style.reveal)
    loops = (
        ((c.x0, front, c.z0), (c.x0, back, c.z0), (c.x0, back, c.z1), (c.x0, front, c.z1)),
        ((c.x1, back, c.z0), (c.x1, front, c.z0), (c.x1, front, c.z1), (c.x1, back, c.z1)),
        ((c.x0, front, c.z0), (c.x1, front, c.z0), (c.x1, back, c.z0), (c.x0, back, c.z0)),
        ((c.x0, back, c.z1), (c.x1, back, c.z1), (c.x1, front, c.z1), (c.x0, front, c.z1)),
    )
    corners = np.concatenate([np.stack([np.stack(p, -1) for p in loop], 1) for loop in loops])
    painter.put(quads(corners), Material.PLASTER, painter.color * 0.9)
    put_panes(painter, rng, cells, style.reveal, plain=style.plain)


def put_panes(
    painter: Painter, rng: np.random.Generator, cells: Cells, depth: float, *, plain: bool = False
) -> None:
    """Glass with what is behind it; plain: dark and alike everywhere."""
    panes = rectangles(cells.x0, cells.x1, cells.z0, cells.z1, -depth)
    count = len(cells.x0)
    own = np.zeros((count, 4, 3))
    own[:, [0, 3], 0] = cells.width[:, None]
    own[:, 2:, 1] = cells.height[:, None]
    own[:, :, 2] = -1.0 if plain else rng.random(count)[:, None]
    look = np.stack([cells.width, cells.height, cells.kind.astype(float)], -1)
    panes = panes._replace(coordinates=own.reshape(-1, 3))
    painter.put(panes, Material.WINDOW, np.repeat(look, 4, axis=0))


def put_window_trim(painter: Painter, style: FacadeStyle, cells: Cells) -> None:
    """Sills, frames, shutters, or the spandrel panels of a prefabricated block."""
    if not len(cells.left):
        return
    middle, wide, tall = cells.middle, float(cells.width.mean()), float(cells.height.mean())
    center = (cells.z0 + cells.z1) / 2
    if style.family == "panels":
        drop = cells.z0 - cells.low
        size = np.stack([np.full_like(drop, wide + 0.1), np.full_like(drop, 0.06), drop * 0.86], -1)
        painter.slabs(middle, 0.03, cells.low + drop / 2, size, Material.CONCRETE, style.accent)
        return
    painter.slabs(
        middle, 0.05, cells.z0 - 0.05, [wide + 0.24, 0.18, 0.09], Material.PLASTER, style.trim
    )
    if style.surround:
        sides = np.concatenate([cells.x0 - 0.07, cells.x1 + 0.07])
        painter.slabs(
            sides, 0.02, np.tile(center, 2), [0.14, 0.06, tall + 0.05], Material.PLASTER, style.trim
        )
        painter.slabs(
            middle, 0.04, cells.z1 + 0.1, [wide + 0.34, 0.12, 0.2], Material.PLASTER, style.trim
        )
    if style.shutters:
        sides = np.concatenate([cells.x0 - wide * 0.26, cells.x1 + wide * 0.26])
        painter.slabs(
            sides,
            0.03,
            np.tile(center, 2),
            [wide * 0.48, 0.05, tall],
            Material.PAINT,
            style.accent,
            0.7,
        )


def put_balconies(
    painter: Painter, rng: np.random.Generator, style: FacadeStyle, cells: Cells
) -> None:
    if not style.balconies or not len(cells.left):
        return
    lefts = np.unique(cells.left)
    picked = rng.choice(lefts, max(1, len(lefts) // 3), replace=False)
    mask = np.isin(cells.left, picked) & (cells.low > style.ground + 0.5)
    if not mask.any():
        return
    x, floor = cells.middle[mask], cells.low[mask] + 0.05
    bay = float(cells.right[0] - cells.left[0])
    wide = min(bay * 1.05, 2.8)
    painter.slabs(x, 0.55, floor, [wide, 1.1, 0.16], Material.CONCRETE, (0.45, 0.44, 0.42))
    if rng.random() < 0.5:
        painter.slabs(x, 1.08, floor + 0.55, [wide, 0.04, 0.9], Material.PAINT, style.accent)
    else:
        painter.slabs(x, 1.08, floor + 1.02, [wide, 0.05, 0.05], Material.METAL, IRON)
        bars = np.linspace(-wide / 2, wide / 2, int(wide / 0.15))
        painter.slabs(
            x[:, None] + bars, 1.08, floor[:, None] + 0.5, [0.02, 0.02, 1.0], Material.METAL, IRON
        )
    ends = np.concatenate([x - wide / 2, x + wide / 2])
    painter.slabs(ends, 0.6, np.tile(floor, 2) + 0.6, [0.03, 1.0, 0.95], Material.METAL, (0.1,) * 3)
