"""Conditioning: what a generator sees, built from maps. Training and inference share it.

Channel order: one-hot label map | boundary map | features | reference. The discriminator sees the
first two only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from model.scene.boundary import boundary_map
from model.scene.reference import REFERENCE_CHANNELS, REFERENCE_SCALE
from model.scene.surface import SURFACE_CHANNELS
from model.scene.surface_labels import SurfaceLabels
from model.scene.told import DRAWINGS_TOLD, TOLD, Drawing


@dataclass(frozen=True, slots=True)
class ConditioningConfig:
    """Which channels a checkpoint's generator takes.

    With `rgb` the "label map" is a picture of three channels in [-1, 1], as in edges to photo.
    The reference is not official: the spatial one of `model.scene.reference` when
    `spatial_reference`, then the surface coordinates of `model.scene.surface` of these labels;
    those of things need the spatial one, whose boxes they take. unstyled: labels whose features
    are always 0, as a map shows as one what is of many colours: shapes have to tell those.
    told: by names of `model.scene.told`, one number for each feature and one more: where their sum
    with the features of a thing is not above 0, that is not drawn on it; what has no numbers is
    drawn on all. Raises ValueError for channels that contradict each other.
    """

    label_channels: int = 35
    rgb: bool = False
    boundary: bool = True
    feature_channels: int = 0
    spatial_reference: bool = False
    surface: SurfaceLabels | None = None
    unstyled: tuple[int, ...] = ()
    told: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not all(type(label) is int and 0 <= label < 256 for label in self.unstyled):
            raise ValueError("unstyled labels have to lie in 0 to 255")
        if self.unstyled and self.rgb:
            raise ValueError("unstyled labels need a label map, not a picture")
        if not set(self.told) <= set(TOLD):
            raise ValueError(f"styles tell nothing but {', '.join(TOLD)}")
        if any(len(numbers) != self.feature_channels + 1 for numbers in self.told.values()):
            raise ValueError("what styles tell needs a number for each feature, and one more")
        if self.surface is None:
            return
        if self.rgb:
            raise ValueError("surface coordinates need a label map, not a picture")
        if self.surface.things and not self.spatial_reference:
            raise ValueError("surface coordinates of things need the spatial reference")
        labels = [label for members in self.surface.groups() for label in members]
        if not all(type(label) is int and 0 <= label < self.label_channels for label in labels):
            raise ValueError(f"surface labels have to lie in 0 to {self.label_channels - 1}")

    @property
    def drawn(self) -> list[tuple[Drawing, tuple[int, ...], tuple[float, ...]]]:
        """What is drawn in some styles alone, what labels show it, and the numbers that tell it."""
        if self.surface is None:
            return []
        known = (
            (each, each.shown(self.surface), self.told.get(each.name, ())) for each in DRAWINGS_TOLD
        )
        return [(each, labels, told) for each, labels, told in known if labels and told]

    @property
    def map_channels(self) -> int:
        """Channels that come before the features: what the discriminator sees of the maps."""
        return (3 if self.rgb else self.label_channels) + self.boundary

    @property
    def places_of_features(self) -> range:
        """Which of the input channels hold the features."""
        return range(self.map_channels, self.map_channels + self.feature_channels)

    @property
    def places_of_colors(self) -> tuple[int, ...]:
        """Which of the input channels tell colours: features, if any, then labels without them."""
        if not self.feature_channels:
            return ()
        known = (label for label in self.unstyled if label < self.label_channels)
        return (*self.places_of_features, *known)

    @property
    def input_channels(self) -> int:
        return self.map_channels + self.feature_channels + self.reference_channels

    @property
    def reference_channels(self) -> int:
        """Dense channels that come last."""
        spatial = REFERENCE_CHANNELS if self.spatial_reference else 0
        return spatial + (0 if self.surface is None else SURFACE_CHANNELS)


def one_hot(labels: Tensor, channels: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Label map (N, H, W), any integer type, values below `channels`, to (N, channels, H, W)."""
    highest = int(labels.max()) if labels.numel() else 0
    if highest >= channels:
        raise ValueError(f"label {highest} does not fit into {channels} label channels")
    return one_hot_of(labels, range(channels), dtype)


