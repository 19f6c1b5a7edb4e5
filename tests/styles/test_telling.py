"""Which styles have what is drawn in some alone, from features and modes that are made up."""

from __future__ import annotations

import numpy as np

from model.scene.surface_labels import SurfaceLabels
from model.styles.clusters import InstanceRows
from model.styles.telling import known_modes, tell_all, tell_apart


def test_styles_are_told_from_others_by_any_mixture_of_features():
    random = np.random.default_rng(3)
    features = random.normal(size=(300, 4)).astype(np.float32) * [1, 0.01, 5, 1]
    cobbled = features[:, 0] - 90 * features[:, 1] > 0.4
    *weights, least = tell_apart(features, cobbled)
    told = [sum(w * f for w, f in zip(weights, row, strict=True)) + least > 0 for row in features]
    assert np.mean(np.array(told) == cobbled) > 0.97
    assert all(type(each) is float for each in (*weights, least))


def test_too_few_roads_of_a_kind_tell_nothing():
    features = np.eye(9, dtype=np.float32)
    for cobbles in (0, 2, 7, 9):
        assert tell_apart(features, np.arange(9) < cobbles) == ()
    assert tell_apart(features, np.arange(9) < 3) != ()


def test_things_of_which_the_mode_is_known_are_asked_alone():
    rows = InstanceRows(
        np.array([7, 8, 9, 26001]), np.arange(8, dtype=np.float32).reshape(4, 2), np.ones(4), 4
    )
    names = {7: "road/cobblestone", 8: "sidewalk/slabs", 26001: "car/red"}
    other = {7: "road/asphalt", 8: "sidewalk/asphalt", 9: "parking/cobblestone"}
    pictures = [(rows, names), (rows, other), (rows, {8: "sidewalk/paving"})]
    features, cobbled = known_modes(pictures, (7, 9), ("/cobblestone",))
    assert features.tolist() == [[0, 1], [0, 1], [4, 5]]
    assert cobbled.tolist() == [True, False, True]
    features, slabbed = known_modes(pictures, (8,), ("/slabs", "/paving"))
    assert features.tolist() == [[2, 3]] * 3
    assert slabbed.tolist() == [True, False, True]


def test_all_that_enough_things_have_and_lack_is_told():
    def row(numbers: dict[int, tuple[float, ...]]) -> InstanceRows:
        features = np.array([*numbers.values()], np.float32)
        return InstanceRows(np.array([*numbers]), features, np.ones(len(numbers)), 1)

    known, pictures = SurfaceLabels(ground=(7, 8), slabs=(8,), walls=(11,), lights=(19,)), []
    for n in range(18):
        red, brick, glass = n % 2 == 0, n % 3 == 0, n % 4 == 2
        rows = row({19: (float(red), 0, 1), 11001: (brick, glass, n / 20), 7: (n / 12, 0, 0)})
        wall = "brick_red" if brick else "glass" if glass else "sandstone"
        light = "red" if red else "amber"
        pictures.append((rows, {19: f"traffic light/{light}", 11001: f"building/{wall}"}))
    told = tell_all(pictures, known)
    assert set(told) == {"bricked", "windowed", "red", "amber"}  # no mode of roads, no green light
    for name, has, has_not in (
        ("bricked", (1, 0, 0.3), (0, 0, 0.3)),
        ("windowed", (0, 0, 0.3), (0, 1, 0.3)),
        ("red", (1, 0, 1), (0, 0, 1)),
        ("amber", (0, 0, 1), (1, 0, 1)),
    ):
        *weights, least = told[name]
        assert np.dot(weights, has) + least > 0 > np.dot(weights, has_not) + least
