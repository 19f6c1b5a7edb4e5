"""Trials: what is laid over a picture to show an instance in another style. No torch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import BoolMask

SHARE = 0.35  # of a whole frame's work; beyond it the frame painted at half its size is cheaper
FEATHER = 8  # pixels around the instance over which it fades out


def laid_over(pixels: NDArray[np.uint8], inside: BoolMask) -> NDArray[np.uint8]:
    """(h, w, 4) uint8 RGBA: opaque inside, fading out around it.

    pixels: (h, w, 3) uint8 RGB; inside: (h, w) bool, not empty.
    """
    distance = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 3)
    alpha = np.rint(255 * np.clip(1 - distance / FEATHER, 0, 1)).astype(np.uint8)
    return np.dstack([pixels, alpha])


def enlarged(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture painted small, brought to (height, width)."""
    height, width = size
    whole = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    return whole.astype(np.uint8, copy=False)
