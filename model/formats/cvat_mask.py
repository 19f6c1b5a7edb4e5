"""CVAT's mask format: a zip with labelmap.txt, SegmentationClass and SegmentationObject."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import numpy as np

from model.errors import MapError
from model.formats.files import encode_png, packed_colors, understanding, unpacked_colors
from model.formats.foreign import Foreign
from model.scene.files import atomic_file
from model.scene.labels import LabelSchema
from model.scene.maps import decode_picture
from model.scene.scene import Scene

ENDING = ".zip"
LABELS = "labelmap.txt"
CLASSES, OBJECTS = "SegmentationClass", "SegmentationObject"
MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 64 * 2**20


def read(path: Path) -> Foreign:
    """The first picture of the archive."""
    try:
        with zipfile.ZipFile(path) as archive, understanding(path, "CVAT mask"):
            return _read(archive, path)
    except OSError as error:
        raise MapError(f"{path} cannot be read ({error.strerror}); check the path.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise MapError(f"{path} is no whole zip file ({error}); choose another.") from error


def _read(archive: zipfile.ZipFile, path: Path) -> Foreign:
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(entries) > MAX_MEMBERS:
        raise ValueError("too many files")
    names = sorted(name for name in entries if PurePosixPath(name).parent.name == CLASSES)
    if LABELS not in entries or not names:
        raise ValueError(f"{LABELS} or {CLASSES} is missing")
    keys, colors = _labels(_content(archive, LABELS).decode("utf-8"))
    classes = packed_colors(_picture(archive, names[0], path))
    values, places = np.unique(classes, return_inverse=True)
    codes = np.zeros(len(values), np.int32)
    for row, value in enumerate(values.tolist()):
        if value not in colors:
            colors[value] = len(keys)
            keys.append(f"#{value:06x}")
        codes[row] = colors[value]
    objects = np.zeros_like(classes)
    object_name = names[0].replace(CLASSES, OBJECTS)
    if object_name in entries:
        objects = packed_colors(_picture(archive, object_name, path))
        if objects.shape != classes.shape:
            raise ValueError(f"{object_name} has another size")
    return Foreign(tuple(keys), codes[places].reshape(classes.shape), objects)


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_MEMBER_BYTES:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _picture(archive: zipfile.ZipFile, name: str, path: Path) -> np.ndarray:
    return decode_picture(io.BytesIO(_content(archive, name)), f"{name} in {path}")


def _labels(text: str) -> tuple[list[str], dict[int, int]]:
    """Names, and their positions by colour."""
    keys: list[str] = []
    colors: dict[int, int] = {}
    for line in text.splitlines():
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
                encode_png(member, unpacked_colors(values))


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
