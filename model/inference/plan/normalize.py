"""Instance normalisation (without learned scale), by statistics measured now or recorded before.

What a generator without normalisation does instead, adding a bias, is normalisation by statistics
that are known beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

EPSILON = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """mean and variance of every channel over a whole picture, (C,) float32."""

    mean: Tensor
    variance: Tensor

    def copied(self) -> Statistics:
        return Statistics(self.mean.clone(), self.variance.clone())


def bias_alone(bias: Tensor) -> Statistics:
    """Statistics, by which to normalise is to add a bias (C,)."""
    return Statistics(-bias.detach().float(), torch.full_like(bias, 1 - EPSILON).float())


def finished(
    x: Tensor, known: Statistics | None, *, relu: bool, plus: Tensor | None = None
) -> tuple[Tensor, Statistics]:
    """What follows a convolution: normalisation, ReLU, and the values of another node added."""
    x, statistics = (activated if relu else normalized)(x, known)
    return x if plus is None else x.add_(plus), statistics


def normalized(x: Tensor, known: Statistics | None) -> tuple[Tensor, Statistics]:
    """Every channel of (N, C, H, W) channels_last to mean 0 and variance 1; may reuse x's memory.

    known: statistics to go by, those of a whole picture when x is a part of it; None to measure
    those of x, one whole picture. The arithmetic that follows is the same, bit for bit.

    Reduced precisions take batch normalisation of one picture: the same function, one call.
    In float32 on a CPU that call sums too carelessly for large pictures (2e-4 a layer at
    2048x1024), so the two passes are made by hand, with sums of rows added in float64.
    """
    if x.dtype == torch.float32 and x.device.type == "cpu":
        return _by_hand(x, known)
    unit = torch.ones(x.shape[1], device=x.device)  # float32 ones keep the statistics float32
    zero = torch.zeros_like(unit)
    if known is None:
        y, mean, scale = torch.native_batch_norm(x, unit, zero, None, None, True, 0.0, EPSILON)
        variance = scale.double().square().reciprocal().sub(EPSILON).float()
        return y, Statistics(mean, variance)
    mean, variance = known.mean, known.variance
    return torch.batch_norm(x, unit, zero, mean, variance, False, 0.0, EPSILON, False), known


def activated(x: Tensor, known: Statistics | None) -> tuple[Tensor, Statistics]:
    """Instance normalisation, then ReLU."""
    x, statistics = normalized(x, known)
    return rectified(x), statistics


def rectified(x: Tensor) -> Tensor:
    """ReLU in place.

    A bfloat16 with its sign set is a negative int16, and integers are compared 15 times faster.
    """
    if x.dtype == torch.bfloat16 and x.device.type == "cpu":
        x.view(torch.int16).clamp_(min=0)
        return x
    return x.relu_()


def _by_hand(x: Tensor, known: Statistics | None) -> tuple[Tensor, Statistics]:
    rows = x.permute(0, 2, 3, 1)
    count, height, width, channels = rows.shape
    lines = rows.reshape(count, height, width * channels)  # a channel is too short a loop
    rows = lines.view(count, height, width, channels)
    mean = _mean(rows).float() if known is None else known.mean
    lines.sub_(mean.repeat(width))
    if known is None:
        squares = torch.linalg.vector_norm(rows[0], dim=1).double().square().sum(dim=0)
        known = Statistics(mean, (squares / (height * width)).float())
    lines.mul_(torch.rsqrt(known.variance + EPSILON).repeat(width))
    return rows.permute(0, 3, 1, 2), known


def _mean(rows: Tensor) -> Tensor:
    return rows[0].sum(dim=1).double().sum(dim=0) / (rows.shape[1] * rows.shape[2])
