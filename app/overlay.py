"""What the canvas draws over and instead of the picture, as QImages of map size.

Label colours, boundaries, freshly painted pixels that no picture shows yet, and outlines.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QImage

from model.inference.request import RenderResult
from model.scene.boundary import boundary_map
from model.scene.document import Document
from model.scene.geometry import BoolMask, Rect
from model.scene.scene import ScenePatch

PENDING_ALPHA = 176
BOUNDARY_ALPHA = 96
EDGE = 0xC0C0C0C0  # translucent white, premultiplied


class Layer:
    """A QImage and the (H, W) uint32 array of 0xAARRGGBB pixels behind it."""

    def __init__(self, height: int, width: int, transparent: bool) -> None:
        self.pixels = np.zeros((height, width), np.uint32)
        kind = QImage.Format.Format_ARGB32_Premultiplied
        if not transparent:
            kind = QImage.Format.Format_RGB32
        self.image = QImage(self.pixels.data, width, height, 4 * width, kind)


class MapLayers:
    """Layers of one document, brought up to date rectangle by rectangle.

    Attributes:
        colors: the colour of every pixel's label; nothing where the label is hidden.
        lines: boundaries between instances, translucent black; edges: the same in white.
        picture: what the engine painted last; empty until `has_picture`.
        pending: label colours where the document differs from what the picture shows.
    """

    def __init__(self, document: Document, palette: NDArray[np.uint8]) -> None:
        self._document = document
        size = document.label_map.shape
        self.colors = Layer(*size, transparent=True)
        self.lines = Layer(*size, transparent=True)
        self.edges = Layer(*size, transparent=True)
        self.picture = Layer(*size, transparent=False)
        self.pending = Layer(*size, transparent=True)
        self.has_picture = False
        self._palette = packed(palette)
        self._pending_palette = translucent(palette, PENDING_ALPHA)
        self._shown_labels = document.label_map.copy()  # as the picture shows them
        self._shown_instances = document.instance_map.copy()
        self._show_map(document.bounds)

    def update(self, rect: Rect) -> Rect:
        """Take over what the document has in rect now; returns where it may look different."""
        self._update_pending(rect)
        return self._show_map(rect)

    def _show_map(self, rect: Rect) -> Rect:
        labels = self._document.label_map[rect.slices]
        self.colors.pixels[rect.slices] = self._palette[labels]
        around = rect.grown(1).intersection(self._document.bounds)
        context = rect.grown(2).intersection(self._document.bounds)
        lines = boundary_map(self._document.instance_map[context.slices])
        inner = lines[
            around.y0 - context.y0 : around.y1 - context.y0,
            around.x0 - context.x0 : around.x1 - context.x0,
        ]
        for layer, color in ((self.lines, BOUNDARY_ALPHA << 24), (self.edges, EDGE)):
            np.multiply(inner, np.uint32(color), out=layer.pixels[around.slices])
        return around

    def show_labels(self, palette: NDArray[np.uint8], hidden: frozenset[int]) -> None:
        """Colour the labels by a palette, leaving the hidden ones out."""
        self._palette = packed(palette)
        self._palette[list(hidden)] = 0
        self._pending_palette = translucent(palette, PENDING_ALPHA)
        self._update_pending(self._document.bounds)
        self.colors.pixels[:] = self._palette[self._document.label_map]

    def show_result(self, result: RenderResult, patch: ScenePatch) -> Rect:
        """Take over painted pixels; returns where the view may look different."""
        self.picture.pixels[result.rect.slices] = packed(result.pixels)
        self._shown_labels[patch.rect.slices] = patch.labels
        self._shown_instances[patch.rect.slices] = patch.instances
        self._update_pending(patch.rect)
        everywhere = not self.has_picture
        self.has_picture = True
        return self._document.bounds if everywhere else result.rect.union(patch.rect)

    def picture_pixels(self) -> NDArray[np.uint8]:
        """A copy of the picture as (H, W, 3) uint8 RGB."""
        source = self.picture if self.has_picture else self.colors
        return np.stack([(source.pixels >> shift).astype(np.uint8) for shift in (16, 8, 0)], -1)

    def _update_pending(self, rect: Rect) -> None:
        window = rect.slices
        labels, instances = self._document.label_map[window], self._document.instance_map[window]
        differs = labels != self._shown_labels[window]
        differs |= instances != self._shown_instances[window]
        self.pending.pixels[window] = self._pending_palette[labels] * differs


def packed(rgb: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(..., 3) uint8 RGB as opaque 0xAARRGGBB."""
    wide = rgb.astype(np.uint32)
    opaque = wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2] | 0xFF000000
    return opaque.astype(np.uint32, copy=False)


def translucent(rgb: NDArray[np.uint8], alpha: int) -> NDArray[np.uint32]:
    """(..., 3) uint8 RGB as premultiplied 0xAARRGGBB."""
    scaled = (rgb.astype(np.uint32) * alpha // 255).astype(np.uint8)
    return ((packed(scaled) & 0x00FFFFFF) | alpha << 24).astype(np.uint32, copy=False)


def outline(mask: BoolMask, rect: Rect) -> list[QLineF]:
    """The edges between mask and its outside, in map coordinates; mask covers rect."""
    across = _edge_runs(mask)
    down = _edge_runs(mask.T)
    x, y = rect.x0, rect.y0
    horizontal = [QLineF(x + start, y + row, x + end, y + row) for row, start, end in across]
    vertical = [QLineF(x + row, y + start, x + row, y + end) for row, start, end in down]
    return horizontal + vertical


def _edge_runs(mask: BoolMask) -> list[list[int]]:
    """[row, start, end] of each run of pixels that differ from those in the row above."""
    height, width = mask.shape
    padded = np.zeros((height + 2, width), np.int8)
    padded[1:-1] = mask
    edges = np.zeros((height + 1, width + 2), np.int8)
    edges[:, 1:-1] = np.diff(padded, axis=0)  # 1 enters the shape, -1 leaves it
    changes = np.diff(edges, axis=1) != 0
    starts = np.argwhere(changes & (edges[:, 1:] != 0))
    ends = np.argwhere(changes & (edges[:, :-1] != 0))
    return np.column_stack([starts, ends[:, 1]]).tolist()
