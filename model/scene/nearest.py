"""The nearest source pixel of every pixel: around it, in its column, or in its row."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import BoolMask

Places = tuple[NDArray[np.intp], NDArray[np.intp]]
Nearest = Callable[[BoolMask, BoolMask], Places]
"""(H, W) sources, of which there is one, and (H, W) mask: row and column per pixel of mask."""


def nearest_around(sources: BoolMask, mask: BoolMask) -> Places:
    """Nearest by Euclidean distance, to within the few per cent of a chamfer distance."""
    _, labelled = cv2.distanceTransformWithLabels(
        (~sources).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = labelled.astype(np.intp)
    place = np.zeros(int(numbers.max()) + 1, np.intp)  # of the source of each number
    flat = np.flatnonzero(sources)
    place[numbers.ravel()[flat]] = flat
    return np.divmod(place[numbers[mask]], sources.shape[1])


def nearest_in_column(sources: BoolMask, mask: BoolMask) -> Places:
    """Nearest above or below; where the column has no source, nearest around."""
    height = len(sources)
    row = np.arange(height)[:, None]
    above = np.maximum.accumulate(np.where(sources, row, -height), axis=0)
    below = np.minimum.accumulate(np.where(sources, row, 3 * height)[::-1], axis=0)[::-1]
    found = np.where(row - above <= below - row, above, below)[mask]
    rows, columns = found.astype(np.intp), np.nonzero(mask)[1]
    lost = (found < 0) | (found >= height)
    if lost.any():
        around = nearest_around(sources, mask)
        rows, columns = np.where(lost, around[0], rows), np.where(lost, around[1], columns)
    return rows, columns


def nearest_in_row(sources: BoolMask, mask: BoolMask) -> Places:
    """Nearest to the left or right; where the row has no source, nearest around."""
    order = np.lexsort((np.nonzero(mask.T)[0], np.nonzero(mask.T)[1]))  # raster order again
    columns, rows = nearest_in_column(sources.T, mask.T)
    return rows[order], columns[order]
