"""Training sets from one scene: many looks of it with exact maps, as Cityscapes and COCO have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, MapError
from model.formats.coco_panoptic import DescriptionFile, segment_picture
from model.formats.files import write_json, write_png
from model.scene.document import Document
from model.scene.files import atomic_file
from model.scene.instances import find_instances
from model.scene.maps import write_instance_map, write_label_map, write_picture
from model.scene.scene import Scene, Style
from model.scene.transform import Move, move_instances

CITY = "labelbrush"
MAX_MOVED = 4
FARTHEST = 0.1  # of the picture's width
Paint = Callable[[Scene], NDArray[np.uint8]]
Draw = Callable[[int, int, int], Style | None]  # label id, instance id, seed


@dataclass(frozen=True, slots=True)
class Variations:
    """What to make.

    Attributes:
        count: of pictures; seed: decides all of them. moves: objects are moved as well.
        split: the part of the data set they belong to.
    """

    count: int
    seed: int = 0
    moves: bool = False
    split: str = "train"


def vary(scene: Scene, wanted: Variations, draw: Draw) -> Iterator[Scene]:
    """The scenes, each with styles of its own; the same arguments give the same scenes."""
    for number in range(wanted.count):
        random = np.random.default_rng([wanted.seed, number])
        varied = _moved(scene, random) if wanted.moves else scene
        seed = int(random.integers(2**31))
        infos = find_instances(varied.instance_map)
        styles = {info.instance_id: draw(info.label_id, info.instance_id, seed) for info in infos}
        drawn = {each: style for each, style in styles.items() if style is not None}
        labels, instances = varied.label_map.copy(), varied.instance_map.copy()
        yield Scene(scene.schema, labels, instances, drawn, revision=number + 1)


def _moved(scene: Scene, random: np.random.Generator) -> Scene:
    document = Document(scene)
    objects = [info for info in find_instances(scene.instance_map) if info.instance_id >= 1000]
    random.shuffle(objects)
    reach = FARTHEST * scene.size[1]
    for info in objects[:MAX_MOVED]:
        if np.any(document.instance_map == info.instance_id):  # not covered by the one before
            move = Move(float(random.uniform(-reach, reach)), 0.0)
            try:
                move_instances(document, [info.instance_id], move)
            except InputError:  # nothing to fill its place with
                continue
    return document.snapshot()


def write_variations(
    folder: Path,
    name: str,
    scene: Scene,
    wanted: Variations,
    draw: Draw,
    paint: Paint,
    report: Callable[[int, int], None],
    facts: dict[str, object],
) -> None:
    """Pictures and maps in Cityscapes' layout, COCO panoptic beside them, and manifest.json.

    facts: further entries of the manifest, such as the checkpoint. report may raise to stop;
    what is there by then is whole, and described.
    """
    pictures = folder / "leftImg8bit" / wanted.split / CITY
    truth = folder / "gtFine" / wanted.split / CITY
    panoptic = folder / "gtFine" / f"cityscapes_panoptic_{wanted.split}"
    for place in (pictures, truth, panoptic):
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MapError(f"The folder {place} cannot be made ({error.strerror}).") from error
    stopped: Exception | None = None
    with atomic_file(panoptic.with_suffix(".json"), MapError) as file:
        described = DescriptionFile(file, scene.schema)
        try:
            for number, varied in enumerate(vary(scene, wanted, draw)):
                report(number, wanted.count)
                stem = f"{name}_{wanted.seed:06d}_{number:06d}"
                write_picture(pictures / f"{stem}_leftImg8bit.png", paint(varied))
                write_label_map(truth / f"{stem}_gtFine_labelIds.png", varied.label_map)
                write_instance_map(truth / f"{stem}_gtFine_instanceIds.png", varied.instance_map)
                panoptic_name = f"{stem}_gtFine_panoptic.png"
                write_png(panoptic / panoptic_name, segment_picture(varied))
                described.add(panoptic_name, varied)
        except Exception as error:
            stopped = error
        described.finish()
    entries = {"synthetic": True, "seed": wanted.seed, "moved": wanted.moves, **facts}
    write_json(folder / "manifest.json", {**entries, "pictures": described.count})
    if stopped is not None:
        raise stopped
