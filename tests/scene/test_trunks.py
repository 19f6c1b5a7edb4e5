"""Trunks in label maps of trees that are drawn here, each with its own truth."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.scene.geometry import Rect
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.scene.trunks import NOTHING, find_trunks

WALL, POLE, TREE = 11, 17, 21
SIZES = [(256, 512), (512, 1024), (1024, 2048)]
GREEN = SurfaceLabels(foliage=(TREE,), trees=(TREE,))


def empty(size: tuple[int, int]) -> np.ndarray:
    return np.full(size, WALL, np.uint8)


def crown(labels: np.ndarray, across: float, down: float, radius: float, label=TREE) -> None:
    """A disc; all in shares of the width."""
    width = labels.shape[1]
    centre = round(across * width), round(down * width)
    cv2.circle(labels, centre, round(radius * width), label, -1)


def trunk(
    labels: np.ndarray, across: float, top: float, bottom: float, wide: float, lean=0.0, label=TREE
) -> np.ndarray:
    """A bar that leans to the right at its foot; where it is."""
    width = labels.shape[1]
    corners = np.array(
        [
            (across - wide / 2, top),
            (across + wide / 2, top),
            (across + wide / 2 + lean, bottom),
            (across - wide / 2 + lean, bottom),
        ]
    )
    there = np.zeros_like(labels)
    cv2.fillPoly(there, [np.rint(corners * width).astype(np.int32)], 1)
    labels[there > 0] = label
    return there > 0


def found(labels: np.ndarray, trees=(TREE,)) -> np.ndarray:
    whole = Rect(0, 0, labels.shape[1], labels.shape[0])
    trunks = find_trunks(labels, trees)
    if trunks is None:
        return np.zeros(labels.shape, bool)
    left = trunks.left_out(whole, labels, SurfaceLabels(trees=trees))
    assert np.array_equal(left[left != NOTHING], labels[left != NOTHING])
    return left == NOTHING


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wide", [0.012, 0.03, 0.07])
@pytest.mark.parametrize("lean", [0.0, 0.006, -0.01])
def test_a_trunk_below_its_crown_is_found_and_the_crown_is_not(size, wide, lean):
    labels = empty(size)
    there = trunk(labels, 0.5, 0.15, 0.45, wide, lean)
    crown(labels, 0.5, 0.12, 0.1)
    seen, width = found(labels), size[1]
    curved = round(0.24 * width)  # the crown ends above it, and is as narrow as a trunk just there
    assert not seen[: round(0.19 * width)].any()
    assert not (seen & ~there)[curved:].any()
    assert seen[there & (np.arange(size[0]) >= curved)[:, None]].mean() > 0.98


def test_what_has_no_crown_above_it_is_no_trunk():
    labels = empty((512, 1024))
    cv2.ellipse(labels, (200, 250), (25, 180), 0, 0, 360, TREE, -1)  # a poplar
    labels[400:440, 400:900] = TREE  # a hedge
    crown(labels, 0.7, 0.2, 0.08)  # a bush
    assert not found(labels).any()


def test_a_trunk_whose_crown_lies_above_the_picture_is_found():
    labels = empty((512, 1024))
    there = trunk(labels, 0.4, -0.1, 0.4, 0.05)
    assert found(labels)[there].mean() > 0.98
    lower = empty((512, 1024))
    trunk(lower, 0.4, 0.1, 0.4, 0.05)
    assert not found(lower).any()


def test_a_crown_that_the_pictures_side_cuts_narrow_is_no_part_of_its_trunk():
    labels = empty((512, 1024))
    crown(labels, 1.0, 0.1, 0.11)
    there = trunk(labels, 0.99, 0.2, 0.45, 0.03)
    seen = found(labels)
    assert not seen[: round(0.19 * 1024)].any()
    assert seen[there & (np.arange(512) > 0.24 * 1024)[:, None]].mean() > 0.98


def test_poles_do_not_cut_trunks_out_of_crowns():
    labels = empty((512, 1024))
    crown(labels, 0.5, 0.2, 0.12)
    pole = trunk(labels, 0.45, 0.15, 0.48, 0.008, label=POLE)
    assert not found(labels).any()
    assert (labels[pole] == POLE).all()
    lit = trunk(labels, 0.5, 0.3, 0.48, 0.03)
    pole = trunk(labels, 0.5, 0.15, 0.48, 0.006, label=POLE)
    seen = found(labels)
    assert seen[lit & ~pole & (np.arange(512) > 340)[:, None]].mean() > 0.95
    assert not seen[pole].any()


def test_other_labels_and_schemas_without_trees_have_no_trunks():
    labels = empty((512, 1024))
    trunk(labels, 0.5, 0.15, 0.45, 0.03)
    crown(labels, 0.5, 0.12, 0.1)
    assert find_trunks(labels, ()) is None
    assert find_trunks(labels, (WALL,)) is None
    assert find_trunks(empty((512, 1024)), (TREE,)) is None
    assert find_trunks(empty((1, 1)), (WALL,)) is None


@pytest.mark.parametrize("size", [(256, 512), (301, 777), (300, 1100), (48, 64)])
def test_a_part_has_the_trunks_of_the_whole(size):
    labels = empty(size)
    trunk(labels, 0.5, 0.1, 0.35, 0.03)
    crown(labels, 0.5, 0.08, 0.1)
    trunks, whole = find_trunks(labels, (TREE,)), found(labels)
    assert trunks is not None and whole.any()
    height, width = size
    for rect in (
        Rect(0, 0, width, height),
        Rect(width // 3, height // 3, width // 2 + 5, height - 1),
        Rect(width // 2 - 3, height // 2, width, height),
        Rect(0, 0, 5, 5),
    ):
        part = labels[rect.slices]
        before = part.copy()
        left = trunks.left_out(rect, part, GREEN)
        assert np.array_equal(left == NOTHING, whole[rect.slices])
        assert np.array_equal(part, before)


def test_leaves_are_drawn_on_crowns_alone():
    labels = empty((512, 1024))
    there = trunk(labels, 0.5, 0.15, 0.45, 0.03)
    crown(labels, 0.5, 0.12, 0.1)
    seen = found(labels)
    channels = surface_coordinates(labels, GREEN)
    plain = surface_coordinates(labels, SurfaceLabels(foliage=(TREE,)))
    assert not channels[:, seen].any() and plain[6:8][:, seen].any()
    assert np.array_equal(channels[:, ~seen], plain[:, ~seen])
    assert seen[there].mean() > 0.6
