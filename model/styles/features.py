"""Instance-wise average pooling of encoder features (paper, section 3.4), on tensors.

Instances are given as consecutive numbers from 0 (`model.scene.reference.dense_instances`), so
that pooling is one scatter-add. Pictures of a batch are pooled apart.
"""

from __future__ import annotations

import torch
from torch import Tensor


def instance_means(features: Tensor, index: Tensor, count: int) -> Tensor:
    """Mean feature of every instance.

    features: (N, F, H, W) float; index: (N, H, W) int64 in [0, count). Returns (N, count, F)
    float32; instances without pixels are zero.
    """
    n, channels, height, width = features.shape
    offset = torch.arange(n, device=index.device)[:, None] * count
    flat = (index.reshape(n, -1) + offset).reshape(-1)
    # A float32 sum over a whole picture is off by up to 2 %; Apple's GPUs have nothing better.
    precise = torch.float32 if features.device.type == "mps" else torch.float64
    values = features.to(precise).permute(0, 2, 3, 1).reshape(n * height * width, channels)
    total = values.new_zeros(n * count, channels).index_add(0, flat, values)
    pixels = values.new_zeros(n * count).index_add(0, flat, torch.ones_like(values[:, 0]))
    means = total / pixels.clamp(min=1)[:, None]
    return means.float().reshape(n, count, channels)


def paint_means(means: Tensor, index: Tensor) -> Tensor:
    """Write (N, count, F) values back onto their instances: (N, F, H, W)."""
    n = index.shape[0]
    rows = torch.arange(n, device=index.device)[:, None, None]
    return means[rows, index].permute(0, 3, 1, 2)
