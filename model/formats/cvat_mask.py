"""CVAT's mask format: a zip with labelmap.txt, SegmentationClass and SegmentationObject."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import numpy as np

from model.errors import MapError
from model.formats.files import packed_colors, understanding, unpacked_colors
from model.formats.foreign import MAX_KEYS, Foreign
from model.scene.archives import Archive, ArchiveError
from model.scene.files import atomic_file
from model.scene.labels import LabelSchema
from model.scene.maps import decode_picture, encode_picture
from model.scene.reading import opened
from model.scene.scene import Scene

ENDING = ".zip"
LABELS = "labelmap.txt"
CLASSES, OBJECTS = "SegmentationClass", "SegmentationObject"
MAX_BYTES = 2**30
MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 64 * 2**20
MAX_LABELS_BYTES = 2**20


def pictures(path: Path) -> list[str]:
    """The names of the class maps in the archive."""
    with _archive(path) as archive:
        found = [name for name in archive.names if PurePosixPath(name).parent.name == CLASSES]
        if LABELS not in archive or not found:
            raise KeyError(f"{LABELS} or {CLASSES} is missing")
        return sorted(found)


def read(path: Path, picture: str) -> Foreign:
    """One of the pictures() of the archive."""
    with _archive(path) as archive:
        return _read(archive, picture, path)


@contextmanager
def _archive(path: Path) -> Iterator[Archive]:
    try:
        with opened(path, MapError, MAX_BYTES) as file, understanding(path, "CVAT mask"):
            yield Archive(file, most_parts=MAX_MEMBERS, most_bytes=MAX_MEMBER_BYTES)
    except ArchiveError as error:
        raise MapError(f"{path} is no whole zip file ({error}); choose another.") from error


def _read(archive: Archive, picture: str, path: Path) -> Foreign:
    keys, colors = _labels(archive.read(LABELS))
    classes = packed_colors(_picture(archive, picture, path))
    values, places = np.unique(classes, return_inverse=True)
    if len(values) > MAX_KEYS:
        raise OverflowError(f"{len(values)} colours in {picture}")
    codes = np.zeros(len(values), np.int32)
    for row, value in enumerate(values.tolist()):
        if value not in colors:
            colors[value] = len(keys)
            keys.append(f"#{value:06x}")
        codes[row] = colors[value]
    objects = np.zeros_like(classes)
    object_name = picture.replace(CLASSES, OBJECTS)
    if object_name in archive:
        objects = packed_colors(_picture(archive, object_name, path))
        if objects.shape != classes.shape:
            raise ValueError(f"{object_name} has another size")
    return Foreign(tuple(keys), codes[places].reshape(classes.shape), objects)


def _picture(archive: Archive, name: str, path: Path) -> np.ndarray:
    return decode_picture(io.BytesIO(archive.read(name)), f"{name} in {path}")


def _labels(data: bytes) -> tuple[list[str], dict[int, int]]:
    """Names, and their positions by colour."""
    if len(data) > MAX_LABELS_BYTES:
        raise OverflowError(f"a {LABELS} of {len(data)} bytes")
    keys: list[str] = []
    colors: dict[int, int] = {}
    for line in data.decode("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, color, *_ = line.rsplit(":", 3)
            red, green, blue = (int(value) for value in color.split(","))
            colors.setdefault(red << 16 | green << 8 | blue, len(keys))
            keys.append(name)
    return keys, colors


def write(path: Path, scene: Scene) -> None:
    name = path.stem
    colors = _distinct_colors(scene.schema)
    lines = ["# label:color_rgb:parts:actions"]
    for label in scene.schema:
        red, green, blue = unpacked_colors(colors[label.id])
        lines.append(f"{label.name}:{red},{green},{blue}::")
    with atomic_file(path, MapError) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(LABELS, "\n".join(lines) + "\n")
        archive.writestr("ImageSets/Segmentation/default.txt", f"{name}\n")
        maps = {CLASSES: colors[scene.label_map], OBJECTS: scene.instance_map}
        for folder, values in maps.items():
            with archive.open(f"{folder}/{name}.png", "w") as member:
                encode_picture(member, unpacked_colors(values))


def _distinct_colors(schema: LabelSchema) -> np.ndarray:
    """(256,) int32 packed colours, the schema's as far as no other label has the same."""
    table, used = np.zeros(256, np.int32), set()
    for label in schema:
        red, green, blue = label.color
        color = red << 16 | green << 8 | blue
        while color in used:
            color = (color + 1) % (1 << 24)
        used.add(color)
        table[label.id] = color
    return table
