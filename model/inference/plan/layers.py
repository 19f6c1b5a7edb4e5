"""Layers: the convolutions of a generator in the form in which they run fast.

A layer is told which of its output pixels are wanted (`reads` says what input pixels that takes)
and gets those input pixels as a window, (N, C, h, w) channels_last; where the window would reach
over the picture's side it ends there, and the margins say how much is missing. The whole picture
is the largest window. Biases in front of a normalisation are left out: it takes them away again.
"""

from __future__ import annotations

from typing import Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.inference.plan.fold import fold_doubling, fold_pixels, unfold_pixels
from model.inference.plan.rects import Margins, aligned, scaled_down, scaled_up, stretched
from model.networks.layers import ResizeConv, tinted
from model.scene.geometry import Rect

Continuation = Literal["reflect", "replicate"]
_FEW = 4  # output channels for every output pixel, from which on the pixels are few


class Layer(Protocol):
    """Attributes:
    work: multiplications for one output pixel.
    channels: of the output.
    continues: how pixels outside the picture are made up, None where that costs nothing.
    """

    work: float
    channels: int
    continues: Continuation | None

    def whole(self, out: Rect) -> Rect:
        """The smallest rectangle around `out` that this layer can compute."""
        ...

    def reads(self, out: Rect) -> Rect:
        """The input pixels that these output pixels are made of; may reach outside."""
        ...

    def reaches(self, changed: Rect) -> Rect:
        """The output pixels that these input pixels play a part in; may reach outside."""
        ...

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        """The output pixels for which the window was read, `whole`, not yet normalised."""
        ...


def reflected(x: Tensor, margins: Margins) -> Tensor:
    return functional.pad(x, margins, mode="reflect") if any(margins) else x


def laid_out(weight: Tensor, like: Tensor) -> Tensor:
    """The weight with the type, device and memory layout that layers work in."""
    return weight.to(like).contiguous(memory_format=torch.channels_last)


