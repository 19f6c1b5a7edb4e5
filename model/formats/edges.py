"""Edges to photo: a data set of drawings and pictures, made from frames or from any pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.boundary import boundary_map
from model.scene.frame_files import find_frames, frame_folders, keyed_pictures
from model.scene.maps import (
    read_instance_map,
    read_label_map,
    read_picture,
    write_instance_map,
    write_label_map,
    write_picture,
)
from model.scene.scene import InstanceMap

Pixels = NDArray[np.uint8]
WEAK, STRONG = 150, 300  # gradients of Canny's two thresholds, of a picture at its final size
SHORTEST = 20  # pixels of a line; shorter ones are grain and leaves
CLOSE = 2  # pixels from an outline within which the picture's own edges are the same line
PAPER, INK = 255, 0
HELD_OUT = 8  # of pictures without parts one in so many


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to draw the edges of, the part of the data set it goes to, and its maps."""

    phase: str
    key: str
    picture: Path
    label: Path | None = None
    instance: Path | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One frame at its final size: what is drawn, the picture, and its maps if it has any."""

    drawing: Pixels
    picture: Pixels
    label_map: Pixels | None
    instance_map: InstanceMap | None


def draw_edges(picture: Pixels, instance_map: InstanceMap | None) -> Pixels:
    """(H, W, 3) uint8, black lines about two pixels wide on white, as one would draw a scene.

    Outlines of instances where these are known, and inside them the picture's long clear edges.
    """
    smooth = cv2.bilateralFilter(picture, 7, 40, 5)
    edges = cv2.Canny(smooth, WEAK, STRONG, L2gradient=True)
    outlines = np.zeros(edges.shape, bool)
    if instance_map is not None:
        outlines = boundary_map(instance_map)
        near = cv2.dilate(outlines.astype(np.uint8), np.ones((2 * CLOSE + 1,) * 2, np.uint8))
        edges[near > 0] = 0
    _, lines, facts, _ = cv2.connectedComponentsWithStats(edges, connectivity=8)
    long = facts[:, cv2.CC_STAT_AREA] >= SHORTEST
    long[0] = False  # what is no line
    inside = (
        cv2.dilate(long[np.asarray(lines, np.intp)].astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    )
    drawn = np.where(outlines | inside, INK, PAPER).astype(np.uint8)
    return np.repeat(drawn[..., None], 3, axis=2)


def read_pair(source: Source, height: int) -> Pair:
    """A frame brought to a height, its drawing made there; InputError where sizes differ."""
    picture = read_picture(source.picture)
    labels = None if source.label is None else read_label_map(source.label)
    instances = None if source.instance is None else read_instance_map(source.instance)
    for path, each in ((source.label, labels), (source.instance, instances)):
        if each is not None and each.shape != picture.shape[:2]:
            raise InputError(f"{path} and {source.picture} differ in size; pair them anew.")
    size = (max(1, round(picture.shape[1] * height / picture.shape[0])), height)
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    labels = None if labels is None else _nearest(labels, size)
    instances = None if instances is None else _nearest(instances, size)
    return Pair(draw_edges(picture, instances), picture, labels, instances)


def _nearest[Map: np.ndarray](values: Map, size: tuple[int, int]) -> Map:
    return cv2.resize(values, size, interpolation=cv2.INTER_NEAREST).astype(values.dtype)  # type: ignore[return-value]


def write_pair(folder: Path, source: Source, pair: Pair) -> None:
    """{phase}_A (drawing), _B (picture), and _label and _inst for who judges the pictures."""

    def place(part: str) -> Path:
        path = pair_file(folder, source, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    if pair.label_map is not None:
        write_label_map(place("label"), pair.label_map)
    if pair.instance_map is not None:
        write_instance_map(place("inst"), pair.instance_map)
    write_picture(place("B"), pair.picture)
    write_picture(place("A"), pair.drawing)


def pair_file(folder: Path, source: Source, part: str) -> Path:
    """Where a part of a pair belongs; A is written last."""
    return folder / f"{source.phase}_{part}" / f"{source.key}.png"


def find_sources(data: Path) -> list[Source]:
    """The frames of a data folder, or the pictures of any other, of which every eighth is held out.

    Raises InputError when there are none.
    """
    found = []
    for phase in ("train", "val", "test"):
        if all(place.is_dir() for place in frame_folders(data, phase, rgb=False)):
            frames = find_frames(data, phase, rgb=False)
            found += [Source(phase, f.key, f.picture, f.label, f.instance) for f in frames]
    if found:
        return found
    pictures, doubled = keyed_pictures(data)
    if doubled:
        raise InputError(f"{doubled[0].file} {doubled[0].reason}; give every picture its own.")
    return [
        Source("test" if number % HELD_OUT == HELD_OUT - 1 else "train", key, path)
        for number, (key, path) in enumerate(pictures.items())
    ]
