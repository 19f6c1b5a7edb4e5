"""Thumbnails: how large to paint the whole scene for them, and what to cut out. No torch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import BoolMask, Rect
from model.scene.scene import InstanceMap, LabelMap

FRAME_WIDTH = 512
LARGEST = 1 / 3  # of the scene's width; ten frames of that size cost about as much as a whole one
SHARE = 0.15  # of a whole frame's work: what one may cost in place, else a reduced frame is cheaper
FEW_PIXELS = 0.1  # of the scene's: ten such frames cost less than one, so each style gets its own
LEGIBLE = 48  # pixels of the instance's longer side
_MARGIN = 0.15  # of the instance's longer side, around it
_WIDEST = 2.0  # sides of a thumbnail, as a ratio


def reduction(width: int, rect: Rect) -> float:
    """Factor <= LARGEST for a scene `width` pixels wide; `rect` holds the instance to be seen."""
    legible = LEGIBLE / max(rect.width, rect.height, 1)
    return min(LARGEST, max(FRAME_WIDTH / width, legible))


def reduced(
    labels: LabelMap, instances: InstanceMap, factor: float
) -> tuple[LabelMap, InstanceMap]:
    """Both maps with every side `factor` as long, each pixel that nearest to its middle."""
    rows, columns = (_nearest(side, factor) for side in labels.shape)
    grid = np.ix_(rows, columns)
    return labels[grid], instances[grid]


def fitted(picture: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """A picture brought to a height, its proportions kept."""
    rows, columns, _ = picture.shape
    width = max(1, round(columns * height / rows))
    shrinks = height < rows
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    resized = cv2.resize(picture, (width, height), interpolation=method)
    return resized.astype(np.uint8, copy=False)


def mean_color(picture: NDArray[np.uint8], inside: BoolMask) -> tuple[int, int, int]:
    """Of the pixels of (H, W, 3) uint8 that are inside, or of all when none is."""
    pixels = picture[inside] if inside.any() else picture.reshape(-1, 3)
    red, green, blue = np.rint(pixels.mean(axis=0)).astype(int).tolist()
    return red, green, blue


def _nearest(side: int, factor: float) -> NDArray[np.intp]:
    length = max(1, round(side * factor))
    return ((np.arange(length) + 0.5) * side / length).astype(np.intp)


def window(rect: Rect, factor: float, width: int, height: int) -> Rect:
    """Where to cut: around the middle of `rect`, inside a picture of width x height."""
    margin = _MARGIN * max(rect.width, rect.height)
    wide, high = (side + 2 * margin for side in (rect.width, rect.height))
    wide, high = max(wide, high / _WIDEST), max(high, wide / _WIDEST)
    wide, high = (max(1, round(side * factor)) for side in (wide, high))
    high = min(high, height)
    wide = min(wide, width, max(1, int(high * _WIDEST)))
    left = _placed((rect.x0 + rect.x1) / 2 * factor - wide / 2, wide, width)
    top = _placed((rect.y0 + rect.y1) / 2 * factor - high / 2, high, height)
    return Rect(left, top, left + wide, top + high)


def _placed(start: float, length: int, limit: int) -> int:
    return min(max(round(start), 0), limit - length)
