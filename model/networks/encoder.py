"""Encoder, E of the paper (section 3.4): picture to a low-dimensional feature at every pixel.

The instance-wise average pooling that follows lives in `model.styles.features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.layers import Norm, Padding, Upsample, down, head, stem, up

DARKEST = 0.02  # share of white that is still told from black
MOST_CONTRAST = 0.3


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Sizes of an Encoder.

    `color_skip` times the picture is added to the first features before the tanh, so that they
    carry colour from the first step of training; `contrast_skip` times its local contrast to the
    one after them, which then tells rough surfaces from smooth ones. 0 and 0 are the official
    encoder.
    """

    input_channels: int = 3
    output_channels: int = 3
    base_channels: int = 16
    downsamples: int = 4
    norm: Norm = "instance"
    color_skip: float = 0.0
    contrast_skip: float = 0.0
    upsample: Upsample = "transpose"
    padding: Padding = "zero"

    def __post_init__(self) -> None:
        needed = self.input_channels * bool(self.color_skip or self.contrast_skip)
        needed += bool(self.contrast_skip)
        if self.output_channels < needed:
            raise ValueError(
                f"the skips need a feature for each picture channel and one for contrast, {needed} "
                f"and not {self.output_channels}"
            )


class Encoder(nn.Module):
    """Picture (N, 3, H, W) in [-1, 1] to features (N, F, H, W) in [-1, 1], not yet pooled."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        widths = [config.base_channels * 2**k for k in range(config.downsamples + 1)]
        pairs = list(pairwise(widths))
        layers = stem(config.input_channels, widths[0], config.norm)
        for fine, coarse in pairs:
            layers += down(fine, coarse, config.norm, config.padding)
        for fine, coarse in reversed(pairs):
            layers += up(coarse, fine, config.norm, config.upsample)
        self.model = nn.Sequential(*layers, *head(widths[0], config.output_channels))

    def forward(self, picture: Tensor) -> Tensor:
        config = self.config
        if not (config.color_skip or config.contrast_skip):
            return self.model(picture)
        before_tanh = self.model[:-1](picture)
        skips = [config.color_skip * picture]
        if config.contrast_skip:
            skips.append(config.contrast_skip * local_contrast(picture))
        added = torch.cat(skips, 1)
        others = config.output_channels - added.shape[1]
        return (before_tanh + functional.pad(added, (0, 0, 0, 0, 0, others))).tanh()


def local_contrast(picture: Tensor) -> Tensor:
    """How much a picture (N, C, H, W) in [-1, 1] varies within some pixels: (N, 1, H, W).

    Of the logarithm of its brightness, so that light and shade alike make little difference: joints
    of stones give 0.04, asphalt half of that. At most `MOST_CONTRAST`: edges of things say nothing.
    """
    brightness = ((picture.float().mean(1, keepdim=True) + 1) / 2).clamp(min=DARKEST).log()
    fine = _blurred(_blurred(brightness, 3), 3)
    coarse = _blurred(_blurred(fine, 7), 7)
    return (fine - coarse).abs().clamp(max=MOST_CONTRAST)


def _blurred(x: Tensor, side: int) -> Tensor:
    return functional.avg_pool2d(x, side, 1, side // 2, count_include_pad=False)
