"""Compare: the picture as it was before the last edits, beside or over what it is now."""

from __future__ import annotations

from enum import Enum, auto

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.overlay import MapLayers

HEAT_STEP = 2  # the heat map is computed at this share of the size
HEAT_GAIN = 3.0  # a difference of a third of the range is shown as the most
HEAT_FLOOR = 6  # smaller differences are not shown


class Comparison(Enum):
    """NONE; BEFORE: the picture before; WIPE: before to the left of a line; SPLIT: side by side."""

    NONE = auto()
    BEFORE = auto()
    WIPE = auto()
    SPLIT = auto()


class Before:
    """Keeps the picture that the newest edits began with.

    It is taken at the first change after an exact picture, so it changes once per painted step.
    """

    def __init__(self) -> None:
        self.image: QImage | None = None
        self._pixels: NDArray[np.uint32] | None = None
        self._fresh = False  # the picture has been exact since it was taken

    def forget(self) -> None:
        self.image, self._pixels, self._fresh = None, None, False

    def note_exact(self) -> None:
        """The picture now shows the document as it is."""
        self._fresh = True

    def note_change(self, layers: MapLayers) -> None:
        """The document is about to look different from its picture."""
        if self._fresh and layers.has_picture:
            self._fresh = False
            if self._pixels is None:
                self._pixels = np.empty_like(layers.picture.pixels)
                height, width = self._pixels.shape
                kind = QImage.Format.Format_RGB32
                self.image = QImage(self._pixels.data, width, height, 4 * width, kind)
            self._pixels[:] = layers.picture.pixels  # memory that is there takes half the time

    def heat(self, layers: MapLayers) -> QImage | None:
        """What changed since, as a translucent picture at a share of the size; None without one."""
        if self._pixels is None:
            return None
        step = HEAT_STEP
        then = np.ascontiguousarray(self._pixels[::step, ::step]).view(np.uint8)
        now = np.ascontiguousarray(layers.picture.pixels[::step, ::step]).view(np.uint8)
        difference = cv2.absdiff(then, now).reshape(*then.shape[:1], -1, 4)[..., :3].max(axis=-1)
        difference = cv2.blur(difference, (3, 3)).astype(np.uint8)
        image = HEAT[difference]
        height, width = image.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(image.tobytes(), width, height, 4 * width, kind).copy()


def _heat_table() -> NDArray[np.uint32]:
    """(256,) premultiplied 0xAARRGGBB by difference: nothing, then purple to yellow."""
    level = np.clip(np.arange(256) * HEAT_GAIN, 0, 255).astype(np.uint8)
    colors = cv2.applyColorMap(level[:, None], cv2.COLORMAP_INFERNO)[:, 0, ::-1].astype(np.uint32)
    alpha = np.where(np.arange(256) < HEAT_FLOOR, 0, 90 + level.astype(np.uint32) * 150 // 255)
    red, green, blue = (colors[:, channel] * alpha // 255 for channel in range(3))
    return (alpha << 24 | red << 16 | green << 8 | blue).astype(np.uint32)


HEAT = _heat_table()
