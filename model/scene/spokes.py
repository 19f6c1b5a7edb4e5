"""Spokes: what is seen through the wheels of cycles, which label maps show as the cycle.

A map without the wheels would show the ground behind them, so that is what a generator is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scene.figures import SMALLEST, Figure, Figures, find_figures
from model.scene.geometry import Rect
from model.scene.surface_labels import SurfaceLabels, member
from model.scene.thing_drawings import HUBS, INSIDE

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Spokes:
    """Where one sees through wheels in a whole picture.

    Attributes:
        width: of the picture.
        at: (k,) int64, those pixels, counted row by row, ascending.
        behind: (k,) int64, the pixels that show what is seen there.
    """

    width: int
    at: NDArray[np.int64]
    behind: NDArray[np.int64]

    def seen[Number: np.integer](self, whole: NDArray[Number]) -> NDArray[Number]:
        """A map (H, W), and what is seen through wheels in it."""
        seen = whole.copy()
        self.put(Rect(0, 0, self.width, len(whole)), seen, whole)
        return seen

    def put(self, rect: Rect, part: NDArray[np.integer], whole: NDArray[np.integer]) -> None:
        """Writes what is seen into `part` (h, w) of a rectangle, which `whole` (H, W) tells."""
        there = slice(*np.searchsorted(self.at, (rect.y0 * self.width, rect.y1 * self.width)))
        down, across = np.divmod(self.at[there], self.width)
        inside = (across >= rect.x0) & (across < rect.x1)
        behind = np.divmod(self.behind[there][inside], self.width)
        part[down[inside] - rect.y0, across[inside] - rect.x0] = whole[behind]


def seen_through[Label: np.integer, Id: np.integer](
    labels: NDArray[Label],
    instances: NDArray[Id],
    known: SurfaceLabels,
    figures: Figures | None = None,
) -> tuple[NDArray[Label], NDArray[Id]]:
    """Whole maps (H, W) as one sees them: these themselves where nothing is seen through.

    figures: of `find_figures`, if that is known already.
    """
    if figures is None:
        figures = find_figures(labels, instances, known)
    spokes = find_spokes(labels, instances, known, figures)
    return (labels, instances) if spokes is None else (spokes.seen(labels), spokes.seen(instances))


def find_spokes(
    labels: NDArray[np.integer],
    instances: NDArray[np.integer],
    known: SurfaceLabels,
    figures: Figures,
) -> Spokes | None:
    """Of whole (H, W) maps, and their `find_figures`; None where no cycle is seen through.

    What is behind is taken from the nearest pixel of the same row that shows ground, walls or
    green, as far away as the cycle is long at most.
    """
    at = np.flatnonzero(member(labels, known.spoked))
    owners, down, across = instances.ravel()[at], *np.divmod(at, labels.shape[1])
    found = [(_NOTHING, _NOTHING)]
    for owner in np.unique(owners).tolist():
        x, y = across[owners == owner], down[owners == owner]
        seen = Rect(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)
        whole, from_end = figures.get(owner, Figure(seen, second=False))
        if seen.height >= SMALLEST and not from_end:
            found.append(_behind(labels, instances, owner, seen, whole, known))
    at, behind = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(at, kind="stable")
    return Spokes(labels.shape[1], at[order], behind[order]) if len(order) else None


def _behind(
    labels: NDArray[np.integer], instances: NDArray[np.integer], owner: int, box: Rect,
    whole: Rect, known: SurfaceLabels,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """`at` and `behind` of one cycle, by the box of what is seen of it and that of the whole."""
    columns, rows = np.arange(box.x0, box.x1), np.arange(box.y0, box.y1)[:, None]
    across, above = (columns + 0.5 - whole.x0) / whole.width, (box.y1 - 0.5 - rows) / box.height
    wide, high = INSIDE
    away = np.min([np.hypot((across - x) / wide, (above - up) / high) for x, up in HUBS], 0)
    own = (instances[box.slices] == owner) & member(labels[box.slices], known.spoked)
    down, along = np.nonzero(own & (away < 1))
    width = labels.shape[1]
    around = Rect(max(0, box.x0 - box.width), box.y0, min(width, box.x1 + box.width), box.y1)
    standing = (*known.ground, *known.walls, *known.foliage, *known.lawns)
    told = member(labels[around.slices], standing)
    columns = np.arange(around.x0, around.x1)
    left = np.maximum.accumulate(np.where(told, columns, -2 * width), 1)
    right = np.minimum.accumulate(np.where(told, columns, 3 * width)[:, ::-1], 1)[:, ::-1]
    along += box.x0
    left, right = (side[down, along - around.x0] for side in (left, right))
    nearest = np.where(along - left <= right - along, left, right)
    seen = (nearest >= 0) & (nearest < width)
    start = (down + box.y0) * width
    return (start + along)[seen], (start + nearest)[seen]
