"""FORMATS: the files of other programs that can be read and written, one module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model.formats import (
    cityscapes_maps,
    cityscapes_polygons,
    coco_panoptic,
    cvat_mask,
    labelme,
)
from model.formats.foreign import Foreign
from model.scene.scene import Scene


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        ending: of the names of its files.
        read: a file, or that one of its pictures. pictures: what read takes, where there may be
            several; else None.
        is_this: whether the content of a JSON file is of this format; None for other files.
    """

    id: str
    title: str
    ending: str
    read: Callable[..., Foreign]
    write: Callable[[Path, Scene], None]
    is_this: Callable[[object], bool] | None = None
    pictures: Callable[[Path], list[str]] | None = None


FORMATS = (
    Format(
        "cityscapes",
        "Cityscapes label and instance maps",
        cityscapes_maps.ENDING,
        cityscapes_maps.read,
        cityscapes_maps.write,
    ),
    Format(
        "polygons",
        "Cityscapes polygons",
        cityscapes_polygons.ENDING,
        cityscapes_polygons.read,
        cityscapes_polygons.write,
        cityscapes_polygons.is_this,
    ),
    Format("labelme", "labelme", labelme.ENDING, labelme.read, labelme.write, labelme.is_this),
    Format(
        "panoptic",
        "COCO panoptic",
        coco_panoptic.ENDING,
        coco_panoptic.read,
        coco_panoptic.write,
        coco_panoptic.is_this,
        coco_panoptic.pictures,
    ),
    Format(
        "cvat",
        "CVAT masks",
        cvat_mask.ENDING,
        cvat_mask.read,
        cvat_mask.write,
        pictures=cvat_mask.pictures,
    ),
)
