"""The files of a data set: finding them, pairing them by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError

MAX_FACTS_BYTES = 16 * 2**20
SUFFIXES = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".tiff", ".tif", ".webp"}
_ROLE = re.compile(r"_(leftImg8bit|gtFine_(labelIds|instanceIds)|gtCoarse_\w+)$")


@dataclass(frozen=True, slots=True)
class FrameFiles:
    """The files of one frame; a data set of RGB pairs has its input picture as `label`.

    facts: what `main.py streets` knows of it; need not exist.
    """

    key: str
    label: Path
    instance: Path | None
    picture: Path
    facts: Path | None = None


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A file that no frame has a use for, and why."""

    file: Path
    reason: str


def find_frames(folder: Path, phase: str, *, rgb: bool, growing: bool = False) -> list[FrameFiles]:
    """The frames of a data folder in order of name.

    Known layouts: {phase}_label, _inst, _img (RGB pairs: {phase}_A, _B), and an original
    Cityscapes tree. Raises InputError naming what is missing; in a folder that is still growing
    a frame that lacks a file is passed over instead.
    """
    frames, unpaired = pair_frames(folder, phase, rgb=rgb)
    if unpaired and not growing:
        more = f" (and {len(unpaired) - 1} more like it)" if len(unpaired) > 1 else ""
        raise InputError(f"{unpaired[0].file} {unpaired[0].reason}{more}; pair the files by name")
    return frames


def pair_frames(folder: Path, phase: str, *, rgb: bool) -> tuple[list[FrameFiles], list[Unpaired]]:
    """The complete frames of a data folder, and the files that are left over.

    Raises InputError when a folder is missing or holds no pictures.
    """
    places = frame_folders(folder, phase, rgb=rgb)
    labels, unpaired = keyed_pictures(places[0], "" if rgb else "_labelIds")
    found = [labels]
    for place, ending in zip(places[1:], ("", "_instanceIds"), strict=False):
        files, doubled = keyed_pictures(place, ending)
        found.append(files)
        unpaired += doubled
    complete = set.intersection(*(set(files) for files in found))
    for files in found:
        for other, others in zip(places, found, strict=True):
            lonely = [path for key, path in files.items() if key not in others]
            unpaired += [Unpaired(path, f"has no partner in {other}") for path in lonely]
    pictures, instances = found[1], found[2] if len(found) > 2 else {}
    frames = [
        FrameFiles(
            key,
            path,
            instances.get(key),
            pictures[key],
            folder / f"{phase}_meta" / f"{key}.json",
        )
        for key, path in labels.items()
        if key in complete
    ]
    return frames, unpaired


def frame_folders(folder: Path, phase: str, *, rgb: bool) -> list[Path]:
    """Where a data folder keeps label maps, pictures and, if it has any, instance maps."""
    if rgb:
        return [folder / f"{phase}_A", folder / f"{phase}_B"]
    if (folder / "gtFine" / phase).is_dir():
        maps = folder / "gtFine" / phase
        return [maps, folder / "leftImg8bit" / phase, maps]
    label, picture, instance = (folder / f"{phase}_{part}" for part in ("label", "img", "inst"))
    return [label, picture, instance] if instance.is_dir() else [label, picture]


def keyed_pictures(folder: Path, ending: str = "") -> tuple[dict[str, Path], list[Unpaired]]:
    """Picture files below a folder by their name without the part that tells their role.

    And those whose name another one has already.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} does not exist; a data folder needs it")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    if any(ending in p.stem for p in files):  # a Cityscapes tree holds all roles in one folder
        files = [p for p in files if ending in p.stem]
    if not files:
        raise InputError(f"{folder} holds no pictures; put the data set's files there")
    keyed: dict[str, Path] = {}
    doubled = []
    for path in files:
        first = keyed.setdefault(_ROLE.sub("", path.stem), path)
        if first != path:
            doubled.append(Unpaired(path, f"has the same name as {first}"))
    return keyed, doubled
