"""Stamps: shapes of objects, kept in files and put into a scene at the size their place asks for.

A file is a PNG whose values say which part a pixel belongs to, 0 being outside; its text says the
parts' labels by name, so that a stamp fits any schema that has those labels.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from model.errors import InputError, MapError
from model.scene.document import Document
from model.scene.extras import checked_name
from model.scene.files import atomic_file
from model.scene.geometry import BoolMask, Rect
from model.scene.labels import LabelSchema
from model.scene.maps import decode_parts
from model.scene.raster import Shape
from model.scene.reading import check_version, opened, parse_json
from model.scene.scene import LabelMap
from model.scene.transform import parts_placed, resized

STAMP_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "stamps"
VERSION = 1
TEXT_KEY = "labelbrush-stamp"
MAX_SIDE = 4096
MAX_FILE_BYTES = 2**22
MAX_LABELS = 255
STAMP_HEIGHT = 192  # pixels; larger ones are made smaller
LEAST_BELOW_HORIZON = 4.0  # pixels; nearer to the horizon a size says nothing


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """One shape.

    Attributes:
        name: what a person reads, such as "side 2".
        labels: names of its parts' labels; the first is the one it is listed under.
        parts: (h, w) uint8, 0 outside, otherwise 1 + index into labels.
        ratio: its height over its foot's distance below the horizon; what makes it stand right
            anywhere on the ground.
    """

    name: str
    labels: tuple[str, ...]
    parts: NDArray[np.uint8]
    ratio: float

    @property
    def label(self) -> str:
        return self.labels[0]

    def height_at(self, foot: float, horizon: float) -> float:
        """Its height in pixels when it stands on that row; at least a few pixels."""
        return max(self.ratio * (foot - horizon), 3.0)

    @property
    def mirrored(self) -> Stamp:
        return Stamp(self.name, self.labels, np.ascontiguousarray(self.parts[:, ::-1]), self.ratio)


class StampError(InputError):
    """A stamp's file cannot be used."""


def stamp_shapes(
    stamp: Stamp, schema: LabelSchema, foot: tuple[float, float], height: float
) -> dict[int, Shape]:
    """Its parts by label id, so many pixels tall, the middle of the lower edge at foot.

    Raises InputError when the schema lacks one of its labels.
    """
    known = {label.name: label.id for label in schema}
    missing = [name for name in stamp.labels if name not in known]
    if missing:
        raise InputError(f"The schema {schema.name!r} has no label {missing[0]!r}; choose another.")
    tall = max(1, round(height))
    wide = max(1, round(height * stamp.parts.shape[1] / stamp.parts.shape[0]))
    left, bottom = round(foot[0] - wide / 2), round(foot[1])
    rect = Rect(left, bottom - tall, left + wide, bottom)
    return {
        known[name]: (rect, resized(stamp.parts == index, wide, tall))
        for index, name in enumerate(stamp.labels, start=1)
    }


def put_stamp(
    document: Document,
    stamp: Stamp,
    foot: tuple[float, float],
    height: float,
    ordered: bool,
    allowed: BoolMask | None = None,
) -> tuple[int, ...]:
    """Put a stamp into the document as new instances, in one undo step; returns those seen.

    When ordered, what stands nearer covers it. allowed: as in move_instances().
    """
    shapes = stamp_shapes(stamp, document.schema, foot, height)
    return parts_placed(document, shapes, ordered, f"Add {stamp.label}", allowed)


def cut_stamp(
    label_map: LabelMap, mask: BoolMask, schema: LabelSchema, horizon: float, name: str
) -> Stamp:
    """What is inside a (H, W) mask, its largest part first.

    Raises InputError when it does not stand below the horizon.
    """
    rect = Rect.around(mask)
    below = rect.y1 - horizon
    if below < LEAST_BELOW_HORIZON:
        raise InputError("An object that stands above the horizon has no size; move the horizon.")
    inside, labels = mask[rect.slices], label_map[rect.slices]
    ids, counts = np.unique(labels[inside], return_counts=True)
    order = [int(ids[index]) for index in np.argsort(-counts)]
    parts = np.zeros(inside.shape, np.uint8)
    for index, label_id in enumerate(order, start=1):
        parts[inside & (labels == label_id)] = index
    names = tuple(schema.by_id(label_id).name for label_id in order)
    return Stamp(name, names, shrunk(parts), rect.height / below)


def shrunk(parts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Parts no taller than STAMP_HEIGHT; a pixel belongs to the part that covers most of it."""
    height, width = parts.shape
    scale = min(1.0, STAMP_HEIGHT / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shares = [
        cv2.resize((parts == index).astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for index in range(int(parts.max()) + 1)
    ]
    return np.argmax(shares, axis=0).astype(np.uint8)


def save_stamp(path: Path, stamp: Stamp) -> None:
    """Raises StampError when the file cannot be written."""
    about = {
        "version": VERSION,
        "name": stamp.name,
        "labels": list(stamp.labels),
        "ratio": round(stamp.ratio, 4),
    }
    text = PngImagePlugin.PngInfo()
    text.add_text(TEXT_KEY, json.dumps(about))
    with atomic_file(path, StampError) as file:
        Image.fromarray(stamp.parts).save(file, "PNG", pnginfo=text, optimize=True)


def load_stamp(path: Path) -> Stamp:
    """Raises StampError when the file is not a stamp."""
    try:
        with opened(path, StampError, MAX_FILE_BYTES) as file:
            parts, text = decode_parts(file, str(path))
        about = parse_json(text[TEXT_KEY].encode())
        check_version(about["version"], VERSION, "stamp", path, StampError)
        names = about["labels"]
        stamp = Stamp(checked_name(about["name"]), tuple(names), parts, float(about["ratio"]))
        if not names or not all(map(checked_name, names)) or len(names) > MAX_LABELS:
            raise ValueError("its labels have no names")
        if max(parts.shape) > MAX_SIDE or not parts.any() or parts.max() > len(names):
            raise ValueError("its parts are too large, or do not match its labels")
        if not 0 < stamp.ratio < 1000:
            raise ValueError("its size is not a sensible number")
    except (MapError, LookupError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise StampError(f"{path} is not a stamp ({error}); remove it or save it again.") from error
    return stamp


def load_stamps(folders: Iterable[Path]) -> tuple[list[Stamp], list[str]]:
    """The stamps of several folders by file name, and a sentence for each that is none."""
    stamps: list[Stamp] = []
    troubles: list[str] = []
    for path in sorted(path for folder in folders for path in folder.glob("*.png")):
        try:
            stamps.append(load_stamp(path))
        except StampError as error:
            troubles.append(str(error))
    return stamps, troubles
