"""From a picture and its instance map to one feature vector per instance, with an encoder."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from model.checkpoint import Checkpoint
from model.networks.encoder import Encoder
from model.styles.clusters import InstanceRows, mean_rows


def encode_instances(
    checkpoint: Checkpoint,
    encoder: Encoder,
    picture: np.ndarray,
    instances: np.ndarray,
    height: int | None = None,
) -> InstanceRows:
    """The features of every instance of a picture.

    picture: (H, W, 3) uint8 RGB; instances: (H, W) int32; height: to encode at, else what the
    checkpoint was trained on. Raises ValueError when the sizes differ.
    """
    if picture.shape[:2] != instances.shape:
        raise ValueError(f"picture {picture.shape[:2]}, instances {instances.shape}")
    multiple = 2**encoder.config.downsamples
    rows, columns = encoding_size(checkpoint, picture.shape[:2], multiple, height)
    picture = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    instances = cv2.resize(instances, (columns, rows), interpolation=cv2.INTER_NEAREST)
    device = next(encoder.parameters()).device
    tensor = torch.from_numpy(picture).to(device).permute(2, 0, 1)[None].float()
    with torch.inference_mode():
        return mean_rows(encoder(tensor / 127.5 - 1)[0], instances)


def encoding_size(
    checkpoint: Checkpoint, size: tuple[int, int], multiple: int, height: int | None
) -> tuple[int, int]:
    """(height, width) to encode a picture at: what the encoder was trained on, as far as known.

    The given height, else the checkpoint's native one, else the official loadSize, else the
    picture's own; both sides become the nearest multiple.
    """
    facts = checkpoint.facts
    if height is not None or "size" in facts:
        factor = (height or facts["size"][0]) / size[0]
    elif facts.get("preprocess", "").startswith("scale_width"):
        factor = facts["load_size"] / size[1]
    else:
        factor = 1.0
    rounded = [max(1, round(side * factor / multiple)) * multiple for side in size]
    return rounded[0], rounded[1]
