"""Tint: the colour that a generator gives every pixel by features or label alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.inference.plan.cells import RIM, Cells
from model.networks.layers import smoothed
from model.scene.geometry import Rect


@dataclass(frozen=True, slots=True, eq=False)
class Tint:
    """A linear map of some channels of the conditioning; weight (3, n), bias (3)."""

    channels: tuple[int, ...]
    weight: Tensor
    bias: Tensor

    @classmethod
    def of(cls, layer: nn.Conv2d, channels: tuple[int, ...], like: Tensor) -> Self:
        assert layer.bias is not None
        weight = layer.weight.detach()[:, :, 0, 0]
        return cls(channels, *(x.float().to(like.device) for x in (weight, layer.bias.detach())))

    def of_cells(self, cells: Cells, covered: Rect, rect: Rect) -> Tensor:
        """(1, 3, h, w) float32 of a rectangle within the one that the cells cover, smoothed."""
        known = torch.from_numpy(cells.vectors[:, self.channels])
        table = functional.linear(known, self.weight, self.bias)
        wide = rect.grown(1)
        index = torch.from_numpy(cells.around[wide.slices_in(covered.grown(RIM))].ravel())
        pixels = table.index_select(0, index).view(1, wide.height, wide.width, 3)
        return smoothed(pixels.permute(0, 3, 1, 2))

    def of_conditioning(self, window: Tensor) -> Tensor:
        """The same, from the conditioning (1, C, h + 2, w + 2) itself."""
        # Not by a list of indices: that is copied to the device, which no graph of kernels can.
        part = torch.stack([window[:, channel] for channel in self.channels], -1).float()
        return smoothed(functional.linear(part, self.weight, self.bias).permute(0, 3, 1, 2))
