"""Sources: what a scene's maps and styles are to a checkpoint's painter."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Checkpoint
from model.inference import thumbnails
from model.inference.executor import Executor
from model.inference.plan.source_stems import Source
from model.inference.scene_copy import SceneCopy
from model.scene.labels import label_of
from model.scene.scene import InstanceMap, LabelMap, Styles


class Sources:
    """Attributes:
    style_seed: with the instance's id it decides the style of those without one of their own.
    """

    def __init__(
        self,
        executor: Executor,
        checkpoint: Checkpoint,
        palette: NDArray[np.uint8],
        style_seed: int,
    ) -> None:
        """palette: colours in which a checkpoint that takes pictures sees the labels."""
        self._executor = executor
        self._conditioning = checkpoint.conditioning
        self._book = checkpoint.style_book
        self._palette = palette
        self.style_seed = style_seed

    def of(self, labels: LabelMap, instances: InstanceMap, styles: Styles) -> Source:
        seen = self._palette[labels] if self._conditioning.rgb and labels.ndim == 2 else labels
        return self.styled(self._executor.source(seen, instances), styles)

    def halved(self, scene: SceneCopy, styles: Styles) -> Source:
        """The scene at half its size, in some styles."""
        return self.of(*thumbnails.reduced(scene.labels, scene.instances, 0.5), styles)

    def styled(self, source: Source, styles: Styles) -> Source:
        return source.styled(partial(self.vector, styles), self._conditioning.feature_channels)

    def vector(self, styles: Styles, instance_id: int) -> tuple[float, ...] | None:
        """The features of an instance. A style of another checkpoint counts as none: undo brings
        back what was chosen for one with other features."""
        if label_of(instance_id) in self._conditioning.unstyled:
            return None
        style = styles.get(instance_id)
        if style is None or len(style.vector) != self._conditioning.feature_channels:
            book, label = self._book, label_of(instance_id)
            style = None if book is None else book.draw(label, instance_id, self.style_seed)
        return None if style is None else style.vector
