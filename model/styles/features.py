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
    # A float32 sum over a whole picture is off by up to 2 %; Apple's GPUs have nothing better.
    precise = torch.float32 if features.device.type == "mps" else torch.float64
    ones = torch.ones_like(features[:, :1])
    values = torch.cat([features, ones], 1).to(precise)
    sums = instance_sums(values, index, count)
    return (sums[..., :-1] / sums[..., -1:].clamp(min=1)).float()


def instance_sums(values: Tensor, index: Tensor, count: int) -> Tensor:
    """The sum of (N, F, H, W) values over every instance: (N, count, F), of the values' dtype.

    Rows are summed apart first: adding a million pixels to one number takes GPUs very long.
    """
    n, channels, height, width = values.shape
    rows = torch.arange(n * height, device=index.device).view(n, height, 1) * count
    flat = (index + rows).reshape(-1)
    pixels = values.permute(0, 2, 3, 1).reshape(n * height * width, channels)
    sums = values.new_zeros(n * height * count, channels).index_add(0, flat, pixels)
    return sums.view(n, height, count, channels).sum(1)


def paint_means(means: Tensor, index: Tensor) -> Tensor:
    """Write (N, count, F) values back onto their instances: (N, F, H, W)."""
    n, height, _ = index.shape
    rows = means[:, None].expand(n, height, *means.shape[1:])  # gradients too, see above
    places = index[..., None].expand(*index.shape, means.shape[2])
    return rows.gather(2, places).permute(0, 3, 1, 2)
