"""GlobalGenerator, G1 of the paper (section 3.1): encoder, residual blocks, decoder."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from model.networks.generator import Generator, GeneratorConfig
from model.networks.layers import Norm, Padding, ResidualBlock, Upsample, down, head, stem, up


@dataclass(frozen=True, slots=True)
class GlobalGeneratorConfig(GeneratorConfig):
    """Sizes of a GlobalGenerator. `max_channels`, "resize" and "reflect" are not official."""

    base_channels: int = 64
    downsamples: int = 4
    blocks: int = 9
    norm: Norm = "instance"
    max_channels: int | None = None
    upsample: Upsample = "transpose"
    padding: Padding = "zero"

    @property
    def multiple(self) -> int:
        return 2**self.downsamples

    @property
    def least_side(self) -> int:
        return max(2 * self.multiple, 4)  # reflection needs 2 pixels at the bottom, 4 at the stem

    @property
    def full_channels(self) -> int:
        return self.base_channels

    def widths(self) -> list[int]:
        """Channels at every scale, finest first."""
        limit = self.max_channels or self.base_channels * 2**self.downsamples
        return [min(self.base_channels * 2**k, limit) for k in range(self.downsamples + 1)]


def trunk(config: GlobalGeneratorConfig) -> list[nn.Module]:
    """Everything but the last three layers; its output has `base_channels` channels."""
    widths = config.widths()
    pairs = list(pairwise(widths))
    layers = stem(config.input_channels, config.base_channels, config.norm)
    for fine, coarse in pairs:
        layers += down(fine, coarse, config.norm, config.padding)
    layers += [ResidualBlock(widths[-1], config.norm) for _ in range(config.blocks)]
    for fine, coarse in reversed(pairs):
        layers += up(coarse, fine, config.norm, config.upsample)
    return layers


class GlobalGenerator(Generator[GlobalGeneratorConfig]):
    """Conditioning (N, C, H, W) to picture (N, 3, H, W) in [-1, 1].

    Sides that are no multiple of `config.multiple` come out rounded up to one, as in the
    official code.
    """

    def __init__(self, config: GlobalGeneratorConfig) -> None:
        super().__init__(config)
        self.model = nn.Sequential(
            *trunk(config), *head(config.base_channels, config.output_channels)
        )

    def input_weights(self) -> list[str]:
        return ["model.1.weight"]

    def forward(self, conditioning: Tensor) -> Tensor:
        return self.model(conditioning)
