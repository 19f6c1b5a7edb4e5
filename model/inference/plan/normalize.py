"""Instance normalisation (without learned scale) of one picture, accurate or fast by precision."""

from __future__ import annotations

import torch
from torch import Tensor

EPSILON = 1e-5


def normalized(x: Tensor) -> Tensor:
    """Every channel of (1, C, H, W) channels_last to mean 0 and variance 1; may reuse x's memory.

    Reduced precisions take batch normalisation of one picture: the same function, one call.
    In float32 on a CPU that call sums too carelessly for large pictures (2e-4 a layer at
    2048x1024), so the two passes are made by hand, with sums of rows added in float64.
    """
    if x.dtype != torch.float32 or x.device.type != "cpu":
        return torch.batch_norm(x, None, None, None, None, True, 0.0, EPSILON, False)
    rows = x.permute(0, 2, 3, 1)[0]
    height, width, channels = rows.shape
    lines = rows.view(height, width * channels)  # long lines: a channel is too short a loop
    mean = rows.sum(dim=1).double().sum(dim=0) / (height * width)
    lines.sub_(mean.float().repeat(width))
    squares = torch.linalg.vector_norm(rows, dim=1).double().square().sum(dim=0)
    lines.mul_(torch.rsqrt(squares / (height * width) + EPSILON).float().repeat(width))
    return x
