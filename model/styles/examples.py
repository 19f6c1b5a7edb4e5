"""Examples of clusters: the instance nearest to each centre, and a small picture of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from model.scene.labels import label_of
from model.styles.clusters import InstanceRows

CROP_SIDE = 64  # pixels
_MARGIN = 1.2


def nearest_instances(
    pictures: Sequence[InstanceRows], centers: Mapping[int, np.ndarray]
) -> dict[int, list[tuple[int, int]]]:
    """Label id -> for each of its centres (number of the picture, id) of the nearest instance.

    Every label of `centers` must occur; of equally near instances the first is taken.
    """
    labels = np.concatenate([label_of(rows.ids) for rows in pictures])
    ids = np.concatenate([rows.ids for rows in pictures])
    features = np.concatenate([rows.features for rows in pictures])
    numbers = np.repeat(np.arange(len(pictures)), [len(rows.ids) for rows in pictures])
    found = {}
    for label, vectors in centers.items():
        here = np.flatnonzero(labels == label)
        nearest = [here[((features[here] - v) ** 2).sum(1).argmin()] for v in vectors]
        found[label] = [(int(numbers[row]), int(ids[row])) for row in nearest]
    return found


def crop_around(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(64, 64, 3) uint8: the square of a picture that holds what a mask covers, made small.

    picture: (H, W, 3) uint8; mask: (H, W) bool, not empty. A shape larger than the picture's
    shorter side is shown by its middle.
    """
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    extent = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    side = min(int(np.ceil(extent * _MARGIN)), height, width)
    top = _start(rows, side, height)
    left = _start(columns, side, width)
    square = picture[top : top + side, left : left + side]
    return cv2.resize(square, (CROP_SIDE, CROP_SIDE), interpolation=cv2.INTER_AREA)


def _start(covered: np.ndarray, side: int, limit: int) -> int:
    middle = (int(covered[0]) + int(covered[-1]) + 1) // 2
    return min(max(0, middle - side // 2), limit - side)
