"""Moving, scaling and duplicating instances, each one undo step."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.depth import depth_order, everything, feet
from model.scene.document import Document
from model.scene.filling import Filling, take_away
from model.scene.geometry import EMPTY, BoolMask, Rect
from model.scene.ground import covers
from model.scene.instances import is_object
from model.scene.labels import label_of
from model.scene.layers import Stacks, inserted
from model.scene.operations import named, whole_of
from model.scene.raster import Shape

MOST_PICTURES = 2.0  # that one thing may be as large as: more is hardly seen, and slow to draw


@dataclass(frozen=True, slots=True)
class Move:
    """By so many pixels, and larger by scale about the foot: the middle of the lower edge."""

    dx: float
    dy: float
    scale: float = 1.0

    @property
    def changes(self) -> bool:
        return self != Move(0, 0)


def largest_scale(size: tuple[int, int], bounds: Rect) -> float:
    """How much larger something of (height, width) may become in a picture of those bounds."""
    return math.sqrt(MOST_PICTURES * bounds.width * bounds.height / (size[0] * size[1]))


def moved_shapes(shapes: Mapping[int, Shape], move: Move) -> dict[int, Shape]:
    """Where instances of those shapes would be, the nearest last; rectangles may reach outside.

    All move and grow about the foot of the whole.
    """
    whole = EMPTY
    for rect, _ in shapes.values():
        whole = whole.union(rect)
    foot = (whole.x0 + whole.x1) / 2, float(whole.y1)
    order = sorted(shapes, key=lambda each: shapes[each][0].y1)
    return {each: _moved(*shapes[each], foot, move) for each in order}


def shapes_of(document: Document, instance_ids: Collection[int]) -> dict[int, Shape]:
    """What moved_shapes() needs. Raises ValueError when an instance is not there."""
    return {each: whole_of(document, [each]) for each in instance_ids}


def move_instances(
    document: Document,
    instance_ids: Sequence[int],
    move: Move,
    filling: Filling | None = None,
    ordered: bool = True,
    allowed: BoolMask | None = None,
) -> None:
    """Move instances; what lay behind them appears. When ordered, nearer things hide them.

    allowed: (H, W), where they may be put down, elsewhere they are hidden; everywhere when None.

    Raises InputError when nothing is there to fill with; then the document is as before.
    """
    shapes = moved_shapes(shapes_of(document, instance_ids), move)
    rect, mask = whole_of(document, instance_ids)
    verb = "Scale" if move.dx == move.dy == 0 else "Move"
    with document.edit(f"{verb} {named(document, instance_ids)}"):
        take_away(document, rect, mask, filling, instance_ids)
        for instance_id, shape in shapes.items():
            place(document, shape, instance_id, ordered, allowed)


def duplicate_instances(
    document: Document,
    instance_ids: Sequence[int],
    move: Move,
    allowed: BoolMask | None = None,
) -> tuple[int, ...]:
    """Put copies of instances, with their styles, elsewhere; returns the ids that can be seen.

    allowed: as in move_instances().

    Raises InputError when a label has no free number; then the document is as before.
    """
    shapes = moved_shapes(shapes_of(document, instance_ids), move)
    copies: dict[int, int] = {}
    name = f"Duplicate {named(document, instance_ids)}"
    with suppress(_Unseen), document.edit(name):
        for instance_id, shape in shapes.items():
            copies[instance_id] = document.new_instance_id(label_of(instance_id))
            place(document, shape, copies[instance_id], True, allowed)
            style = document.styles.get(instance_id)
            document.set_styles(name, {} if style is None else {copies[instance_id]: style})
        return _seen(document, [copies[each] for each in instance_ids])
    return ()


def place(
    document: Document,
    shape: Shape,
    instance_id: int,
    ordered: bool,
    allowed: BoolMask | None = None,
) -> None:
    """Inside an open edit: put down a shape, which is nowhere yet and stands on its lower edge.

    It hides what it covers. When ordered, what stands nearer hides it; else it is in front of
    everything. allowed: as in move_instances().
    """
    rect, mask = shape
    inside = rect.intersection(document.bounds)
    if is_object(instance_id) and (not ordered or instance_id in document.layers.order):
        rest = [each for each in depth_order(document) if each != instance_id]
        document.set_order(rest if ordered else [*rest, instance_id])
    if not inside:
        return
    hides = np.zeros((inside.height, inside.width), np.bool_)
    if ordered:
        maps = document.label_map, document.instance_map
        hides = covers(*maps, document.schema, inside, rect.y1)
    if allowed is not None:
        hides = hides | ~allowed[inside.slices]
    stacks = document.stacks(inside)
    depth = hides.astype(np.intp)
    if ordered and hides.any() and len(stacks) > 1:
        rows = feet(everything(document))
        depth = _depth_beneath(stacks, hides, [each for each in rows if rows[each] > rect.y1])
    document.write_stacks(
        inside, inserted(stacks, mask[inside.slices_in(rect)], instance_id, depth)
    )


def _depth_beneath(stacks: Stacks, hides: BoolMask, nearer: Sequence[int]) -> NDArray[np.intp]:
    """(h, w): how many ids at the top of a stack are in front: the seen one where it hides, and
    those of nearer objects that follow it."""
    depth, going = hides.astype(np.intp), hides
    for plane in stacks[1:]:
        going = going & np.isin(plane, nearer)
        depth += going
    return depth


def resized(mask: BoolMask, width: int, height: int) -> BoolMask:
    """A (h, w) mask at another size: true where at least half of a pixel is covered."""
    shrinks = width * height < mask.size
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(mask.astype(np.float32), (width, height), interpolation=how) >= 0.5


def parts_placed(
    document: Document,
    parts: Mapping[int, Shape],
    ordered: bool,
    name: str,
    allowed: BoolMask | None = None,
) -> tuple[int, ...]:
    """Paint new instances by label id, as one undo step; returns the ids that can be seen.

    Where nothing of them can be, nothing happens.
    """
    made = []
    with suppress(_Unseen), document.edit(name):
        for label_id, shape in parts.items():
            made.append(document.new_instance_id(label_id))
            place(document, shape, made[-1], ordered, allowed)
        return _seen(document, made)
    return ()


class _Unseen(Exception):
    """Nothing of what was put down can be seen: nobody wanted that."""


def _seen(document: Document, instance_ids: Sequence[int]) -> tuple[int, ...]:
    seen = tuple(each for each in instance_ids if (document.instance_map == each).any())
    if not seen:
        raise _Unseen
    return seen


def _moved(rect: Rect, mask: BoolMask, foot: tuple[float, float], move: Move) -> Shape:
    x0, y0 = (foot[axis] + (low - foot[axis]) * move.scale for axis, low in enumerate(_low(rect)))
    width = max(1, round(rect.width * move.scale))
    height = max(1, round(rect.height * move.scale))
    left, bottom = round(x0 + move.dx), round(y0 + rect.height * move.scale + move.dy)
    if move.scale != 1:
        mask = resized(mask, width, height)
    return Rect(left, bottom - height, left + width, bottom), mask


def _low(rect: Rect) -> tuple[int, int]:
    return rect.x0, rect.y0
