"""Walls of a street: how far they are, told from the rows in which a label map shows their feet.

One wall runs along each side of the street; a third may run across it and end it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.rays import rays_of
from model.scene.street_grid import EYE_HEIGHT, FOCAL, FOOT
from model.scene.surface_labels import SurfaceLabels

USUAL_DISTANCE = 10.0  # metres from the eye's line to the walls of a side that shows no foot
_EYE_OVER_FOOT = EYE_HEIGHT - FOOT
_NEAREST, _FARTHEST, _FARTHEST_AHEAD = 2.0, 40.0, 100.0
_CENTRE = 0.03  # share of the width beside the vanishing point that tells nothing of a side
_SEEN = 0.85  # of the columns that show a foot, near ones counting more, show one no nearer
_STEPS = 64  # distances told apart between one and twice as far: edits seldom move them
# Metres that a wall across is at least taken to be tall, for which it is so many times larger than
# its feet tell at the most, and the values of that told apart between one and twice as large.
_TALL, _LARGEST, _SCALES = 11.0, 2.83, 2
_ROWS = 512  # that a picture is thinned to when feet are looked for
_BEFORE = 0.6  # of the distance of a side's wall: feet nearer than that are of a wall across
_ENOUGH = 0.04  # of all columns that have to show such feet
_REACH = 0.05  # share of the columns over which the foot of such a wall lies level
_ALIKE = 0.1  # of the distance of a wall across: as exactly its feet are seen there

_Floats = NDArray[np.floating]


class Walls(NamedTuple):
    """Metres from the eye's line to the walls on the left and on the right, and to one ahead.

    Attributes:
        ahead: to a wall across the street, upright but for the camera's pitch; infinite where
            nothing ends the street.
        scale: how many times as large that wall is taken to be as its feet tell. What people paint
            is often as low as a shed, but means a house.
    """

    left: float
    right: float
    ahead: float = math.inf
    scale: float = 1.0


def find_walls(labels: NDArray[np.integer], known: SurfaceLabels) -> Walls:
    """The walls of a whole (H, W) label map."""
    height, width = labels.shape
    step = max(1, height // _ROWS)
    rays = rays_of(Rect(0, 0, width, height), (height, width), step)
    shown = labels[::step, ::step]
    wall = np.isin(shown, known.walls)
    ground = np.isin(shown, (*known.ground, *known.lawns))
    # A foot between two rows: seen where no thing stands before it. Of several the lowest counts.
    edges = (rays.up[:-1] + rays.up[1:]) / 2
    down = np.where(wall[:-1] & ground[1:] & (edges < 0), -edges, 0).max(0, initial=0)
    sides = _sides(np.where(_level(down, width), 0, down), rays.right)
    ahead = _ahead(down, rays.right, sides)
    if ahead == math.inf:
        return Walls(*sides)
    own = np.abs(down * ahead / _EYE_OVER_FOOT - 1) < _ALIKE
    if not own.any():  # a median of two may lie far from both
        return Walls(*sides)
    sides = _sides(np.where(own, 0, down), rays.right)  # its feet tell nothing of the sides
    tops = np.where(wall, rays.up, -1).max(0)[own]
    tall = max(1.0, float(np.median(tops)) * ahead + EYE_HEIGHT)
    return Walls(*sides, ahead, _stepped(np.clip(_TALL / tall, 1, _LARGEST), _SCALES))


def _level(down: _Floats, width: int) -> NDArray[np.bool_]:
    """(w,) whether a column is between two whose feet lie as low as each other.

    Such feet are of walls across: those along the street run towards where its lines meet. width:
    of the picture, in pixels.
    """
    reach = math.ceil(_REACH * len(down))
    alike = np.zeros(len(down), bool)
    off = np.abs(down[reach:] - down[:-reach]) * FOCAL * width
    alike[:-reach] = (down[reach:] > 0) & (off < 1)
    return np.convolve(alike, np.ones(reach + 1))[: len(down)] > 0.5


def _sides(down: _Floats, right: _Floats) -> tuple[float, float]:
    """How far the walls on the left and on the right are; down, right: (w,) as of `_ahead`."""
    aside = np.abs(right)
    slopes = np.where(aside * FOCAL > _CENTRE, down / np.maximum(aside, 1e-6), 0)
    left, there = right < 0, right > 0
    return _side(slopes[left], right[left]), _side(slopes[there], right[there])


def _side(slopes: _Floats, right: _Floats) -> float:
    """From how steeply the eye looks down at the feet of a side's walls; one slope a column.

    Near feet tell more: a pixel is a smaller part of how low they lie.
    """
    order = np.argsort(slopes)
    trust = np.cumsum(np.where(slopes > 0, np.square(right), 0)[order])
    if not trust.size or not trust[-1]:
        return USUAL_DISTANCE
    seen = slopes[order[np.searchsorted(trust, _SEEN * trust[-1])]]
    return _stepped(np.clip(_EYE_OVER_FOOT / float(seen), _NEAREST, _FARTHEST))


def _ahead(down: _Floats, right: _Floats, sides: tuple[float, float]) -> float:
    """The median distance of feet that are seen well before the wall of their side would be.

    down: (w,) how steeply the eye looks down at the foot of each column, 0 where it sees none;
    right: (w,) rays of the columns; sides: metres to the walls on the left and on the right.
    """
    away = _EYE_OVER_FOOT / np.maximum(down, 1e-6)
    usual = np.where(right < 0, *sides) / np.maximum(np.abs(right), 1e-6)
    before = (down > 0) & (away < _BEFORE * usual)
    if np.count_nonzero(before) < _ENOUGH * len(down):
        return math.inf
    ahead = float(np.median(away[before]))
    return _stepped(ahead) if ahead < _FARTHEST_AHEAD else math.inf


def _stepped(value: float, steps: int = _STEPS) -> float:
    """So many values are told apart between one and twice as much."""
    return float(2 ** (np.rint(np.log2(value) * steps) / steps))
