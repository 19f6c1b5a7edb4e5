"""CascadedRefinement, the network of Chen and Koltun 2017 (CRN, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.generator import Generator, GeneratorConfig


@dataclass(frozen=True, slots=True)
class CascadedRefinementConfig(GeneratorConfig):
    """Sizes of a CascadedRefinement; as they stand those of the paper for 2048x1024.

    module_channels: of every module, coarsest first; each doubles the resolution of the one
    before. diversity: how many pictures it learns to make at once; the first is the one painted.
    """

    module_channels: tuple[int, ...] = (1024, 1024, 1024, 1024, 1024, 512, 512, 128, 32)
    diversity: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "module_channels", tuple(self.module_channels))  # files hold lists
        whole = all(type(channels) is int for channels in self.module_channels)
        if not self.module_channels or not whole or self.diversity < 1:
            raise ValueError(
                "a cascade needs the whole number of channels of one module or more, and a "
                "diversity of 1 or more"
            )

    @property
    def multiple(self) -> int:
        return 2 ** (len(self.module_channels) - 1)

    @property
    def full_channels(self) -> int:
        return self.input_channels + sum(self.module_channels[-2:])

    @property
    def pictures(self) -> int:
        return self.diversity


def module(in_channels: int, width: int) -> nn.Sequential:
    """One refinement module: two 3x3 convolutions, each with layer norm and leaky ReLU.

    Layer norm takes mean and variance over channels, rows and columns of a sample and learns a
    scale and a shift for every channel: group norm with a single group.
    """
    layers: list[nn.Module] = []
    for channels in (in_channels, width):
        layers += [
            nn.Conv2d(channels, width, 3, padding=1, bias=False),
            nn.GroupNorm(1, width),
            nn.LeakyReLU(0.2, True),
        ]
    return nn.Sequential(*layers)


class CascadedRefinement(Generator[CascadedRefinementConfig]):
    """Every module sees the conditioning, averaged to its size, and the module before, doubled.

    The picture comes from a 1x1 convolution without tanh. In training all `diversity` pictures
    are returned, (N, diversity * 3, H, W).
    """

    def __init__(self, config: CascadedRefinementConfig) -> None:
        super().__init__(config)
        before = [0, *config.module_channels]
        self.refine = nn.ModuleList(
            module(config.input_channels + coarse, fine) for coarse, fine in pairwise(before)
        )
        self.head = nn.Conv2d(
            config.module_channels[-1], config.output_channels * config.diversity, 1
        )

    def input_weights(self) -> list[str]:
        return [f"refine.{n}.0.weight" for n in range(len(self.refine))]

    def forward(self, conditioning: Tensor) -> Tensor:
        pyramid = [conditioning]
        for _ in self.config.module_channels[1:]:
            pyramid.append(functional.avg_pool2d(pyramid[-1], 2))
        x = self.refine[0](pyramid.pop())
        for refine in list(self.refine)[1:]:
            doubled = functional.interpolate(x, scale_factor=2.0, mode="bilinear")
            x = refine(torch.cat([pyramid.pop(), doubled], 1))
        pictures = self.head(x)
        return pictures if self.training else pictures[:, : self.config.output_channels]
