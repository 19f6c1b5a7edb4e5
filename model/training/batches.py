"""Batches: which frames, crops and mirrorings make up each training step.

The choice is a function of seed and step alone, so a resumed run sees what an unbroken one sees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from model.errors import InputError
from model.pixels import to_signed
from model.scene.frame_files import FrameFiles
from model.training.config import Stage, TrainingConfig, side_multiple
from model.training.frames import Frame, FrameCache

# Labels, index, picture in [-1, 1] and reference of one sample, without a batch axis.
Sample = tuple[Tensor, Tensor | None, Tensor, Tensor | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step needs, on the training device.

    labels (N, H, W) uint8 or (N, 3, H, W) float in [-1, 1] for RGB pairs; index (N, H, W) int64
    instance numbers from 0 within each picture, or None; picture (N, 3, H, W) float in [-1, 1];
    reference (N, R, H, W) int8 or None. instances: more than the highest number in index, None
    where that has to be looked up. modes (N, instances) int64, see `Frame`; None where none are.
    noise (N, instances, F) float, standard normal, for `losses.modes_noise`; None where that is 0.
    """

    labels: Tensor
    index: Tensor | None
    picture: Tensor
    reference: Tensor | None
    instances: int | None = None
    modes: Tensor | None = None
    noise: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Crop:
    """A window of a frame, in pixels after reduction, and the size it is brought to if another."""

    top: int
    left: int
    height: int
    width: int
    mirrored: bool
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame drawn for a sample, the generator for all else, and a pixel to look at."""

    frame: Frame
    rng: np.random.Generator
    focus: tuple[int, int] | None


def choose_crop(
    rng: np.random.Generator,
    whole: tuple[int, int],
    size: tuple[int, int],
    focus: tuple[int, int] | None = None,
) -> tuple[int, int]:
    """Top and left of a window of `size` in a frame; centred on the pixel `focus` if given."""
    top = int(rng.integers(0, whole[0] - size[0] + 1))
    left = int(rng.integers(0, whole[1] - size[1] + 1))
    if focus is not None:
        top = int(np.clip(focus[0] - size[0] // 2, 0, whole[0] - size[0]))
        left = int(np.clip(focus[1] - size[1] // 2, 0, whole[1] - size[1]))
    return top, left


def random_place(rng: np.random.Generator, places: list[NDArray[np.int32]]) -> tuple[int, int]:
    """Row and column of one of the places of a random label, as `Frame.places` has them."""
    own = places[int(rng.integers(len(places)))]
    row, column = own[int(rng.integers(len(own)))].tolist()
    return row, column


def random_pixel(rng: np.random.Generator, mask: Tensor) -> tuple[int, int] | None:
    """Row and column of a random pixel of a (H, W) bool mask; None where it has none."""
    inside = torch.nonzero(mask.flatten())
    if not len(inside):
        return None
    return divmod(int(inside[int(rng.integers(len(inside)))]), mask.shape[1])


def sample_size(sizes: list[tuple[int, int]], stage: Stage, multiple: int) -> tuple[int, int]:
    """(height, width) that samples from frames of these sizes share: the crop where it fits.

    Whole multiples of what the generator takes. Raises InputError when a frame is too small.
    """
    found = []
    for axis in (0, 1):
        least = min(size[axis] // stage.reduce for size in sizes)
        side = min(stage.crop[axis] or least, least) // multiple * multiple
        if not side:
            raise InputError(
                f"a frame has a side of {least} pixels, but the networks need {multiple} or more; "
                "use larger pictures or fewer downsamplings"
            )
        found.append(side)
    return found[0], found[1]


class BatchSource:
    """Draws the batch of any step from a list of frames.

    Of several processes each draws its own share: together they see what one process sees whose
    batch is as many times as large.
    """

    def __init__(
        self, frames: list[FrameFiles], cache: FrameCache, config: TrainingConfig, rank: int = 0
    ) -> None:
        self.frames = frames
        self._cache = cache
        self._config = config
        self._rank = rank

    def batch(self, step: int) -> Batch:
        stage, _ = self._config.stage_at(step)
        first = self._rank * stage.batch
        drawn = [self._draw(step, n, stage) for n in range(first, first + stage.batch)]
        multiple = side_multiple(self._config, stage)
        size = sample_size([each.frame.size for each in drawn], stage, multiple)
        samples = [self._sample(each, size, stage) for each in drawn]
        instances = max(each.frame.instances for each in drawn)
        modes = padded_modes([each.frame for each in drawn], instances)
        noise = None
        if modes is not None and self._config.losses.modes_noise:
            noise = torch.stack([self._noise(each, instances) for each in drawn])
        return replace(stack(samples, instances), modes=modes, noise=noise)

    def _draw(self, step: int, n: int, stage: Stage) -> Drawn:
        rng = np.random.default_rng([self._config.seed, step, n])
        frame = self._cache.get(self.frames[int(rng.integers(len(self.frames)))])
        focus = None
        if frame.places and rng.random() < self._config.data.focus:
            row, column = random_place(rng, frame.places)
            focus = row // stage.reduce, column // stage.reduce
        return Drawn(frame, rng, focus)

    def _sample(self, drawn: Drawn, size: tuple[int, int], stage: Stage) -> Sample:
        data, rng = self._config.data, drawn.rng
        whole = (drawn.frame.size[0] // stage.reduce, drawn.frame.size[1] // stage.reduce)
        window = size
        if data.scale > 1:
            factor = data.scale ** rng.uniform(-1, 1)
            factor = max(factor, size[0] / whole[0], size[1] / whole[1])
            window = (round(size[0] / factor), round(size[1] / factor))
        corner = choose_crop(rng, whole, window, drawn.focus)
        mirrored = data.flip and self._config.conditioning.surface is None and rng.random() < 0.5
        sample = cut(drawn.frame, Crop(*corner, *window, mirrored, size), stage.reduce)
        if data.color:
            factors = 1 + data.color * rng.uniform(-1, 1, 3)
            labels, index, picture, reference = sample
            sample = labels, index, jitter(picture, *factors.tolist()), reference
        return sample

    def _noise(self, drawn: Drawn, instances: int) -> Tensor:
        device = drawn.frame.picture.device
        chance = torch.Generator(device).manual_seed(int(drawn.rng.integers(2**31)))
        size = (instances, self._config.conditioning.feature_channels)
        return torch.randn(size, generator=chance, device=device)


def stack(samples: list[Sample], instances: int | None = None) -> Batch:
    """Samples as `cut` gives them to one batch; all must have one size."""

    def joined(tensors: tuple[Tensor | None, ...]) -> Tensor | None:
        present = [t for t in tensors if t is not None]
        return torch.stack(present) if present else None

    labels, indices, pictures, references = zip(*samples, strict=True)
    index = joined(indices)
    return Batch(
        labels=torch.stack(labels),
        index=None if index is None else index.long(),
        picture=torch.stack(pictures),
        reference=joined(references),
        instances=instances,
    )


def padded_modes(frames: list[Frame], instances: int) -> Tensor | None:
    """The modes of each frame's instances as rows (N, instances) int64, filled up with -1."""
    rows = [frame.modes for frame in frames if frame.modes is not None]
    if not rows:
        return None
    padded = [functional.pad(row.long(), (0, instances - len(row)), value=-1) for row in rows]
    return torch.stack(padded)