def convolved(
    x: Tensor, weight: Tensor, stride: int = 1, padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """A convolution without bias; x and weight lie in channels_last.

    On a CPU it lays its weights out anew each time, which takes longer than all multiplications
    where few pixels meet many weights. A product of matrices takes them as they are.
    """
    side = weight.shape[2]
    height, width = ((x.shape[k + 2] + 2 * padding[k] - side) // stride + 1 for k in (0, 1))
    if x.device.type != "cpu" or len(x) * height * width * _FEW > len(weight):
        return functional.conv2d(x, weight, None, stride, padding)
    top, left = padding
    rows = functional.pad(x, (left, left, top, top)).permute(0, 2, 3, 1)
    picture, row, pixel, _ = rows.stride()
    patches = rows.as_strided(
        (len(x), height, width, side, side * x.shape[1]),
        (picture, row * stride, pixel * stride, row, 1),
    )
    matrix = weight.permute(0, 2, 3, 1).reshape(len(weight), -1)
    out = functional.linear(patches.reshape(-1, matrix.shape[1]), matrix)
    return out.view(len(x), height, width, len(weight)).permute(0, 3, 1, 2)


class Down:
    """3x3 convolution with stride 2."""

    def __init__(self, conv: nn.Conv2d, like: Tensor) -> None:
        self._weight = laid_out(conv.weight.detach(), like)
        self.channels = conv.out_channels
        self.continues: Continuation | None = "reflect" if conv.padding_mode == "reflect" else None
        self.work = float(self._weight.numel())

    def whole(self, out: Rect) -> Rect:
        return out

    def reads(self, out: Rect) -> Rect:
        return stretched(scaled_up(out, 2), 1, 0)

    def reaches(self, changed: Rect) -> Rect:
        return scaled_down(stretched(changed, 0, 1), 2)

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        left, _, top, _ = margins  # the sides are even: the right and lower ones are never reached
        if self.continues:
            window = reflected(window, margins)
            left = top = 0
        return convolved(window, self._weight, 2, (top, left))


class Conv:
    """3x3 convolution with reflection, one half of a residual block."""

    continues: Continuation | None = "reflect"

    def __init__(self, conv: nn.Conv2d, like: Tensor) -> None:
        self._weight = laid_out(conv.weight.detach(), like)
        self.channels = conv.out_channels
        self.work = float(self._weight.numel())

    def whole(self, out: Rect) -> Rect:
        return out

    def reads(self, out: Rect) -> Rect:
        return out.grown(1)

    def reaches(self, changed: Rect) -> Rect:
        return changed.grown(1)

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        return convolved(reflected(window, margins), self._weight)


class TransposedUp:
    """Transposed 3x3 convolution that doubles the size."""

    continues: Continuation | None = None

    def __init__(self, conv: nn.ConvTranspose2d, like: Tensor) -> None:
        self._weight = laid_out(conv.weight.detach(), like)
        self.channels = conv.out_channels
        self.work = self._weight.numel() / 4  # each value meets a quarter of the taps

    def whole(self, out: Rect) -> Rect:
        return aligned(out, 2)

    def reads(self, out: Rect) -> Rect:
        return stretched(scaled_down(out, 2), 0, 1)

    def reaches(self, changed: Rect) -> Rect:
        return stretched(scaled_up(changed, 2), 1, 0)

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        _, right, _, bottom = margins
        out = functional.conv_transpose2d(window, self._weight, None, 2, 1, (bottom, right))
        height, width = (side // 2 * 2 for side in out.shape[2:])
        return out[:, :, :height, :width]


class ResizedUp:
    """Nearest doubling and 3x3 convolution with reflection in one."""

    continues: Continuation | None = "replicate"

    def __init__(self, conv: ResizeConv, like: Tensor) -> None:
        self._weight = laid_out(fold_doubling(conv.weight.detach().float()), like)
        self.channels = conv.out_channels
        self.work = self._weight.numel() / 4  # each value meets a quarter of the taps

    def whole(self, out: Rect) -> Rect:
        return aligned(out, 2)

    def reads(self, out: Rect) -> Rect:
        return scaled_down(out, 2).grown(1)

    def reaches(self, changed: Rect) -> Rect:
        return scaled_up(changed, 2).grown(1)

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        around = functional.pad(window, margins, mode="replicate") if any(margins) else window
        return functional.conv_transpose2d(around, self._weight, None, 2, 3)


class Head:
    """Final 7x7 convolution and tanh; gives (N, H, W, O) float32.

    Attributes:
    tinted: it gives what a picture is made of together with the tint, see `networks.layers.tinted`.
    """

    continues: Continuation | None = "reflect"

    def __init__(self, conv: nn.Conv2d, like: Tensor, *, tinted: bool = False) -> None:
        self.tinted = tinted
        self._weight = laid_out(fold_pixels(conv.weight.detach()), like)
        self.channels = conv.out_channels
        self._bias = None if conv.bias is None else conv.bias.detach().repeat(4).to(like)
        self.work = self._weight.numel() / 4  # it yields four pixels at once

    def whole(self, out: Rect) -> Rect:
        return aligned(out, 2)

    def reads(self, out: Rect) -> Rect:
        return out.grown(3)

    def reaches(self, changed: Rect) -> Rect:
        return changed.grown(3)

    def __call__(self, window: Tensor, margins: Margins) -> Tensor:
        pixels = functional.conv2d(reflected(window, margins), self._weight, self._bias, 2)
        drawn = unfold_pixels(pixels).float()
        return drawn if self.tinted else drawn.tanh_()

    def finished(self, drawn: Tensor, tint: Tensor) -> Tensor:
        """The picture (N, H, W, 3) from what was drawn (N, H, W, 4) and the tint (N, 3, H, W)."""
        return tinted(drawn.permute(0, 3, 1, 2), tint).permute(0, 2, 3, 1)
