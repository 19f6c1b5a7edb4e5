"""Frames of `streets` with what is known about them: the true mode of every instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.errors import InputError
from model.scene.frame_files import find_frames
from model.scene.labels import LabelSchema
from model.scene.maps import open_scene, read_picture
from model.scene.scene import Scene
from model.training.data_check import held_out_phase
from model.training.facts import modes_of, read_facts

FRAMES = Path(__file__).resolve().parents[2] / "assets" / "streets"


@dataclass(frozen=True, slots=True, eq=False)
class TrueFrame:
    """Attributes:
    picture: (H, W, 3) uint8 RGB.
    modes: instance id -> what it is made of; only instances of labels that have modes.
    light: the mode of the sky, which decides the light.
    """

    scene: Scene
    picture: np.ndarray
    modes: Mapping[int, str]
    light: str


def phase_of(data: Path, phase: str | None, *, rgb: bool = False) -> str:
    """The part of a data folder that is asked for: by itself "val" or "test", if there."""
    return phase or held_out_phase(data, rgb=rgb) or "train"


def load_frames(folder: Path, phase: str, schema: LabelSchema) -> list[TrueFrame]:
    """All frames of a folder that `streets` wrote. Raises InputError where one is not whole."""
    frames = []
    for files in find_frames(folder, phase, rgb=False):
        scene = open_scene(files.label, files.instance, schema)
        assert files.facts is not None
        try:
            facts = read_facts(files.facts)
            modes = modes_of(facts, map(int, np.unique(scene.instance_map)), schema)
            light = str(facts["modes"]["sky"])
        except (InputError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputError(
                f"{files.facts} does not tell the true modes ({error}); "
                "evaluate styles on frames of `main.py streets`."
            ) from error
        picture = read_picture(files.picture)
        if picture.shape[:2] != scene.size:
            raise InputError(f"{files.picture} and its label map differ in size; pair them anew.")
        frames.append(TrueFrame(scene, picture, modes, light))
    return frames
