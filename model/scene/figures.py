"""Figures: what the shapes of cycles, people and vehicles tell that their boxes do not.

Things are drawn by the boxes of instances. Where something hides a wheel or feet, the box is too
small for that; what is left of the thing tells how large the whole of it would be. A narrow cycle
is seen from its end, and what is wider above the knees than legs are is a coat or a skirt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import BoolMask, Rect
from model.scene.pieces import NO_SHAPE, SECOND, Placed
from model.scene.rays import View
from model.scene.street_grid import BUS_LONG, CAR, EYE_HEIGHT, LARGE, TALL, TRAM_LONG
from model.scene.surface_labels import SurfaceLabels, member
from model.scene.thing_drawings import TYRE

SMALLEST = 12  # pixels that a thing is high of which anything is told
_TOUCHING = 0.04  # of a cycle's height over the ground: what is that low touches it
_NEAR = 0.06  # of its height from the side of its box: rows that reach the side
_EDGE = 0.1  # of its height that is covered at a side, at least
_FLANK = 0.4  # of its height: cycles with wheels in less width are seen from their end
_WIDEST = 1.7  # times as wide as high is a cycle, and
_LEAST = 1.1  # times as wide as what is seen of it, where it is worth to be told
_PERSON = 3.0  # times as high as wide, standing
_NEAREST = 1.0  # metres that a vehicle is away, at least
_LOW = 1.0  # metres that a vehicle is high, at least
_SOME, _MANY = 9, 24  # columns of a lowest row, and rows of a side, that are looked at
_HEM, _SHINS = (0.30, 0.38), (0.12, 0.24)  # of a person's height: over a hem, and under it
_LOOSE = 1.5  # times as wide as shins are: what is no leg
_WHOLE = 0.93  # of what its pixels span in a row that is one piece, not two legs

_Pixels = NDArray[np.integer]


class Figure(NamedTuple):
    """Attributes:
    box: of the whole thing, which may reach out of the picture.
    second: whether it has the second of the drawings of its kind: a cycle that is seen from its
        end, a person in a coat or a skirt.
    """

    box: Rect
    second: bool


Figures = Mapping[int, Figure]


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    labels: NDArray[np.integer]
    instances: NDArray[np.integer]
    lying: BoolMask  # (256,) by label: what lies on the ground hides nothing

    def foot(self, row: int, column: int, reach: int) -> int:
        """The row below the lowest that what a pixel shows reaches, looked for so far around.

        Of what has no instances only the column is looked at: others of its kind are near.
        """
        shown = self.instances[row, column]
        if shown == self.labels[row, column]:
            others = np.flatnonzero(self.instances[row:, column] != shown)
            return row + int(others[0]) if len(others) else len(self.instances)
        around = np.s_[row : row + reach, max(0, column - reach) : column + reach]
        return row + int(np.flatnonzero((self.instances[around] == shown).any(1))[-1]) + 1

    def before(self, places: Iterable[tuple[int, int]], foot: int, reach: int) -> list[int]:
        """The feet of what stands at these rows and columns nearer than a thing with that foot."""
        found = (
            self.foot(row, column, reach)
            for row, column in places
            if not self.lying[self.labels[row, column]]
        )
        return [each for each in found if each >= foot]

    def lowest_before(self, box: Rect, lowest: _Pixels) -> int:
        """How far down a thing may reach: what stands before it is nearer, so its foot is lower.

        That of the box where nothing does; without end where the picture ends. lowest: columns of
        its lowest row.
        """
        if box.y1 == len(self.labels):
            return 2 * box.y1
        some = lowest[:: -(-len(lowest) // _SOME)].tolist()
        reach = 2 * max(box.width, box.height)
        feet = self.before(((box.y1, column) for column in some), box.y1 + 1, reach)
        return max(feet) if 2 * len(feet) >= len(some) else box.y1


def find_figures(
    labels: NDArray[np.integer], instances: NDArray[np.integer], known: SurfaceLabels
) -> Figures:
    """By the ids of instances; of whole (H, W) maps.

    Cycles are taken for hidden where something covers their box at one side, people where it does
    so below, vehicles at their outer side, where the picture may end as well, or below. What has
    nothing to be told is left out.
    """
    lying = member(np.arange(256), (*known.ground, *known.lawns))
    maps, tellers, found = _Maps(labels, instances, lying), _tellers(known), {}
    at = np.flatnonzero(member(labels, known.figures))
    owners = instances.ravel()[at]
    order = np.argsort(owners, kind="stable")
    ids, starts = np.unique(owners[order], return_index=True)
    parts = np.split(at[order], starts[1:]) if len(at) else []
    for owner, own in zip(ids.tolist(), parts, strict=True):
        rows, columns = np.divmod(own, labels.shape[1])
        x0, y0, x1, y1 = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        box = Rect(int(x0), int(y0), int(x1), int(y1))
        if box.height >= SMALLEST:
            figure = tellers[int(labels[rows[0], columns[0]])](maps, box, rows, columns)
            if figure != (box, False):
                found[owner] = figure
    return found


def placed_by(
    figures: Figures, index: NDArray[np.int32], ids: NDArray[np.integer], boxes: NDArray[np.int32]
) -> Placed:
    """Instances `ids` (n,) of a rectangle as things: by boxes (n, 4), or those of whole figures."""
    told = [(row, figures[key]) for row, key in enumerate(ids.tolist()) if key in figures]
    if not told:
        return Placed(index, boxes)
    boxes, shapes = boxes.copy(), np.full(len(boxes), NO_SHAPE, np.int32)
    for row, (box, second) in told:
        boxes[row] = box.x0, box.y0, box.x1, box.y1
        shapes[row] = SECOND if second else NO_SHAPE
    return Placed(index, boxes, shapes)


def _tellers(known: SurfaceLabels) -> dict[int, Callable[..., Figure]]:
    """By labels."""
    kinds = (
        (known.lorries, partial(_vehicle, size=LARGE, tall=3.6)),
        (known.trams, partial(_vehicle, size=(LARGE[0], TRAM_LONG), tall=3.6)),
        (known.buses, partial(_vehicle, size=(LARGE[0], BUS_LONG), tall=3.2)),
        (known.vehicles, partial(_vehicle, size=CAR, tall=None)),
        (known.people, partial(_person, cycles=known.cycles)),
        (known.cycles, _cycle),
    )
    return {label: told for members, told in kinds for label in members}


def _vehicle(
    maps: _Maps,
    box: Rect,
    rows: _Pixels,
    columns: _Pixels,
    *,
    size: tuple[float, float],
    tall: float | None,
) -> Figure:
    """size: metres wide and long; tall: high, where that is so much that it tells how near it is.

    The horizon is as high as the eye: what of a tall box lies above it tells where its foot is, or
    its foot how far that goes on above the picture.
    """
    view, below = View(*maps.labels.shape), maps.lowest_before(box, columns[rows == box.y1 - 1])
    if tall is not None:
        share = (tall - EYE_HEIGHT) / EYE_HEIGHT
        foot = view.horizon + (view.horizon - box.y0) / share
        box = replace(box, y1=max(box.y1, min(round(foot), below)))
        if box.y0 == 0:  # the picture ends there
            y0 = round(view.horizon - (box.y1 - view.horizon) * share)
            box = replace(box, y0=min(y0, 0))
    metres = (view.up(box.y0) - view.up(box.y1)) * view.away(box.y1)
    if metres < _LOW:
        return Figure(box, second=False)  # a scrap, whose lowest part may be anything
    if metres > TALL and tall is None:
        size = LARGE
    outward = 1 if box.x0 + box.x1 >= view.width else -1
    outer = box.x1 - 1 if outward > 0 else box.x0
    if _covered(maps, box, outward, outer, rows, columns):
        return Figure(_whole_vehicle(view, box, outward, size), second=False)
    if tall is None:
        low, high = view.sides(box, outward)
        away = (size[0] + size[1] * max(low, 0.0)) / (high - low)
        box = replace(box, y1=max(box.y1, min(view.foot(away), below)))
    return Figure(box, second=False)


def _whole_vehicle(view: View, box: Rect, outward: int, size: tuple[float, float]) -> Rect:
    """Of a vehicle along the street whose outer side is not seen: its size tells where that is."""
    (wide, long), away = size, view.away(box.y1)
    low, high = view.sides(box, outward)
    edge = low * (1 + long / away) if low > 0 else low
    if edge > high:  # nothing of its near end is seen, and what is lowest is a part of the flank
        nearer = max(high * away / low - long, _NEAREST)
        scale, away = away / nearer, nearer
        y0, y1 = (round(view.horizon + (y - view.horizon) * scale) for y in (box.y0, box.y1))
        box, edge = replace(box, y0=y0, y1=y1), low * (1 + long / away)
    side = round(view.width / 2 + outward * max(high, edge + wide / away) * view.focal)
    return replace(box, x1=side) if outward > 0 else replace(box, x0=side)


def _cycle(maps: _Maps, box: Rect, rows: _Pixels, columns: _Pixels) -> Figure:
    """By the box of its wheels, which baskets and handlebars reach out of."""
    top = box.y1 - round(2 * TYRE[1] * box.height)
    wheels = rows >= top
    rows, columns = rows[wheels], columns[wheels]
    seen = Rect(int(columns.min()), box.y0, int(columns.max()) + 1, box.y1)
    whole = _whole_cycle(maps, seen, top, rows, columns)
    if whole.width < _FLANK * box.height:
        return Figure(box, second=True)
    return Figure(whole, second=False)


def _whole_cycle(maps: _Maps, box: Rect, top: int, rows: _Pixels, columns: _Pixels) -> Rect:
    """The wheel that is seen tells the width: its middle is where it touches the ground.

    rows, columns: of the pixels from the row `top` on, which wheels reach up to.
    """
    sides = ((-1, box.x0), (1, box.x1 - 1))
    covered = [_covered(maps, box, *side, rows, columns) for side in sides]
    if covered[0] == covered[1]:
        return box
    touching = columns[rows >= box.y1 - max(2, round(_TOUCHING * box.height))]
    # From where the tyre's lowest part ends to the end of the tyre it is this share of half a tyre.
    share = 1 - np.sqrt(1 - (1 - _TOUCHING / TYRE[1]) ** 2)
    seen = box.x1 - 1 - touching.max() if covered[0] else touching.min() - box.x0
    wide = round(min(seen / share / TYRE[0], _WIDEST * box.height))
    if wide < _LEAST * box.width:
        return box
    left = box.x1 - wide if covered[0] else box.x0
    return Rect(left, box.y0, left + wide, box.y1)


def _covered(maps: _Maps, box: Rect, sign: int, side: int, rows: _Pixels, columns: _Pixels) -> bool:
    """Whether what is nearer covers a thing's side, or the picture ends there.

    sign: 1 of the right side, -1 of the left; side: its column; rows, columns: of pixels.
    """
    width, near = maps.labels.shape[1], max(2, round(_NEAR * box.height))
    if side in (0, width - 1):
        return True
    # The outermost of every row's pixels, of those rows that reach the side.
    top = int(rows.min())
    outermost = np.full(box.y1 - top, -width)
    np.maximum.at(outermost, rows - top, sign * columns)
    edge = np.flatnonzero(sign * side - outermost < near)
    step = -(-len(edge) // _MANY)
    beside = ((top + int(row), sign * (int(outermost[row]) + 1)) for row in edge[::step])
    inside = (place for place in beside if 0 <= place[1] < width)
    covered = step * len(maps.before(inside, box.y1, box.height))
    return covered >= max(len(edge) / 2, _EDGE * box.height)


def _person(
    maps: _Maps, box: Rect, rows: _Pixels, columns: _Pixels, *, cycles: tuple[int, ...]
) -> Figure:
    lowest = columns[rows == box.y1 - 1]
    under = maps.labels[min(box.y1, len(maps.labels) - 1), lowest]
    if member(under, cycles).any():
        return Figure(box, second=False)  # who rides has bent legs, and all of them on show
    foot = box.y0 + round(_PERSON * box.width)
    y1 = max(box.y1, min(foot, maps.lowest_before(box, lowest)))
    whole = Rect(box.x0, box.y0, box.x1, y1)
    wide, spans = _widths(whole, _HEM, rows, columns)
    shins, _ = _widths(whole, _SHINS, rows, columns)
    loose = 0 < shins * _LOOSE < wide and wide >= _WHOLE * spans
    return Figure(whole, second=bool(loose))


def _widths(
    whole: Rect, shares: tuple[float, float], rows: _Pixels, columns: _Pixels
) -> tuple[float, float]:
    """How many pixels a row of these shares of the height has, and how many they span: medians."""
    low, high = (whole.y1 - round(share * whole.height) for share in shares)
    there = (rows >= high) & (rows < low)
    if not there.any():
        return 0.0, 0.0
    own, columns = rows[there] - rows[there].min(), columns[there]
    counts = np.bincount(own)
    least, most = np.full(len(counts), columns.max()), np.zeros(len(counts), np.int64)
    np.minimum.at(least, own, columns)
    np.maximum.at(most, own, columns)
    return float(np.median(counts)), float(np.median(most - least + 1))
