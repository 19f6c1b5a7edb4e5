"""Trunks: what of trees in a label map carries no leaves, told from its shape.

Label maps show trunk and crown as one. A trunk is narrow and upright, and a crown lies above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.surface_labels import SurfaceLabels, member

NOTHING = 255  # a label that no group knows
_ACROSS = 512  # cells that a picture's width is thinned to
_WIDTHS = (3, 5, 8, 12, 18, 27, 40, 60)  # cells: a trunk is narrower than one of these
_TALL, _TALLER = 2, 3  # times such a width: as high it is at least; if no crown is seen above it
_POLE = 5  # cells: what is as narrow before a crown does not divide it


@dataclass(frozen=True, slots=True, eq=False)
class Trunks:
    """Attributes:
    side: pixels of a cell; cells: (h, w) bool, where trunks are.
    """

    side: int
    cells: NDArray[np.bool_]

    def left_out[Number: np.integer](
        self, rect: Rect, labels: NDArray[Number], known: SurfaceLabels
    ) -> NDArray[Number]:
        """`labels` (h, w) of a rectangle, as `known` shows trunks where trees have them.

        That is `labels` itself where there are none.
        """
        down, across = (
            np.minimum(np.arange(start, end) // self.side, last - 1)
            for start, end, last in zip(
                (rect.y0, rect.x0), (rect.y1, rect.x1), self.cells.shape, strict=True
            )
        )
        rows = np.flatnonzero(self.cells[:, across[0] : across[-1] + 1].any(1)[down])
        if not len(rows):
            return labels
        band = slice(rows[0], rows[-1] + 1)
        shown = labels.copy()
        there = self.cells[np.ix_(down[band], across)] & member(shown[band], known.trees)
        shown[band][there] = known.trunks[0] if known.trunks else NOTHING
        return shown


def without_trunks[Number: np.integer](
    labels: NDArray[Number], known: SurfaceLabels
) -> NDArray[Number]:
    """A whole (H, W) map as `Trunks.left_out` leaves it."""
    height, width = labels.shape
    trunks = find_trunks(labels, known.trees)
    return labels if trunks is None else trunks.left_out(Rect(0, 0, width, height), labels, known)


def find_trunks(labels: NDArray[np.integer], trees: tuple[int, ...]) -> Trunks | None:
    """The trunks of these labels in a whole (H, W) map; None: there are none."""
    side = max(1, labels.shape[1] // _ACROSS)
    tree = member(labels[side // 2 :: side, side // 2 :: side], trees)
    found, rows = np.zeros_like(tree), np.flatnonzero(tree.any(1))
    if len(rows):
        band = slice(rows[0], rows[-1] + 1)
        found[band] = _found(tree[band], cut=rows[0] == 0)
    if not found.any():
        return None
    found[:, 1:] |= found[:, :-1].copy()  # pixels at their sides, in cells that show something else
    found[:, :-1] |= found[:, 1:].copy()
    return Trunks(side, found)


def _found(tree: NDArray[np.bool_], *, cut: bool) -> NDArray[np.bool_]:
    """Where trunks are in (h, w) cells; cut: what reaches the first row goes on above it."""
    whole = tree | (_runs(~tree).lengths <= _POLE)
    across, runs = _runs(whole), tree.size + len(tree)
    own = (
        across.before
        + np.int32(1)
        + np.arange(len(tree), dtype=np.int32)[:, None] * (tree.shape[1] + 1)
    )  # which run of all a cell belongs to
    columns = np.ascontiguousarray(whole.T)
    found, last, early = (np.zeros(runs, bool) for _ in range(3))
    for width in _WIDTHS:
        narrow = whole & (across.lengths < width)
        up = _runs(np.ascontiguousarray(narrow.T))
        crowned = np.take_along_axis(columns, np.maximum(up.before, 0), 1) & (up.before >= 0)
        tall = crowned & (up.lengths >= _TALL * width)
        if cut:
            tall |= (up.before < 0) & (up.lengths >= _TALLER * width)
        # What goes on from a trunk much narrower than that is its crown, cut by the picture's side.
        tall &= ~_any_in(up, early[own].T)
        early |= last
        last = np.zeros(runs, bool)
        last[own[tall.T]] = True
        found |= last
    return found[own] & whole


def _any_in(runs: _Runs, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(h, w) whether a cell's run holds a chosen one."""
    count = np.pad(np.cumsum(chosen, 1, dtype=np.int16), ((0, 0), (1, 0)))
    first, last = (np.take_along_axis(count, runs.before + end, 1) for end in (1, 1 + runs.lengths))
    return first < last


@dataclass(frozen=True, slots=True)
class _Runs:
    """Attributes:
    lengths: (h, w), of the run in its row that a cell belongs to; 0 outside.
    before: (h, w), column of the last cell before that run, -1 where it begins the row.
    """

    lengths: NDArray[np.int16]
    before: NDArray[np.int16]


def _runs(mask: NDArray[np.bool_]) -> _Runs:
    width = mask.shape[1]
    columns = np.arange(width, dtype=np.int16)
    before = np.maximum.accumulate(np.where(mask, np.int16(-1), columns), 1)
    last = np.where(mask, np.int16(width), columns)[:, ::-1]
    after = np.minimum.accumulate(last, 1)[:, ::-1]
    return _Runs(np.where(mask, after - before - np.int16(1), np.int16(0)), before)
