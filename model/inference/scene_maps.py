"""SceneMaps: a scene of which frames are made part by part, where a whole one is too large.

No torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.inference.frame import (
    NUMPY,
    Channels,
    Frame,
    FrameSize,
    StyleLookup,
    padded_map,
    part_of,
)
from model.scene.boundary import boundary_map
from model.scene.figures import find_figures
from model.scene.geometry import EMPTY, Rect
from model.scene.reference import box_array, boxes_of
from model.scene.scene import InstanceMap, LabelMap
from model.scene.spokes import Spokes, find_spokes
from model.scene.surface import Surface, find_surface
from model.scene.surface_labels import SurfaceLabels

_ROWS = 256  # of the maps, looked at at once


def _unstyled(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True, eq=False)
class SceneMaps:
    """Attributes:
    size: (height, width) of the scene; grid: of it padded.
    boxes: of every instance, and distance: (H, W) int8 of the padded scene, both only for
        generators that take the spatial reference.
    surface: walls and ground, for generators that take surface coordinates.
    spokes: where one sees through wheels, likewise.
    """

    labels: LabelMap
    instances: InstanceMap
    frame_size: FrameSize
    boxes: dict[int, Rect]
    distance: NDArray[np.int8] | None
    surface: Surface | None = None
    spokes: Spokes | None = None
    style_of: StyleLookup = _unstyled
    feature_channels: int = 0
    channels: Channels = NUMPY

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.instances.shape
        return height, width

    @property
    def grid(self) -> tuple[int, int]:
        return self.frame_size.padded(self.size)

    def styled(self, style_of: StyleLookup, channels: int) -> SceneMaps:
        """The same maps with the features of other styles; see `Frame.styled`."""
        return replace(self, style_of=style_of, feature_channels=channels)

    def part(self, rect: Rect) -> Frame:
        """A rectangle of the padded scene, with all that a generator takes."""
        frame = part_of(self.labels, self.instances, self.frame_size, rect, self.spokes)
        frame = frame.styled(self.style_of, self.feature_channels)
        frame = replace(frame, surface=self.surface)
        if self.distance is None:
            return frame.referenced([], self.channels)
        boxes = box_array(self.boxes, frame.instance_ids)
        distance = self.distance[rect.slices]
        height, _ = self.grid
        index = frame.instance_index
        reference = self.channels.reference(rect, height, index, boxes, distance)
        return replace(frame, boxes=boxes).referenced([reference], self.channels)


def scene_maps(
    labels: LabelMap,
    instances: InstanceMap,
    frame_size: FrameSize,
    *,
    reference: bool,
    surface: SurfaceLabels | None = None,
    channels: Channels = NUMPY,
) -> SceneMaps:
    """No styles yet; the maps must not change while they are used. See `make_frame`."""
    maps = SceneMaps(labels, instances, frame_size, {}, None, channels=channels)
    if surface is not None:
        figures = find_figures(labels, instances, surface)
        spokes = find_spokes(labels, instances, surface, figures)
        seen = labels if spokes is None else spokes.seen(labels)
        found = find_surface(padded_map(seen, maps.grid), surface, figures=figures)
        maps = replace(maps, surface=found, spokes=spokes)
    if not reference:
        return maps
    height, width = maps.grid
    boundary = np.empty((height, width), bool)
    boxes: dict[int, Rect] = {}
    for start in range(0, height, _ROWS):
        inner = Rect(0, start, width, min(start + _ROWS, height))
        around = inner.grown(1).clipped(width, height)  # a boundary lies between two rows
        frame = part_of(labels, instances, frame_size, around, maps.spokes)
        boundary[inner.slices] = boundary_map(frame.instances)[inner.slices_in(around)]
        for instance_id, box in zip(
            frame.instance_ids.tolist(), boxes_of(frame.instance_index).tolist(), strict=True
        ):
            left, top, right, bottom = box
            there = Rect(left, top + around.y0, right, bottom + around.y0)
            boxes[instance_id] = boxes.get(instance_id, EMPTY).union(there)
    return replace(maps, boxes=boxes, distance=channels.distance(boundary))
