"""Sheets to judge a checkpoint by eye: true frames, crude scenes and other people's maps.

One picture per scene at full size, maps and pictures side by side, and a small sheet of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from model.checkpoint import Checkpoint, load_encoder
from model.errors import InputError
from model.evaluation.crude import CRUDE_SCENES, crude_scene
from model.evaluation.painting import seed_of
from model.inference.command import find_label_maps
from model.inference.engine import Engine
from model.scene.export import Pixels, side_by_side
from model.scene.frame_files import FrameFiles, find_frames
from model.scene.labels import LabelSchema, label_colors
from model.scene.maps import find_instance_map, open_scene, read_picture, write_picture
from model.scene.scene import Scene, Style
from model.styles.encode import encode_instances

THUMBNAIL_HEIGHT = 240
COLUMNS = 2  # scenes beside each other on a small sheet


@dataclass(frozen=True, slots=True)
class Judged:
    """One scene to paint: a name, and the true picture where there is one."""

    name: str
    scene: Scene
    truth: Pixels | None = None


def true_frames(
    checkpoint: Checkpoint, schema: LabelSchema, data: Path, phase: str, count: int
) -> Iterator[Judged]:
    """Frames spread evenly over a data set, in the styles that the encoder finds in them."""
    found = find_frames(data, phase, rgb=False)
    picked = np.linspace(0, len(found) - 1, min(count, len(found))).astype(int)
    encoder = load_encoder(checkpoint)
    for files in (found[position] for position in picked):
        scene, picture = _read(files, schema)
        if encoder is not None:
            rows = encode_instances(checkpoint, encoder, picture, scene.instance_map)
            known = zip(rows.ids.tolist(), rows.features.tolist(), strict=True)
            scene = replace(scene, styles={key: Style(tuple(vector)) for key, vector in known})
        yield Judged(files.key, scene, picture)


def _read(files: FrameFiles, schema: LabelSchema) -> tuple[Scene, Pixels]:
    scene, picture = open_scene(files.label, files.instance, schema), read_picture(files.picture)
    if picture.shape[:2] != scene.size:
        raise InputError(f"{files.picture} and its label map differ in size; pair them anew.")
    return scene, picture


def crude_scenes(schema: LabelSchema) -> Iterator[Judged]:
    for seed in range(CRUDE_SCENES):
        yield Judged(f"crude_{seed}", crude_scene(schema, seed))


def scenes_of_maps(schema: LabelSchema, folder: Path) -> Iterator[Judged]:
    """Label maps of a folder, as `render` finds them."""
    for path in find_label_maps(folder):
        yield Judged(path.stem, open_scene(path, find_instance_map(path), schema))


def write_sheets(
    engine: Engine, kind: str, judged: Sequence[Judged], out: Path, *, quiet: bool
) -> None:
    """OUT/KIND/NAME.jpg for every scene and OUT/KIND.jpg, all of them reduced."""
    folder = out / kind
    folder.mkdir(parents=True, exist_ok=True)
    reduced = []
    for each in tqdm(judged, kind, unit="scene", disable=quiet):
        colors = label_colors(each.scene.label_map, each.scene.schema)
        engine.style_seed = seed_of(each.name)
        pictures = [colors, engine.picture(each.scene)]
        if each.truth is not None:
            pictures.append(each.truth)
        write_picture(folder / f"{each.name}.jpg", side_by_side(*pictures))
        reduced.append(side_by_side(*map(_thumbnail, pictures)))
    write_picture(out / f"{kind}.jpg", _stacked(reduced))


def _thumbnail(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    size = (max(1, round(width * THUMBNAIL_HEIGHT / height)), THUMBNAIL_HEIGHT)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _stacked(strips: list[Pixels]) -> Pixels:
    """Strips of one height in rows of COLUMNS; narrower ones leave white."""
    width = max(strip.shape[1] for strip in strips)
    padded = [
        np.pad(strip, ((0, 8), (0, width - strip.shape[1] + 8), (0, 0)), constant_values=255)
        for strip in strips
    ]
    padded += [np.full_like(padded[0], 255)] * (-len(padded) % COLUMNS)
    rows = [np.hstack(padded[at : at + COLUMNS]) for at in range(0, len(padded), COLUMNS)]
    return np.vstack(rows)
