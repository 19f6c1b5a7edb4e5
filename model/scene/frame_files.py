"""The files of a data set: finding them, pairing them by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError

SUFFIXES = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".tiff", ".tif", ".webp"}
_ROLE = re.compile(r"_(leftImg8bit|gtFine_(labelIds|instanceIds)|gtCoarse_\w+)$")


@dataclass(frozen=True, slots=True)
class FrameFiles:
    """The files of one frame; a data set of RGB pairs has its input picture as `label`."""

    key: str
    label: Path
    instance: Path | None
    picture: Path


def find_frames(folder: Path, phase: str, *, rgb: bool, growing: bool = False) -> list[FrameFiles]:
    """The frames of a data folder in order of name.

    Known layouts: {phase}_label, _inst, _img (RGB pairs: {phase}_A, _B), and an original
    Cityscapes tree. Raises InputError naming what is missing; in a folder that is still growing
    a frame that lacks a file is passed over instead.
    """
    if rgb:
        inputs, outputs = _keyed(folder / f"{phase}_A"), _keyed(folder / f"{phase}_B")
        _require_same(inputs, outputs, folder / f"{phase}_A", folder / f"{phase}_B")
        return [FrameFiles(k, path, None, outputs[k]) for k, path in inputs.items()]
    if (folder / "gtFine" / phase).is_dir():
        places = [folder / "gtFine" / phase] * 2 + [folder / "leftImg8bit" / phase]
    else:
        places = [folder / f"{phase}_{part}" for part in ("label", "inst", "img")]
    labels = _keyed(places[0], "_labelIds")
    instances = _keyed(places[1], "_instanceIds") if places[1].is_dir() else {}
    pictures = _keyed(places[2])
    if growing:
        complete = labels.keys() & pictures.keys() & (instances or labels).keys()
        labels = {k: p for k, p in labels.items() if k in complete}
    else:
        _require_same(labels, pictures, places[0], places[2])
        if instances:
            _require_same(labels, instances, places[0], places[1])
    return [FrameFiles(k, p, instances.get(k), pictures[k]) for k, p in labels.items()]


def _keyed(folder: Path, ending: str = "") -> dict[str, Path]:
    """Picture files below a folder by their name without the part that tells their role."""
    if not folder.is_dir():
        raise InputError(f"{folder} does not exist; a data folder needs it")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if any(ending in p.stem for p in files):  # a Cityscapes tree holds all roles in one folder
        files = [p for p in files if ending in p.stem]
    if not files:
        raise InputError(f"{folder} holds no pictures; put the data set's files there")
    return {_ROLE.sub("", p.stem): p for p in files}


def _require_same(a: dict[str, Path], b: dict[str, Path], at: Path, bt: Path) -> None:
    lonely = sorted(a.keys() ^ b.keys())
    if lonely:
        more = f" and {len(lonely) - 1} more" if len(lonely) > 1 else ""
        raise InputError(
            f"{lonely[0]!r}{more} stands in only one of {at} and {bt}; pair the files by name"
        )