def cut(frame: Frame, crop: Crop, reduce: int) -> Sample:
    """One crop at 1/reduce of full size.

    Labels, instance numbers and reference take the nearest pixel; pictures, those of RGB pairs
    among them, are averaged and come out in [-1, 1].
    """
    rows = slice(crop.top * reduce, (crop.top + crop.height) * reduce)
    columns = slice(crop.left * reduce, (crop.left + crop.width) * reduce)
    size = crop.size or (crop.height, crop.width)

    def maps(tensor: Tensor) -> Tensor:
        part = tensor[..., rows, columns][..., ::reduce, ::reduce]
        if size != (crop.height, crop.width):
            part = part[..., _nearest(crop.height, size[0]), :]
            part = part[..., _nearest(crop.width, size[1])]
        return part.flip(-1) if crop.mirrored else part

    def averaged(tensor: Tensor) -> Tensor:
        picture = to_signed(tensor[:, rows, columns])
        if reduce > 1:
            picture = functional.avg_pool2d(picture, reduce)
        if size != (crop.height, crop.width):
            picture = functional.interpolate(
                picture[None], size, mode="bilinear", align_corners=False, antialias=True
            )[0]
        return picture.flip(-1) if crop.mirrored else picture

    reference = None if frame.reference is None else maps(frame.reference)
    if reference is not None and crop.mirrored:
        reference = reference.clone()
        reference[1].neg_()  # the horizontal position in the instance's box
    labels = averaged(frame.labels) if frame.labels.ndim == 3 else maps(frame.labels)
    index = None if frame.index is None else maps(frame.index)
    return labels, index, averaged(frame.picture), reference


def _nearest(old: int, new: int) -> Tensor:
    """For each of `new` pixels the one of `old` that lies under its middle."""
    return ((torch.arange(new) + 0.5) * (old / new)).long()


def jitter(picture: Tensor, brightness: float, contrast: float, saturation: float) -> Tensor:
    """A picture (3, H, W) in [-1, 1] with each of the three multiplied, and clipped."""
    levels = (picture + 1) / 2 * brightness
    levels = torch.lerp(levels.mean(), levels, contrast)
    levels = torch.lerp(levels.mean(0, keepdim=True), levels, saturation)
    return (levels * 2 - 1).clamp(-1, 1)
