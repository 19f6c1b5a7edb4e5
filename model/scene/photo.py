"""Photo: a picture to borrow styles from, with its instances when it has maps of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import InputError, MapError
from model.scene.labels import LabelSchema
from model.scene.maps import (
    MAP_FORMATS,
    MAX_BYTES,
    find_instance_map,
    open_scene,
    read_picture,
)
from model.scene.reading import opened
from model.scene.scene import InstanceMap

MAX_PIXELS = 1 << 22  # more says nothing about a style; larger photos are made smaller
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".webp")  # never a map
_ROLE = re.compile(r"_leftImg8bit$")


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """Attributes:
    pixels: (H, W, 3) uint8 RGB, read-only.
    instances: (H, W) int32, read-only; None without maps.
    """

    name: str
    pixels: NDArray[np.uint8]
    instances: InstanceMap | None

    def __post_init__(self) -> None:
        for array in (self.pixels, self.instances):
            if array is not None:
                array.flags.writeable = False


def open_photo(
    path: Path, schema: LabelSchema, labels: Path | None = None, instances: Path | None = None
) -> Photo:
    """Reads a photo and, when a label map is named, its instances.

    Without an instance map each label is one instance. Raises InputError for files that cannot
    be read, labels the schema lacks and maps of another size than the photo.
    """
    pixels, ids = read_picture(path), None
    size = _bounded(*pixels.shape[:2])
    if labels is not None:
        scene = open_scene(labels, instances, schema)
        if pixels.shape[:2] != scene.size:
            raise InputError(
                f"{path} is {pixels.shape[1]}x{pixels.shape[0]} and its label map {labels} "
                f"{scene.size[1]}x{scene.size[0]}; sizes must be equal."
            )
        ids = cv2.resize(scene.instance_map, size[::-1], interpolation=cv2.INTER_NEAREST)
        ids = ids.astype(np.int32, copy=False)
    if size != pixels.shape[:2]:
        smaller = cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA)
        pixels = smaller.astype(np.uint8, copy=False)
    return Photo(path.name, pixels, ids)


def is_photo(path: Path) -> bool:
    """Whether a file is a colour picture, which no map is."""
    if path.suffix.lower() in PHOTO_SUFFIXES:
        return True
    try:
        with opened(path, MapError, MAX_BYTES) as file:
            return Image.open(file, formats=MAP_FORMATS).mode in ("RGB", "RGBA", "CMYK", "YCbCr")
    except Exception:  # whoever opens it as a map says what is wrong with it
        return False


def maps_beside(photo: Path) -> tuple[Path, Path | None] | None:
    """Label map and instance map that belong to a photo by name, if there is a label map.

    Known: Cityscapes' names in one folder or in its two trees, and the folders of a training
    set, *_img and *_label.
    """
    key = _ROLE.sub("", photo.stem)
    names = (f"{key}_gtFine_labelIds.png", f"{key}_labelIds.png", f"{photo.stem}.png")
    folder = photo.parent
    parts = ["gtFine" if part == "leftImg8bit" else part for part in folder.parts]
    places = [folder / names[0], folder / names[1], Path(*parts) / names[0]]
    if folder.name.endswith("_img"):
        labels = folder.with_name(folder.name.removesuffix("_img") + "_label")
        places += [labels / name for name in names]
    found = next((place for place in places if place.is_file()), None)
    return None if found is None else (found, find_instance_map(found))


def _bounded(height: int, width: int) -> tuple[int, int]:
    factor = min(1.0, (MAX_PIXELS / (height * width)) ** 0.5)
    return max(1, int(height * factor)), max(1, int(width * factor))
