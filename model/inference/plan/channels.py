"""Reference channels by `channels.c`: those of `model.scene`, to the last bit, in less time."""

from __future__ import annotations

import ctypes
from dataclasses import fields
from functools import partial

import numpy as np
from numpy.typing import NDArray

from model.inference.frame import NUMPY, Channels
from model.inference.plan.compiled import kernels
from model.inference.plan.spread import spread
from model.scene.geometry import Rect
from model.scene.pieces import Placed, needed
from model.scene.reference import (
    REFERENCE_CHANNELS,
    REFERENCE_SCALE,
    boundary_distance,
    box_sizes,
    half_distance,
)
from model.scene.street_grid import (
    BAY,
    BRICK_STRENGTH,
    BULGE,
    BULGE_PERIOD,
    EDGE_LINE,
    EYE_HEIGHT,
    FRONT,
    GRAIN,
    GROUND_FLOOR,
    JOINTS,
    LANE,
    MARK,
    SLAB,
    SLAB_HEIGHT,
    SLAB_JOINT,
    STONE_ACROSS,
    STONE_ALONG,
    STONE_JOINT,
    STONE_STRENGTH,
    STOREY,
    leaves_noise,
)
from model.scene.surface import (
    FEWEST,
    SINE,
    SURFACE_CHANNELS,
    lines_of,
)
from model.scene.surface_labels import SurfaceLabels
from model.scene.thing_drawings import DRAWINGS, FENCE, SIDE, VEHICLE
from model.scene.things import NARROWEST, drawing_kinds, faces_of, usual_lengths
from model.scene.walls import Walls

_WALL, _GROUND, _FOLIAGE, _SLABS, _SKY, _THING = (1 << bit for bit in range(6))


def channels() -> Channels:
    """How they are made here: by numpy until there are compiled kernels."""
    fast = kernels()
    if fast is None:
        return NUMPY
    made = (_distance_channel, _reference_part, _surface_part)
    return Channels(*(partial(each, fast.library) for each in made))


_POINTER, _NUMBER, _FLOAT = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float


class _Reference(ctypes.Structure):
    """`Reference` of channels.c."""

    _fields_ = (
        ("index", _POINTER),
        ("index_stride", _NUMBER),
        ("distance", _POINTER),
        ("distance_stride", _NUMBER),
        *((name, _POINTER) for name in ("left", "top", "right", "bottom", "size")),
        *((name, _NUMBER) for name in ("x0", "y0", "height", "width")),
        ("picture", _FLOAT),
        ("out", _POINTER),
    )


class _Things(ctypes.Structure):
    """`Things` of channels.c."""

    _fields_ = (
        ("index", _POINTER),
        ("index_stride", _NUMBER),
        *((name, _POINTER) for name in ("outward", "edge", "across", "along", "low", "wide")),
        *((name, _POINTER) for name in ("foot", "tall", "strength", "high", "bars", "fine")),
        *((name, _POINTER) for name in ("front", "aside")),
        *((name, _POINTER) for name in ("variant", "facing", "sides", "place", "far")),
        *((name, _POINTER) for name in ("kinds", "drawings")),
        *((name, _NUMBER) for name in ("drawn", "side")),
        ("narrowest", _FLOAT),
        *((name, ctypes.c_int8) for name in ("vehicle", "fence")),
    )


class _Surface(ctypes.Structure):
    """`Surface` of channels.c."""

    _fields_ = (
        ("labels", _POINTER),
        ("label_stride", _NUMBER),
        *((name, _POINTER) for name in ("above", "below")),
        *((name, _NUMBER) for name in ("height", "width")),
        *(
            (name, _POINTER)
            for name in ("right", "away", "across", "eyes", "bays", "storeys", "fronts")
        ),
        *((name, _POINTER) for name in ("beds", "heads")),
        *((name, _POINTER) for name in ("up", "ahead", "over", "lanes", "metres")),
        *((name, _POINTER) for name in ("pixel", "deep", "dash", "shorts")),
        *((name, _POINTER) for name in ("dash_sine", "dash_cosine", "far", "low")),
        *((name, _POINTER) for name in ("leaf_rows", "leaf_columns", "sky")),
        *((name, _POINTER) for name in ("sine", "front", "joints", "leaves")),
        *((name, _NUMBER) for name in ("front_size", "leaf_side")),
        *((name, _FLOAT) for name in ("floor", "bay", "storey")),
        *((name, _FLOAT) for name in ("lane", "mark", "between", "edge")),
        *((name, _FLOAT) for name in ("stone_across", "stone_along", "stone_joint")),
        *((name, _FLOAT) for name in ("bulge", "bulge_period", "slab", "slab_joint", "raised")),
        *((name, _FLOAT) for name in ("fewest", "grain", "stones", "bricks")),
        ("things", _POINTER),
        ("out", _POINTER),
    )


