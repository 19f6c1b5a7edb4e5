"""Street grid: what surface coordinates count on, and what stands there.

One camera, and measures that repeat along a street; modular streets are built by them.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

# The camera: metres above the road, radians down, focal length in picture widths.
EYE_HEIGHT, PITCH, FOCAL = 1.35, 0.0395, 1.0139
LOWEST = 0.004  # ray down, below the horizon, where the ground is seen to end
# What repeats, in metres: bays and storeys of houses, the height of the ground floor above the
# pavement, lanes, and dashes along them.
BAY, STOREY, GROUND_FLOOR, PAVEMENT = 3.0, 3.2, 3.6, 0.1
LANE, DASH = 3.0, 9.0
# Vehicles, wide and long: cars, and what is so tall that it is a lorry; buses and trams are longer.
CAR, LARGE, TALL = (1.8, 4.4), (2.45, 8.0), 2.3
BUS_LONG, TRAM_LONG = 11.8, 24.0
# What stands there, (from, to) in metres: openings across a bay and up a storey, with the stone
# around those of the upper storeys; on the ground floor boards over shops and a course of stone.
WINDOW, SHOP = ((0.75, 2.25), (0.85, 2.8)), ((0.18, 2.82), (0.3, 2.8))
STONE, BOARD, COURSE = 0.14, (2.85, 3.43), (3.56, 3.74)
# Bricks of houses, across and up, in a running bond of rows from the pavement on: they divide bays,
# storeys and the ground floor. The width of their joints, with what is soft at their edges, and how
# strong those are, of which only houses of brick have any.
BRICK, BRICK_JOINT, BRICK_STRENGTH = (0.25, 0.08), 0.016, 0.6
# Lines: width, share of a dash, and those beside parked cars: from the lane's edge, their dashes.
MARK, DASHED, EDGE_LINE, SHORT_DASH = 0.13, 0.42, 0.14, 2.0
# Stones of the road, across and along, in a running bond of lines along the street that bulge a
# little, and slabs of pavements, so high above the road; the width of their joints.
STONE_ACROSS, STONE_ALONG, STONE_JOINT = 0.125, 0.18, 0.03
# How strong joints of stones are, of which only cobbled roads have any.
STONE_STRENGTH = 0.3
BULGE, BULGE_PERIOD = 0.1, 1.5
SLAB, SLAB_JOINT, SLAB_HEIGHT = 0.5, 0.03, 0.13
FOOT = 0.125  # metres above the road at which a wall is seen to end
# Metres: a wall that is farther away does not run along the street, but stands at its end.
STREET_END = 330.0
# Noise for leaves: points across a picture and along a side before it repeats, and its blurs; how
# strong the fine one is on roads, which is as coarse as asphalt is. The bundled generator was
# trained with 0.3, of which it makes leather.
LEAVES_WIDTH, LEAVES_SIDE, _LEAF_SIZES = 2048, 512, (2.2, 6.0)
GRAIN = 0.1
# Bars of a fence in metres, from one to the next, and how many of them until they repeat.
BAR, BARS = 0.12, 8

_FRONT_ROWS = 1024  # a storey each: the base (reached by negative numbers), ground, first, others
_HIGHEST = 127  # of int8
_Floats = NDArray[np.floating]


def covered(
    place: _Floats, middle: float, period: float, width: float, pixel: _Floats | np.float32
) -> _Floats:
    """The share of a pixel that stripes cover, of that width and with such middles, in metres."""
    turns = (place - np.float32(middle)) / np.float32(period)
    beyond = np.abs(turns - np.rint(turns)) * np.float32(period)
    share = (np.float32(width / 2) - beyond) / pixel + np.float32(0.5)
    return np.clip(share, 0, np.minimum(1, np.float32(width) / pixel))


def front_row(up: NDArray[np.int32]) -> NDArray[np.int32]:
    """The row of `FRONT` of a place that is so many 256ths of a storey above the ground floor."""
    return np.where(up < 256, np.maximum(up, -512), 256 + (up & 255))


def _front() -> _Floats:
    """A bay of a front in [-1, 1], (2, rows * 256): openings and stone."""
    across, up = _places()
    storey, ground = np.where(up < 0, np.inf, up % STOREY), up + GROUND_FLOOR
    window, outer = (
        _span(across, *WINDOW[0], edge) * _span(storey, *WINDOW[1], edge) for edge in (0, STONE)
    )
    shop = _span(across, *SHOP[0]) * _span(ground, *SHOP[1])
    board, course = (_span(ground, *span) + 0 * across for span in (BOARD, COURSE))
    drawn = np.stack([window + shop - board, np.maximum(outer - window, course)])
    return _rolled(drawn)


def _joints(front: _Floats) -> _Floats:
    """Joints of bricks on a front in [0, 1], (2, rows * 256): beds, and heads between two of a row.

    front: that of `_front`; what it shows has no joints. A cell has what they cover of it.
    """
    across, up = _places()
    (wide, tall), ground = BRICK, up + GROUND_FLOOR
    shift = np.floor(ground / tall) % 2 * (wide / 2)
    cell_wide, cell_tall = np.float32(BAY / 256), np.float32(STOREY / 256)
    beds = covered(ground, 0, tall, BRICK_JOINT, cell_tall) + 0 * across
    heads = covered(across + shift, 0, wide, BRICK_JOINT, cell_wide)
    bare = (1 - np.abs(front)).prod(0, dtype=np.float32)
    return _rolled(np.stack([beds, heads])) * bare


def _places() -> tuple[_Floats, _Floats]:
    """Metres along a bay, (256,), and above the ground floor, (rows, 1), of cells of a front."""
    across = (np.arange(256) + 0.5) / 256 * BAY
    return across, (np.arange(-512, _FRONT_ROWS - 512) + 0.5)[:, None] / 256 * STOREY


def _rolled(drawn: _Floats) -> _Floats:
    """Drawings of a front, (2, rows, 256), as they are looked up: negative rows lie at the end."""
    return np.roll(drawn, -512, 1).reshape(2, -1).astype(np.float32)


@cache
def leaves_noise() -> NDArray[np.int8]:
    """Smooth noise that repeats, (2, side, side): as fine as leaves and as coarse as twigs."""
    rng, drawn, side = np.random.default_rng(7), [], LEAVES_SIDE
    for sigma in _LEAF_SIZES:
        noise, rim = rng.normal(size=(side, side)).astype(np.float32), math.ceil(4 * sigma)
        noise = cv2.GaussianBlur(np.pad(noise, rim, "wrap"), (0, 0), sigma)[rim:-rim, rim:-rim]
        drawn.append(np.clip(noise / noise.std() * (_HIGHEST / 2), -_HIGHEST, _HIGHEST))
    return np.rint(drawn).astype(np.int8)


def leaf_places(start: int, end: int, width: int) -> NDArray[np.int_]:
    """Where in `leaves_noise` rows or columns of a picture of that width lie, (end - start,)."""
    return (np.arange(start, end) * LEAVES_WIDTH // width) % LEAVES_SIDE


def _span(place: _Floats, start: float, end: float, edge: float = 0) -> _Floats:
    """1 from start to end and `edge` beyond, 0 elsewhere, with steps that are not quite sharp."""
    inside = np.minimum(place - start, end - place) + edge
    return np.clip(inside / 0.12 + 0.5, 0, 1)


FRONT = _front()
JOINTS = _joints(FRONT)
