"""Pictures between files and networks: uint8 levels and [-1, 1]."""

from __future__ import annotations

import torch
from torch import Tensor


def to_signed(picture: Tensor) -> Tensor:
    """uint8 levels to float in [-1, 1], any shape, in the official order of operations."""
    return (picture.float() / 255 - 0.5) / 0.5


def to_bytes(picture: Tensor) -> Tensor:
    """(H, W, O) in [-1, 1] to (H, W, 3) uint8 RGB, rounding down as the official code does.

    Any number of channels but three is shown as grey, the first of them. May overwrite its input.
    """
    levels = picture.float().add_(1).div_(2).mul_(255).clamp_(0, 255).to(torch.uint8)
    return levels if levels.shape[-1] == 3 else levels[..., :1].expand(-1, -1, 3)
