"""Crowns of modular streets follow the noise that their channels show."""

from __future__ import annotations

import numpy as np
import pytest

from model.scene.reference import REFERENCE_SCALE
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.streets.labels import LabelId
from model.streets.render.foliage import with_told_leaves

GREEN, BLUE = (60, 110, 40), (180, 200, 220)
SIZE = (256, 512)
CROWN = np.s_[40:200, 100:400]


def scene(gaps: np.ndarray | None = None):
    """A green crown before a blue sky: picture, ids as drawn and as annotated."""
    seen = np.full(SIZE, LabelId.SKY, np.int32)
    seen[CROWN] = LabelId.VEGETATION
    annotated = seen.copy()
    if gaps is not None:
        seen[gaps & (annotated == LabelId.VEGETATION)] = LabelId.SKY
    leaves = (seen == LabelId.VEGETATION)[..., None]
    picture = np.where(leaves, np.uint8(GREEN), np.uint8(BLUE))
    return picture, seen, annotated


def told() -> np.ndarray:
    """(2, H, W) in [-1, 1]: the channels of foliage, as networks get them."""
    labels = np.full(SIZE, LabelId.VEGETATION, np.uint8)
    channels = surface_coordinates(labels, SurfaceLabels(foliage=(21,)))
    return channels[6:8] / REFERENCE_SCALE


def test_crowns_are_as_light_as_their_channels():
    picture, seen, annotated = scene()
    found = with_told_leaves(picture, seen, annotated).astype(float)
    fine, coarse = told()
    inner = np.s_[50:190, 110:390]
    brightness = np.log2(found[inner].mean(-1))
    assert np.corrcoef(brightness.ravel(), (fine + coarse)[inner].ravel())[0, 1] > 0.9
    assert np.corrcoef(brightness.ravel(), fine[inner].T.ravel())[0, 1] < 0.3


def test_all_else_stays_as_it_is():
    picture, seen, annotated = scene()
    found = with_told_leaves(picture, seen, annotated)
    outside = np.ones(SIZE, bool)
    outside[30:210, 90:410] = False
    assert (found[outside] == picture[outside]).all()
    seen[:] = annotated[:] = LabelId.SKY
    assert (with_told_leaves(picture, seen, annotated) == picture).all()


def test_gaps_of_crowns_are_filled_where_noise_is_dark():
    gaps = np.zeros(SIZE, bool)
    gaps[60:180, 150:350:12] = gaps[60:180, 151:350:12] = True
    gaps[60:180, 152:350:12] = gaps[60:180, 153:350:12] = True
    picture, seen, annotated = scene(gaps)
    found = with_told_leaves(picture, seen, annotated).astype(float)
    bluish = found[..., 2] > found[..., 1]
    fine, coarse = told()
    dark, light = (fine + coarse) < -0.2, (fine + coarse) > 0.6
    assert bluish[gaps & dark].mean() < 0.05
    assert bluish[gaps & light].mean() > 0.8


def test_twigs_too_thin_for_a_mean_color_do_not_turn_black():
    gaps = np.ones(SIZE, bool)
    gaps[:, ::8] = False
    picture, seen, annotated = scene(gaps)
    found = with_told_leaves(picture, seen, annotated)
    assert found[CROWN].min() > 0.3 * min(GREEN)


@pytest.mark.parametrize("width", [512, 1024])
def test_noise_lies_where_channels_of_that_size_have_it(width):
    size = (width // 2, width)
    ids = np.full(size, LabelId.VEGETATION, np.int32)
    found = with_told_leaves(np.full((*size, 3), 90, np.uint8), ids, ids).astype(float)
    channels = surface_coordinates(ids.astype(np.uint8), SurfaceLabels(foliage=(21,)))
    both = channels[6:8].astype(float).sum(0)
    assert np.corrcoef(found.mean(-1).ravel(), both.ravel())[0, 1] > 0.9


def test_trunks_stay_as_they_are():
    picture, seen, annotated = scene()
    below = np.s_[200:250, 240:250]
    seen[below] = annotated[below] = LabelId.VEGETATION
    picture[below] = (70, 50, 40)
    found = with_told_leaves(picture, seen, annotated)
    inner = np.s_[204:250, 241:249]
    assert (found[inner] == picture[inner]).all()
    assert (found[CROWN] != picture[CROWN]).any()
