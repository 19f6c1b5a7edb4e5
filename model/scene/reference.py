"""Spatial reference: where each pixel lies in the picture and in its instance, as channels.

Functions of the instance map alone. A generator that repeats itself over a wide region has
otherwise nothing to hang windows, wheels and lane marks on.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from model.scene.boundary import boundary_map
from model.scene.geometry import Rect

REFERENCE_CHANNELS = 5
REFERENCE_SCALE = 127.0

_HALF = 1 / 32  # share of the picture's height at which the distance channel is 0
_ROWS = 256  # worked on at once where whole pictures would take much memory


def spatial_reference(instance_map: np.ndarray) -> np.ndarray:
    """(H, W) int instance map to (5, H, W) int8; divided by `REFERENCE_SCALE` all is in [-1, 1].

    Channels: row in the picture; horizontal and vertical position in the instance's box; distance
    to the nearest boundary, from -1 on it over 0 at 1/32 of the height towards 1; log2 of the box's
    height over the picture's, 1 for the whole picture and 0 for 1/8.
    """
    return reference_of(instance_map, *instance_boxes(instance_map))


def reference_of(instance_map: np.ndarray, index: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """`spatial_reference` when `instance_boxes` is known already."""
    height, width = instance_map.shape
    distance = distance_channel(boundary_map(instance_map))
    return reference_part(Rect(0, 0, width, height), height, index, boxes, distance)


def distance_channel(boundary: np.ndarray) -> np.ndarray:
    """The channel of the reference, (H, W) int8, that only a whole (H, W) boundary map tells."""
    distance = boundary_distance(boundary)
    channel = np.empty(distance.shape, np.int8)
    for start in range(0, len(channel), _ROWS):
        rows = slice(start, start + _ROWS)
        channel[rows] = _distance_levels(distance[rows], len(channel))
    return channel


def repainted_reference(
    recorded: np.ndarray,
    instance_map: np.ndarray,
    rect: Rect,
    touched: Rect,
    boxes: Mapping[int, Rect],
    size: tuple[int, int],
) -> np.ndarray:
    """The spatial reference of a part of a picture after a touch, as far as can be told from it.

    recorded: (5, h, w) int8 from before; instance_map: (h, w) as it is now; both cover `rect`.
    touched: where it changed, inside `rect`; boxes: of the instances that occur there; size:
    (height, width) of the picture. Only values inside `touched` are made anew: that a box grew
    is not seen in the rest of its instance, nor a new boundary in the distances around.
    """
    height, _width = size
    inside = touched.slices_in(rect)
    ids, index = dense_instances(instance_map[inside])
    distance = boundary_distance(boundary_map(instance_map))[inside]
    levels = _distance_levels(distance, height)
    new = reference_part(touched, height, index, box_array(boxes, ids), levels)
    # A boundary outside of the part may be nearer than those inside.
    unsure = distance > _to_inner_rim(rect, size)[inside]
    old = recorded[(3, *inside)]
    new[3] = np.where(unsure, np.minimum(new[3], old), new[3])
    reference = recorded.copy()
    reference[(slice(None), *inside)] = new
    return reference


def distance_reach(height: int) -> int:
    """Pixels around a new boundary in which distances to it differ enough to be seen."""
    return round(half_distance(height))


def half_distance(height: int) -> float:
    """Pixels from a boundary at which the distance channel is 0."""
    return height * _HALF


def reference_part(
    rect: Rect, height: int, index: np.ndarray, boxes: np.ndarray, distance: np.ndarray
) -> np.ndarray:
    """The reference of a rectangle of a picture of that height, (5, h, w) int8.

    index: (h, w) int32 rows of `boxes`; boxes: (n, 4); distance: (h, w), of `distance_channel`.
    """
    rows = np.arange(rect.y0, rect.y1, dtype=np.float32)[:, None]
    columns = np.arange(rect.x0, rect.x1, dtype=np.float32)
    left, top, right, bottom = (boxes[:, k].astype(np.float32) for k in range(4))
    reference = np.empty((REFERENCE_CHANNELS, *index.shape), np.int8)
    reference[0] = quantized((rows + 0.5) / height * 2 - 1)
    reference[1] = quantized(_centred(columns, left[index], right[index]))
    reference[2] = quantized(_centred(rows, top[index], bottom[index]))
    reference[3] = distance
    reference[4] = box_sizes(top, bottom, height)[index]
    return reference


def box_sizes(top: np.ndarray, bottom: np.ndarray, height: int) -> np.ndarray:
    """The last channel, (n,) int8, by the sides (n,) float32 of the boxes."""
    return quantized(np.maximum(np.log2((bottom - top) / height) / 3 + 1, -1))


def boundary_distance(boundary: np.ndarray) -> np.ndarray:
    """(H, W) float32 pixels to the nearest boundary, of a (H, W) boundary map."""
    inside = (~boundary).view(np.uint8)
    return cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)


def _distance_levels(distance: np.ndarray, height: int) -> np.ndarray:
    # Saturates smoothly: a limit would be seen in the pictures as a contour line.
    half = half_distance(height)
    return quantized((distance - half) / (distance + half))


def _to_inner_rim(rect: Rect, size: tuple[int, int]) -> np.ndarray:
    """(h, w) distance of every pixel to where `rect` ends inside the picture; one row is lost."""
    far = float(sum(size))
    height, width = size
    rows, columns = (np.arange(side, dtype=np.float32) for side in (rect.height, rect.width))
    above = np.where(rect.y0 > 0, rows - 1, far)
    below = np.where(rect.y1 < height, rows[::-1] - 1, far)
    left = np.where(rect.x0 > 0, columns - 1, far)
    right = np.where(rect.x1 < width, columns[::-1] - 1, far)
    return np.minimum(np.minimum(above, below)[:, None], np.minimum(left, right))


def instance_boxes(instance_map: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Consecutive instance numbers (H, W) int32 in ascending order of id, and their boxes.

    Boxes are (n, 4) int32: left, top, right, bottom, the latter two exclusive.
    """
    _, index = dense_instances(instance_map)
    return index, boxes_of(index)


