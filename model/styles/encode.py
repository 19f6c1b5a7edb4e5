"""From a picture and its instance map to one feature vector per instance, with an encoder."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.checkpoint import Checkpoint
from model.networks.encoder import Encoder
from model.scene.figures import find_figures, placed_by
from model.scene.labels import label_of
from model.scene.reference import boxes_of, dense_instances
from model.scene.spokes import seen_through
from model.scene.surface import surface_of
from model.scene.surface_labels import SurfaceLabels, member
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
    checkpoint was trained on. What is seen through a thing does not belong to it, nor do parts that
    have a look of their own, as in training. Raises ValueError when the sizes differ.
    """
    if picture.shape[:2] != instances.shape:
        raise ValueError(f"picture {picture.shape[:2]}, instances {instances.shape}")
    surface, apart = checkpoint.conditioning.surface, None
    if surface is not None:
        instances, apart = _own_pixels(instances, surface)
    return pool_instances(encode_picture(checkpoint, encoder, picture, height), instances, apart)


def _own_pixels(
    instances: np.ndarray, surface: SurfaceLabels
) -> tuple[np.ndarray, NDArray[np.bool_]]:
    """A (H, W) instance map as it is seen, and where it shows parts that no feature is of."""
    labels = label_of(instances).astype(np.uint8)
    figures = find_figures(labels, instances, surface)
    labels, instances = seen_through(labels, instances, surface, figures)
    ids, index = dense_instances(instances)
    placed = placed_by(figures, index, ids, boxes_of(index))
    _, shown = surface_of(labels, surface, None, placed)
    return instances, member(shown, surface.foreign)


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


def pool_instances(
    features: Tensor, instances: np.ndarray, apart: NDArray[np.bool_] | None = None
) -> InstanceRows:
    """The mean of (F, h, w) features over every instance of a (H, W) map, brought to their size.

    apart: see `mean_rows`.
    """
    rows, columns = features.shape[1:]

    def resized(array: np.ndarray) -> np.ndarray:
        return cv2.resize(array, (columns, rows), interpolation=cv2.INTER_NEAREST)

    parts = None if apart is None else resized(apart.view(np.uint8)) > 0
    return mean_rows(features, resized(instances), parts)


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
