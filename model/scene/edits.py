"""Undo records: what one edit changed, able to redo and undo itself on a document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import EMPTY, Array, BoolMask, Rect
from model.scene.layers import Layers
from model.scene.scene import InstanceMap, LabelMap, Style, Styles

if TYPE_CHECKING:
    from model.scene.document import Document

Maps = tuple[LabelMap, InstanceMap]


@dataclass(frozen=True, slots=True, eq=False)
class MapEdit:
    """Pixels that changed inside one rectangle: their labels and instances before and after."""

    rect: Rect
    packed: NDArray[np.uint8]  # the changed pixels of rect, one bit each
    before: Maps  # of the changed pixels, in raster order; one value when all are alike
    after: Maps

    @classmethod
    def between(cls, rect: Rect, before: Maps, after: Maps) -> MapEdit | None:
        """The difference between two states of rect, or None when nothing changed."""
        changed = (before[0] != after[0]) | (before[1] != after[1])
        if not changed.any():
            return None
        return cls(rect, np.packbits(changed), _pick(before, changed), _pick(after, changed))

    @property
    def mask(self) -> BoolMask:
        """(rect.height, rect.width) bool, true where this edit changed something."""
        bits = np.unpackbits(self.packed, count=self.rect.width * self.rect.height)
        return bits.reshape(self.rect.height, self.rect.width).astype(np.bool_)

    @property
    def nbytes(self) -> int:
        return self.packed.nbytes + sum(part.nbytes for part in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class StyleEdit:
    """Styles by instance id before and after; None stands for "has no style of its own"."""

    before: Mapping[int, Style | None]
    after: Mapping[int, Style | None]

    @classmethod
    def between(cls, before: Styles, after: Styles) -> StyleEdit | None:
        """The difference between two sets of styles, or None when there is none."""
        if before is after:
            return None
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        if not keys:
            return None
        return cls({key: before.get(key) for key in keys}, {key: after.get(key) for key in keys})

    @property
    def nbytes(self) -> int:
        """An estimate: boxed floats and dictionary entries."""
        styles = (*self.before.values(), *self.after.values())
        return sum(128 + 32 * len(style.vector) for style in styles if style is not None)


@dataclass(frozen=True, slots=True, eq=False)
class LayerEdit:
    """What changed beneath the visible maps inside one rectangle, and in the order by depth."""

    rect: Rect
    depth: int
    packed: NDArray[np.uint8]  # the changed places of (depth, rect.height, rect.width), a bit each
    before: InstanceMap  # ids at the changed places, in order; one value when all are alike
    after: InstanceMap
    order_before: tuple[int, ...] = ()
    order_after: tuple[int, ...] = ()

    @classmethod
    def between(cls, rect: Rect, before: Layers, after: Layers) -> LayerEdit | None:
        """The difference between two states of rect, or None when there is none."""
        if before is after:
            return None
        depth = max(len(before.planes), len(after.planes))
        old, new = before.window(rect, depth), after.window(rect, depth)
        changed = old != new
        orders = before.order, after.order
        if changed.any():
            parts = _shortened(old[changed]), _shortened(new[changed])
            return cls(rect, depth, np.packbits(changed), *parts, *orders)
        none = np.zeros(0, np.int32)
        return (
            cls(EMPTY, 0, none.astype(np.uint8), none, none, *orders)
            if len({*orders}) > 1
            else None
        )

    @property
    def mask(self) -> BoolMask:
        """(depth, rect.height, rect.width) bool, true where this edit changed something."""
        shape = self.depth, self.rect.height, self.rect.width
        bits = np.unpackbits(self.packed, count=math.prod(shape))
        return bits.reshape(shape).astype(np.bool_)

    @property
    def nbytes(self) -> int:
        orders = 32 * (len(self.order_before) + len(self.order_after))
        return self.packed.nbytes + self.before.nbytes + self.after.nbytes + orders


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One undo step: a change of the maps, of styles, of what is hidden, or of several of them."""

    name: str
    maps: MapEdit | None
    styles: StyleEdit | None
    layers: LayerEdit | None = None

    @property
    def nbytes(self) -> int:
        parts = self.maps, self.styles, self.layers
        return sum(part.nbytes for part in parts if part is not None)

    def redo(self, document: Document) -> None:
        if self.styles:
            document.write_styles(self.styles.after)
        if self.layers:
            document.write_layers(self.layers, self.layers.after, self.layers.order_after)
        if self.maps:
            document.write_maps(self.maps.rect, self.maps.mask, *self.maps.after)

    def undo(self, document: Document) -> None:
        if self.styles:
            document.write_styles(self.styles.before)
        if self.layers:
            document.write_layers(self.layers, self.layers.before, self.layers.order_before)
        if self.maps:
            document.write_maps(self.maps.rect, self.maps.mask, *self.maps.before)


def _pick(maps: Maps, mask: BoolMask) -> Maps:
    return _shortened(maps[0][mask]), _shortened(maps[1][mask])


def _shortened(values: Array) -> Array:
    """One value when all are alike, as after a brush stroke: the history holds more edits."""
    return values[:1].copy() if (values == values[0]).all() else values