def boxes_of(index: np.ndarray) -> np.ndarray:
    """The boxes (n, 4) of consecutive instance numbers."""
    _height, width = index.shape
    starts = np.ones(index.shape, bool)  # of runs of one instance within a row
    np.not_equal(index[:, 1:], index[:, :-1], out=starts[:, 1:])
    first = np.flatnonzero(starts)
    last = np.append(first[1:], index.size) - 1
    instance = index.ravel()[first]
    boxes = np.zeros((4, int(instance.max(initial=-1)) + 1), np.int32)
    boxes[:2] = max(index.shape)
    np.minimum.at(boxes[0], instance, first % width)
    np.minimum.at(boxes[1], instance, first // width)
    np.maximum.at(boxes[2], instance, last % width + 1)
    np.maximum.at(boxes[3], instance, last // width + 1)
    return np.ascontiguousarray(boxes.T)


def box_array(boxes: Mapping[int, Rect], ids: np.ndarray) -> np.ndarray:
    """The boxes (n, 4) of these instances."""
    known = [boxes[instance_id] for instance_id in ids.tolist()]
    corners = [(box.x0, box.y0, box.x1, box.y1) for box in known]
    return np.array(corners, np.int32).reshape(-1, 4)


def dense_instances(instance_map: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ids that occur, ascending, and the map with each id replaced by its position, int32."""
    highest = int(instance_map.max())
    if int(instance_map.min()) < 0 or highest >= 1 << 22:  # the table below would be absurd
        ids, index = np.unique(instance_map, return_inverse=True)
        return ids.astype(np.int32), index.reshape(instance_map.shape).astype(np.int32)
    occurs = np.zeros(highest + 1, bool)
    occurs[instance_map.ravel()] = True
    position = np.cumsum(occurs, dtype=np.int32) - 1
    return np.flatnonzero(occurs).astype(np.int32), position[instance_map]


def _centred(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Pixel positions between two edges as -1..1, pixel centres counting."""
    return (value + 0.5 - low) / (high - low) * 2 - 1


def quantized(value: np.ndarray) -> np.ndarray:
    """Values in [-1, 1] as int8: the levels of a channel."""
    return np.rint(value * np.float32(REFERENCE_SCALE)).astype(np.int8)
