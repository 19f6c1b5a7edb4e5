"""Variations are written as they are made: however many, memory holds one scene."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest

from model.formats.coco_panoptic import description
from model.formats.variations import Variations, vary, write_variations
from model.scene.scene import Style
from tests.inference.conftest import blocks


def draw(label_id: int, instance_id: int, seed: int) -> Style:
    return Style((float(seed % 7), float(instance_id)), None)


def paint(scene):
    return np.zeros((*scene.size, 3), np.uint8)


def write(folder, count, report=lambda done, total: None, size=(64, 128)):
    wanted = Variations(count, seed=3, moves=True)
    write_variations(folder, "street", blocks(*size), wanted, draw, paint, report, {})
    return wanted


def test_the_description_is_that_of_all_scenes_together(tmp_path):
    wanted = write(tmp_path, 4)
    scene = blocks(64, 128)
    names = [f"street_000003_{number:06d}_gtFine_panoptic.png" for number in range(4)]
    expected = description(scene.schema, list(zip(names, vary(scene, wanted, draw), strict=True)))
    written = json.loads((tmp_path / "gtFine" / "cityscapes_panoptic_train.json").read_text())
    assert written == expected


def test_what_is_there_when_it_is_stopped_is_whole_and_described(tmp_path):
    class Stopped(Exception):
        pass

    def report(done, total):
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        write(tmp_path, 5, report)
    written = json.loads((tmp_path / "gtFine" / "cityscapes_panoptic_train.json").read_text())
    assert (
        [each["id"] for each in written["images"]]
        == [1, 2]
        == [each["image_id"] for each in written["annotations"]]
    )
    assert json.loads((tmp_path / "manifest.json").read_text())["pictures"] == 2
    assert len(list(tmp_path.rglob("*_labelIds.png"))) == 2


def test_memory_does_not_grow_with_their_number(tmp_path):
    held = []

    def report(done, total):
        held.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        write(tmp_path, 12, report, size=(256, 512))
    finally:
        tracemalloc.stop()
    scene_bytes = 256 * 512 * 5
    assert held[-1] - held[2] < scene_bytes
