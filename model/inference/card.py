"""What a list of checkpoints shows of one: its facts, the memory it needs, a small sample.

Importing this loads no torch; asking does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.scene.boundary import boundary_map
from model.scene.labels import CITYSCAPES_NAME, LabelSchema, load_schema
from model.scene.project import load_project
from model.scene.scene import Scene

if TYPE_CHECKING:
    from model.checkpoint import Checkpoint

Pixels = NDArray[np.uint8]
STREET = Path(__file__).resolve().parents[2] / "assets" / "samples" / "boulevard.labelbrush"
PENS = "edges"
PAPER, INK = 0, 1
SAMPLE_SIZE = 256, 512
PATCHES = 24
USUAL_SIZE = 1024, 2048  # that memory is told for when a checkpoint names none
_LAYERS = 3  # of full resolution that are alive at once


@dataclass(frozen=True, slots=True)
class Card:
    """What a checkpoint is.

    Attributes:
        schema_name: "" when it takes pictures instead of label maps.
        size: (height, width) it was trained for, None when it does not say.
        parameters: of the generator; file_bytes: of all its weights on disk.
        features: style channels; styles: clusters it comes with; encoder: it has one.
        frame_bytes: about what painting a picture of its size takes, weights included.
        device: where it would paint; device_bytes: of memory there, 0 when that is not known.
    """

    path: Path
    name: str
    official: bool
    schema_name: str
    size: tuple[int, int] | None
    parameters: int
    file_bytes: int
    features: int
    styles: int
    encoder: bool
    frame_bytes: int
    device: str
    device_bytes: int

    @property
    def fits(self) -> bool:
        return not self.device_bytes or self.frame_bytes <= self.device_bytes


def read_card(path: Path, split: str | None = None, device: str = "auto") -> Card:
    """Looks at a checkpoint without loading its weights. Raises InputError when it is none."""
    import model.inference.process  # noqa: F401  must come before torch

    # isort: split
    from model.checkpoint import open_checkpoint
    from model.device import choose_target
    from model.networks import GENERATORS
    from model.weights import count_numbers, describe, shapes_of

    checkpoint = open_checkpoint(path, split)
    config = checkpoint.generator_config
    kind = GENERATORS[checkpoint.generator_name][0]
    described = describe(kind, config, checkpoint.weights["generator"])
    parameters = count_numbers(shapes_of(described))
    target = choose_target(device)
    number_bytes = target.dtype.itemsize
    book = checkpoint.style_book
    return Card(
        path,
        checkpoint.name,
        checkpoint.official,
        checkpoint.schema_name,
        checkpoint.facts.get("size"),
        parameters,
        sum(file.stat().st_size for file in checkpoint.weights.values()),
        checkpoint.conditioning.feature_channels,
        0 if book is None else sum(map(book.count, book.centers)),
        checkpoint.encoder_config is not None,
        _frame_bytes(checkpoint, parameters, number_bytes),
        str(target.device),
        _memory_of(str(target.device)),
    )


def draw_sample(path: Path, split: str | None = None, device: str = "auto") -> Pixels:
    """A small picture painted with a checkpoint, by an engine that is gone afterwards."""
    from model.inference.engine import Engine

    # isort: split
    from model.checkpoint import open_checkpoint

    checkpoint = open_checkpoint(path, split)
    scene = sample_scene(checkpoint.schema_name)
    engine = Engine(checkpoint, device, previews="never", schema=scene.schema)
    return engine.picture(scene)


def sample_scene(schema_name: str) -> Scene:
    """The bundled street, small; its outlines for a checkpoint that takes pictures; else patches.

    Raises SchemaError when there is no such schema.
    """
    if schema_name and schema_name != CITYSCAPES_NAME:
        return _patchwork(load_schema(schema_name))
    street = _street()
    if schema_name:
        return street
    drawn = np.where(boundary_map(street.instance_map), INK, PAPER).astype(np.uint8)
    return Scene(load_schema(PENS), drawn, drawn.astype(np.int32))


def _street() -> Scene:
    scene = load_project(STREET).scene
    step = scene.size[0] // SAMPLE_SIZE[0]
    labels = np.ascontiguousarray(scene.label_map[::step, ::step])
    instances = np.ascontiguousarray(scene.instance_map[::step, ::step])
    return Scene(scene.schema, labels, instances)


def _patchwork(schema: LabelSchema) -> Scene:
    """Every pixel has the label of the nearest of some points: the labels in turn."""
    height, width = SAMPLE_SIZE
    points = np.random.default_rng(1).uniform(0, 1, (PATCHES, 2)) * (height, width)
    rows, columns = np.mgrid[:height, :width]
    nearest = np.argmin(
        [(rows - row) ** 2 + (columns - column) ** 2 for row, column in points], axis=0
    )
    labels = np.array(schema.ids, np.uint8)[nearest % len(schema.ids)]
    return Scene(schema, labels, labels.astype(np.int32))


def _frame_bytes(checkpoint: Checkpoint, parameters: int, number_bytes: int) -> int:
    """The weights, and the layers of the largest resolution."""
    height, width = checkpoint.facts.get("size") or USUAL_SIZE
    wide = checkpoint.generator_config.full_channels
    return number_bytes * (parameters + _LAYERS * wide * height * width)


def _memory_of(device: str) -> int:
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_properties(device).total_memory
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0
