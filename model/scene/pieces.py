"""Pieces: every traffic light, fence and sign on its own, though label maps show each kind as one.

Things are drawn by the boxes of instances. Lights, fences and signs are no instances in label maps:
the box of all of a kind spans the street, so each connected piece gets a box here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.reference import boxes_of
from model.scene.surface_labels import SurfaceLabels

DISC, TRIANGLE, DIAMOND, SQUARE, BOARD = range(5)
NO_SHAPE, SECOND = -1, -2  # what is no sign, and has the second of the drawings of its kind
_HALF_FILLED = 0.58  # share of its box that a sign fills: a diamond less, a disc more
_FILLED = 0.92  # a plate more, an octagon less
_FULLER_BELOW = 0.25  # what of a triangle lies in its lower half beyond the upper, half as much
_WIDE = 1.5  # times as wide as high: a board


class Placed(NamedTuple):
    """Instances of a rectangle.

    Attributes:
        rows: (h, w) int32, of boxes.
        boxes: (n, 4) int32 left, top, right, bottom, the latter two exclusive, in the picture.
        shapes: (n,) int32, DISC to BOARD of what is one sign, else NO_SHAPE or SECOND; None: all
            NO_SHAPE.
    """

    rows: NDArray[np.int32]
    boxes: NDArray[np.int32]
    shapes: NDArray[np.int32] | None = None


def needed(placed: Placed | None) -> Placed:
    """Raises ValueError where the instances of things are not known."""
    if placed is None:
        raise ValueError("things have channels only where their instances are known")
    return placed


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a whole picture.

    Attributes:
        width: of the picture.
        at: (k,) int64, where in the picture, counted row by row, pixels of pieces are; ascending.
        own: (k,) int32, which piece that is.
        boxes, shapes: of the n pieces, as of `Placed`.
    """

    width: int
    at: NDArray[np.int64]
    own: NDArray[np.int32]
    boxes: NDArray[np.int32]
    shapes: NDArray[np.int32]

    def put(self, rect: Rect, placed: Placed) -> Placed:
        """`placed` of a rectangle, with rows appended for the pieces if any are in it."""
        there = slice(*np.searchsorted(self.at, (rect.y0 * self.width, rect.y1 * self.width)))
        down, across = np.divmod(self.at[there], self.width)
        inside = (across >= rect.x0) & (across < rect.x1)
        if not inside.any():
            return placed
        rows, known = placed.rows.copy(), len(placed.boxes)
        rows[down[inside] - rect.y0, across[inside] - rect.x0] = self.own[there][inside] + known
        shapes = np.full(known, NO_SHAPE, np.int32) if placed.shapes is None else placed.shapes
        boxes = np.concatenate([placed.boxes, self.boxes])
        return Placed(rows, boxes, np.concatenate([shapes, self.shapes]))


def with_pieces(labels: NDArray[np.integer], placed: Placed, known: SurfaceLabels) -> Placed:
    """`placed` of a whole (H, W) label map, in which each piece has its own row.

    That is `placed` itself where there are none.
    """
    height, width = labels.shape
    pieces = find_pieces(labels, known)
    return placed if pieces is None else pieces.put(Rect(0, 0, width, height), placed)


def find_pieces(labels: NDArray[np.integer], known: SurfaceLabels) -> Pieces | None:
    """The connected pieces of each label of `known.pieces` in a whole (H, W) map; None: none."""
    found, count = [], 0
    for label in sorted(set(known.pieces)):
        mask = labels == label
        left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
        there = mask[top : top + height, left : left + width]
        if not there.any():
            continue
        _, pieces = cv2.connectedComponents(there.view(np.uint8), connectivity=8)
        down, own = np.nonzero(there)[0] + top, (pieces[there] - 1).astype(np.int32)
        boxes = boxes_of(pieces)[1:] + np.array([left, top, left, top], np.int32)
        signs = label in known.signs
        shapes = _shapes(down, own, boxes) if signs else np.full(len(boxes), NO_SHAPE, np.int32)
        found.append((np.flatnonzero(mask), own + np.int32(count), boxes, shapes))
        count += len(boxes)
    if not found:
        return None
    at, own, boxes, shapes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(at, kind="stable")
    return Pieces(labels.shape[1], at[order], own[order], boxes, shapes)


def _shapes(
    down: NDArray[np.integer], own: NDArray[np.int32], boxes: NDArray[np.int32]
) -> NDArray[np.int32]:
    """What shapes (n,) signs have: by their boxes, and the rows and pieces (k,) of their pixels."""
    left, top, right, bottom = boxes.T.astype(np.int64)
    area = np.bincount(own, minlength=len(boxes))
    share = area / ((right - left) * (bottom - top))
    below = np.sign(2 * down + 1 - (top + bottom)[own])
    fuller = np.bincount(own, below, minlength=len(boxes)) / area
    shapes = np.select(
        [
            right - left > _WIDE * (bottom - top),
            share > _FILLED,
            fuller > _FULLER_BELOW,
            share < _HALF_FILLED,
        ],
        [BOARD, SQUARE, TRIANGLE, DIAMOND],
        DISC,
    )
    return shapes.astype(np.int32)
