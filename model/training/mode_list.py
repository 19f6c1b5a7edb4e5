"""Which modes a run tells apart, from what its training frames tell when it starts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from model.errors import InputError
from model.scene.frame_files import find_frames
from model.training.config import TrainingConfig
from model.training.data_check import label_schema
from model.training.facts import all_mode_names


def with_modes(config: TrainingConfig, folder: Path, *, growing: bool = False) -> TrainingConfig:
    """The configuration with `data.modes` gathered from a data folder, if they are needed.

    Labels that have one mode only are left out: there is nothing to tell apart. growing: as of
    `find_frames`; a folder that is not there yet tells nothing. Raises InputError where no frame
    tells any.
    """
    if not config.losses.modes or config.data.modes:
        return config
    found = _all_modes(config, folder, growing=growing)
    labels = Counter(name.partition("/")[0] for name in found)
    modes = [name for name in sorted(found) if labels[name.partition("/")[0]] > 1]
    if not modes:
        raise InputError(
            f"no frame of {folder} tells its modes; set losses.modes=0, render some frames with "
            "`main.py streets` first, or name the modes in data.modes"
        )
    return replace(config, data=replace(config.data, modes=tuple(modes)))


def _all_modes(config: TrainingConfig, folder: Path, *, growing: bool) -> set[str]:
    schema = label_schema(config)
    if schema is None:
        return set()
    try:
        frames = find_frames(folder, "train", rgb=False, growing=growing)
    except InputError:
        if not growing:
            raise
        return set()  # nothing is there yet
    return set[str]().union(*(all_mode_names(files.facts, schema) for files in frames))
