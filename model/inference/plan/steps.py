"""Steps: the layer groups of a generator in the form in which they run fast.

Every step takes and returns (1, C, H, W) channels_last and may overwrite what it takes. Biases in
front of a normalisation are left out: it takes them away again.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.inference.plan.fold import fold_doubling, fold_pixels, unfold_pixels
from model.inference.plan.normalize import normalized
from model.networks.layers import ResidualBlock, ResizeConv


class Step(Protocol):
    name: str

    def __call__(self, x: Tensor) -> Tensor: ...


def reflected(x: Tensor, pixels: int) -> Tensor:
    return functional.pad(x, (pixels,) * 4, mode="reflect")


def activated(x: Tensor) -> Tensor:
    """Instance normalisation, then ReLU."""
    return normalized(x).relu_()


def laid_out(weight: Tensor, like: Tensor) -> Tensor:
    """The weight with the type, device and memory layout that steps work in."""
    return weight.to(like).contiguous(memory_format=torch.channels_last)


class Down:
    """3x3 convolution with stride 2, normalisation, ReLU."""

    name = "down"

    def __init__(self, conv: nn.Conv2d, like: Tensor) -> None:
        self._weight = laid_out(conv.weight.detach(), like)
        self._reflect = conv.padding_mode == "reflect"

    def __call__(self, x: Tensor) -> Tensor:
        if self._reflect:
            # The last row and column of the padding are never reached: the sides are even.
            x = functional.pad(x, (1, 0, 1, 0), mode="reflect")
        return activated(functional.conv2d(x, self._weight, None, 2, 0 if self._reflect else 1))


class Block:
    """Residual block: two 3x3 convolutions added to the input."""

    name = "block"

    def __init__(self, block: ResidualBlock, like: Tensor) -> None:
        first, second = (layer for layer in block.conv_block if isinstance(layer, nn.Conv2d))
        self._first = laid_out(first.weight.detach(), like)
        self._second = laid_out(second.weight.detach(), like)

    def __call__(self, x: Tensor) -> Tensor:
        change = activated(functional.conv2d(reflected(x, 1), self._first))
        change = normalized(functional.conv2d(reflected(change, 1), self._second))
        return change.add_(x)


class TransposedUp:
    """Transposed 3x3 convolution that doubles the size, normalisation, ReLU."""

    name = "up"

    def __init__(self, conv: nn.ConvTranspose2d, like: Tensor) -> None:
        self._weight = laid_out(conv.weight.detach(), like)

    def __call__(self, x: Tensor) -> Tensor:
        return activated(functional.conv_transpose2d(x, self._weight, None, 2, 1, 1))


class ResizedUp:
    """Nearest doubling and 3x3 convolution in one, normalisation, ReLU."""

    name = "up"

    def __init__(self, conv: ResizeConv, like: Tensor) -> None:
        self._weight = laid_out(fold_doubling(conv.weight.detach().float()), like)

    def __call__(self, x: Tensor) -> Tensor:
        around = functional.pad(x, (1, 1, 1, 1), mode="replicate")
        return activated(functional.conv_transpose2d(around, self._weight, None, 2, 3))


class Head:
    """Final 7x7 convolution and tanh: (1, C, H, W), even sides, to (H, W, O) float32."""

    name = "head"

    def __init__(self, conv: nn.Conv2d, like: Tensor) -> None:
        self._weight = laid_out(fold_pixels(conv.weight.detach()), like)
        self._bias = None if conv.bias is None else conv.bias.detach().repeat(4).to(like)

    def __call__(self, x: Tensor) -> Tensor:
        pixels = functional.conv2d(reflected(x, 3), self._weight, self._bias, 2)
        return unfold_pixels(pixels).float().tanh_()


def step_for(layer: nn.Module, like: Tensor) -> Step | None:
    """The step for a layer that does work of its own; None for padding, norm and activation.

    like: a tensor of the type and device to work in.
    """
    match layer:
        case ResidualBlock():
            return Block(layer, like)
        case ResizeConv():
            return ResizedUp(layer, like)
        case nn.ConvTranspose2d():
            return TransposedUp(layer, like)
        case nn.Conv2d(stride=(2, 2)):
            return Down(layer, like)
        case nn.Conv2d():
            return Head(layer, like)
        case _:
            return None
