"""The frames that a checkpoint is judged on, and its pictures of them, one at a time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Checkpoint, load_encoder
from model.errors import InputError
from model.evaluation.report import ENCODED, GENERATED
from model.inference.engine import Engine
from model.scene.frame_files import FrameFiles, find_frames, keyed_pictures
from model.scene.labels import LabelSchema
from model.scene.maps import open_scene, read_picture
from model.scene.scene import Scene, Style
from model.styles.encode import encode_instances

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class TruePair:
    """One frame: a scene without styles, the picture (H, W, 3) uint8 RGB that belongs to it, and
    what the generator is given in place of the scene if it takes pictures."""

    key: str
    scene: Scene
    picture: Pixels
    given: Pixels | None = None


def frames_to_judge(
    checkpoint: Checkpoint, data: Path, phase: str, count: int | None
) -> list[tuple[FrameFiles, Path | None]]:
    """The files of frames spread evenly over a part of a data set, `count` of them or all.

    With each comes the picture of {phase}_A that a generator of pictures takes, else None.
    Raises InputError when there are none, or files lack their partners.
    """
    found: list[tuple[FrameFiles, Path | None]]
    if checkpoint.conditioning.rgb:
        pairs = {files.key: files for files in find_frames(data, phase, rgb=True)}
        if not (data / f"{phase}_label").is_dir():
            raise InputError(f"{data} needs {phase}_label, too: the judge compares labels.")
        maps = pair_labels(data, phase, pairs)
        found = [(maps[key], files.label) for key, files in pairs.items()]
    else:
        found = [(files, None) for files in find_frames(data, phase, rgb=False)]
    if count is not None and count < 1:
        raise InputError("--frames needs at least 1.")
    picked = np.linspace(0, len(found) - 1, min(count or len(found), len(found))).round()
    return [found[position] for position in picked.astype(int).tolist()]


def pair_labels(data: Path, phase: str, pairs: Mapping[str, FrameFiles]) -> dict[str, FrameFiles]:
    """For frames of {phase}_A and _B those with the label and instance maps of the same names."""
    labels, _ = keyed_pictures(data / f"{phase}_label")
    folder = data / f"{phase}_inst"
    instances = keyed_pictures(folder)[0] if folder.is_dir() else {}
    missing = [key for key in pairs if key not in labels]
    if missing:
        raise InputError(f"{data / f'{phase}_label'} has no label map {missing[0]}; add it.")
    return {
        key: FrameFiles(key, labels[key], instances.get(key), files.picture)
        for key, files in pairs.items()
    }


def read_pair(files: FrameFiles, given: Path | None, schema: LabelSchema) -> TruePair:
    """Raises InputError when a file cannot be used or sizes differ."""
    scene, picture = open_scene(files.label, files.instance, schema), read_picture(files.picture)
    source = None if given is None else read_picture(given)
    for path, pixels in ((files.picture, picture), (given, source)):
        if pixels is not None and pixels.shape[:2] != scene.size:
            raise InputError(f"{path} and its label map differ in size; pair them anew.")
    return TruePair(files.key, scene, picture, source)


def seed_of(name: str, seed: int = 0, draw: int = 0) -> int:
    """The seed of the styles drawn for a scene of that name.

    Labels without instances have the same id in every scene: with one seed for all of them every
    scene would have the same road and the same sky.
    """
    return zlib.crc32(f"{seed} {name} {draw}".encode())


class Painter:
    """A checkpoint's pictures of frames.

    Attributes:
        draws: whether other seeds give other pictures.
        sources: kinds of pictures that it can paint, as the report names them.
    """

    def __init__(self, checkpoint: Checkpoint, device: str, precision: str, seed: int) -> None:
        self._checkpoint, self._seed = checkpoint, seed
        self.engine = Engine(checkpoint, device, precision, previews="never")
        features = bool(checkpoint.conditioning.feature_channels)
        encoder = load_encoder(checkpoint) if features else None
        self._encoder = None if encoder is None else encoder.to(self.engine.info.device)
        self.draws = features and checkpoint.style_book is not None
        self.sources = (GENERATED,) if encoder is None else (GENERATED, ENCODED)

    def paint(self, pair: TruePair, source: str, draw: int = 0) -> Pixels:
        """(H, W, 3) uint8 RGB. draw: which of many pictures in drawn styles."""
        if pair.given is not None:
            return self.engine.translated(pair.given, pair.scene.instance_map)
        if source == ENCODED:
            return self.engine.picture(replace(pair.scene, styles=self._encoded(pair)))
        self.engine.style_seed = seed_of(pair.key, self._seed, draw)
        return self.engine.picture(pair.scene)

    def _encoded(self, pair: TruePair) -> dict[int, Style]:
        assert self._encoder is not None
        rows = encode_instances(
            self._checkpoint, self._encoder, pair.picture, pair.scene.instance_map
        )
        known = zip(rows.ids.tolist(), rows.features.tolist(), strict=True)
        return {key: Style(tuple(vector)) for key, vector in known}
