from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.labels import load_schema
from model.scene.scene import Scene, ScenePatch, Style

SCHEMA = load_schema("cityscapes")


def maps(shape=(2, 3)):
    return np.zeros(shape, np.uint8), np.zeros(shape, np.int32)


def test_a_scene_cannot_be_changed():
    scene = Scene(SCHEMA, *maps(), {7: Style((0.5,), 2)})
    for values in (scene.label_map, scene.instance_map):
        with pytest.raises(ValueError, match="read-only"):
            values[0, 0] = 1
    with pytest.raises(TypeError):
        scene.styles[7] = Style((1.0,))
    with pytest.raises(dataclasses.FrozenInstanceError):
        scene.revision = 5


def test_a_scene_does_not_follow_the_styles_it_was_made_from():
    styles = {7: Style((0.5,))}
    scene = Scene(SCHEMA, *maps(), styles)
    styles.clear()
    assert scene.styles[7] == Style((0.5,))


def test_a_patch_cannot_be_changed():
    patch = ScenePatch((9, 9), Rect(0, 0, 3, 2), *maps(), {}, 4)
    for values in (patch.labels, patch.instances):
        with pytest.raises(ValueError, match="read-only"):
            values[0, 0] = 1
    with pytest.raises(TypeError):
        patch.styles[7] = Style((1.0,))


def test_the_size_of_a_scene_is_height_then_width():
    assert Scene(SCHEMA, *maps((2, 3))).size == (2, 3)


@pytest.mark.parametrize(
    ("labels", "instances"),
    [
        (np.zeros((2, 3), np.uint8), np.zeros((3, 2), np.int32)),
        (np.zeros((2, 3), np.int32), np.zeros((2, 3), np.int32)),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 3), np.uint16)),
        (np.zeros((2, 3, 1), np.uint8), np.zeros((2, 3, 1), np.int32)),
    ],
)
def test_maps_of_the_wrong_shape_or_kind_are_refused(labels, instances):
    with pytest.raises(ValueError, match="label map is"):
        Scene(SCHEMA, labels, instances)
