"""The ground plane of a street: its horizon, how large things stand on it, what covers what.

Knows labels by their group, so schemas without groups have no ground; touches no document.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import BoolMask, Rect
from model.scene.instances import InstanceInfo, find_instances, ids_in
from model.scene.labels import Label, LabelSchema
from model.scene.scene import InstanceMap, LabelMap

CAMERA_HEIGHT = 1.3  # metres above the road, of cameras in cars
OBJECT_HEIGHTS = {"person": 1.7, "car": 1.5, "truck": 3.2, "bus": 3.1, "bicycle": 1.1}  # metres
FALLBACK_SHARE = 0.45  # of the picture's height, when the map does not tell
BESIDE = 96  # pixels to both sides in which a sign is followed to its pole
LEAST_HEIGHT = 12  # pixels; smaller objects are measured too coarsely
LEAST_ROAD = 0.02  # of the picture's width: what counts as the road being there in a row
ROAD_GAP = 0.02  # of the picture's height: how far below the horizon the road can end


def is_surface(label: Label) -> bool:
    """Something one stands on."""
    return label.group == "flat" or label.name == "terrain"


def is_stuff(label: Label) -> bool:
    """What can be behind an object: neither counted, nor an object such as a pole, nor void."""
    return not label.has_instances and label.group not in ("void", "object")


def ids_of(schema: LabelSchema, *tests: object) -> list[int]:
    """The ids of the labels that pass every test."""
    return [label.id for label in schema if all(test(label) for test in tests if callable(test))]


def table_of(ids: list[int]) -> NDArray[np.bool_]:
    """(256,) bool, for where() or to index with a label map."""
    table = np.zeros(256, np.bool_)
    table[ids] = True
    return table


def where(table: NDArray[np.bool_], label_map: LabelMap) -> BoolMask:
    """table[label_map] of a map with any pixels at all, in an eighth of NumPy's time."""
    return cv2.LUT(label_map, table.view(np.uint8)).view(np.bool_)


def find_horizon(label_map: LabelMap, instance_map: InstanceMap, schema: LabelSchema) -> float:
    """The row of the horizon, from where objects of known height stand and where the road ends.

    An object H metres tall that stands at row f and is h pixels tall puts it at f - h * camera / H.
    The median of those counts; the road cannot reach above it. Without objects it is a little
    above the road's end, without road at a usual share of the height.
    """
    height = label_map.shape[0]
    surface = where(table_of(ids_of(schema, is_surface)), label_map)
    rows = np.flatnonzero(surface.sum(axis=1) >= LEAST_ROAD * label_map.shape[1])
    road_end = float(rows[0]) if len(rows) else None
    guesses = [
        guess
        for info in find_instances(instance_map)
        if (guess := _horizon_of(info, surface, schema)) is not None
    ]
    if len(guesses) >= 3:
        found = _median(guesses)
    elif road_end is not None:
        found = road_end - ROAD_GAP * height
    else:
        found = FALLBACK_SHARE * height
    limit = height - 1.0 if road_end is None else road_end
    return min(max(found, 0.0), limit)


def _median(values: list[float]) -> float:
    """As NumPy's, whose first call imports its masked arrays: 50 ms in the middle of an edit."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _horizon_of(info: InstanceInfo, surface: BoolMask, schema: LabelSchema) -> float | None:
    """What one object says, or nothing when it is cut off, or does not stand on a surface."""
    rect, (height, width) = info.rect, surface.shape
    metres = OBJECT_HEIGHTS.get(schema.by_id(info.label_id).name)
    cut = rect.x0 == 0 or rect.y0 == 0 or rect.x1 == width or rect.y1 >= height - 1
    if metres is None or info.instance_id < 1000 or cut or rect.height < LEAST_HEIGHT:
        return None
    if surface[rect.y1, rect.x0 : rect.x1].mean() < 0.5:
        return None
    return rect.y1 - rect.height * CAMERA_HEIGHT / metres


def covers(
    label_map: LabelMap,
    instance_map: InstanceMap,
    schema: LabelSchema,
    rect: Rect,
    foot: float,
) -> BoolMask:
    """Where in rect, which lies inside, something stands nearer than an object with that foot row.

    Counted objects stand where their lowest pixel is; poles with what hangs on them likewise;
    buildings and the like where each column of them ends. Surfaces and the sky cover nothing.
    """
    inside, row = rect.slices, max(math.floor(foot), 0)
    labels, instances = label_map[inside], instance_map[inside]
    flat = table_of(ids_of(schema, lambda label: is_surface(label) or label.group == "sky"))
    nearer = _ends_beneath(instance_map, rect, row) & ~where(flat, labels)
    counted = where(table_of(ids_of(schema, lambda label: label.has_instances)), labels)
    nearer[counted] = np.isin(instances[counted], ids_in(instance_map[row:]))
    hanging = table_of(ids_of(schema, lambda label: label.group == "object"))
    if not where(hanging, labels).any():
        return nearer
    around = Rect(rect.x0 - BESIDE, 0, rect.x1 + BESIDE, len(label_map))
    around = around.clipped(label_map.shape[1], len(label_map))
    objects = where(hanging, label_map[around.slices]).view(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(objects)
    lowest = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    part = parts[rect.slices_in(around)].astype(np.intp)
    return np.where(part > 0, lowest[part] > foot, nearer)


def _ends_beneath(instances: InstanceMap, rect: Rect, row: int) -> BoolMask:
    """Where in rect the same id goes on downwards without a gap to that row, or lies beneath."""
    beneath = np.ones((rect.height, rect.width), np.bool_)
    if row >= len(instances):
        return ~beneath
    down = instances[rect.y0 : row + 1, rect.x0 : rect.x1]
    same = np.ones(down.shape, np.bool_)
    same[:-1] = down[1:] == down[:-1]
    reaches = np.logical_and.accumulate(same[::-1], axis=0)[::-1][: rect.height]
    beneath[: len(reaches)] = reaches
    return beneath


def scale_at(foot: float, horizon: float, reference: float) -> float:
    """How much larger an object gets when its foot moves from row reference to row foot."""
    return max(foot - horizon, 1.0) / max(reference - horizon, 1.0)
