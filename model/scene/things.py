"""Things: where on a vehicle, a person, a fence or a sign a pixel lies, and what is drawn there.

Functions of the boxes of instances alone, for the camera of `model.scene.street_grid`. A vehicle
stands along the street: its near end faces the eye, beyond an edge its flank runs towards the
vanishing point. With that, lamps, plates, windows and wheels have a place that can be read off. A
box too wide for that shows a vehicle that stands across the street: all of it is a flank. A fence
runs along the street from the outer side of its box on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.scene.pieces import NO_SHAPE, SECOND
from model.scene.rays import View
from model.scene.reference import REFERENCE_SCALE, quantized
from model.scene.street_grid import (
    BAR,
    BARS,
    BUS_LONG,
    CAR,
    FOCAL,
    GROUND_FLOOR,
    LARGE,
    TALL,
    TRAM_LONG,
)
from model.scene.surface_labels import SHOWN_PARTS, SurfaceLabels, member
from model.scene.thing_drawings import (
    BUS,
    CYCLE,
    DRAWINGS,
    FENCE,
    LIGHT,
    LORRY,
    PERSON,
    SIDE,
    SIGN,
    TRAM,
    VEHICLE,
)

_SHORTEST, _LONGEST = 0.75, 1.5  # of what is usual, told from how far a flank is seen
_SLACK = 0.35  # of a width that a box may be wider before it is taken for a flank
NARROWEST = np.float32(1e-3)  # ray to the right that a flank is seen by
_FINEST = 0.006  # height, as a share of the picture's width, that is drawn at half its strength
_RIM = 0.012  # share of the width at the sides that is no picture, where maps have a border
_ONCOMING = -1.0  # metres to the right of the eye; the middles of those farther left come nearer
# What tells signs of the shapes from DISC to BOARD apart: what is in their middle depends on it.
_TOLD = np.array([[1, -1, 1, -1, 0], [1, 1, -1, -1, 0]], np.float64)
# States of a drawing's channels, and of the channel of what is above, by their least values: a
# drawing that is LESS or MORE shows a part; lenses of lights lie in the lower, the middle and the
# upper third; lamps are lower than OVERHEAD, boards over panes are not.
_LESS, _MORE = 0, 2
_LOWER, _MIDDLE, _UPPER, _OVERHEAD = range(4)
_DRAWN, _HIGH = (-128, -32, 33), (-128, -42, 43, 65)
# States of a wall's channel of height: what lies over the ground floor.
_OVER = (-128, math.ceil(REFERENCE_SCALE * GROUND_FLOOR / (GROUND_FLOOR + 8)))
_STATES = len(_DRAWN) ** 2 * len(_HIGH) * len(_OVER)
_FEWEST = 2.5  # pixels from bar to bar that are no fence any more: twice as many show all

_Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Of every box, (n,): float32 but for int8 and int32 where that is said.

    Rays to the right are measured towards the outer side of a box, from the middle of the picture.

    Attributes:
        outward: 1 or -1, whether that is to the right; of signs 1, as letters are not mirrored.
        edge: ray of the edge between the near end and the flank of a vehicle; across: 1 over the
            rays from there to the outer side; along: multiplies what of the distance a flank runs.
        low, wide: the inner side of the box and 1 over its rays.
        foot, tall: ray up at its lower side, and 1 over the rays from there to the upper.
        strength: of what is drawn.
        high: the outer side of the box; bars: drawings of `BARS` bars that a fence from there on
            has in as many metres as its near end is away; fine: multiplies the square of a ray, to
            how far apart its bars are by `_FEWEST`.
        front: int32, whether the near end is the front; aside: int32, whether a vehicle stands
            across the street; variant: int32, the shape of a sign, 1 of what is SECOND, else 0.
        facing, side, place, far: int8 channels; of signs the first two tell shapes apart.
    """

    outward: NDArray[np.float32]
    edge: NDArray[np.float32]
    across: NDArray[np.float32]
    along: NDArray[np.float32]
    low: NDArray[np.float32]
    wide: NDArray[np.float32]
    foot: NDArray[np.float32]
    tall: NDArray[np.float32]
    strength: NDArray[np.float32]
    high: NDArray[np.float32]
    bars: NDArray[np.float32]
    fine: NDArray[np.float32]
    front: NDArray[np.int32]
    aside: NDArray[np.int32]
    variant: NDArray[np.int32]
    facing: NDArray[np.int8]
    side: NDArray[np.int8]
    place: NDArray[np.int8]
    far: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What boxes (n,) show to the eye, float64.

    Rays are as in `Faces`: low and high the inner and the outer side, foot and head the lower and
    the upper. away: metres, of a box that stands on the ground; cut: whether the picture ends at
    its outer side, bool.
    """

    outward: _Floats
    low: _Floats
    high: _Floats
    foot: _Floats
    head: _Floats
    away: _Floats
    cut: NDArray[np.bool_]


def faces_of(
    boxes: NDArray[np.integer],
    size: tuple[int, int],
    shapes: NDArray[np.int32] | None,
    lengths: _Floats,
) -> Faces:
    """The faces of boxes (n, 4), left, top, right, bottom, in a picture of (height, width).

    shapes: of signs, see `Placed`; lengths: of `usual_lengths`.
    """
    if shapes is None:
        shapes = np.full(len(boxes), NO_SHAPE, np.int32)
    lettered = shapes >= 0
    seen = _seen(boxes, size, lettered)
    edge, along, aside = _flanks(seen, lengths)
    middle = seen.outward * (seen.low + seen.high) / 2 * seen.away
    tall = (boxes[:, 3] - boxes[:, 1]).astype(np.float64)
    plain = np.stack([np.ones(len(boxes)), seen.outward])
    facing, side = np.where(lettered, _TOLD[:, np.maximum(shapes, 0)], plain)

    def single(values: _Floats) -> NDArray[np.float32]:
        return np.ascontiguousarray(values, np.float32)

    return Faces(
        outward=single(seen.outward),
        edge=single(edge),
        across=single(1 / np.maximum(seen.high - edge, 1e-6)),
        along=single(along),
        low=single(seen.low),
        wide=single(1 / np.maximum(seen.high - seen.low, 1e-6)),
        foot=single(seen.foot),
        tall=single(1 / np.maximum(seen.head - seen.foot, 1e-6)),
        strength=single(tall / (tall + _FINEST * size[1])),
        high=single(seen.high),
        bars=single(seen.away / (BAR * BARS)),
        fine=single(
            BAR * FOCAL * size[1] / (_FEWEST * seen.away * np.maximum(seen.high, NARROWEST))
        ),
        front=(middle < _ONCOMING).astype(np.int32),
        aside=aside.astype(np.int32),
        variant=np.where(shapes == SECOND, 1, np.maximum(shapes, 0)).astype(np.int32),
        facing=quantized(facing),
        side=quantized(side),
        place=quantized(middle / (np.abs(middle) + 4)),
        far=quantized(seen.away / (seen.away + 20)),
    )


def _seen(boxes: NDArray[np.integer], size: tuple[int, int], lettered: NDArray[np.bool_]) -> _Seen:
    view, width = View(*size), size[1]
    left, top, right, bottom = boxes.T.astype(np.float64)
    left_ray, right_ray = view.right(left), view.right(right)
    outward = np.where((left_ray + right_ray >= 0) | lettered, 1.0, -1.0)
    rim = _RIM * width
    return _Seen(
        outward=outward,
        low=np.where(outward > 0, left_ray, -right_ray),
        high=np.where(outward > 0, right_ray, -left_ray),
        foot=view.up(bottom),
        head=view.up(top),
        away=view.away(bottom),
        cut=np.where(outward > 0, right >= width - rim, left <= rim),
    )


def usual_lengths(
    labels: NDArray[np.integer], index: NDArray[np.integer], count: int, known: SurfaceLabels
) -> NDArray[np.float64]:
    """(count,) metres of the instances that are buses or trams; 0: their height has to tell.

    labels, index: (h, w) of a rectangle, the latter rows of boxes; what is not in it has 0.
    """
    lengths = np.zeros(count)
    for members, length in ((known.buses, BUS_LONG), (known.trams, TRAM_LONG)):
        lengths[np.unique(index[member(labels, members)])] = length
    return lengths


def _flanks(seen: _Seen, lengths: _Floats) -> tuple[_Floats, _Floats, NDArray[np.bool_]]:
    """`edge`, `along` and `aside` of vehicles, see `Faces`; lengths: 0 where unknown."""
    low, high, away = seen.low, seen.high, seen.away
    tall = (seen.head - seen.foot) * away > TALL
    usual = np.where(lengths > 0, lengths, np.where(tall, LARGE[1], CAR[1]))
    end = np.where(tall | (lengths > 0), LARGE[0], CAR[0]) / away
    edge = high - end
    longest = 1 + usual * _LONGEST / away
    innermost = np.where(edge > 0, edge / longest, edge)  # that a vehicle along the street reaches
    aside = ~seen.cut & (low < innermost - end * _SLACK)
    # Where the picture ends the outer side is not seen: the length tells where the edge must be.
    by_length = np.clip(low * (1 + usual / away), low, high)
    # The eye looks along a vehicle that is before it, and sees no flank.
    edge = np.where(seen.cut, by_length, np.where(edge > 0, np.maximum(edge, low), low))
    shown = (edge / np.maximum(low, NARROWEST) - 1) * away
    length = np.clip(shown, usual * _SHORTEST, usual * _LONGEST)
    return edge, away / length, aside


def put_things(
    channels: NDArray[np.int8],
    rays: tuple[_Floats, _Floats],
    labels: NDArray[np.integer],
    index: NDArray[np.integer],
    faces: Faces,
    known: SurfaceLabels,
) -> None:
    """Writes the channels (8, h, w) int8 of a rectangle where it shows things.

    rays: to the right (w,) and up (h, 1) of its pixels; labels, index: (h, w), the latter rows of
    the boxes that `faces` is of. Channels: place across, or along a flank from near to far, and up,
    both from -1 to 1; 1 on near ends and -1 on flanks; 1 right and -1 left of the eye (of signs
    these two tell the shape); sideways place, and distance, both saturating; what is usually drawn
    there, the two of `DRAWINGS`.
    """
    kinds = drawing_kinds(known)[labels]
    rows, columns = np.nonzero(kinds >= 0)
    if not len(rows):
        return
    own, kind = index[rows, columns], kinds[rows, columns]
    right, up = rays[0][columns] * faces.outward[own], rays[1][rows, 0]
    ahead = np.maximum(right, NARROWEST)
    vehicle, fence = kind <= VEHICLE, kind == FENCE
    aside = vehicle & (faces.aside[own] > 0)
    ended = vehicle & ~aside
    near = np.where(ended, faces.edge[own], faces.low[own])
    across = (right - near) * np.where(ended, faces.across[own], faces.wide[own])
    running = ended & (right < near)  # along the street, out of sight
    # How much farther away than the near end a place on the flank is.
    farther = np.where(running, near / ahead, np.float32(1))
    across = np.where(running, (farther - 1) * faces.along[own], across)
    flank = running | aside
    above = (up * farther - faces.foot[own]) * faces.tall[own]
    across, above = np.clip(across, 0, 1), np.clip(above, 0, 1)
    turns, apart = _bars(ahead, own, faces)
    drawing = kind + np.where(vehicle, faces.front[own] + 2 * flank, faces.variant[own])
    places = above, np.where(fence, turns, across)
    cells = (np.minimum((part * SIDE).astype(np.int32), SIDE - 1) for part in places)
    strength = faces.strength[own] * np.where(fence, apart, np.float32(1))
    drawn = DRAWINGS[:, drawing, *cells] * strength
    written = (
        *(quantized(across * 2 - 1), quantized(above * 2 - 1)),
        *(np.where(flank, -127, faces.facing[own]), faces.side[own]),
        *(faces.place[own], faces.far[own]),
        *quantized(drawn),
    )
    for channel, values in zip(channels, written, strict=True):
        channel[rows, columns] = values


def with_parts[Number: np.integer](
    labels: NDArray[Number], channels: NDArray[np.int8], known: SurfaceLabels
) -> NDArray[Number]:
    """`labels` (h, w), as `known` shows parts of things and walls; themselves where it shows none.

    channels: (R, h, w), the last of them those of `surface_part`.
    """
    if not any(getattr(known, part) for part in SHOWN_PARTS):
        return labels
    (first, second), above, height = channels[-2:], channels[-7], channels[-4]
    state = len(_DRAWN) * _state(first, _DRAWN) + _state(second, _DRAWN)
    state = len(_HIGH) * state + _state(above, _HIGH)
    state = len(_OVER) * state + _state(height, _OVER)
    places = labels.astype(np.int32) * _STATES + state
    return _parts_table(known).take(places).astype(labels.dtype, copy=False)


def _state(channel: NDArray[np.int8], least: tuple[int, ...]) -> NDArray[np.uint8]:
    """The place of the last of ascending values that is no more than the channel's."""
    state = np.zeros(channel.shape, np.uint8)
    for value in least[1:]:
        state += channel >= value
    return state


