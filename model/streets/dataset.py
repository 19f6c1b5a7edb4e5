"""Frames on disk in the layout that training reads: train_img, train_label, train_inst, and
train_meta with what is known about each frame."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InputError
from model.scene.walls import USUAL_DISTANCE
from model.streets.camera import View
from model.streets.plan import Item, StreetPlan
from model.streets.street import Street

RENDERER_VERSION = 2
JPEG_QUALITY = 93
SPLITS = ("train", "test")
PICTURE_FORMATS = ("jpg", "png")
TEMPORARY = ".tmp"
FOLDERS = ("img", "label", "inst", "meta")


@dataclass(frozen=True)
class FramePaths:
    """The four files of one frame."""

    picture: Path
    labels: Path
    instances: Path
    meta: Path

    @property
    def finished(self) -> bool:
        """Whether all four are there; each file appears only when it is whole."""
        return all(
            path.is_file() for path in (self.picture, self.labels, self.instances, self.meta)
        )


@dataclass(frozen=True)
class FrameFolder:
    """A data set under `root`; split is 'train' or 'test', picture_format 'jpg' or 'png'."""

    root: Path
    split: str = "train"
    picture_format: str = "jpg"

    def part(self, name: str) -> Path:
        """The folder of one of FOLDERS."""
        return self.root / f"{self.split}_{name}"

    def paths(self, seed: int, view: int) -> FramePaths:
        """Where a frame's files belong."""
        stem = f"street_{seed:06d}_{view}"
        return FramePaths(
            self.part("img") / f"{stem}_leftImg8bit.{self.picture_format}",
            self.part("label") / f"{stem}_gtFine_labelIds.png",
            self.part("inst") / f"{stem}_gtFine_instanceIds.png",
            self.part("meta") / f"{stem}.json",
        )

    def prepare(self) -> None:
        """Makes the folders; InputError where that is not possible."""
        try:
            for name in FOLDERS:
                self.part(name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{self.root} cannot hold frames ({error.strerror}); name another folder."
            ) from error

    def remove_leftovers(self) -> None:
        """Deletes files that an interrupted run had begun, unless their process is still alive:
        several runs may fill one folder."""
        for name in FOLDERS:
            for path in self.part(name).glob(f".*{TEMPORARY}"):
                if not _is_being_written(path):
                    with suppress(OSError):
                        path.unlink()


def write_frame(
    paths: FramePaths,
    picture: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    instances: NDArray[np.int32],
    facts: Mapping[str, Any],
) -> None:
    """Writes picture (H, W, 3) RGB, labels (H, W), instances (H, W, ids below 65536) and facts.

    The meta file comes last. InputError when the disk refuses.
    """
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    options = quality if paths.picture.suffix == ".jpg" else []
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _replace(paths.picture, _encoded(paths.picture.suffix, bgr, options))
    _replace(paths.labels, _encoded(".png", labels, []))
    _replace(paths.instances, _encoded(".png", instances.astype(np.uint16), []))
    _replace(paths.meta, json.dumps(facts, indent=1).encode())


def frame_facts(
    street: Street, view: View, instances: NDArray[np.int32], renderer: str
) -> dict[str, Any]:
    """What the meta file says: seed, looks, camera, light, and every visible instance."""
    plan = street.plan
    ids, counts = np.unique(instances, return_counts=True)
    visible = {
        str(i): {**street.records[i], "pixels": n}
        for i, n in zip(ids.tolist(), counts.tolist(), strict=True)
        if i in street.records
    }
    return {
        "format": "labelbrush-street",
        "version": RENDERER_VERSION,
        "renderer": renderer,
        "seed": plan.seed,
        "view": view.index,
        "size": [int(side) for side in instances.shape],
        "layout": plan.kind,
        "modular": plan.modular,
        "walls": house_distances(plan, view),
        "modes": {**asdict(street.modes), **signals_shown(plan)},
        "buildings": "each" if street.buildings_differ else "one",
        "sun": list(street.light.sun_direction),
        "camera": {
            "eye": list(view.eye),
            "yaw": view.yaw,
            "pitch": view.pitch,
            "roll": view.roll,
            "field_of_view": view.field_of_view,
            "bonnet": view.bonnet is not None,
            "border": view.border is not None,
        },
        "instances": visible,
    }


def signals_shown(plan: StreetPlan) -> dict[str, str]:
    """What all traffic lights show, where they show the same: in modular streets that have any."""
    shown = {each.signal for each in plan.crossings if each.signal}
    return {"traffic light": shown.pop()} if plan.modular and shown else {}


def house_distances(plan: StreetPlan, view: View) -> list[float] | None:
    """Metres from the eye's line to the houses on the left and on the right of a modular street.

    As `model.scene.surface` finds them from the label map; None where it has no single answer.
    """
    fronts = [
        {round(abs(item.position[0] - view.eye[0]), 3) for item in plan.items if _house(item, side)}
        for side in (-1, 1)
    ]
    if not plan.modular or any(len(found) > 1 for found in fronts):
        return None
    return [min(found, default=USUAL_DISTANCE) for found in fronts]


def _house(item: Item, side: int) -> bool:
    return item.kind == "house" and item.position[0] * side > 0


def _encoded(suffix: str, pixels: NDArray[Any], options: list[int]) -> bytes:
    done, data = cv2.imencode(suffix, pixels, options)
    if not done:
        raise RuntimeError(f"OpenCV could not encode a {suffix} of shape {pixels.shape}")
    return data.tobytes()


def _is_being_written(path: Path) -> bool:
    """Whether another process that is alive made this temporary file."""
    number = path.name.removesuffix(TEMPORARY).rpartition(".")[2]
    if not number.isdecimal() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except (OSError, OverflowError):
        return False
    return True


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise InputError(
            f"{path} could not be written ({error.strerror}); free some space or name another "
            "folder."
        ) from error
