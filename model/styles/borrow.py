"""Styles out of photos: what the encoder sees in regions of one, as styles to paint with."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from model.checkpoint import Checkpoint, load_encoder
from model.errors import CheckpointError
from model.scene.scene import Style
from model.styles.encode import encode_picture, pool_instances


class Borrower:
    """A checkpoint's encoder, and the features of the photo it saw last.

    The photo is encoded when its first region is asked for; further ones of the same array are
    averages only.
    """

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        """Raises CheckpointError when the checkpoint cannot tell the style of a photo."""
        encoder = load_encoder(checkpoint)
        if encoder is None or not checkpoint.conditioning.feature_channels:
            raise CheckpointError(
                f"The checkpoint {checkpoint.name} has no encoder, so it cannot borrow styles "
                "from photos; open one that was trained with an encoder."
            )
        self._checkpoint = checkpoint
        self._encoder = encoder.to(device)
        self._photo: np.ndarray | None = None
        self._features: Tensor | None = None

    def styles(self, photo: np.ndarray, regions: np.ndarray) -> dict[int, Style]:
        """The style of every region.

        photo: (H, W, 3) uint8 RGB, not written to afterwards; regions: (H, W) int32, a number
        per pixel. A region that vanishes at the size of encoding is left out.
        """
        if photo.shape[:2] != regions.shape:
            raise ValueError(f"photo {photo.shape[:2]}, regions {regions.shape}")
        if self._features is None or self._photo is not photo:
            self._features = encode_picture(self._checkpoint, self._encoder, photo)
            self._photo = photo
        rows = pool_instances(self._features, regions)
        return {
            int(number): Style(tuple(map(float, feature)))
            for number, feature in zip(rows.ids, rows.features, strict=True)
        }
