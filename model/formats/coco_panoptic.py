"""COCO's panoptic format: a JSON description and a folder of PNG files of segment ids.

Segment ids are our instance ids, so that nothing is lost; COCO keeps 0 for "nothing".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from model.errors import MapError
from model.formats.files import (
    packed_colors,
    read_json,
    understanding,
    unpacked_colors,
    write_json,
    write_png,
)
from model.formats.foreign import GROUP, Foreign
from model.scene.instances import find_instances
from model.scene.labels import LabelSchema
from model.scene.maps import read_picture
from model.scene.scene import Scene

ENDING = "_panoptic.json"
LAST_SEGMENT = 0xFFFFFF  # stands for the instance 0
NOTHING = "unlabeled"


def is_this(content: object) -> bool:
    return isinstance(content, dict) and "annotations" in content and "categories" in content


def pictures(path: Path) -> list[str]:
    """The names of the PNG files that the file describes."""
    content = read_json(path)
    with understanding(path, "COCO panoptic"):
        return [str(entry["file_name"]) for entry in content["annotations"]]


def read(path: Path, picture: str) -> Foreign:
    """One of the pictures() of the file."""
    content = read_json(path)
    with understanding(path, "COCO panoptic"):
        entry = next(each for each in content["annotations"] if each["file_name"] == picture)
        names = {int(each["id"]): str(each["name"]) for each in content["categories"]}
        things = {int(each["id"]) for each in content["categories"] if each.get("isthing", 1)}
        segments = _swapped(read_picture(find_segments(path, picture)))
        return _decoded(segments, entry["segments_info"], names, things)


def _decoded(
    segments: NDArray[np.int32],
    infos: list[dict[str, Any]],
    names: dict[int, str],
    things: set[int],
) -> Foreign:
    keys = {NOTHING: 0}
    values, places = np.unique(segments, return_inverse=True)
    codes, objects = np.zeros(len(values), np.int32), np.zeros(len(values), np.int32)
    by_id = {int(info["id"]): info for info in infos}
    for row, value in enumerate(values.tolist()):
        info = by_id.get(value)
        if info is None and value:
            raise ValueError(f"segment {value} without a description")
        if info is not None:
            category = int(info["category_id"])
            codes[row] = keys.setdefault(names[category], len(keys))
            alone = category in things and not info.get("iscrowd")
            objects[row] = value if alone else GROUP
    shape = segments.shape
    return Foreign(tuple(keys), codes[places].reshape(shape), objects[places].reshape(shape))


def find_segments(path: Path, name: str) -> Path:
    """Where the PNG of a description lies: in the folder of its own name, or beside it."""
    if Path(name).name != name:
        raise ValueError(f"file name {name!r}")
    for folder in (path.with_suffix(""), path.parent):
        if (folder / name).is_file():
            return folder / name
    raise MapError(f"{path} needs {name} in the folder {path.with_suffix('')}; put it there.")


def write(path: Path, scene: Scene) -> None:
    """The description, and the PNG in the folder of its name."""
    folder = path.with_suffix("")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise MapError(f"The folder {folder} cannot be made ({error.strerror}).") from error
    name = f"{path.stem.removesuffix('_panoptic')}.png"
    write_png(folder / name, segment_picture(scene))
    write_json(path, description(scene.schema, [(name, scene)]))


def segment_picture(scene: Scene) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: segment id = R + 256 G + 65536 B."""
    segments = np.where(scene.instance_map == 0, LAST_SEGMENT, scene.instance_map)
    return np.ascontiguousarray(unpacked_colors(segments)[..., ::-1])


def _swapped(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    return packed_colors(pixels[..., ::-1])


def description(schema: LabelSchema, pictures: list[tuple[str, Scene]]) -> dict[str, Any]:
    """The JSON content for several pictures by the names of their PNG files."""
    numbered = [(number, name, scene) for number, (name, scene) in enumerate(pictures, 1)]
    return {
        "images": [_image(*each) for each in numbered],
        "annotations": [_annotation(*each) for each in numbered],
        "categories": _categories(schema),
    }


class DescriptionFile:
    """The same written picture by picture: of each only its name and size stay in memory."""

    def __init__(self, file: IO[bytes], schema: LabelSchema) -> None:
        self._file = file
        self._images: list[bytes] = []
        categories = json.dumps(_categories(schema)).encode()
        file.write(b'{"categories": ' + categories + b',\n"annotations": [')

    @property
    def count(self) -> int:
        return len(self._images)

    def add(self, name: str, scene: Scene) -> None:
        number = self.count + 1
        comma = b",\n" if self._images else b"\n"
        self._file.write(comma + json.dumps(_annotation(number, name, scene)).encode())
        self._images.append(json.dumps(_image(number, name, scene)).encode())

    def finish(self) -> None:
        self._file.write(b'\n],\n"images": [\n' + b",\n".join(self._images) + b"\n]}\n")


def _image(number: int, name: str, scene: Scene) -> dict[str, Any]:
    height, width = scene.size
    return {"id": number, "file_name": name, "width": width, "height": height}


def _annotation(number: int, name: str, scene: Scene) -> dict[str, Any]:
    return {"image_id": number, "file_name": name, "segments_info": segments_info(scene)}


def _categories(schema: LabelSchema) -> list[dict[str, Any]]:
    return [
        {
            "id": label.id,
            "name": label.name,
            "supercategory": label.group or label.name,
            "isthing": int(label.has_instances),
            "color": list(label.color),
        }
        for label in schema
    ]


def segments_info(scene: Scene) -> list[dict[str, Any]]:
    return [
        {
            "id": info.instance_id or LAST_SEGMENT,
            "category_id": info.label_id,
            "area": info.pixels,
            "bbox": [info.rect.x0, info.rect.y0, info.rect.width, info.rect.height],
            "iscrowd": int(
                scene.schema.by_id(info.label_id).has_instances and info.instance_id < 1000
            ),
        }
        for info in find_instances(scene.instance_map)
    ]
