"""Scene: everything the generator needs to know about one picture, frozen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.labels import LabelSchema
from model.scene.layers import NO_LAYERS, Layers

LabelMap = NDArray[np.uint8]  # (H, W), one label id per pixel
InstanceMap = NDArray[np.int32]  # (H, W), one instance id per pixel


@dataclass(frozen=True, slots=True)
class Style:
    """The feature vector an instance is drawn with, and its cluster when it is a cluster's."""

    vector: tuple[float, ...]
    cluster: int | None = None


MAX_FEATURES = 1024
MAX_INSTANCES = 256_000  # 256 labels with 1000 each

Styles = Mapping[int, Style]  # by instance id; instances without one take the seed's draw


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One whole picture: safe to hand to another thread or to write to disk.

    Takes over the arrays it is given and makes them read-only. layers: what the maps hide; the
    generator does not see it.
    """

    schema: LabelSchema
    label_map: LabelMap
    instance_map: InstanceMap
    styles: Styles = field(default_factory=dict)
    revision: int = 0
    layers: Layers = NO_LAYERS

    def __post_init__(self) -> None:
        _freeze_maps(self.label_map, self.instance_map)
        object.__setattr__(self, "styles", frozen_styles(self.styles))

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)"""
        height, width = self.label_map.shape
        return height, width


@dataclass(frozen=True, slots=True, eq=False)
class ScenePatch:
    """What one rectangle of the scene holds now. Patches in order rebuild the scene elsewhere."""

    size: tuple[int, int]  # (height, width) of the whole scene
    rect: Rect
    labels: LabelMap  # covers rect
    instances: InstanceMap  # covers rect
    styles: Styles  # of the whole scene
    revision: int

    def __post_init__(self) -> None:
        _freeze_maps(self.labels, self.instances)
        object.__setattr__(self, "styles", frozen_styles(self.styles))


def style_from(vector: Iterable[Any], cluster: object) -> Style:
    """A style as a file holds it; ValueError or TypeError for numbers that no style has."""
    numbers = tuple(float(value) for value in vector)
    if len(numbers) > MAX_FEATURES or not all(map(math.isfinite, numbers)):
        raise ValueError(f"a style of {len(numbers)} numbers, or with one that is not finite")
    if cluster is not None and (type(cluster) is not int or not 0 <= cluster < 2**31):
        raise ValueError(f"the cluster {cluster!r}")
    return Style(numbers, cluster)


def instance_key(text: str) -> int:
    """An instance id as a file's keys hold it; ValueError for what is none."""
    number = int(text)
    if not 0 <= number < MAX_INSTANCES:
        raise ValueError(f"the instance {number}")
    return number


def frozen_styles(styles: Styles) -> Styles:
    """A read-only copy; one that is read-only already is shared, not copied."""
    if isinstance(styles, MappingProxyType):
        return styles
    return MappingProxyType(dict(styles))


def _freeze_maps(labels: LabelMap, instances: InstanceMap) -> None:
    if labels.ndim != 2 or labels.shape != instances.shape:
        raise ValueError(f"label map is {labels.shape}, instance map {instances.shape}")
    if labels.dtype != np.uint8 or instances.dtype != np.int32:
        raise ValueError(
            f"label map is {labels.dtype} (needs uint8), instance map {instances.dtype} "
            "(needs int32)"
        )
    labels.flags.writeable = False
    instances.flags.writeable = False
