"""Layers shared by the networks: normalisation, residual block, down- and upsampling.

Layer order inside every `nn.Sequential` is that of the official code, so parameter names match.
"""

from __future__ import annotations

from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

Norm = Literal["instance", "batch", "none"]
Padding = Literal["zero", "reflect"]
Upsample = Literal["transpose", "resize"]

EPSILON = 1e-5


class InstanceNorm(nn.Module):
    """Instance normalisation without learned scale or running statistics, (N, C, H, W)."""

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[0] == 1 and not torch.compiler.is_compiling():
            # The same function for one picture, and the only one that keeps channels_last.
            return functional.batch_norm(x, None, None, None, None, True, 0.0, EPSILON)
        if x.is_contiguous(memory_format=torch.contiguous_format):
            return functional.instance_norm(x, eps=EPSILON)
        variance, mean = torch.var_mean(x.float(), (2, 3), correction=0, keepdim=True)
        return ((x - mean) * torch.rsqrt(variance + EPSILON)).to(x.dtype)


def norm_layer(kind: Norm, channels: int) -> nn.Module:
    """ "none" leaves values as they are: without instance norm a colour is not measured against the
    rest of the picture, and nothing is gained by drops that outshine it."""
    if kind == "none":
        return nn.Identity()
    return nn.BatchNorm2d(channels) if kind == "batch" else InstanceNorm()


class ResizeConv(nn.Conv2d):
    """Nearest-neighbour doubling, then a 3x3 convolution with reflection padding.

    Stands where the official code has a transposed convolution; free of its checkerboard.
    Computed as the 4x4 transposed convolution that it equals, which takes 4/9 of the arithmetic.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(in_channels, out_channels, 3)

    def folded_weight(self) -> Tensor:
        """(in, out, 4, 4) kernel of the equal transposed convolution, stride 2, padding 3."""
        return _folded(_folded(self.weight, 2), 3).transpose(0, 1)

    def forward(self, input: Tensor) -> Tensor:
        padded = functional.pad(input, (1, 1, 1, 1), mode="replicate")
        return functional.conv_transpose2d(padded, self.folded_weight(), self.bias, 2, 3)


def _folded(taps: Tensor, axis: int) -> Tensor:
    """Three taps along an axis to four: those that fall on the same source pixel are added."""
    first, middle, last = taps.unbind(axis)
    return torch.stack([last, middle + last, first + middle, first], axis)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with reflection padding, added to the input."""

    def __init__(self, channels: int, norm: Norm) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            norm_layer(norm, channels),
            nn.ReLU(True),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            norm_layer(norm, channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv_block(x)


def stem(in_channels: int, out_channels: int, norm: Norm) -> list[nn.Module]:
    """7x7 convolution at full size."""
    return [
        nn.ReflectionPad2d(3),
        nn.Conv2d(in_channels, out_channels, 7),
        norm_layer(norm, out_channels),
        nn.ReLU(True),
    ]


def down(in_channels: int, out_channels: int, norm: Norm, padding: Padding) -> list[nn.Module]:
    """3x3 convolution with stride 2.

    Zero padding is the official one; with instance norm it leaves light spots, hence "reflect".
    """
    mode = "reflect" if padding == "reflect" else "zeros"
    return [
        nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1, padding_mode=mode),
        norm_layer(norm, out_channels),
        nn.ReLU(True),
    ]


def up(in_channels: int, out_channels: int, norm: Norm, upsample: Upsample) -> list[nn.Module]:
    """Doubling, by a transposed 3x3 convolution (official) or by `ResizeConv`."""
    doubling: nn.Module = (
        ResizeConv(in_channels, out_channels)
        if upsample == "resize"
        else nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2, padding=1, output_padding=1)
    )
    return [doubling, norm_layer(norm, out_channels), nn.ReLU(True)]


def head(in_channels: int, out_channels: int, *, tinted: bool = False) -> list[nn.Module]:
    """Final 7x7 convolution and tanh; where the picture is `tinted`, what that takes."""
    if tinted:
        return [nn.ReflectionPad2d(3), nn.Conv2d(in_channels, out_channels + 1, 7)]
    return [nn.ReflectionPad2d(3), nn.Conv2d(in_channels, out_channels, 7), nn.Tanh()]


def smoothed(tint: Tensor) -> Tensor:
    """(N, C, H + 2, W + 2) to (N, C, H, W): weighted 1, 2, 1 along both axes.

    Maps change from one pixel to the next, pictures do not: a camera mixes what meets in a pixel.
    """
    rows = tint[:, :, :-2] + 2 * tint[:, :, 1:-1] + tint[:, :, 2:]
    return (rows[..., :-2] + 2 * rows[..., 1:-1] + rows[..., 2:]) / 16


def tinted(drawn: Tensor, tint: Tensor) -> Tensor:
    """The picture (N, 3, H, W) in [-1, 1], from b and s (N, 4, H, W): tanh(b + s * tint).

    tint: (N, 3, H, W) float32. In float32 whatever drawn is.
    """
    drawn = drawn.float()
    return torch.addcmul(drawn[:, :3], drawn[:, 3:], tint).tanh()


def halve(x: Tensor) -> Tensor:
    """One step of the input pyramid: 3x3 average with stride 2, borders not counted."""
    return functional.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)


def initialize(module: nn.Module) -> None:
    """The official initialisation: convolutions normal(0, 0.02), batch norm normal(1, 0.02).

    Biases of convolutions keep torch's default. A network without normalisation is initialised so
    that values keep their size from layer to layer, and residual blocks begin near the identity.
    """
    if getattr(getattr(module, "config", None), "norm", None) == "none":
        _initialize_plain(module)
        return
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)
            nn.init.zeros_(layer.bias)


@torch.no_grad()
def _initialize_plain(module: nn.Module) -> None:
    last: nn.Conv2d | None = None
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
            last = layer if isinstance(layer, nn.Conv2d) else last
    for block in module.modules():
        if isinstance(block, ResidualBlock):
            cast(nn.Conv2d, block.conv_block[5]).weight *= 0.1
    if last is not None:
        last.weight *= 0.1  # tanh begins in its straight part
