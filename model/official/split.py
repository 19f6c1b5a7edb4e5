"""How a generator's input channels divide into labels, boundary and features.

Weights do not tell (36 channels are 35 labels and a boundary, or 36 labels); this module lists
what is possible and picks the likeliest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.conditioning import ConditioningConfig
from model.errors import CheckpointError

RGB_CHANNELS = 3
USUAL_LABELS = 35
USUAL_FEATURES = 3


@dataclass(frozen=True, slots=True)
class Split:
    """`labels` label channels (None: an RGB picture instead), a boundary, features."""

    labels: int | None
    boundary: bool = False
    features: int = 0

    @property
    def map_channels(self) -> int:
        """Channels without the features: what the discriminator sees of the conditioning."""
        return (RGB_CHANNELS if self.labels is None else self.labels) + self.boundary

    @property
    def channels(self) -> int:
        return self.map_channels + self.features

    def __str__(self) -> str:
        if self == Split(None):
            return "rgb"
        start = "rgb" if self.labels is None else str(self.labels)
        rest = f"+{self.features}" if self.features else ""
        return f"{start}+{int(self.boundary)}{rest}"

    def conditioning(self) -> ConditioningConfig:
        return ConditioningConfig(
            label_channels=self.labels or 0,
            rgb=self.labels is None,
            boundary=self.boundary,
            feature_channels=self.features,
        )


def split_of(conditioning: ConditioningConfig) -> Split:
    """The split of a conditioning without spatial reference."""
    labels = None if conditioning.rgb else conditioning.label_channels
    return Split(labels, conditioning.boundary, conditioning.feature_channels)


def parse_split(text: str) -> Split:
    """Reads "35+1+3" (labels, boundary 0 or 1, features), "35+1", "35" or "rgb".

    Raises:
        CheckpointError: the text has another form.
    """
    match = re.fullmatch(r"(rgb|[1-9]\d{0,3})(?:\+([01])(?:\+(\d{1,3}))?)?", text.strip().lower())
    if match is None:
        raise CheckpointError(
            f"The split {text!r} is not of the form labels+boundary+features, for example "
            "35+1+3, 35+1 or rgb."
        )
    labels = None if match[1] == "rgb" else int(match[1])
    return Split(labels, match[2] == "1", int(match[3] or 0))


def possible_splits(
    channels: int, map_channels: int | None, features: int | None, fewest_labels: int
) -> list[Split]:
    """Every split of `channels` that the other files allow, likeliest first.

    map_channels: what the discriminator tells, None without one; features: what the encoder or
    the clusters tell, None without them; fewest_labels: what the clusters' labels need.
    """
    if map_channels is not None:
        counts = [channels - map_channels]
    elif features is not None:
        counts = [features]
    else:
        counts = [0, USUAL_FEATURES]
    splits = []
    for count in counts:
        rest = channels - count
        splits += [Split(None, False, count)] if rest == RGB_CHANNELS and not fewest_labels else []
        splits += [Split(rest - 1, True, count)] if rest > max(fewest_labels, 1) else []
        splits += [Split(rest, False, count)] if rest >= max(fewest_labels, 1) else []
    return sorted(splits, key=_unlikeliness)


def _unlikeliness(split: Split) -> tuple[bool, int, bool, bool]:
    return (
        split.labels != USUAL_LABELS,
        split.features,
        split.labels is not None,
        not split.boundary,
    )
