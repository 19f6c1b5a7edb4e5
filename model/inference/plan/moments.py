"""Moments: the statistics of a whole picture, gathered strip by strip."""

from __future__ import annotations

import torch
from torch import Tensor

from model.inference.plan.normalize import Statistics


class Moments:
    """Mean and variance of every channel over all that was added.

    Strips are joined as Chan et al. do (1979), in float64 where the device has it: squares of
    differences to each strip's own mean, so that nothing is lost where the mean is far from zero.
    """

    def __init__(self) -> None:
        self._pixels = 0
        self._mean = self._squares = torch.zeros(())

    def add(self, x: Tensor) -> None:
        """x: (1, C, h, w) channels_last; stays as it is."""
        _, channels, height, width = x.shape
        wide = torch.float32 if x.device.type == "mps" else torch.float64
        lines = x.permute(0, 2, 3, 1).reshape(height, width * channels).float()
        pixels = height * width
        mean = _by_channel(lines.sum(dim=0).to(wide), channels) / pixels
        lines = lines - mean.float().repeat(width)  # a channel is too short a loop
        columns = torch.linalg.vector_norm(lines, dim=0).to(wide).square()
        self._join(pixels, mean, _by_channel(columns, channels))

    def _join(self, pixels: int, mean: Tensor, squares: Tensor) -> None:
        if self._pixels:
            both = self._pixels + pixels
            apart = mean - self._mean
            squares = squares + self._squares + apart.square() * (self._pixels * pixels / both)
            mean = self._mean + apart * (pixels / both)
        self._pixels += pixels
        self._mean, self._squares = mean, squares

    def statistics(self) -> Statistics:
        return Statistics(self._mean.float(), (self._squares / self._pixels).float())


def _by_channel(columns: Tensor, channels: int) -> Tensor:
    return columns.view(-1, channels).sum(dim=0)
