"""Which format a file is in, and the scene it describes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from model.errors import MapError
from model.formats import FORMATS, Format
from model.formats.files import read_json
from model.formats.foreign import adopt
from model.scene.labels import LabelSchema
from model.scene.scene import Scene

MAP_SUFFIXES = (".png", ".bmp", ".tif", ".tiff")
SUFFIXES = (*MAP_SUFFIXES, ".json", ".zip")


def import_scene(path: Path, schema: LabelSchema, mapping: Mapping[str, int]) -> Scene:
    """The scene of a file of any format; mapping says which label a file's own names mean.

    Raises UnknownLabels for names that nobody knows, and MapError for files of no use.
    """
    return adopt(format_of(path).read(path), str(path), schema, mapping)


def format_of(path: Path) -> Format:
    """By the name, and by the content where that does not tell."""
    suffix = path.suffix.lower()
    if suffix in MAP_SUFFIXES:
        return by_id("cityscapes")
    if suffix == ".zip":
        return by_id("cvat")
    if suffix != ".json":
        raise MapError(f"{path} is nothing that can be opened; choose a map or a project.")
    content = read_json(path)
    for kind in FORMATS:
        if kind.is_this is not None and kind.is_this(content):
            return kind
    raise MapError(
        f"{path} is neither Cityscapes polygons nor labelme nor COCO panoptic; choose another."
    )


def by_id(format_id: str) -> Format:
    return next(kind for kind in FORMATS if kind.id == format_id)
