"""Size and cutting of thumbnails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.inference.frame import FrameSize
from model.inference.thumbnails import fitted, reduced, reduction, window
from model.scene.geometry import Rect


def cut_out(picture, rect: Rect, factor: float, height: int) -> np.ndarray:
    """What a thumbnail is of a picture of the reduced scene."""
    place = window(rect, factor, picture.shape[1], picture.shape[0])
    return fitted(picture[place.slices], height)


def test_a_large_instance_is_painted_in_a_small_frame():
    assert reduction(2048, Rect(0, 0, 800, 500)) == 512 / 2048


def test_a_small_instance_is_painted_larger_to_be_legible():
    factor = reduction(2048, Rect(0, 0, 160, 80))
    assert factor * 160 == pytest.approx(48)


def test_a_tiny_instance_does_not_make_thumbnails_slow():
    assert reduction(2048, Rect(0, 0, 2, 3)) == 1 / 3
    assert reduction(300, Rect(0, 0, 9, 9)) == 1 / 3


GRID = FrameSize(32, 64)  # of the bundled design and of the official 1024p one


@pytest.mark.parametrize("size", [(256, 512), (512, 1024), (1024, 2048), (1080, 1920), (600, 800)])
def test_ten_reduced_frames_have_fewer_pixels_than_two_whole_ones(size):
    height, width = size
    for rect in (Rect(0, 0, 3, 3), Rect(0, 0, 90, 60), Rect(0, 0, width, height // 2)):
        factor = reduction(width, rect)
        small = GRID.padded((round(height * factor), round(width * factor)))
        whole = GRID.padded(size)
        assert 10 * small[0] * small[1] < 2 * whole[0] * whole[1]


def test_reduced_maps_hold_pixels_of_the_whole():
    labels = np.arange(60, dtype=np.uint8).reshape(6, 10)
    small, instances = reduced(labels, labels.astype(np.int32) + 100, 0.5)
    assert small.shape == (3, 5)
    assert small[0].tolist() == [11, 13, 15, 17, 19]
    assert np.array_equal(instances, small.astype(np.int32) + 100)


def test_the_cut_shows_the_instance_and_a_margin():
    picture = np.zeros((50, 100, 3), np.uint8)
    picture[20:30, 40:50] = 255
    cut = cut_out(picture, Rect(80, 40, 100, 60), 0.5, 13)
    assert cut.shape == (13, 13, 3)
    assert cut[6, 6].tolist() == [255] * 3
    assert cut[0, 0].tolist() == [0] * 3
    assert 90 <= np.count_nonzero(cut[..., 0] > 128) <= 110


@given(
    x=st.integers(0, 199),
    y=st.integers(0, 99),
    width=st.integers(1, 200),
    height=st.integers(1, 100),
    factor=st.sampled_from([0.1, 0.25, 1.0]),
)
def test_thumbnails_of_any_instance_have_the_height_and_a_bounded_width(
    x, y, width, height, factor
):
    rect = Rect(x, y, x + width, y + height).clipped(200, 100)
    picture = np.zeros((round(100 * factor), round(200 * factor), 3), np.uint8)
    cut = cut_out(picture, rect, factor, 32)
    assert cut.shape[0] == 32
    assert 1 <= cut.shape[1] <= 64
