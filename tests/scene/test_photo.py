"""Photos: which files are, what maps lie beside them, and their size."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.labels import CITYSCAPES_NAME, load_schema
from model.scene.maps import write_instance_map, write_label_map, write_picture
from model.scene.photo import MAX_PIXELS, is_photo, maps_beside, open_photo


@pytest.mark.parametrize(
    ("photo", "labels"),
    [
        ("a.jpg", "a_labelIds.png"),
        ("bonn_1_leftImg8bit.png", "bonn_1_gtFine_labelIds.png"),
        ("leftImg8bit/val/b/x_leftImg8bit.png", "gtFine/val/b/x_gtFine_labelIds.png"),
        ("train_img/s_leftImg8bit.jpg", "train_label/s_gtFine_labelIds.png"),
        ("train_img/s.jpg", "train_label/s.png"),
    ],
)
def test_maps_beside_a_photo_are_found(tmp_path, photo, labels):
    assert maps_beside(tmp_path / photo) is None
    for path in (tmp_path / photo, tmp_path / labels):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert maps_beside(tmp_path / photo) == (tmp_path / labels, None)


def test_a_map_is_no_photo(tmp_path):
    write_label_map(tmp_path / "map.png", np.zeros((4, 4), np.uint8))
    write_picture(tmp_path / "photo.png", np.zeros((4, 4, 3), np.uint8))
    (tmp_path / "text.png").write_text("nothing")
    found = {name: is_photo(tmp_path / name) for name in ("map.png", "photo.png", "text.png")}
    assert found == {"map.png": False, "photo.png": True, "text.png": False}
    assert is_photo(tmp_path / "missing.jpg") and not is_photo(tmp_path / "missing.png")


def test_a_huge_photo_is_made_smaller_together_with_its_instances(tmp_path):
    height, width = 1600, 4000
    labels = np.full((height, width), 7, np.uint8)
    labels[:, width // 2 :] = 26
    instances = labels.astype(np.int32)
    instances[labels == 26] = 26003
    pixels = np.repeat(labels[..., None], 3, axis=2)
    write_label_map(tmp_path / "a_labelIds.png", labels)
    write_instance_map(tmp_path / "a_instanceIds.png", instances)
    write_picture(tmp_path / "a.png", pixels)
    maps = maps_beside(tmp_path / "a.png")
    assert maps is not None
    photo = open_photo(tmp_path / "a.png", load_schema(CITYSCAPES_NAME), *maps)
    small = photo.pixels.shape[:2]
    assert 0.99 * MAX_PIXELS < small[0] * small[1] <= MAX_PIXELS
    assert small[1] / small[0] == pytest.approx(2.5, abs=0.01)
    assert photo.instances is not None and photo.instances.shape == small
    assert (photo.instances[:, : small[1] // 2 - 1] == 7).all()
    assert (photo.instances[:, small[1] // 2 + 1 :] == 26003).all()
    assert not photo.pixels.flags.writeable


def test_maps_of_another_size_are_refused(tmp_path):
    write_label_map(tmp_path / "labels.png", np.zeros((4, 5), np.uint8))
    write_picture(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(InputError, match=r"4x4 and its label map .* 5x4; sizes"):
        open_photo(tmp_path / "a.png", load_schema(CITYSCAPES_NAME), tmp_path / "labels.png")
