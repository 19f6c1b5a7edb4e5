"""Separate houses: splits a surface into instances of its own and merges them again.

Each makes one undo step. A style that was chosen for the whole stays with every part.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np

from model.errors import InputError
from model.scene.document import Document
from model.scene.geometry import Array, BoolMask, Rect
from model.scene.instances import LARGEST_ID
from model.scene.labels import label_of
from model.scene.nearest import nearest_around
from model.scene.operations import named, pixels_of, rename
from model.scene.raster import Point, Shape, capsule, polygon
from model.scene.specks import SPECK

CUT_RADIUS = 1.0  # pixels; thin, yet no diagonal slips through


def split_parts(document: Document, instance_id: int) -> list[int]:
    """Every connected part becomes an instance; specks stay with the largest, which keeps the id.

    Returns all ids, largest part first. InputError when it is in one piece or the label has too
    few free numbers.
    """
    rect, mask = pixels_of(document, [instance_id])
    parts = _parts(mask)
    if len(parts) < 2:
        raise InputError(f"This {named(document, [instance_id])} is in one piece; cut it.")
    return [instance_id, *_give(document, instance_id, rect, parts[1:])]


def split_inside(document: Document, instance_id: int, points: Sequence[Point]) -> list[int]:
    """What lies inside an outline becomes an instance; returns both ids, the new one first."""
    rect, mask = pixels_of(document, [instance_id])
    inside = mask & _covered(polygon(points, document.bounds), rect)
    if not inside.any() or (inside == mask).all():
        raise InputError("The outline separates nothing; draw it around a part.")
    return [*_give(document, instance_id, rect, [inside]), instance_id]


def cut_along(document: Document, instance_id: int, points: Sequence[Point]) -> list[int]:
    """Cuts an instance in two or more along a line; the largest part keeps the id."""
    rect, mask = pixels_of(document, [instance_id])
    line = np.zeros_like(mask)
    for start, end in itertools.pairwise(points):
        line |= _covered(capsule(start, end, CUT_RADIUS, document.bounds), rect)
    before, parts = len(_parts(mask)), _parts(mask & ~line)
    if len(parts) <= before:
        raise InputError("The line separates nothing; draw it across, from edge to edge.")
    index = np.zeros(mask.shape, np.int32)
    for number, part in enumerate(parts, 1):
        index[part] = number
    lost = mask & (index == 0)
    index[lost] = index[nearest_around(index > 0, lost)]
    touched = [number for number in range(1, len(parts) + 1) if _touches(index == number, line)]
    own = [index == number for number in touched[1:]]
    return [instance_id, *_give(document, instance_id, rect, own)]


def merge_instances(document: Document, instance_ids: Sequence[int]) -> int:
    """All become the first, whose style stays. InputError when their labels differ."""
    first, others = instance_ids[0], instance_ids[1:]
    if not others:
        raise InputError("Select two or more objects of one label to merge them.")
    if len(set(map(label_of, instance_ids))) > 1:
        raise InputError("Only objects of one label can be merged; change their label first.")
    with document.edit(f"Merge {named(document, instance_ids)}"):
        rename(document, instance_ids, first)
    return first


def _give(document: Document, instance_id: int, rect: Rect, parts: list[BoolMask]) -> list[int]:
    """New numbers for parts of an instance, whatever its label; masks cover rect."""
    label_id = label_of(instance_id)
    ids = _free_numbers(document, label_id, len(parts))
    with document.edit(f"Separate {named(document, [instance_id])}"):
        for new_id, part in zip(ids, parts, strict=True):
            document.paint(rect, part, label_id, new_id, covers=False)
        style = document.styles.get(instance_id)
        if style is not None:
            document.set_styles("", dict.fromkeys(ids, style))
    return ids


def _free_numbers(document: Document, label_id: int, count: int) -> list[int]:
    taken, last = document.taken_ids, min(label_id * 1000 + 999, LARGEST_ID)
    free = [each for each in range(label_id * 1000, last + 1) if each not in taken]
    if label_id == 0 or len(free) < count:
        name = document.schema.by_id(label_id).name
        raise InputError(f"There are not {count} free numbers for {name!r}; merge some of them.")
    return free[:count]


def _parts(mask: BoolMask) -> list[BoolMask]:
    """Connected parts, largest first; what is smaller than a speck belongs to the largest."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    order = np.argsort(-sizes, kind="stable")
    large = [parts == 1 + n for n in order if sizes[n] > SPECK or n == order[0]]
    if count > 1:
        rest = mask & ~np.any(large, axis=0)
        large[0] = large[0] | rest
    return large


def _covered(shape: Shape, rect: Rect) -> Array:
    """(rect.height, rect.width) bool, where a shape covers rect."""
    own, mask = shape
    covered = np.zeros((rect.height, rect.width), np.bool_)
    both = own.intersection(rect)
    if both:
        covered[both.slices_in(rect)] = mask[both.slices_in(own)]
    return covered


def _touches(part: BoolMask, line: BoolMask) -> bool:
    return bool((cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)[line].any())
