"""Convolution weights rewritten into cheaper ones that compute the same function."""

from __future__ import annotations

import torch
from torch import Tensor

# Row k of this matrix says which rows of a 3x3 kernel row k of the folded 4x4 kernel sums:
# nearest doubling shows two of the three rows the same pixel.
_DOUBLING = ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 0.0), (1.0, 0.0, 0.0))


def fold_doubling(weight: Tensor) -> Tensor:
    """Nearest doubling, reflection pad 1 and 3x3 convolution as one transposed convolution.

    weight: (O, I, 3, 3) of the convolution. Returns (I, O, 4, 4) for
    `conv_transpose2d(pad(x, 1, "replicate"), ..., stride=2, padding=3)`: 4 instead of 9
    multiplications a pixel, and no doubled tensor.
    """
    doubling = torch.tensor(_DOUBLING, dtype=weight.dtype, device=weight.device)
    return torch.einsum("ac,oicd,bd->ioab", doubling, weight, doubling)


def fold_pixels(weight: Tensor) -> Tensor:
    """A k x k convolution with few outputs as one of stride 2 that yields 2x2 pixels at once.

    weight: (O, I, k, k). Returns (4 * O, I, k + 1, k + 1), outputs in the order pixel row,
    pixel column, channel. Three outputs fill a vector unit badly, twelve do better.
    """
    outputs, inputs, side, _ = weight.shape
    folded = weight.new_zeros(2, 2, outputs, inputs, side + 1, side + 1)
    for row in (0, 1):
        for column in (0, 1):
            folded[row, column, :, :, row : row + side, column : column + side] = weight
    return folded.reshape(4 * outputs, inputs, side + 1, side + 1)


def unfold_pixels(pixels: Tensor) -> Tensor:
    """Puts the 2x2 pixels of `fold_pixels` in their places.

    pixels: (N, 4 * O, H / 2, W / 2). Returns (N, H, W, O).
    """
    count, channels, height, width = pixels.shape
    blocks = pixels.permute(0, 2, 3, 1).reshape(count, height, width, 2, 2, channels // 4)
    return blocks.transpose(2, 3).reshape(count, 2 * height, 2 * width, channels // 4)
