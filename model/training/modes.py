"""The modes loss: styles shall tell what things are made of, not only which colour they have.

In no paper: an addition for rendered streets, whose true modes are known. Without it three
features become little more than mean colours, and K-means finds colours where materials are meant.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from model.styles.features import instance_sums

MINIMUM_PIXELS = 64  # of an instance in the sample; of less nobody could tell the mode
LEARNING_RATE = 3e-2  # a few numbers that begin at zero and have to become large


class ModeLoss(nn.Module):
    """Cross-entropy of the modes, guessed from pooled features by one linear layer.

    Used in training alone, no part of checkpoints. It begins at zero, where it says nothing to the
    encoder: that is told only what the layer has learned already.
    """

    groups: Tensor  # of each mode, the number of its label

    def __init__(self, features: int, modes: tuple[str, ...]) -> None:
        super().__init__()
        self.guess = nn.Linear(features, len(modes))
        nn.init.zeros_(self.guess.weight)
        nn.init.zeros_(self.guess.bias)
        labels = [name.partition("/")[0] for name in modes]
        numbers = torch.tensor([labels.index(label) for label in labels])
        self.register_buffer("groups", numbers, persistent=False)

    def forward(self, means: Tensor, modes: Tensor, pixels: Tensor) -> Tensor:
        """The mean over labels of the mean over their instances, else 0.

        Counted are those whose mode is known and that are large enough. Every label weighs the
        same: a crop has one road and many people. means: (N, count, F) features; modes: (N, count)
        int64, -1 where unknown; pixels: (N, count). Modes of other labels do not compete: the map
        tells the label. Of several processes each takes the mean over its own instances.
        """
        counted = ((modes >= 0) & (pixels >= MINIMUM_PIXELS)).flatten()
        target = modes.clamp(min=0).flatten()
        own = self.groups[target]
        foreign = own[:, None] != self.groups
        logits = self.guess(means.flatten(0, 1)).masked_fill(foreign, -torch.inf)
        losses = functional.cross_entropy(logits, target, reduction="none")
        sums, numbers = losses.new_zeros(2, len(self.groups))
        sums = sums.index_add(0, own, losses.where(counted, 0))
        numbers = numbers.index_add(0, own, counted.to(losses.dtype))
        return (sums / numbers.clamp(min=1)).sum() / (numbers > 0).sum().clamp(min=1)


def instance_pixels(index: Tensor, count: int) -> Tensor:
    """How many pixels each instance has: (N, H, W) int64 in [0, count) to (N, count) float."""
    ones = torch.ones_like(index, dtype=torch.float32)[:, None]
    return instance_sums(ones, index, count)[..., 0]
