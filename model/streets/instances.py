"""Instance ids: label * 1000 + n for counted objects, the label id itself for everything else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from model.streets.labels import LabelId

COUNT_LIMIT = 999


@dataclass
class InstanceAllocator:
    """Hands out ids in order of asking and keeps what is known about each."""

    records: dict[int, dict[str, object]] = field(default_factory=dict)
    _counts: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def new(self, label: LabelId, **facts: object) -> int:
        """The label's next id, counted from 1; its facts go into the frame's meta file.

        Raises ValueError beyond 999 objects of a label, where ids would run into the next one.
        """
        if self._counts[label] >= COUNT_LIMIT:
            raise ValueError(f"more than {COUNT_LIMIT} objects of {label.name}")
        self._counts[label] += 1
        instance_id = int(label) * 1000 + self._counts[label]
        self.records[instance_id] = {"label": label.name.lower(), **facts}
        return instance_id