@lru_cache(maxsize=8)
def _parts_table(known: SurfaceLabels) -> NDArray[np.uint8]:
    """(256, _STATES) what is shown of every label, by both channels of a drawing, and by height.

    That of things is the one of what is above, that of walls the one of height.
    """
    states = map(range, map(len, (_DRAWN, _DRAWN, _HIGH, _OVER)))
    of, first, second, above, over = np.meshgrid(np.arange(256), *states, indexing="ij")
    # What of a drawing shows a part; a pane is none where a lamp is lit in it.
    parts = (
        (known.people, known.heads, (first == _MORE) | (second == _MORE)),
        (known.people, known.legs, (first == _LESS) | (second == _LESS)),
        (known.running, known.panes, first == _MORE),
        ((*known.running, *known.cycles), known.wheels, second == _LESS),
        (known.running, known.lamps, second == _MORE),
        (known.running, known.boards, (second == _MORE) & (above == _OVERHEAD)),
        # Lorries have doors where others have plates.
        ((*known.vehicles, *known.buses), known.plates, first == _LESS),
        (known.lights, known.greens, (first == _MORE) & (above == _LOWER)),
        (known.lights, known.ambers, (first == _MORE) & (above == _MIDDLE)),
        (known.lights, known.reds, (first == _MORE) & (above >= _UPPER)),
        (known.walls, known.windows, first == _MORE),
        (known.walls, known.shops, (first == _MORE) & (over == 0)),
    )
    shown = of.astype(np.uint8)
    for owners, part, where in parts:
        for label in part:
            shown[np.isin(of, owners) & where] = label
    return shown.reshape(256, _STATES)


def _bars(ahead: _Floats, own: NDArray[np.integer], faces: Faces) -> tuple[_Floats, _Floats]:
    """Where in its drawing a pixel of a fence lies, and how strong that is, both 0 to 1.

    ahead: rays to the right, all positive; own: rows of `faces`. Bars that are too fine to be told
    apart are not drawn.
    """
    turns = (faces.high[own] / ahead - 1) * faces.bars[own]
    return turns - np.floor(turns), np.clip(ahead * ahead * faces.fine[own] - 1, 0, 1)


def drawing_kinds(known: SurfaceLabels) -> NDArray[np.int8]:
    """(256,) which of `DRAWINGS` labels have, the first where there are several; -1: none."""
    kinds = np.full(256, -1, np.int8)
    for members, kind in (
        (known.lorries, LORRY),
        (known.buses, BUS),
        (known.trams, TRAM),
        (known.vehicles, VEHICLE),
        (known.people, PERSON),
        (known.lights, LIGHT),
        (known.cycles, CYCLE),
        (known.fences, FENCE),
        (known.signs, SIGN),
    ):
        kinds[list(members)] = kind
    return kinds
