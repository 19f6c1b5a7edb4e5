"""Cityscapes' id maps: NAME_labelIds.png and NAME_instanceIds.png; any 8-bit or palette map."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.errors import MapError
from model.formats.foreign import Foreign
from model.scene.labels import label_of
from model.scene.maps import (
    find_instance_map,
    read_instance_map,
    read_label_map,
    write_instance_map,
    write_label_map,
)
from model.scene.scene import Scene

ENDING = "_labelIds.png"


def read(path: Path) -> Foreign:
    """A label map with the instance map that lies beside it."""
    labels = read_label_map(path)
    codes = labels.astype(np.int32)
    objects = np.zeros_like(codes)
    instance_path = find_instance_map(path)
    if instance_path is not None:
        instances = read_instance_map(instance_path)
        if instances.shape != labels.shape:
            raise MapError(
                f"{instance_path} and its label map {path} differ in size; "
                "choose two maps of the same picture."
            )
        objects = np.where(label_of(instances) == labels, instances, 0).astype(np.int32)
    return Foreign(tuple(map(str, range(256))), codes, objects)


def write(path: Path, scene: Scene) -> None:
    """The label map, and beside it the instance map."""
    write_label_map(path, scene.label_map)
    write_instance_map(instance_path_of(path), scene.instance_map)


def instance_path_of(path: Path) -> Path:
    stem = path.stem
    if "labelIds" in stem:
        return path.with_name(path.name.replace("labelIds", "instanceIds"))
    return path.with_stem(stem + "_instanceIds")
