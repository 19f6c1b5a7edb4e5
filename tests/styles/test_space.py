"""The space of a label's styles: axes, interpolation, and how far is too far."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.styles.book import StyleBook
from model.styles.space import FAR, StyleSpace

CAR = 26


def space_of(centers, sizes=None) -> StyleSpace:
    rows = np.array(centers, np.float32)
    sizes = np.arange(len(rows), 0, -1) if sizes is None else np.array(sizes)
    return StyleSpace.of(StyleBook({CAR: rows}, {CAR: sizes}), CAR)


def cloud(clusters: int, features: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(clusters, features))


@pytest.mark.parametrize("features", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("clusters", [1, 2, 3, 10])
def test_every_style_has_a_place_and_the_place_gives_it_back(clusters, features):
    centers = cloud(clusters, features)
    space = space_of(centers)
    for vector in [*centers, *cloud(5, features, 1)]:
        found = space.coordinates(tuple(vector))
        assert space.vector(found) == pytest.approx(tuple(vector), abs=1e-6)
        again = space.at(found[: space.plane], space.offset(found))
        assert again == pytest.approx(found, abs=1e-9)
    assert (space.extents > 0).all() and space.spread > 0
    assert np.isfinite(space.axes).all()
    assert space.axes @ space.axes.T == pytest.approx(np.eye(features), abs=1e-9)


@given(st.integers(0, 50), st.integers(3, 12), st.integers(2, 5))
def test_the_first_axes_carry_most_of_the_difference(seed, clusters, features):
    space = space_of(cloud(clusters, features, seed))
    variances = space.weights @ (space.dots - space.weights @ space.dots) ** 2
    assert (np.diff(variances) <= 1e-9).all()


def test_every_cluster_lies_inside_what_is_shown():
    space = space_of(cloud(10, 3))
    assert (np.abs(space.dots) < space.extents).all()


def test_going_from_dot_to_dot_on_the_pad_goes_from_style_to_style():
    centers = cloud(6, 5)
    space = space_of(centers)
    nothing = np.zeros(3)
    ends = [space.dots[which, :2] for which in (0, 3)]
    for end, which in zip(ends, (0, 3), strict=True):
        assert space.vector(space.at(end, nothing)) == pytest.approx(centers[which], abs=1e-5)
    way = [space.at((1 - t) * ends[0] + t * ends[1], nothing) for t in np.linspace(0, 1, 200)]
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    assert steps.max() < 0.2  # it is continuous


def test_far_is_measured_from_the_hull():
    space = space_of([[-1, -1, 0], [1, -1, 0], [-1, 1, 0], [1, 1, 0]], [1, 1, 1, 1])
    inside = [(0, 0, 0), (0.9, 0.9, 0), (1, 0, 0)]
    for each in inside:
        assert space.beyond(space.coordinates(each)) == pytest.approx(0, abs=1e-9)
    for outside, distance in (((3, 0, 0), 2), ((2, 2, 0), np.sqrt(2)), ((0.3, 0.2, 5), 5)):
        found = space.beyond(space.coordinates(outside))
        assert found == pytest.approx(distance / space.spread, abs=1e-6)
    assert space.beyond(space.coordinates((3, 0, 0))) > FAR


@given(st.integers(0, 200), st.integers(1, 12), st.integers(1, 6))
def test_the_distance_is_no_larger_than_to_any_mixture(seed, clusters, features):
    random = np.random.default_rng(seed)
    space = space_of(random.normal(size=(clusters, features)))
    point = random.normal(size=features) * 2
    found = space.beyond(point) * space.spread
    mixtures = random.dirichlet(np.ones(clusters), 300) @ space.dots
    assert found <= np.linalg.norm(mixtures - point, axis=1).min() + 1e-6


def test_a_label_with_one_cluster_has_a_pad_of_the_usual_size():
    one, many = np.zeros((1, 3), np.float32), cloud(10, 3).astype(np.float32)
    book = StyleBook({CAR: one, 11: many}, {CAR: np.array([4]), 11: np.ones(10, int)})
    space, usual = StyleSpace.of(book, CAR), StyleSpace.of(book, 11)
    assert usual.extents[0] / 20 < space.extents[0] < usual.extents[0]