def one_hot_of(labels: Tensor, known: Sequence[int], dtype: torch.dtype) -> Tensor:
    """One channel for each of the label ids `known`, (N, len(known), H, W)."""
    kind: Any = {"device": labels.device, "dtype": labels.dtype}
    if isinstance(known, range):  # nothing is copied to a device, which would have to wait for it
        ids = torch.arange(known.start, known.stop, known.step, **kind)
    else:
        ids = torch.tensor(list(known), **kind)
    return (labels[:, None] == ids[:, None, None]).to(dtype)


def condition_maps(
    config: ConditioningConfig,
    labels: Tensor,
    instances: Tensor | None,
    dtype: torch.dtype = torch.float32,
    *,
    known: Sequence[int] | None = None,
) -> Tensor:
    """The map channels alone, (N, map_channels, H, W).

    labels: (N, H, W) label map, or (N, 3, H, W) picture in [-1, 1] when `config.rgb`.
    instances: (N, H, W) ids, needed when `config.boundary`. known: make one-hot channels of these
    labels only, in this order, without looking whether others occur.
    """
    if config.rgb:
        parts = [labels.to(dtype)]
    else:
        if known is None:
            parts = [one_hot(labels, config.label_channels, dtype)]
        else:
            parts = [one_hot_of(labels, known, dtype)]
    if config.boundary:
        if instances is None:
            raise ValueError("this generator needs an instance map for its boundary channel")
        parts.append(boundary_map(instances)[:, None].to(dtype))
    return torch.cat(parts, 1) if len(parts) > 1 else parts[0]


def without_unstyled(config: ConditioningConfig, features: Tensor, labels: Tensor) -> Tensor:
    """Features (N, F, H, W), 0 where the label map (N, H, W) shows labels that have none."""
    for label in config.unstyled:
        features = features * (labels != label)[:, None]
    return features


def apart_from_owners(config: ConditioningConfig, labels: Tensor) -> Tensor | None:
    """(N, H, W) bool, where the label map, as it is shown, has parts that no feature is of."""
    if config.surface is None:
        return None
    return _among(labels, config.surface.foreign)


def _among(labels: Tensor, members: Iterable[int]) -> Tensor:
    found = torch.zeros_like(labels, dtype=torch.bool)
    for label in members:
        found |= labels == label
    return found


def is_told(told: Sequence[float], features: Iterable[Any]) -> Any:  # noqa: ANN401
    """Whether something is drawn on things of these features.

    told: numbers of `ConditioningConfig.told`; features: one after the other, each a number, an
    array or a tensor, as what is returned.
    """
    *weights, total = told
    for weight, feature in zip(weights, features, strict=True):
        total = total + weight * feature
    return total > 0


def told_only(
    config: ConditioningConfig, reference: Tensor, features: Tensor, labels: Tensor
) -> Tensor:
    """The reference (N, R, H, W) without what its styles do not have.

    features: (N, F, H, W); labels: (N, H, W).
    """
    planes = list(reference.unbind(1))
    for drawing, members, told in config.drawn:
        plain = _among(labels, members) & ~is_told(told, features.float().unbind(1))
        without = drawing.without(planes)
        planes[drawing.channel] = torch.where(plain, without, planes[drawing.channel])
    return torch.stack(planes, 1) if config.drawn else reference


def build_conditioning(
    config: ConditioningConfig,
    labels: Tensor,
    instances: Tensor | None = None,
    features: Tensor | None = None,
    reference: Tensor | None = None,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Everything a generator sees, (N, input_channels, H, W).

    features: (N, F, H, W) pooled feature map; reference: (N, R, H, W) int8 from
    `model.scene.reference` and `model.scene.surface`. Raises ValueError when one that the config
    asks for is missing.
    """
    parts = [condition_maps(config, labels, instances, dtype)]
    if config.feature_channels:
        if features is None or features.shape[1] != config.feature_channels:
            raise ValueError(f"this generator needs {config.feature_channels} feature channels")
        parts.append(without_unstyled(config, features, labels).to(dtype))
    if config.reference_channels:
        if reference is None or reference.shape[1] != config.reference_channels:
            raise ValueError(f"this generator needs {config.reference_channels} reference channels")
        if features is not None:
            reference = told_only(config, reference, features, labels)
        parts.append(scale_reference(reference, dtype))
    return torch.cat(parts, 1) if len(parts) > 1 else parts[0]


def scale_reference(reference: Tensor, dtype: torch.dtype) -> Tensor:
    """The int8 reference as network input in [-1, 1]."""
    return reference.to(dtype) / REFERENCE_SCALE
