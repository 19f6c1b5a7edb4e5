"""Weighs what the files of an official run tell about the generator's input channels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.errors import CheckpointError
from model.networks.discriminator import DiscriminatorConfig
from model.networks.encoder import EncoderConfig
from model.networks.generator import GeneratorConfig
from model.official.options import Options
from model.official.split import RGB_CHANNELS, Split, parse_split, possible_splits


@dataclass(frozen=True, slots=True)
class OfficialFiles:
    """The files of one epoch of a run."""

    generator: Path
    discriminator: Path | None = None
    encoder: Path | None = None
    options: Path | None = None
    clusters: Path | None = None
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the files tell about the input channels."""

    files: OfficialFiles
    generator: GeneratorConfig
    encoder: EncoderConfig | None
    discriminator: DiscriminatorConfig | None
    centers: dict[int, np.ndarray]

    @property
    def map_channels(self) -> int | None:
        if self.discriminator is None:
            return None
        return self.discriminator.input_channels - self.generator.output_channels

    @property
    def fewest_labels(self) -> int:
        return max(self.centers, default=-1) + 1

    def features(self) -> dict[str, int]:
        """Number of feature channels by the file that tells it."""
        told = {}
        if self.map_channels is not None:
            both = f"{self.files.generator} together with {self.files.discriminator}"
            told[both] = self.generator.input_channels - self.map_channels
        if self.encoder is not None:
            told[str(self.files.encoder)] = self.encoder.output_channels
        for rows in self.centers.values():
            told[str(self.files.clusters)] = rows.shape[1]
        return told

    def check(self) -> int | None:
        """The number of features, None if no file tells; refuses files that contradict."""
        told = self.features()
        for source, count in told.items():
            first_source, first = next(iter(told.items()))
            if count != first or not 0 <= count < self.generator.input_channels:
                raise CheckpointError(
                    f"{first_source} says {first} feature channels and {source} says {count}, "
                    f"of {self.generator.input_channels} input channels; they are of different "
                    "runs: remove the file that does not belong."
                )
        return next(iter(told.values()), None)

    def check_split(self, split: Split, source: object) -> None:
        """Refuses a split that a file contradicts."""
        total = self.generator.input_channels
        if split.channels != total:
            raise CheckpointError(
                f"{source} says {split} = {split.channels} input channels and "
                f"{self.files.generator} takes {total}; give --split with that sum."
            )
        for told_by, count in self.features().items():
            if count != split.features:
                raise CheckpointError(
                    f"{source} says {split}, that is {split.features} feature channels, and "
                    f"{told_by} says {count}; give another --split or remove what does not belong."
                )
        if (split.labels is None and self.centers) or (split.labels or 256) < self.fewest_labels:
            raise CheckpointError(
                f"{source} says {split} and {self.files.clusters} has styles for label "
                f"{self.fewest_labels - 1}; give another --split or remove what does not belong."
            )


def choose_split(
    evidence: Evidence, options: Options | None, asked: str | None
) -> tuple[Split, tuple[Split, ...], bool]:
    """The split, every possible one, and whether the first is only the likeliest."""
    features = evidence.check()
    total = evidence.generator.input_channels
    splits = tuple(possible_splits(total, evidence.map_channels, features, evidence.fewest_labels))
    if asked is not None:
        split = parse_split(asked)
        evidence.check_split(split, "The split")
        return split, splits, False
    if options is not None:
        split = _split_of_options(options)
        evidence.check_split(split, options.path)
        return split, splits, False
    if not splits:
        raise CheckpointError(
            f"{evidence.files.generator} takes {total} channels, which leaves none for labels "
            f"beside {features} feature channels; remove the file that does not belong."
        )
    return splits[0], splits, len(splits) > 1


def _split_of_options(options: Options) -> Split:
    labels = options.integer("label_nc")
    if labels == 0 and options.integer("input_nc") != RGB_CHANNELS:
        raise CheckpointError(
            f"{options.path} says input_nc {options.text('input_nc')} with label_nc 0; "
            f"only RGB input ({RGB_CHANNELS}) is supported."
        )
    uses_features = any(options.flag(f"{kind}_feat") for kind in ("instance", "label"))
    uses_features |= options.flag("load_features")
    return Split(
        labels if labels > 0 else None,
        not options.flag("no_instance"),
        options.integer("feat_num") if uses_features else 0,
    )
