"""Tidying: holes inside instances, and small bits that lie apart from the rest of theirs."""

from __future__ import annotations

from collections.abc import Collection

import cv2
import numpy as np

from model.scene.document import Document
from model.scene.geometry import BoolMask
from model.scene.labels import label_of
from model.scene.nearest import nearest_around
from model.scene.operations import named, pixels_of
from model.scene.protection import Protection

SPECK = 64  # pixels; larger bits are meant


def fill_holes(document: Document, instance_id: int, protection: Protection) -> None:
    """What an instance encloses becomes part of it, where that may be written on; one step."""
    rect, mask = pixels_of(document, [instance_id])
    outside = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    cv2.floodFill(outside, None, (0, 0), 2, flags=4)
    holes = outside[1:-1, 1:-1] == 1
    window = rect.slices
    holes &= protection.writable(document.label_map[window], document.instance_map[window])
    with document.edit(f"Fill holes of {named(document, [instance_id])}"):
        document.paint(rect, holes, label_of(instance_id), instance_id)


def remove_specks(
    document: Document,
    instance_ids: Collection[int] | None,
    protection: Protection,
    largest: int = SPECK,
) -> None:
    """Bits of up to that many pixels, but never an instance's largest, become what is around them.

    Of some instances or of all, where they may be written on; one step.
    """
    specks = np.zeros(document.label_map.shape, np.bool_)
    for info in document.instances():
        if instance_ids is None or info.instance_id in instance_ids:
            window = info.rect.slices
            own = document.instance_map[window] == info.instance_id
            specks[window] |= _small_parts(own, largest)
    specks &= protection.writable(document.label_map, document.instance_map)
    if not specks.any():
        return
    place = nearest_around(~specks, specks)
    labels, instances = document.label_map.copy(), document.instance_map.copy()
    labels[specks], instances[specks] = document.label_map[place], document.instance_map[place]
    with document.edit("Remove specks"):
        document.paint_maps(document.bounds, specks, labels, instances)


def _small_parts(mask: BoolMask, largest: int) -> BoolMask:
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= largest
    small[0] = False
    if count > 1:
        small[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())] = False
    return small[parts.astype(np.intp)]
