"""UNet, the generator of pix2pix (Isola et al. 2017, section 3.2 and appendix 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from model.networks.generator import Generator, GeneratorConfig
from model.networks.layers import Norm, norm_layer

DROPPING = 3  # decoder layers from the bottom that drop activations


@dataclass(frozen=True, slots=True)
class UNetConfig(GeneratorConfig):
    """Sizes of a UNet; as they stand those of the paper for 256x256 pictures.

    base_channels: at half size. dropout: share of activations that the lowest decoder layers
    lose, the noise of the paper; in training only, so that a scene has one picture.
    """

    base_channels: int = 64
    downsamples: int = 8
    max_channels: int | None = 512
    norm: Norm = "batch"
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if self.downsamples < 1 or not 0 <= self.dropout < 1:
            raise ValueError("a UNet needs 1 or more downsamples and a dropout from 0 to below 1")

    @property
    def multiple(self) -> int:
        return 2**self.downsamples

    @property
    def full_channels(self) -> int:
        return self.base_channels  # its layers begin at half size

    def widths(self) -> list[int]:
        """Channels after every downsampling, finest first."""
        limit = self.max_channels or self.base_channels * 2**self.downsamples
        return [min(self.base_channels * 2**k, limit) for k in range(self.downsamples)]


class UNet(Generator[UNetConfig]):
    """4x4 convolutions down to the bottom and up again; every scale's outputs are joined.

    Neither the outermost scale nor the bottom is normalised: at its least size the bottom is a
    single pixel.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__(config)
        widths, bias = config.widths(), config.norm != "batch"
        self.down = nn.ModuleList([nn.Conv2d(config.input_channels, widths[0], 4, 2, 1, bias=bias)])
        for fine, coarse in pairwise(widths):
            layers = [nn.LeakyReLU(0.2), nn.Conv2d(fine, coarse, 4, 2, 1, bias=bias)]
            if len(self.down) < config.downsamples - 1:
                layers.append(norm_layer(config.norm, coarse))
            self.down.append(nn.Sequential(*layers))
        self.up = nn.ModuleList()
        for fine, coarse in reversed(list(pairwise(widths))):
            joined = coarse * (2 if len(self.up) else 1)
            layers = [nn.ReLU(), nn.ConvTranspose2d(joined, fine, 4, 2, 1, bias=bias)]
            layers.append(norm_layer(config.norm, fine))
            if len(self.up) < DROPPING and config.dropout:
                layers.append(nn.Dropout(config.dropout))
            self.up.append(nn.Sequential(*layers))
        joined = widths[0] * (2 if len(self.up) else 1)
        last = nn.ConvTranspose2d(joined, config.output_channels, 4, 2, 1)
        self.up.append(nn.Sequential(nn.ReLU(), last, nn.Tanh()))

    def input_weights(self) -> list[str]:
        return ["down.0.weight"]

    def forward(self, conditioning: Tensor) -> Tensor:
        x, scales = conditioning, []
        for down in self.down:
            x = down(x)
            scales.append(x)
        x = self.up[0](scales.pop())
        for up in list(self.up)[1:]:
            x = up(torch.cat([x, scales.pop()], 1))
        return x
