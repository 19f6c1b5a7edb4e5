"""Trunks in previews and parts, as in whole frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.inference.frame import FrameSize, make_frame
from model.inference.scene_maps import scene_maps
from model.scene.geometry import Rect
from model.scene.surface import SURFACE_CHANNELS, surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from tests.inference.conftest import SURFACE
from tests.inference.test_pieces import coordinates_after, street_with
from tests.inference.test_repaint import stroke

TREE, WALL = 21, 11
GREEN = replace(SURFACE, foliage=(TREE,), trees=(TREE,))
CROWN, TRUNK = Rect(30, 4, 90, 40), Rect(56, 40, 62, 80)


@pytest.mark.parametrize("size", [(96, 160), (93, 157)])
def test_a_trunk_that_is_painted_loses_its_leaves_at_once(tmp_path, size):
    before = street_with((CROWN, TREE), size=size)
    after = stroke(before, TRUNK, 1, TREE, TREE)
    shown, expected = coordinates_after(tmp_path, before, after, TRUNK, GREEN)
    assert np.array_equal(shown, expected)
    assert not expected[6:8, 2:].any()


def test_a_trunk_that_a_stroke_covers_in_part_is_told_from_all_of_the_map(tmp_path):
    before = street_with((CROWN, TREE), (TRUNK, TREE))
    rect = Rect(50, 60, 70, 90)
    after = stroke(before, Rect(50, 70, 70, 90), 1, WALL, WALL)
    shown, expected = coordinates_after(tmp_path, before, after, rect, GREEN)
    assert np.array_equal(shown, expected)
    assert not expected[6:8, :10, 6:12].any()


def test_without_its_crown_it_is_foliage(tmp_path):
    before = street_with((CROWN, TREE), (TRUNK, TREE))
    after = stroke(before, CROWN, 1, WALL, WALL)
    rect = CROWN.union(TRUNK)
    shown, expected = coordinates_after(tmp_path, before, after, rect, GREEN)
    assert np.array_equal(shown, expected)
    inside = (slice(6, 8), *TRUNK.slices_in(rect))
    assert expected[inside].any()


def test_painting_and_training_tell_the_same_trunks():
    scene = street_with((CROWN, TREE), (TRUNK, TREE), size=(93, 157))
    maps = scene.label_map, scene.instance_map, FrameSize(1, 1)
    known = SurfaceLabels(walls=(WALL,), foliage=(TREE,), trees=(TREE,))
    painted = make_frame(*maps, reference=False, surface=known).reference
    assert painted is not None
    assert np.array_equal(painted, surface_coordinates(scene.label_map, known))
    assert not painted[6:8, 45:, 56:62].any()


def test_parts_of_a_padded_scene_made_one_by_one_have_the_trunks_of_the_whole():
    scene = street_with((CROWN, TREE), (TRUNK, TREE), size=(93, 157))
    maps = scene.label_map, scene.instance_map, FrameSize(8, 8)
    whole = make_frame(*maps, reference=True, surface=GREEN).reference
    parts = scene_maps(*maps, reference=True, surface=GREEN)
    assert whole is not None
    assert not whole[-2:, 45:80, 56:62].any() and whole[-2:, 10:30, 35:80].any()
    for rect in (Rect(0, 0, 59, 60), Rect(59, 50, 160, 96)):
        reference = parts.part(rect).reference
        assert reference is not None and len(reference) > SURFACE_CHANNELS
        assert np.array_equal(reference, whole[(slice(None), *rect.slices)])
