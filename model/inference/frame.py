"""Frame: a scene or part of it made ready for a generator, padded to a size that it takes.

No torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.scene.boundary import boundary_map
from model.scene.figures import find_figures
from model.scene.geometry import Rect
from model.scene.pieces import Placed
from model.scene.reference import boxes_of, dense_instances, distance_channel, reference_part
from model.scene.scene import InstanceMap, LabelMap
from model.scene.spokes import Spokes, find_spokes
from model.scene.surface import Surface, find_surface, surface_part
from model.scene.surface_labels import SurfaceLabels

StyleLookup = Callable[[int], tuple[float, ...] | None]
"""Instance id -> feature vector, or None for an instance drawn without one."""


@dataclass(frozen=True, slots=True)
class Channels:
    """How reference channels are made: as the functions of `NUMPY`, whatever does it."""

    distance: Callable[[np.ndarray], NDArray[np.int8]]
    reference: Callable[..., NDArray[np.int8]]
    surface: Callable[..., NDArray[np.int8]]

    def surface_of(
        self, known: Surface, rect: Rect, labels: LabelMap, placed: Placed | None
    ) -> NDArray[np.int8]:
        """The channels of a rectangle whose label map, parts apart, is (h, w); `surface_part`.

        placed: its instances, of which lights and signs are told apart here.
        """
        if placed is not None and known.pieces is not None:
            placed = known.pieces.put(rect, placed)
        return self.surface(rect, known.size, labels, known.walls, known.labels, placed)


NUMPY = Channels(distance_channel, reference_part, surface_part)


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
    """Maps of one scene, padded, or of a rectangle of it.

    Attributes:
        size: (height, width) of the scene itself, the upper left part of the padded one.
        grid: (height, width) of the padded scene.
        rect: what of the grid the maps cover, (H, W) pixels.
        labels: (H, W) uint8, or a picture (H, W, 3) uint8 for a generator that takes one.
        instances: (H, W) int32.
        instance_ids: (n,) int32, those that occur, ascending.
        instance_index: (H, W) int32, positions in `instance_ids`.
        features: (n, F) float32, the style of each instance; zero where it has none.
        reference: (R, H, W) int8, or None when the generator takes none.
        boxes: (n, 4) int32 left, top, right, bottom of the instances, for the spatial reference.
        surface: walls and ground, for surface coordinates.
    """

    size: tuple[int, int]
    grid: tuple[int, int]
    rect: Rect
    labels: LabelMap
    instances: InstanceMap
    instance_ids: NDArray[np.int32]
    instance_index: NDArray[np.int32]
    features: NDArray[np.float32]
    reference: NDArray[np.int8] | None = None
    boxes: NDArray[np.int32] | None = None
    surface: Surface | None = None

    def part(self, rect: Rect) -> Frame:
        """A rectangle inside of this one, without copying."""
        if rect == self.rect:
            return self
        inside = rect.slices_in(self.rect)
        reference = None if self.reference is None else self.reference[(slice(None), *inside)]
        return replace(
            self,
            rect=rect,
            labels=self.labels[inside],
            instances=self.instances[inside],
            instance_index=self.instance_index[inside],
            reference=reference,
        )

    def referenced(self, planes: list[NDArray[np.int8]], channels: Channels) -> Frame:
        """With these reference channels, each (r, H, W), and after them its surface coordinates.

        Parts of things are shown as the generator knows them.
        """
        labels = self.labels
        if self.surface is not None:
            placed = None
            if self.boxes is not None:
                placed = self.surface.placed(self.instance_index, self.instance_ids, self.boxes)
            apart = self.surface.apart(self.rect, labels)
            made = channels.surface_of(self.surface, self.rect, apart, placed)
            planes, labels = [*planes, made], self.surface.shown(labels, apart, made)
        if not planes:
            return self
        return replace(self, labels=labels, reference=np.concatenate(planes))

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
    labels: LabelMap,
    instances: InstanceMap,
    frame_size: FrameSize,
    *,
    reference: bool,
    surface: SurfaceLabels | None = None,
    channels: Channels = NUMPY,
) -> Frame:
    """The whole scene; no features yet. reference: with the spatial one; surface: with these."""
    height, width = frame_size.padded(instances.shape)
    whole = Rect(0, 0, width, height)
    figures, spokes = {}, None
    if surface is not None:
        figures = find_figures(labels, instances, surface)
        spokes = find_spokes(labels, instances, surface, figures)
    frame = part_of(labels, instances, frame_size, whole, spokes)
    planes = []
    if reference:
        index, boxes = frame.instance_index, boxes_of(frame.instance_index)
        distance = channels.distance(boundary_map(frame.instances))
        planes.append(channels.reference(whole, height, index, boxes, distance))
        frame = replace(frame, boxes=boxes)
    if surface is not None:
        frame = replace(frame, surface=find_surface(frame.labels, surface, figures=figures))
    return frame.referenced(planes, channels)


def part_of(
    labels: LabelMap,
    instances: InstanceMap,
    frame_size: FrameSize,
    rect: Rect,
    spokes: Spokes | None = None,
) -> Frame:
    """A rectangle of the padded scene, without features and reference.

    The scene is padded to the right and below by repeating its last pixels. spokes: of the scene.
    """
    height, width = instances.shape
    rows = np.minimum(np.arange(rect.y0, rect.y1), height - 1)
    columns = np.minimum(np.arange(rect.x0, rect.x1), width - 1)
    if rect.x1 <= width and rect.y1 <= height:
        parts = labels[rect.slices].copy(), instances[rect.slices].copy()
    else:
        parts = labels[np.ix_(rows, columns)], instances[np.ix_(rows, columns)]
    if spokes is not None:
        for part, whole in zip(parts, (labels, instances), strict=True):
            spokes.put(rect, part, whole)
    labels, instances = parts
    instance_ids, instance_index = dense_instances(instances)
    return Frame(
        size=(height, width),
        grid=frame_size.padded((height, width)),
        rect=rect,
        labels=labels,
        instances=instances,
        instance_ids=instance_ids,
        instance_index=instance_index,
        features=np.zeros((len(instance_ids), 0), np.float32),
    )


def padded_map(labels: LabelMap, grid: tuple[int, int]) -> LabelMap:
    """A whole (H, W) map, padded to (height, width) like that of `make_frame`."""
    missing = [(0, padded - side) for side, padded in zip(labels.shape, grid, strict=True)]
    return np.pad(labels, missing, "edge") if any(any(each) for each in missing) else labels


def _checked(vector: tuple[float, ...], channels: int, instance_id: int) -> tuple[float, ...]:
    if len(vector) != channels:
        raise ValueError(
            f"the style of instance {instance_id} has {len(vector)} features, "
            f"the checkpoint takes {channels}"
        )
    return vector