def _distance_channel(library: ctypes.CDLL, boundary: NDArray[np.bool_]) -> NDArray[np.int8]:
    """`model.scene.reference.distance_channel`."""
    distance = np.ascontiguousarray(boundary_distance(boundary))
    height, width = distance.shape
    out = np.empty(distance.shape, np.int8)
    half = ctypes.c_float(half_distance(height))

    def work(first: int, last: int) -> None:
        library.distance_levels(distance.ctypes.data, half, width, first, last, out.ctypes.data)

    spread(work, height, width)
    return out


def _reference_part(
    library: ctypes.CDLL,
    rect: Rect,
    height: int,
    index: NDArray[np.int32],
    boxes: NDArray[np.int32],
    distance: NDArray[np.int8],
) -> NDArray[np.int8]:
    """`model.scene.reference.reference_part`."""
    index, distance = _rows(index), _rows(distance)
    sides = np.ascontiguousarray(boxes.T, np.float32)
    sizes = box_sizes(sides[1], sides[3], height)
    out = np.empty((REFERENCE_CHANNELS, *index.shape), np.int8)
    rows, columns = index.shape
    reference = _Reference(
        index.ctypes.data, index.strides[0] // index.itemsize,
        distance.ctypes.data, distance.strides[0],
        *(side.ctypes.data for side in sides), sizes.ctypes.data,
        rect.x0, rect.y0, rows, columns, height, out.ctypes.data,
    )  # fmt: skip
    spread(partial(library.reference_rows, ctypes.addressof(reference)), rows, columns)
    return out


def _surface_part(
    library: ctypes.CDLL,
    rect: Rect,
    size: tuple[int, int],
    labels: NDArray[np.integer],
    walls: Walls,
    surface: SurfaceLabels,
    placed: Placed | None = None,
) -> NDArray[np.int8]:
    """`model.scene.surface.surface_part`."""
    labels = _rows(labels.astype(np.uint8, copy=False))
    lines, leaves = lines_of(rect, size, walls), leaves_noise()
    above = np.zeros(256, np.uint8)
    for members, kind in (
        (surface.walls, _WALL),
        (surface.foliage, _FOLIAGE),
        (surface.slabs, _SLABS),
        (surface.sky, _SKY),
        (surface.things, _THING),
    ):
        above[list(members)] |= kind
    below = above.copy()
    below[list(surface.ground)] |= _GROUND
    along = [
        np.ascontiguousarray(line)
        for line in (
            lines.right, lines.away, lines.across, lines.eye, lines.bay, lines.storey,
            lines.bay * lines.storey, lines.beds, lines.heads,
            lines.up, lines.ahead, lines.over, lines.lane, lines.metres,
            lines.pixel, lines.deep, lines.dash, lines.short,
            *lines.dashes, lines.far, lines.low,
            lines.leaf_rows.astype(np.int64), lines.leaf_columns.astype(np.int64), lines.sky,
        )
    ]  # fmt: skip
    things = _things(surface, size, labels, placed)
    out = np.empty((SURFACE_CHANNELS, *labels.shape), np.int8)
    rows, columns = labels.shape
    made = _Surface(
        labels.ctypes.data, labels.strides[0], above.ctypes.data, below.ctypes.data, rows, columns,
        *(line.ctypes.data for line in along), SINE.ctypes.data, FRONT.ctypes.data,
        JOINTS.ctypes.data, leaves.ctypes.data, FRONT.shape[1], leaves.shape[1],
        GROUND_FLOOR, BAY, STOREY,
        LANE, MARK, LANE / 2, LANE / 2 - EDGE_LINE,
        STONE_ACROSS, STONE_ALONG, STONE_JOINT, BULGE, BULGE_PERIOD,
        SLAB, SLAB_JOINT, 1 - SLAB_HEIGHT / EYE_HEIGHT, FEWEST,
        GRAIN / REFERENCE_SCALE, STONE_STRENGTH, BRICK_STRENGTH,
        None if things is None else ctypes.addressof(things), out.ctypes.data,
    )  # fmt: skip
    spread(partial(library.surface_rows, ctypes.addressof(made)), rows, columns)
    return out


def _things(
    surface: SurfaceLabels,
    size: tuple[int, int],
    labels: NDArray[np.uint8],
    placed: Placed | None,
) -> _Things | None:
    """What `put_things` of channels.c takes; None where no things are known."""
    if not surface.things:
        return None
    index, boxes, shapes = needed(placed)
    lengths = usual_lengths(labels, index, len(boxes), surface)
    index, faces = _rows(index), faces_of(boxes, size, shapes, lengths)
    kinds = drawing_kinds(surface)
    arrays = [*(getattr(faces, field.name) for field in fields(faces)), kinds]
    things = _Things(
        index.ctypes.data, index.strides[0] // index.itemsize,
        *(array.ctypes.data for array in arrays), DRAWINGS.ctypes.data,
        DRAWINGS.shape[1], SIDE, NARROWEST, VEHICLE, FENCE,
    )  # fmt: skip
    things.kept = index, arrays  # as long as their addresses are used
    return things


def _rows[Number: np.generic](array: NDArray[Number]) -> NDArray[Number]:
    """With elements of a row side by side."""
    return array if array.strides[1] == array.itemsize else np.ascontiguousarray(array)
