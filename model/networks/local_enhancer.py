"""LocalEnhancer, G2 of the paper (section 3.1): enhancers around a global trunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.networks.generator import Generator, GeneratorConfig
from model.networks.global_generator import GlobalGeneratorConfig, trunk
from model.networks.layers import (
    Norm,
    Padding,
    ResidualBlock,
    Upsample,
    down,
    halve,
    head,
    smoothed,
    stem,
    tinted,
    up,
)


@dataclass(frozen=True, slots=True)
class LocalEnhancerConfig(GeneratorConfig):
    """Sizes of a LocalEnhancer; `base_channels` is the width of the finest enhancer.

    tint: input channels that a linear map turns into a colour for every pixel; none, as in the
    paper, for no such map. They are features, and labels that have none: without it brightness
    is drawn well, but what is half as bright comes out in another hue, as layers of few channels
    hardly multiply.
    """

    base_channels: int = 32
    global_downsamples: int = 4
    global_blocks: int = 9
    enhancers: int = 1
    local_blocks: int = 3
    norm: Norm = "instance"
    max_channels: int | None = None
    upsample: Upsample = "transpose"
    padding: Padding = "zero"
    tint: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tint", tuple(self.tint))  # files hold lists
        if self.tint and self.output_channels != 3:
            raise ValueError("a tint takes pictures of three channels")
        if not all(0 <= channel < self.input_channels for channel in self.tint):
            raise ValueError(f"tint names channels that are not among the {self.input_channels}")

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
    `model{n}_2` (blocks and up). With `tint` the last convolution gives four numbers b, s a pixel,
    and the picture is tanh(b + s * tint): what an instance's colour is multiplied by, and what is
    added to it. The tint is smoothed a little, as outlines in pictures are.
    """

    def __init__(self, config: LocalEnhancerConfig) -> None:
        super().__init__(config)
        self.tint = nn.Conv2d(len(config.tint), 3, 1) if config.tint else None
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
                after += head(width, config.output_channels, tinted=self.tint is not None)
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

    def forward(self, conditioning: Tensor, columns: Sequence[int] | None = None) -> Tensor:
        """columns: which of the input channels are given, where others are left out; else None."""
        pyramid = [conditioning]
        for _ in range(self.config.enhancers):
            pyramid.append(halve(pyramid[-1]))
        x = self.model(pyramid.pop())
        for n in range(1, self.config.enhancers + 1):
            before, after = self.enhancer(n)
            x = after(before(pyramid.pop()) + x)
        if self.tint is None:
            return x
        given = range(self.config.input_channels) if columns is None else columns
        tint = self._tint_of(self.tint, conditioning, given)
        return tinted(x, smoothed(functional.pad(tint.float(), (1,) * 4, "reflect")))

    def _tint_of(self, tint: nn.Conv2d, conditioning: Tensor, given: Sequence[int]) -> Tensor:
        kept = [place for place, channel in enumerate(self.config.tint) if channel in given]
        channels = [given.index(self.config.tint[place]) for place in kept]
        part = torch.stack([conditioning[:, channel] for channel in channels], 1)
        if len(kept) == tint.in_channels:
            return tint(part)
        return functional.conv2d(part, tint.weight[:, kept], tint.bias)

    @torch.no_grad()
    def carry_colors(self) -> None:
        """Begin by painting every instance in its style, taken for a colour.

        Training starts from flat colours then and learns what is on them at once. For generators
        with `tint`, whose first three inputs are the colours.
        """
        assert self.tint is not None
        head = cast(nn.Conv2d, self.enhancer(self.config.enhancers)[1][-1])
        head.weight *= 0.1
        cast(Tensor, head.bias)[:] = torch.tensor([0.0, 0.0, 0.0, 1.0])
        self.tint.weight.zero_()
        colors = range(min(3, self.tint.in_channels))
        self.tint.weight[colors, colors] = 1
