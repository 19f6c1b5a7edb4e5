"""LocalEnhancer, G2 of the paper (section 3.1): enhancers around a global trunk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn

from model.networks.generator import Generator, GeneratorConfig
from model.networks.global_generator import GlobalGeneratorConfig, trunk
from model.networks.layers import (
    Norm,
    Padding,
    ResidualBlock,
    ResizeConv,
    Upsample,
    down,
    halve,
    head,
    stem,
    up,
)

_CARRIED = 6  # channels of `carry_colors`: three colours, what is positive and what is negative


@dataclass(frozen=True, slots=True)
class LocalEnhancerConfig(GeneratorConfig):
    """Sizes of a LocalEnhancer; `base_channels` is the width of the finest enhancer."""

    base_channels: int = 32
    global_downsamples: int = 4
    global_blocks: int = 9
    enhancers: int = 1
    local_blocks: int = 3
    norm: Norm = "instance"
    max_channels: int | None = None
    upsample: Upsample = "transpose"
    padding: Padding = "zero"

    @property
    def multiple(self) -> int:
        return 2 ** (self.global_downsamples + self.enhancers)

    @property
    def least_side(self) -> int:
        return max(2 * self.multiple, 4 << self.enhancers)  # see GlobalGeneratorConfig

    @property
    def full_channels(self) -> int:
        return self.base_channels

    def coarse(self) -> LocalEnhancerConfig | GlobalGeneratorConfig:
        """The generator inside of the outermost enhancer, itself one of half the size or G1."""
        if self.enhancers == 1:
            return self.innermost()
        return replace(self, base_channels=2 * self.base_channels, enhancers=self.enhancers - 1)

    def innermost(self) -> GlobalGeneratorConfig:
        """The global generator whose trunk sits inside."""
        return GlobalGeneratorConfig(
            input_channels=self.input_channels,
            output_channels=self.output_channels,
            base_channels=self.base_channels * 2**self.enhancers,
            downsamples=self.global_downsamples,
            blocks=self.global_blocks,
            norm=self.norm,
            max_channels=self.max_channels,
            upsample=self.upsample,
            padding=self.padding,
        )


class LocalEnhancer(Generator[LocalEnhancerConfig]):
    """Conditioning (N, C, H, W) to picture (N, 3, H, W) in [-1, 1].

    Enhancer n (1 = coarsest) is `model{n}_1` (stem and down), added to what came before, then
    `model{n}_2` (blocks and up).
    """

    def __init__(self, config: LocalEnhancerConfig) -> None:
        super().__init__(config)
        self.model = nn.Sequential(*trunk(config.innermost()))
        for n in range(1, config.enhancers + 1):
            width = config.base_channels * 2 ** (config.enhancers - n)
            before = [
                *stem(config.input_channels, width, config.norm),
                *down(width, 2 * width, config.norm, config.padding),
            ]
            after = [ResidualBlock(2 * width, config.norm) for _ in range(config.local_blocks)]
            after += up(2 * width, width, config.norm, config.upsample)
            if n == config.enhancers:
                after += head(width, config.output_channels)
            self.add_module(f"model{n}_1", nn.Sequential(*before))
            self.add_module(f"model{n}_2", nn.Sequential(*after))

    def input_weights(self) -> list[str]:
        enhancers = range(1, self.config.enhancers + 1)
        return ["model.1.weight", *(f"model{n}_1.1.weight" for n in enhancers)]

    @property
    def refining(self) -> str:
        return f"model{self.config.enhancers}_"

    def enhancer(self, n: int) -> tuple[nn.Sequential, nn.Sequential]:
        """The two halves of enhancer n, 1 being the coarsest."""
        halves = (getattr(self, f"model{n}_1"), getattr(self, f"model{n}_2"))
        return cast(tuple[nn.Sequential, nn.Sequential], halves)

    def forward(self, conditioning: Tensor) -> Tensor:
        pyramid = [conditioning]
        for _ in range(self.config.enhancers):
            pyramid.append(halve(pyramid[-1]))
        x = self.model(pyramid.pop())
        for n in range(1, self.config.enhancers + 1):
            before, after = self.enhancer(n)
            x = after(before(pyramid.pop()) + x)
        return x

    @torch.no_grad()
    def carry_colors(self, first: int) -> None:
        """Begin by painting every instance in its style, taken for a colour.

        first: of the three input channels that hold it. What is positive in them and what is
        negative go through the outermost enhancer in six channels, in which nothing else does much
        yet. Training starts from flat colours then and learns details at once. For generators
        without normalisation, with resize-convolution and a width of at least twice six.
        """
        before, after = self.enhancer(self.config.enhancers)
        trunk_up, own_up = (_last(ResizeConv, part) for part in (self._inner(), after))
        stem, narrow, out = before[1], _last(nn.Conv2d, before), _last(nn.Conv2d, after)
        for part in (stem, narrow, own_up):
            cast(nn.Conv2d, part).weight[:_CARRIED] = 0
        trunk_up.weight[:_CARRIED] *= 0.1
        for block in after:
            if isinstance(block, ResidualBlock):
                cast(nn.Conv2d, block.conv_block[5]).weight[:_CARRIED] *= 0.1
        out.weight *= 0.1
        out.weight[:, :_CARRIED] = 0
        for channel in range(_CARRIED):
            color, sign = channel % 3, 1.0 if channel < 3 else -1.0
            cast(nn.Conv2d, stem).weight[channel, first + color, 3, 3] = sign
            narrow.weight[channel, channel] = 1 / 9
            own_up.weight[channel, channel, 1, 1] = 1
            out.weight[color, channel, 3, 3] = sign

    def _inner(self) -> nn.Sequential:
        """What ends in the features to which the outermost enhancer adds its own."""
        inside = self.config.enhancers - 1
        return self.enhancer(inside)[1] if inside else self.model


def _last[Layer: nn.Module](kind: type[Layer], layers: nn.Sequential) -> Layer:
    return [layer for layer in layers if isinstance(layer, kind)][-1]
