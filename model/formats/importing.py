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


class SeveralPictures(MapError):
    """A file has several pictures, and it was not said which is meant.

    Attributes:
        names: of the pictures.
    """

    def __init__(self, path: Path, names: list[str]) -> None:
        self.names = names
        listed = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        super().__init__(
            f"{path} holds {len(names)} pictures ({listed}); say which one, by its name."
        )


def import_scene(
    path: Path, schema: LabelSchema, mapping: Mapping[str, int], picture: str | None = None
) -> Scene:
    """The scene of a file of any format; mapping says which label a file's own names mean.

    picture: which one, of a file with several, by its name or the end of it. Raises
    SeveralPictures when that is needed, UnknownLabels for names that nobody knows, and MapError
    for files of no use.
    """
    kind = format_of(path)
    if kind.pictures is None:
        return adopt(kind.read(path), str(path), schema, mapping)
    chosen = _chosen(path, kind.pictures(path), picture)
    return adopt(kind.read(path, chosen), f"{chosen} in {path}", schema, mapping)


def _chosen(path: Path, names: list[str], wanted: str | None) -> str:
    if not names:
        raise MapError(f"{path} holds no picture; choose another.")
    if wanted in names:
        return str(wanted)
    found = [name for name in names if wanted is None or name.endswith(wanted)]
    if len(found) != 1:
        raise SeveralPictures(path, names)
    return found[0]


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
