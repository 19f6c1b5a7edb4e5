"""SceneCopy: a renderer's own copy of the scene, rebuilt from patches. Knows no painting."""

from __future__ import annotations

import numpy as np

from model.scene.geometry import Rect
from model.scene.scene import ScenePatch, Styles


class SceneCopy:
    """The scene as of the newest patch taken.

    Attributes:
        labels: (H, W) uint8.
        instances: (H, W) int32.
        styles: instance id -> Style, only what the user chose.
        revision: of the newest patch; -1 before the first.
    """

    def __init__(self) -> None:
        self.labels = np.zeros((0, 0), np.uint8)
        self.instances = np.zeros((0, 0), np.int32)
        self.styles: Styles = {}
        self.revision = -1

    def extent(self, instance_id: int) -> Rect:
        """The smallest rectangle around an instance."""
        return Rect.around(self.instances == instance_id)

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.labels.shape
        return height, width

    @property
    def bounds(self) -> Rect:
        height, width = self.size
        return Rect(0, 0, width, height)

    def take(self, patch: ScenePatch) -> None:
        """Writes the patch into the maps.

        Raises:
            ValueError: a patch of part of a scene of which the whole never came.
        """
        self._make_room(patch)
        self.labels[patch.rect.slices] = patch.labels
        self.instances[patch.rect.slices] = patch.instances
        self.styles = patch.styles
        self.revision = patch.revision

    def _make_room(self, patch: ScenePatch) -> None:
        height, width = patch.size
        if patch.rect == Rect(0, 0, width, height):
            if self.size != patch.size:
                self.labels = np.zeros(patch.size, np.uint8)
                self.instances = np.zeros(patch.size, np.int32)
        elif self.size != patch.size:
            raise ValueError(
                f"the first patch of a scene of size {patch.size} must be all of it, "
                f"not {patch.rect}"
            )
