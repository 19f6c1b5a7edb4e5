"""Frame: one whole scene made ready for a generator, padded to a size that it takes. No torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.scene.reference import dense_instances, spatial_reference
from model.scene.scene import InstanceMap, LabelMap

StyleLookup = Callable[[int], tuple[float, ...] | None]
"""Instance id -> feature vector, or None for an instance drawn without one."""


@dataclass(frozen=True, slots=True)
class FrameSize:
    """What picture sizes a generator takes: multiples of `multiple`, at least `minimum`."""

    multiple: int
    minimum: int

    def padded(self, size: tuple[int, int]) -> tuple[int, int]:
        """The smallest size it takes that holds (height, width)."""
        height, width = (
            max(-(-side // self.multiple) * self.multiple, self.minimum) for side in size
        )
        return height, width


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Maps of one scene, all (H, W) of the padded size.

    Attributes:
        size: (height, width) of the scene itself, the upper left part of the maps.
        labels: (H, W) uint8.
        instances: (H, W) int32.
        instance_ids: (n,) int32, those that occur, ascending.
        instance_index: (H, W) int32, positions in `instance_ids`.
        features: (n, F) float32, the style of each instance; zero where it has none.
        reference: (R, H, W) int8 spatial reference, or None when the generator takes none.
    """

    size: tuple[int, int]
    labels: LabelMap
    instances: InstanceMap
    instance_ids: NDArray[np.int32]
    instance_index: NDArray[np.int32]
    features: NDArray[np.float32]
    reference: NDArray[np.int8] | None

    def styled(self, style_of: StyleLookup, channels: int) -> Frame:
        """The same maps with the features of other styles, (n, channels).

        Raises:
            ValueError: a style that has another number of features.
        """
        features = np.zeros((len(self.instance_ids), channels), np.float32)
        for row, instance_id in enumerate(self.instance_ids.tolist() if channels else ()):
            vector = style_of(instance_id)
            if vector is not None:
                features[row] = _checked(vector, channels, instance_id)
        return replace(self, features=features)


def make_frame(
    labels: LabelMap, instances: InstanceMap, frame_size: FrameSize, *, reference: bool
) -> Frame:
    """Pads the maps to the right and below by repeating their last pixels; no features yet."""
    height, width = labels.shape
    padded_height, padded_width = frame_size.padded((height, width))
    margin = ((0, padded_height - height), (0, padded_width - width))
    labels, instances = np.pad(labels, margin, "edge"), np.pad(instances, margin, "edge")
    instance_ids, instance_index = dense_instances(instances)
    return Frame(
        size=(height, width),
        labels=labels,
        instances=instances,
        instance_ids=instance_ids,
        instance_index=instance_index,
        features=np.zeros((len(instance_ids), 0), np.float32),
        reference=spatial_reference(instances) if reference else None,
    )


def _checked(vector: tuple[float, ...], channels: int, instance_id: int) -> tuple[float, ...]:
    if len(vector) != channels:
        raise ValueError(
            f"the style of instance {instance_id} has {len(vector)} features, "
            f"the checkpoint takes {channels}"
        )
    return vector
