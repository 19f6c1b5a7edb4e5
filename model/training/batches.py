"""Batches: which frames, crops and mirrorings make up each training step.

The choice is a function of seed and step alone, so a resumed run sees what an unbroken one sees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from model.pixels import to_signed
from model.scene.frame_files import FrameFiles
from model.training.config import Stage, TrainingConfig
from model.training.frames import Frame, FrameCache


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step needs, on the training device.

    labels (N, H, W) uint8 or (N, 3, H, W) float in [-1, 1] for RGB pairs; index (N, H, W) int64
    instance numbers from 0 within each picture, or None; picture (N, 3, H, W) float in [-1, 1];
    reference (N, R, H, W) int8 or None.
    """

    labels: Tensor
    index: Tensor | None
    picture: Tensor
    reference: Tensor | None


@dataclass(frozen=True, slots=True)
class Crop:
    top: int
    left: int
    height: int
    width: int
    mirrored: bool


def choose_crop(
    rng: np.random.Generator, size: tuple[int, int], stage: Stage, focus: np.ndarray | None
) -> tuple[int, int, int, int]:
    """Top, left, height, width in a frame of `size`; centred on the box `focus` if given."""
    height, width = (side or whole for side, whole in zip(stage.crop, size, strict=True))
    height, width = min(height, size[0]), min(width, size[1])
    top = int(rng.integers(0, size[0] - height + 1))
    left = int(rng.integers(0, size[1] - width + 1))
    if focus is not None:
        middle = ((focus[1] + focus[3]) // 2, (focus[0] + focus[2]) // 2)
        top = int(np.clip(middle[0] - height // 2, 0, size[0] - height))
        left = int(np.clip(middle[1] - width // 2, 0, size[1] - width))
    return top, left, height, width


class BatchSource:
    """Draws the batch of any step from a list of frames."""

    def __init__(self, frames: list[FrameFiles], cache: FrameCache, config: TrainingConfig) -> None:
        self.frames = frames
        self._cache = cache
        self._config = config

    def batch(self, step: int) -> Batch:
        stage, _ = self._config.stage_at(step)
        return stack([self._sample(step, n, stage) for n in range(stage.batch)])

    def _sample(self, step: int, n: int, stage: Stage) -> tuple[Tensor | None, ...]:
        rng = np.random.default_rng([self._config.seed, step, n])
        frame = self._cache.get(self.frames[int(rng.integers(len(self.frames)))])
        height, width = frame.size
        size = (height // stage.reduce, width // stage.reduce)
        focus = None
        if len(frame.boxes) and rng.random() < self._config.data.focus:
            focus = frame.boxes[int(rng.integers(len(frame.boxes)))] // stage.reduce
        crop = Crop(
            *choose_crop(rng, size, stage, focus), self._config.data.flip and rng.random() < 0.5
        )
        return cut(frame, crop, stage.reduce)


def stack(samples: list[tuple[Tensor | None, ...]]) -> Batch:
    """Samples as `cut` gives them to one batch; all must have one size."""

    def joined(tensors: tuple[Tensor | None, ...]) -> Tensor | None:
        present = [t for t in tensors if t is not None]
        return torch.stack(present) if present else None

    labels, index, picture, reference = map(joined, zip(*samples, strict=True))
    if labels is None or picture is None:
        raise ValueError("a sample needs labels and a picture")
    return Batch(
        labels=to_signed(labels) if labels.ndim == 4 else labels,
        index=None if index is None else index.long(),
        picture=picture,
        reference=reference,
    )


def cut(frame: Frame, crop: Crop, reduce: int) -> tuple[Tensor | None, ...]:
    """Labels, index, picture in [-1, 1] and reference of one crop, at 1/reduce of full size."""
    rows = slice(crop.top * reduce, (crop.top + crop.height) * reduce)
    columns = slice(crop.left * reduce, (crop.left + crop.width) * reduce)

    def maps(tensor: Tensor | None) -> Tensor | None:
        if tensor is None:
            return None
        part = tensor[..., rows, columns][..., ::reduce, ::reduce]
        return part.flip(-1) if crop.mirrored else part

    picture = to_signed(frame.picture[:, rows, columns])
    if reduce > 1:
        picture = functional.avg_pool2d(picture, reduce)
    reference = maps(frame.reference)
    if reference is not None and crop.mirrored:
        reference = reference.clone()
        reference[1].neg_()  # the horizontal position in the instance's box
    picture = picture.flip(-1) if crop.mirrored else picture
    return maps(frame.labels), maps(frame.index), picture, reference
