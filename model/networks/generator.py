"""What checkpoints, trainer and engine know of a generator, whichever it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class GeneratorConfig(ABC):
    """Sizes of a generator; every generator adds its own."""

    input_channels: int
    output_channels: int = 3

    @property
    @abstractmethod
    def multiple(self) -> int:
        """Picture sides must be a multiple of this for the output to have the input's size."""

    @property
    def least_side(self) -> int:
        """The smallest side of a picture at which every layer works."""
        return self.multiple

    @property
    @abstractmethod
    def full_channels(self) -> int:
        """About how many channels a layer has at full size, for estimates of memory."""

    @property
    def pictures(self) -> int:
        """How many pictures it makes at once in training, one after the other in the channels."""
        return 1

    def coarse(self) -> GeneratorConfig | None:
        """The generator that is trained alone first, at lower resolution (paper, section 3.1).

        Its weights keep their names inside of this one. None: there is no such stage.
        """
        return None


class Generator[Config: GeneratorConfig](nn.Module, ABC):
    """Conditioning (N, C, H, W) to picture (N, 3, H, W) in [-1, 1]."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config

    @property
    def refining(self) -> str:
        """How the names of weights begin that are trained alone after the coarse stage.

        "", which is all, where there is none.
        """
        return ""

    @abstractmethod
    def input_weights(self) -> list[str]:
        """Names of the weights (out, in, h, w) whose first channels are the conditioning's."""

    @abstractmethod
    def forward(self, conditioning: Tensor) -> Tensor: ...
