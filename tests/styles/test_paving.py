"""Which styles are paved, from features and modes that are made up."""

from __future__ import annotations

import numpy as np

from model.styles.clusters import InstanceRows
from model.styles.paving import COBBLED, SLABBED, known_ground, tell_paved


def test_paved_styles_are_told_from_others_by_any_mixture_of_features():
    random = np.random.default_rng(3)
    features = random.normal(size=(300, 4)).astype(np.float32) * [1, 0.01, 5, 1]
    cobbled = features[:, 0] - 90 * features[:, 1] > 0.4
    *weights, least = tell_paved(features, cobbled)
    told = [sum(w * f for w, f in zip(weights, row, strict=True)) + least > 0 for row in features]
    assert np.mean(np.array(told) == cobbled) > 0.97
    assert all(type(each) is float for each in (*weights, least))


def test_too_few_roads_of_a_kind_tell_nothing():
    features = np.eye(9, dtype=np.float32)
    for cobbles in (0, 2, 7, 9):
        assert tell_paved(features, np.arange(9) < cobbles) == ()
    assert tell_paved(features, np.arange(9) < 3) != ()


def test_ground_of_which_the_mode_is_known_is_asked_alone():
    rows = InstanceRows(
        np.array([7, 8, 9, 26001]), np.arange(8, dtype=np.float32).reshape(4, 2), np.ones(4), 4
    )
    names = {7: "road/cobblestone", 8: "sidewalk/slabs", 26001: "car/red"}
    other = {7: "road/asphalt", 8: "sidewalk/asphalt", 9: "parking/cobblestone"}
    pictures = [(rows, names), (rows, other), (rows, {8: "sidewalk/paving"})]
    features, cobbled = known_ground(pictures, (7, 9), COBBLED)
    assert features.tolist() == [[0, 1], [0, 1], [4, 5]]
    assert cobbled.tolist() == [True, False, True]
    features, slabbed = known_ground(pictures, (8,), SLABBED)
    assert features.tolist() == [[2, 3]] * 3
    assert slabbed.tolist() == [True, False, True]
