"""MultiscaleDiscriminator, D1..Dk of the paper (section 3.2): PatchGANs on a picture pyramid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from model.networks.layers import Norm, halve, norm_layer


@dataclass(frozen=True, slots=True)
class DiscriminatorConfig:
    """Sizes of a MultiscaleDiscriminator; its input is conditioning without features + picture."""

    input_channels: int
    base_channels: int = 64
    layers: int = 3
    scales: int = 2
    norm: Norm = "instance"
    intermediate_features: bool = True
    sigmoid: bool = False


def patch_layers(config: DiscriminatorConfig) -> list[list[nn.Module]]:
    """The layers of one PatchGAN, grouped as their outputs are used for feature matching."""
    width = config.base_channels
    groups: list[list[nn.Module]] = [
        [nn.Conv2d(config.input_channels, width, 4, 2, 2), nn.LeakyReLU(0.2, True)]
    ]
    for n in range(1, config.layers + 1):
        wider, stride = min(2 * width, 512), 2 if n < config.layers else 1
        groups.append(
            [
                nn.Conv2d(width, wider, 4, stride, 2),
                norm_layer(config.norm, wider),
                nn.LeakyReLU(0.2, True),
            ]
        )
        width = wider
    groups.append([nn.Conv2d(width, 1, 4, 1, 2)])
    if config.sigmoid:
        groups.append([nn.Sigmoid()])
    return groups


class MultiscaleDiscriminator(nn.Module):
    """Input (N, C, H, W) to one list of maps per scale, finest first; the last map is the score.

    Without `intermediate_features` each list holds the score alone. Official names count scales
    from the coarsest, so that a scale added for larger pictures keeps the old ones in place.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        for scale in range(config.scales):
            groups = patch_layers(config)
            if config.intermediate_features:
                if config.sigmoid:  # the official code drops its sigmoid here
                    groups.pop()
                for j, group in enumerate(groups):
                    self.add_module(f"scale{scale}_layer{j}", nn.Sequential(*group))
            else:
                flat = [layer for group in groups for layer in group]
                self.add_module(f"layer{scale}", nn.Sequential(*flat))

    def _scale(self, scale: int) -> list[nn.Sequential]:
        if not self.config.intermediate_features:
            return [cast(nn.Sequential, getattr(self, f"layer{scale}"))]
        count = self.config.layers + 2
        return [cast(nn.Sequential, getattr(self, f"scale{scale}_layer{j}")) for j in range(count)]

    def input_weights(self) -> list[str]:
        """Names of the weights that meet the input's channels."""
        name = "scale{}_layer0.0.weight"
        if not self.config.intermediate_features:
            name = "layer{}.0.weight"
        return [name.format(scale) for scale in range(self.config.scales)]

    def forward(self, x: Tensor) -> list[list[Tensor]]:
        scores = []
        for index in range(self.config.scales):
            if index:
                x = halve(x)
            maps, y = [], x
            for group in self._scale(self.config.scales - 1 - index):
                y = group(y)
                maps.append(y)
            scores.append(maps)
        return scores
