"""Roads of modular streets are as dark as the grain that their channels show."""

from __future__ import annotations

import numpy as np
import pytest

from model.scene.reference import REFERENCE_SCALE
from model.scene.street_grid import GRAIN
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.streets.labels import LabelId
from model.streets.render.grain import with_told_grain

SIZE = (256, 512)
GREY = 200


@pytest.fixture
def labels() -> np.ndarray:
    """A road between pavements, below a wall."""
    labels = np.full(SIZE, LabelId.BUILDING, np.uint8)
    labels[140:] = LabelId.SIDEWALK
    labels[140:, 150:400] = LabelId.ROAD
    return labels


def test_roads_are_darker_where_their_channel_has_grain(labels):
    picture = np.full((*SIZE, 3), GREY, np.uint8)
    found = with_told_grain(picture, labels)[..., 0].astype(float)
    channels = surface_coordinates(labels, SurfaceLabels(ground=(LabelId.ROAD,)))
    second = channels[7] / REFERENCE_SCALE
    assert (second < -0.3 * GRAIN).any() and (second > 0.5).any()
    for row, column in np.argwhere(labels == LabelId.ROAD)[::7].tolist():
        grain = max(0, -second[row, column]) / GRAIN
        assert abs(found[row, column] - GREY * 2 ** (-0.25 * grain)) <= 0.51


def test_all_else_stays_as_it_is(labels):
    picture = np.random.default_rng(1).integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    found = with_told_grain(picture, labels)
    elsewhere = labels != LabelId.ROAD
    assert np.array_equal(found[elsewhere], picture[elsewhere])
    labels[:] = LabelId.SKY
    assert np.array_equal(with_told_grain(picture, labels), picture)
