"""FlatRenderer: palette colours with darker boundaries, the engine while no checkpoint is open."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from model.errors import InputError
from model.inference.request import (
    BorrowRequest,
    EngineInfo,
    Pixels,
    RenderResult,
    Superseded,
    Thumbnail,
    ThumbnailRequest,
    Trial,
    TrialRequest,
)
from model.inference.scene_copy import SceneCopy
from model.scene.boundary import boundary_map
from model.scene.geometry import Rect
from model.scene.labels import LabelSchema
from model.scene.scene import InstanceMap, LabelMap, Scene, ScenePatch, Styles

BOUNDARY_BRIGHTNESS = 0.8  # visible on every palette colour but black, quieter than a line


class FlatRenderer:
    """Paints the changed rectangle at once and exactly; a Renderer without styles."""

    def __init__(self, schema: LabelSchema) -> None:
        self._scene = SceneCopy()
        self._palette = np.asarray(schema.palette)
        self._dark_palette = (self._palette * BOUNDARY_BRIGHTNESS).astype(np.uint8)
        self._info = EngineInfo("Flat colours", "cpu", "uint8", schema.name, None, False, 0.0)

    @property
    def info(self) -> EngineInfo:
        return self._info

    def render(self, patch: ScenePatch, superseded: Superseded) -> Iterator[RenderResult]:
        """Yields one final result: the patch's rectangle and the pixel around it.

        It is never given up: painting takes less time than asking again.
        """
        started = time.perf_counter()
        self._scene.take(patch)
        height, width = self._scene.size
        changed = patch.rect.grown(1).clipped(width, height)  # so far a boundary can change
        pixels = self._paint(changed)
        seconds = time.perf_counter() - started
        yield RenderResult(patch.revision, changed, pixels, True, seconds, {"paint": seconds})

    def thumbnails(self, request: ThumbnailRequest, superseded: Superseded) -> Iterator[Thumbnail]:
        """Yields nothing: flat colours have no styles."""
        yield from ()

    def trial(self, request: TrialRequest, superseded: Superseded) -> Trial | None:
        """Nothing, likewise."""

    def borrow(self, request: BorrowRequest) -> Styles:
        """Raises InputError: flat colours have no encoder."""
        raise InputError("Open a checkpoint with an encoder to borrow styles from photos.")

    def picture_unless(self, scene: Scene, superseded: Superseded) -> Pixels:
        return self._colored(scene.label_map, scene.instance_map)

    def _colored(self, labels: LabelMap, instances: InstanceMap) -> Pixels:
        boundary = boundary_map(instances)[..., None]
        return np.where(boundary, self._dark_palette[labels], self._palette[labels])

    def _paint(self, rect: Rect) -> Pixels:
        height, width = self._scene.size
        around = rect.grown(1).clipped(width, height)
        pixels = self._colored(
            self._scene.labels[around.slices], self._scene.instances[around.slices]
        )
        top, left = rect.y0 - around.y0, rect.x0 - around.x0
        return pixels[top : top + rect.height, left : left + rect.width]
