"""labelme's JSON: polygons, rectangles and circles from back to front; group_id joins parts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from model.formats.files import checked_size, read_json, understanding, write_json
from model.formats.foreign import GROUP, NOT_OURS, Foreign
from model.formats.outlines import Points, outlines_of, paint, points_of
from model.scene.instances import LARGEST_ID
from model.scene.scene import Scene

ENDING = ".json"
BACKGROUND = "_background_"
VERSION = "5.5.0"
_LEAST_CORNERS = 3
_CIRCLE_CORNERS = 72


def is_this(content: object) -> bool:
    return isinstance(content, dict) and "shapes" in content


def read(path: Path) -> Foreign:
    content = read_json(path)
    with understanding(path, "labelme"):
        size = checked_size(content["imageWidth"], content["imageHeight"])
        codes, parts = {BACKGROUND: 0}, []
        groups: dict[tuple[str, int], int] = {}
        for number, shape in enumerate(content["shapes"]):
            name = str(shape["label"])
            code = codes.setdefault(name, len(codes))
            own = _object(shape, name, number, groups)
            parts.append((_corners(shape), code, own))
        return Foreign(tuple(codes), *paint(size, parts))


def _object(
    shape: dict[str, Any], name: str, number: int, groups: dict[tuple[str, int], int]
) -> int:
    flags = shape.get("flags") or {}
    if flags.get("group"):
        return GROUP
    group = shape.get("group_id")
    if group is None:
        return NOT_OURS + number
    if 1000 <= int(group) <= LARGEST_ID:  # ours
        return int(group)
    return groups.setdefault((name, int(group)), NOT_OURS + number)


def _corners(shape: dict[str, Any]) -> Points:
    kind = shape.get("shape_type", "polygon")
    points = np.asarray(shape["points"], np.float64)
    if kind == "rectangle":
        (left, top), (right, bottom) = points
        points = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    elif kind == "circle":
        center, edge = points
        radius = math.dist(center, edge)
        turns = np.linspace(0, 2 * math.pi, _CIRCLE_CORNERS, endpoint=False)
        points = center + radius * np.stack([np.cos(turns), np.sin(turns)], 1)
    elif kind not in ("polygon", "point", "line", "linestrip"):
        raise ValueError(f"a shape of the kind {kind!r}")
    return points_of(points.tolist())


def write(path: Path, scene: Scene) -> None:
    height, width = scene.size
    shapes = []
    for part in outlines_of(scene):
        points = part.points.tolist()
        counted = part.instance_id >= 1000
        shapes.append(
            {
                "label": scene.schema.by_id(part.label_id).name,
                "points": points + points[-1:] * (_LEAST_CORNERS - len(points)),
                "group_id": part.instance_id if counted else None,
                "shape_type": "polygon",
                "flags": {} if counted else {"group": True},
            }
        )
    content = {
        "version": VERSION,
        "flags": {},
        "shapes": shapes,
        "imagePath": path.with_suffix(".png").name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    write_json(path, content)
