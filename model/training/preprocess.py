"""Resizing, cropping and flipping of training samples, in the official code's modes and order.

Works on one sample's label map, instance map and picture; knows no files and no tensors.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.errors import MapError
from model.training.config import TrainingConfig, network_sizes

MODES = ("none", "resize", "scale_width", "crop", "resize_and_crop", "scale_width_and_crop")


@dataclass(frozen=True, slots=True)
class Preprocess:
    """How a sample becomes network input.

    mode: one of MODES. load_size: side (resize) or width (scale_width) in pixels. fine_size: side
    of the square crop. multiple: with "none", both sides are rounded to multiples of it
    (2 ** number of downsampling steps of the generator, enhancers included). flip: whether half
    of the samples are mirrored.
    """

    mode: str = "none"
    load_size: int = 1024
    fine_size: int = 512
    multiple: int = 16
    flip: bool = True

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode {self.mode!r} is not one of {MODES}")


@dataclass(frozen=True, slots=True)
class Draw:
    """The random part of one sample: crop corner (x, y) in resized pixels, and the flip."""

    x: int
    y: int
    flip: bool


def resizing(config: TrainingConfig) -> Preprocess | None:
    """How a run's frames are brought to size when they are read, None if they are kept."""
    data = config.data
    if data.resize == "keep":
        return None
    return Preprocess(data.resize, data.load_size, multiple=network_sizes(config).multiple)


def draw(settings: Preprocess, size: tuple[int, int], rng: random.Random) -> Draw:
    """Draw the crop corner and the flip for a sample of `size` (height, width).

    Always takes three values, x, y, flip, in this order, whatever the settings use of them.
    """
    height, width = size
    if settings.mode == "resize_and_crop":
        height = width = settings.load_size
    elif settings.mode == "scale_width_and_crop":
        height, width = settings.load_size * height // width, settings.load_size
    x = rng.randint(0, max(0, width - settings.fine_size))
    y = rng.randint(0, max(0, height - settings.fine_size))
    flip = rng.random() > 0.5
    return Draw(x, y, flip and settings.flip)


def prepare_map(array: np.ndarray, settings: Preprocess, drawn: Draw) -> np.ndarray:
    """A label map (H, W) uint8 or instance map (H, W) int32, prepared by nearest neighbour."""
    image = Image.fromarray(np.ascontiguousarray(array))
    return np.array(_prepared(image, settings, drawn, Image.Resampling.NEAREST))


def prepare_picture(array: np.ndarray, settings: Preprocess, drawn: Draw) -> np.ndarray:
    """A picture (H, W, 3) uint8, prepared with bicubic resampling."""
    image = Image.fromarray(np.ascontiguousarray(array))
    return np.array(_prepared(image, settings, drawn, Image.Resampling.BICUBIC))


def prepare_features(array: np.ndarray, settings: Preprocess, drawn: Draw) -> np.ndarray:
    """A stored feature picture (H, W, 3) uint8, prepared by nearest neighbour."""
    return prepare_map(array, settings, drawn)


def resized_size(settings: Preprocess, size: tuple[int, int]) -> tuple[int, int]:
    """(height, width) after resizing and before cropping; MapError when nothing would be left."""
    height, width = size
    if "resize" in settings.mode:
        height = width = settings.load_size
    elif "scale_width" in settings.mode and width != settings.load_size:
        height, width = int(settings.load_size * height / width), settings.load_size
    elif settings.mode == "none":
        height, width = (round(side / settings.multiple) * settings.multiple for side in size)
    if height < 1 or width < 1:
        raise MapError(
            f"A sample of {size[1]} x {size[0]} pixels is too small for the preprocessing mode "
            f'"{settings.mode}"; use larger pictures.'
        )
    return height, width


def _prepared(
    image: Image.Image, settings: Preprocess, drawn: Draw, resampling: Image.Resampling
) -> Image.Image:
    height, width = resized_size(settings, (image.height, image.width))
    if (width, height) != image.size:
        image = image.resize((width, height), resampling)
    side = settings.fine_size
    if "crop" in settings.mode and (width > side or height > side):
        image = image.crop((drawn.x, drawn.y, drawn.x + side, drawn.y + side))
    if drawn.flip:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image
