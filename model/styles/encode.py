"""From a picture and its instance map to one feature vector per instance, with an encoder."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.networks.encoder import Encoder
from model.scene.labels import label_of
from model.scene.spokes import seen_through
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
    checkpoint was trained on. What is seen through a thing does not belong to it, as when its
    generator paints. Raises ValueError when the sizes differ.
    """
    if picture.shape[:2] != instances.shape:
        raise ValueError(f"picture {picture.shape[:2]}, instances {instances.shape}")
    surface = checkpoint.conditioning.surface
    if surface is not None:
        _, instances = seen_through(label_of(instances).astype(np.uint8), instances, surface)
    return pool_instances(encode_picture(checkpoint, encoder, picture, height), instances)


def encode_picture(
    checkpoint: Checkpoint, encoder: Encoder, picture: np.ndarray, height: int | None = None
) -> Tensor:
    """The features of a picture at every pixel of the size it is encoded at, (F, h, w) float32."""
    multiple = 2**encoder.config.downsamples
    rows, columns = encoding_size(checkpoint, picture.shape[:2], multiple, height)
    picture = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    device = next(encoder.parameters()).device
    tensor = torch.from_numpy(picture).to(device).permute(2, 0, 1)[None].float()
    with torch.inference_mode():
        return encoder(tensor / 127.5 - 1)[0]


def pool_instances(features: Tensor, instances: np.ndarray) -> InstanceRows:
    """The mean of (F, h, w) features over every instance of a (H, W) map, brought to their size."""
    rows, columns = features.shape[1:]
    return mean_rows(
        features, cv2.resize(instances, (columns, rows), interpolation=cv2.INTER_NEAREST)
    )


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
