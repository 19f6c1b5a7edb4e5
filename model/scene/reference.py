"""Spatial reference: where each pixel lies in the picture and in its instance, as channels.

Functions of the instance map alone. A generator that repeats itself over a wide region has
otherwise nothing to hang windows, wheels and lane marks on.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy import ndimage

from model.scene.boundary import boundary_map

REFERENCE_CHANNELS = 5
REFERENCE_SCALE = 127.0

_HALF = 1 / 32  # share of the picture's height at which the distance channel is 0


def spatial_reference(instance_map: np.ndarray) -> np.ndarray:
    """(H, W) int instance map to (5, H, W) int8; divided by `REFERENCE_SCALE` all is in [-1, 1].

    Channels: row in the picture; horizontal and vertical position in the instance's box; distance
    to the nearest boundary, from -1 on it over 0 at 1/32 of the height towards 1; log2 of the box's
    height over the picture's, 1 for the whole picture and 0 for 1/8.
    """
    height, width = instance_map.shape
    index, boxes = instance_boxes(instance_map)
    left, top, right, bottom = (boxes[:, k].astype(np.float32) for k in range(4))
    columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    reference = np.empty((REFERENCE_CHANNELS, height, width), np.int8)
    reference[0] = _quantize((rows + 0.5) / height * 2 - 1)
    reference[1] = _quantize(_centred(columns, left[index], right[index]))
    reference[2] = _quantize(_centred(rows, top[index], bottom[index]))
    inside = (~boundary_map(instance_map)).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    # Saturates smoothly: a limit would be seen in the pictures as a contour line.
    reference[3] = _quantize((distance - height * _HALF) / (distance + height * _HALF))
    size = _quantize(np.maximum(np.log2((bottom - top) / height) / 3 + 1, -1))
    reference[4] = size[index]
    return reference


def instance_boxes(instance_map: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Consecutive instance numbers (H, W) int32 in ascending order of id, and their boxes.

    Boxes are (n, 4) int32: left, top, right, bottom, the latter two exclusive.
    """
    _, index = dense_instances(instance_map)
    found = ndimage.find_objects(index + 1)
    boxes = [(x.start, y.start, x.stop, y.stop) for y, x in found]
    return index, np.array(boxes, np.int32).reshape(-1, 4)


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


def _quantize(value: np.ndarray) -> np.ndarray:
    return np.rint(value * np.float32(REFERENCE_SCALE)).astype(np.int8)
