"""From rendered ids to the maps a person would draw: closed crowns, nothing too small to outline,
a sliver left blank here and there. Works on finished maps; draws no OpenGL."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.streets.labels import LabelId

Ids = NDArray[np.int32]

REFERENCE_WIDTH = 1024
SMALLEST_OBJECT = 8  # pixels at REFERENCE_WIDTH
CROWN_GAP = 7  # pixels at REFERENCE_WIDTH that a brush closes
BEHIND_CROWNS = (LabelId.SKY, LabelId.BUILDING, LabelId.BRIDGE, LabelId.WALL)
BLANK_SHARE, BLANKS = 0.35, (1, 4)


def label_map(instances: Ids) -> NDArray[np.uint8]:
    """The label of every pixel, by the instance rule."""
    return np.where(instances >= 1000, instances // 1000, instances).astype(np.uint8)


def annotated(instances: Ids, rng: np.random.Generator) -> Ids:
    """Instance ids (H, W) as an annotator would leave them; `rng` places the blank slivers."""
    scale = instances.shape[1] / REFERENCE_WIDTH
    outlined = _without_specks(instances, SMALLEST_OBJECT * scale**2)
    outlined = _with_closed_crowns(outlined, max(1, round(CROWN_GAP * scale)) | 1)
    if rng.random() < BLANK_SHARE:
        _leave_blanks(outlined, rng, scale)
    return outlined


def _without_specks(instances: Ids, fewest: float) -> Ids:
    """Objects of fewer pixels take the id of the nearest pixel of something larger."""
    ids, inverse, counts = np.unique(instances, return_inverse=True, return_counts=True)
    small = ((counts < fewest) & (ids >= 1000))[inverse].reshape(instances.shape)
    if not small.any():
        return instances.copy()
    _, found = cv2.distanceTransformWithLabels(
        small.astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.asarray(found, np.intp)
    kept = np.zeros(int(nearest.max()) + 1, np.int32)
    kept[nearest[~small]] = instances[~small]
    return np.where(small, kept[nearest], instances)


def _with_closed_crowns(instances: Ids, size: int) -> Ids:
    """What shines through a crown in gaps narrower than `size` belongs to the crown."""
    crown = (instances == LabelId.VEGETATION).astype(np.uint8)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(crown, cv2.MORPH_CLOSE, brush) > 0
    behind = np.isin(label_map(instances), BEHIND_CROWNS)
    return np.where(closed & behind, np.int32(LabelId.VEGETATION), instances)


def _leave_blanks(instances: Ids, rng: np.random.Generator, scale: float) -> None:
    """Slivers where three outlines meet stay without a label."""
    corner = instances[1:, 1:]
    others = (instances[:-1, :-1], instances[:-1, 1:], instances[1:, :-1])
    y, x = np.nonzero((others[0] != corner) | (others[1] != corner) | (others[2] != corner))
    block = np.sort([corner[y, x], *(other[y, x] for other in others)], axis=0)
    meeting = np.count_nonzero(np.diff(block, axis=0), axis=0) >= 2
    y, x = y[meeting], x[meeting]
    if not len(y):
        return
    for index in rng.integers(len(y), size=int(rng.integers(*BLANKS))):
        size = rng.uniform(2.0, 7.0, 2) * scale
        sliver = np.zeros(instances.shape, np.uint8)
        axes, middle = (
            (max(1, int(size[0])), max(1, int(size[1] / 2))),
            (int(x[index]), int(y[index])),
        )
        cv2.ellipse(sliver, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        instances[sliver > 0] = LabelId.UNLABELED
