"""Field: the values of one node, fresh ones in a rectangle and recorded ones around it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.inference.plan.rects import Margins, clipped, covers, outside
from model.inference.plan.spill import Values
from model.scene.geometry import Rect

Around = tuple[Rect, Tensor] | None
"""Values with what the next layer reads around them, and the rectangle that they cover."""


@dataclass(slots=True, eq=False)
class Field:
    """Attributes:
    size: (height, width) of the grid.
    rect: where `fresh` (N, C, h, w) lies in the grid. Whole nodes may be set aside.
    recorded: (1, C, height, width) of an earlier pass, maybe less precise, or None.
    around: a whole node with its border, if that was written with it.
    """

    size: tuple[int, int]
    rect: Rect
    fresh: Values
    recorded: Tensor | None = None
    around: Around = None

    def window(self, wanted: Rect) -> tuple[Tensor, Margins]:
        """The values in a rectangle as far as it lies in the grid, and what is missing of it."""
        if self.around is not None and wanted == self.around[0]:
            return self.around[1], (0, 0, 0, 0)
        inside = clipped(wanted, self.size)
        return self.values(inside), outside(wanted, self.size)

    def commit(self) -> None:
        """Writes the fresh values into the recorded ones."""
        if self.recorded is not None and self.rect:
            assert isinstance(self.fresh, Tensor)
            self.recorded[(..., *self.rect.slices)] = self.fresh

    def values(self, inside: Rect) -> Tensor:
        """The values in a rectangle of the grid; not to be written into."""
        if covers(self.rect, inside):
            return self.fresh[(..., *inside.slices_in(self.rect))]
        if self.recorded is None:
            raise RuntimeError(f"{inside} is wanted, but only {self.rect} was computed")
        assert isinstance(self.fresh, Tensor)
        part = self.recorded[(..., *inside.slices)].expand(len(self.fresh), -1, -1, -1)
        values = part.to(self.fresh.dtype, memory_format=torch.channels_last, copy=True)
        both = inside.intersection(self.rect)
        if both:
            values[(..., *both.slices_in(inside))] = self.fresh[(..., *both.slices_in(self.rect))]
        return values
