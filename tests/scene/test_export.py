from __future__ import annotations

import numpy as np
import pytest

from model.scene.export import (
    GAP,
    export_before_after,
    export_label_colors,
    export_side_by_side,
    labels_and_picture,
    side_by_side,
)
from model.scene.maps import read_picture
from tests.builders import scene

SCENE = scene("bbbb rccr")
COLORS = np.array([[SCENE.schema.by_id(int(i)).color for i in row] for row in SCENE.label_map])
PICTURE = np.random.default_rng(0).integers(0, 256, (2, 4, 3), np.uint8)


def test_pictures_stand_side_by_side_with_a_gap():
    joined = side_by_side(PICTURE, PICTURE[:, :3], PICTURE[:, :1])
    assert joined.shape == (2, 8 + 2 * GAP, 3)
    np.testing.assert_array_equal(joined[:, :4], PICTURE)
    assert (joined[:, 4 : 4 + GAP] == 255).all()
    np.testing.assert_array_equal(joined[:, 4 + GAP : 7 + GAP], PICTURE[:, :3])
    np.testing.assert_array_equal(joined[:, -1:], PICTURE[:, :1])


def test_pictures_of_different_heights_do_not_stand_side_by_side():
    with pytest.raises(ValueError, match=r"\[2, 1\]"):
        side_by_side(PICTURE, PICTURE[:1])


def test_the_label_map_stands_beside_the_picture():
    joined = labels_and_picture(SCENE, PICTURE)
    np.testing.assert_array_equal(joined[:, :4], COLORS)
    np.testing.assert_array_equal(joined[:, -4:], PICTURE)


def test_exported_files_hold_what_was_asked_for(tmp_path):
    path = tmp_path / "out.png"
    export_label_colors(path, SCENE)
    np.testing.assert_array_equal(read_picture(path), COLORS)
    export_side_by_side(path, SCENE, PICTURE)
    np.testing.assert_array_equal(read_picture(path), labels_and_picture(SCENE, PICTURE))
    export_before_after(path, PICTURE, 255 - PICTURE)
    np.testing.assert_array_equal(read_picture(path), side_by_side(PICTURE, 255 - PICTURE))
