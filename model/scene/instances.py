"""What is in an instance map: a list of its instances, and free instance ids."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.geometry import Rect
from model.scene.labels import Label, label_of
from model.scene.layers import NOTHING, Layers
from model.scene.scene import InstanceMap

LARGEST_ID = 65535  # what 16-bit instance map files hold


@dataclass(frozen=True, slots=True)
class InstanceInfo:
    """One instance: where it is and how many pixels it has."""

    instance_id: int
    label_id: int
    rect: Rect
    pixels: int


def find_instances(instance_map: InstanceMap) -> list[InstanceInfo]:
    """All instances of a (H, W) map, stuff included, in order of their ids."""
    height, width = instance_map.shape
    flat = instance_map.ravel()
    starts_run = np.ones(flat.size, np.bool_)  # runs of one id within one row
    starts_run[1:] = flat[1:] != flat[:-1]
    starts_run[::width] = True
    starts = np.flatnonzero(starts_run)
    lengths = np.diff(starts, append=flat.size)
    ids, index = np.unique(flat[starts], return_inverse=True)
    rows, lefts = starts // width, starts % width
    x0, y0 = np.full(len(ids), width), np.full(len(ids), height)
    x1, y1, pixels = (np.zeros(len(ids), np.intp) for _ in range(3))
    np.minimum.at(x0, index, lefts)
    np.minimum.at(y0, index, rows)
    np.maximum.at(x1, index, lefts + lengths)
    np.maximum.at(y1, index, rows + 1)
    np.add.at(pixels, index, lengths)
    corners = np.stack([x0, y0, x1, y1], axis=1).tolist()
    return [
        InstanceInfo(instance_id, label_of(instance_id), Rect(*corner), size)
        for instance_id, corner, size in zip(ids.tolist(), corners, pixels.tolist(), strict=True)
    ]


def ids_in(instance_map: InstanceMap) -> NDArray[np.int32]:
    """The ids of a (H, W) map, sorted; in a fraction of np.unique's time."""
    flat = instance_map.ravel()
    starts = flat[1:] != flat[:-1]
    return np.unique(np.append(flat[1:][starts], flat[:1]))


def find_hidden(layers: Layers) -> list[InstanceInfo]:
    """All instances beneath the visible ones, in order of their ids."""
    found: dict[int, InstanceInfo] = {}
    for plane in layers.planes:
        for info in find_instances(plane):
            rect, pixels = info.rect.moved(layers.rect.x0, layers.rect.y0), info.pixels
            if info.instance_id in found:
                other = found[info.instance_id]
                rect, pixels = rect.union(other.rect), pixels + other.pixels
            found[info.instance_id] = InstanceInfo(info.instance_id, info.label_id, rect, pixels)
    found.pop(NOTHING, None)
    return [found[each] for each in sorted(found)]


def is_object(instance_id: int) -> bool:
    """Whether it is one thing rather than all there is of a surface."""
    return instance_id >= 1000


def free_instance_id(label: Label, taken: Container[int]) -> int:
    """The instance id for a new object: label * 1000 + n with the smallest n not taken.

    Labels without instances have one id, the label's own. Raises InputError when all are taken.
    """
    if not label.has_instances:
        return label.id
    if label.id > 0:  # 0 * 1000 + n would read as label n
        for instance_id in range(label.id * 1000, min(label.id * 1000 + 999, LARGEST_ID) + 1):
            if instance_id not in taken:
                return instance_id
    raise InputError(
        f"There is no free number for another {label.name!r} in this picture; "
        "remove one or paint over an existing one."
    )
