"""Cityscapes' polygon JSON: objects from back to front, "cargroup" for what is not counted."""

from __future__ import annotations

from pathlib import Path

from model.formats.files import checked_size, read_json, understanding, write_json
from model.formats.foreign import GROUP, NOT_OURS, Foreign
from model.formats.outlines import outlines_of, paint, points_of
from model.scene.instances import LARGEST_ID
from model.scene.labels import Label
from model.scene.scene import Scene

ENDING = "_polygons.json"
BACKGROUND = "unlabeled"
_GROUP = "group"
_NOT_DRAWN = "license plate"  # part of the car in the id maps, too


def is_this(content: object) -> bool:
    return isinstance(content, dict) and "imgHeight" in content and "objects" in content


def read(path: Path) -> Foreign:
    content = read_json(path)
    with understanding(path, "Cityscapes polygon"):
        size = checked_size(content["imgWidth"], content["imgHeight"])
        codes, parts = {BACKGROUND: 0}, []
        for number, entry in enumerate(content["objects"], 1):
            name = str(entry["label"])
            if entry.get("deleted") or name == _NOT_DRAWN:
                continue
            grouped = name.endswith(_GROUP) and name != "polegroup"
            key = name.removesuffix(_GROUP) if grouped else name
            code = codes.setdefault(key, len(codes))
            own = entry.get("instance")
            ours = type(own) is int and 0 <= own <= LARGEST_ID
            instance = GROUP if grouped else own if ours else NOT_OURS + number
            parts.append((points_of(entry["polygon"]), code, instance))
        return Foreign(tuple(codes), *paint(size, parts))


def write(path: Path, scene: Scene) -> None:
    height, width = scene.size
    objects = [
        {
            "label": _name(scene.schema.by_id(part.label_id), part.instance_id),
            "instance": part.instance_id,
            "polygon": part.points.tolist(),
        }
        for part in outlines_of(scene)
    ]
    write_json(path, {"imgHeight": height, "imgWidth": width, "objects": objects})


def _name(label: Label, instance_id: int) -> str:
    grouped = label.has_instances and instance_id == label.id
    return label.name + _GROUP if grouped else label.name
