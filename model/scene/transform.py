"""Moving, scaling and duplicating instances, each one undo step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.scene.document import Document
from model.scene.filling import Filling, fill_surroundings
from model.scene.geometry import EMPTY, BoolMask, Rect
from model.scene.ground import covers
from model.scene.labels import label_of
from model.scene.operations import named, pixels_of
from model.scene.raster import Shape


@dataclass(frozen=True, slots=True)
class Move:
    """By so many pixels, and larger by scale about the foot: the middle of the lower edge."""

    dx: float
    dy: float
    scale: float = 1.0

    @property
    def changes(self) -> bool:
        return self != Move(0, 0)


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
    return {each: pixels_of(document, [each]) for each in instance_ids}


def move_instances(
    document: Document,
    instance_ids: Sequence[int],
    move: Move,
    filling: Filling | None = None,
    ordered: bool = True,
    allowed: BoolMask | None = None,
) -> None:
    """Move instances and fill the place behind them. When ordered, nearer things cover them.

    allowed: (H, W), where they may be put down; everywhere when None.

    Raises InputError when nothing is there to fill with; then the document is as before.
    """
    shapes = moved_shapes(shapes_of(document, instance_ids), move)
    rect, mask = pixels_of(document, instance_ids)
    verb = "Scale" if move.dx == move.dy == 0 else "Move"
    with document.edit(f"{verb} {named(document, instance_ids)}"):
        fill_surroundings(document, rect, mask, filling)
        for instance_id, shape in shapes.items():
            place(document, shape, label_of(instance_id), instance_id, ordered, allowed)


def duplicate_instances(
    document: Document,
    instance_ids: Sequence[int],
    move: Move,
    allowed: BoolMask | None = None,
) -> tuple[int, ...]:
    """Put copies of instances, with their styles, elsewhere; returns the copies' ids.

    allowed: as in move_instances().

    Raises InputError when a label has no free number; then the document is as before.
    """
    shapes = moved_shapes(shapes_of(document, instance_ids), move)
    copies: dict[int, int] = {}
    name = f"Duplicate {named(document, instance_ids)}"
    with document.edit(name):
        for instance_id, shape in shapes.items():
            copies[instance_id] = document.new_instance_id(label_of(instance_id))
            place(document, shape, label_of(instance_id), copies[instance_id], True, allowed)
            style = document.styles.get(instance_id)
            document.set_styles(name, {} if style is None else {copies[instance_id]: style})
    return tuple(copies[each] for each in instance_ids)


def place(
    document: Document,
    shape: Shape,
    label_id: int,
    instance_id: int,
    ordered: bool,
    allowed: BoolMask | None = None,
) -> None:
    """Inside an open edit: paint a shape that stands on its lower edge.

    When ordered, what stands nearer covers it. allowed: as in move_instances().
    """
    rect, mask = shape
    inside = rect.intersection(document.bounds)
    if not inside:
        return
    visible = mask[inside.slices_in(rect)]
    if ordered:
        maps = document.label_map, document.instance_map
        visible = visible & ~covers(*maps, document.schema, inside, rect.y1)
    if allowed is not None:
        visible = visible & allowed[inside.slices]
    document.paint(inside, visible, label_id, instance_id)


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
    """Paint new instances by label id, as one undo step; returns the ids that can be seen."""
    made = []
    with document.edit(name):
        for label_id, shape in parts.items():
            made.append(document.new_instance_id(label_id))
            place(document, shape, label_id, made[-1], ordered, allowed)
    return tuple(each for each in made if (document.instance_map == each).any())


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
