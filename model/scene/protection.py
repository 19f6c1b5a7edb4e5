"""Protection: which pixels an edit may write on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.scene.geometry import BoolMask
from model.scene.labels import label_of
from model.scene.scene import InstanceMap, LabelMap


class PaintOver(StrEnum):
    EVERYTHING = "everything"
    UNLOCKED = "unlocked"
    LABEL = "label"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Protection:
    """Attributes:
    over: what may be painted over; all but EVERYTHING leave what is locked alone.
    locked: label ids; objects: instance ids.
    label_id, instance_id: what LABEL and INSTANCE are about.
    """

    over: PaintOver = PaintOver.UNLOCKED
    locked: frozenset[int] = frozenset()
    label_id: int = 0
    instance_id: int = 0
    objects: frozenset[int] = frozenset()

    def writable(self, labels: LabelMap, instances: InstanceMap) -> BoolMask:
        """True where a pixel with that label and instance may be written on."""
        if self.over is PaintOver.EVERYTHING:
            return np.ones(labels.shape, np.bool_)
        free = ~np.isin(labels, list(self.locked)) if self.locked else np.ones(labels.shape, bool)
        if self.objects:
            free &= ~np.isin(instances, list(self.objects))
        if self.over is PaintOver.LABEL:
            free &= labels == self.label_id
        elif self.over is PaintOver.INSTANCE:
            free &= instances == self.instance_id
        return free

    def locks(self, instance_id: int) -> bool:
        """Whether an instance, or its label, is locked."""
        return instance_id in self.objects or label_of(instance_id) in self.locked
