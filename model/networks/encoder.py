"""Encoder, E of the paper (section 3.4): picture to a low-dimensional feature at every pixel.

The instance-wise average pooling that follows lives in `model.styles.features`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from model.networks.layers import Norm, Padding, Upsample, down, head, stem, up


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Sizes of an Encoder.

    `color_skip` times the picture is added to the first features before the tanh, so that they
    carry colour from the first step of training; 0 is the official encoder.
    """

    input_channels: int = 3
    output_channels: int = 3
    base_channels: int = 16
    downsamples: int = 4
    norm: Norm = "instance"
    color_skip: float = 0.0
    upsample: Upsample = "transpose"
    padding: Padding = "zero"

    def __post_init__(self) -> None:
        if self.color_skip and self.output_channels < self.input_channels:
            raise ValueError(
                f"color_skip needs a feature for each picture channel, not "
                f"{self.output_channels} for {self.input_channels}"
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
        if not self.config.color_skip:
            return self.model(picture)
        before_tanh = self.model[:-1](picture)
        others = self.config.output_channels - self.config.input_channels
        colors = functional.pad(self.config.color_skip * picture, (0, 0, 0, 0, 0, others))
        return (before_tanh + colors).tanh()
