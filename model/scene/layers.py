"""Layers: what lies beneath the visible maps, and the order of objects by depth.

Every pixel has a stack of instance ids from the front to the back, the visible one first. An
object's full mask is where its id is in the stacks. Knows no documents.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import EMPTY, BoolMask, Rect

NOTHING = -1  # where a stack has ended
MAX_DEPTH = 8  # ids beneath the visible one; what lies deeper is forgotten
SLACK = 64  # pixels by which the planes grow beyond what is written

Stacks = NDArray[np.int32]  # (K, h, w): K ids from the front to the back, then NOTHING


def _no_planes() -> Stacks:
    return np.zeros((0, 0, 0), np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """Frozen; takes over its array and makes it read-only.

    Attributes:
        rect: outside of it nothing is hidden.
        planes: (depth, rect.height, rect.width), the stacks without the visible ids.
        order: of objects from the back to the front, of those that a person has ordered.
    """

    rect: Rect = EMPTY
    planes: Stacks = field(default_factory=_no_planes)
    order: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.planes.flags.writeable = False

    @property
    def cropped(self) -> Layers:
        """The same with the smallest arrays."""
        there = self.planes != NOTHING
        inner = Rect.around(there.any(axis=0)) if there.any() else EMPTY
        rect = inner.moved(self.rect.x0, self.rect.y0)
        depth = int(there.any(axis=(1, 2)).sum())
        return Layers(rect, self.planes[:depth, *inner.slices].copy(), self.order)

    def window(self, rect: Rect, depth: int) -> Stacks:
        """(at least depth, rect.height, rect.width): a copy of the part in rect."""
        shape = max(depth, len(self.planes)), rect.height, rect.width
        window = np.full(shape, NOTHING, np.int32)
        both = rect.intersection(self.rect)
        if both:
            inside = self.planes[:, *both.slices_in(self.rect)]
            window[: len(self.planes), *both.slices_in(rect)] = inside
        return window


NO_LAYERS = Layers()


class Hidden:
    """The layers of a document, to be written to; frozen() costs nothing until the next write."""

    def __init__(self, layers: Layers, bounds: Rect) -> None:
        self._bounds = bounds
        self._layers = layers
        self._planes: Stacks | None = None  # ours alone; None while those of _layers are valid

    @property
    def order(self) -> tuple[int, ...]:
        return self._layers.order

    def frozen(self) -> Layers:
        self._planes = None
        return self._layers

    def window(self, rect: Rect) -> Stacks:
        """As in Layers; the next write costs nothing more."""
        return self._layers.window(rect, 0)

    def replace(self, layers: Layers) -> None:
        self._layers, self._planes = layers, None

    def set_order(self, order: tuple[int, ...]) -> None:
        layers = self.frozen()
        if order != layers.order:
            self._layers = Layers(layers.rect, layers.planes, order)

    def write(self, rect: Rect, planes: Stacks) -> None:
        """What lies beneath rect, which is inside the picture, from now on."""
        depth = int((planes != NOTHING).any(axis=(1, 2)).sum())
        if not depth:
            rect = rect.intersection(self._layers.rect)
        if rect:
            target = self._ours(rect, depth)
            window = target[:, *rect.slices_in(self._layers.rect)]
            window[:] = NOTHING
            if depth:
                window[:depth] = planes[:depth]

    def _ours(self, rect: Rect, depth: int) -> Stacks:
        """Planes that may be written to and hold rect and that depth."""
        layers = self._layers
        fits = rect.intersection(layers.rect) == rect and depth <= len(layers.planes)
        if self._planes is None or not fits:
            grown = rect if fits else rect.grown(SLACK).intersection(self._bounds)
            whole = layers.rect.union(grown)
            self._planes = layers.window(whole, depth)
            self._layers = Layers(whole, self._planes.view(), layers.order)
        return self._planes


def settled(stacks: Stacks) -> Stacks:
    """Every id once, at its frontmost place, and no gaps; no deeper than MAX_DEPTH."""
    for level in range(1, len(stacks)):
        stacks[level][(stacks[:level] == stacks[level]).any(axis=0)] = NOTHING
    gaps = stacks == NOTHING
    while (torn := gaps[:-1] & ~gaps[1:]).any():  # one pass for each gap; a sort takes longer
        for level in range(len(torn)):
            stacks[level][torn[level]] = stacks[level + 1][torn[level]]
            stacks[level + 1][torn[level]] = NOTHING
            if level + 1 < len(torn):
                torn[level + 1] |= torn[level] & (stacks[level + 2] != NOTHING)
        gaps = stacks == NOTHING
    return stacks[: MAX_DEPTH + 1]


def without(stacks: Stacks, ids: Collection[int], mask: BoolMask) -> Stacks:
    """The stacks with some ids taken out where mask is true."""
    return settled(np.where(np.isin(stacks, list(ids)) & mask, NOTHING, stacks))


def inserted(
    stacks: Stacks, mask: BoolMask, instance_id: int, depth: NDArray[np.intp] | int
) -> Stacks:
    """The stacks with an id at a depth where mask is true; 0 is the front.

    It is taken out of where it was before that counts. depth: (h, w), or one for all.
    """
    rest = without(stacks, [instance_id], mask)
    nothing = np.full((1, *mask.shape), NOTHING, np.int32)
    level = np.arange(len(rest) + 1)[:, None, None]
    kept, pushed = np.concatenate([rest, nothing]), np.concatenate([nothing, rest])
    added = np.where(level < depth, kept, np.where(level == depth, instance_id, pushed))
    return settled(np.where(mask, added, kept).astype(np.int32, copy=False))
