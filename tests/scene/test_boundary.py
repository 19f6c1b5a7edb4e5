from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.scene.boundary import boundary_map

ARRAYS = Path(__file__).parents[1] / "golden" / "arrays"
WITH_EDGES = [
    "global_full",
    "global_160x96",
    "global_96x64",
    "global_88x56_not_multiple",
    "local_160x96",
    "local_64x64",
    "local2_128x64",
    "local2_96x64",
    "local_feat_sampled_192x96",
    "local_feat_sampled_96x64",
    "local_feat_encoded_128x64",
]


def by_double_loop(instances):
    height, width = instances.shape
    edges = np.zeros((height, width), bool)
    for y in range(height):
        for x in range(width):
            for other_y, other_x in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if 0 <= other_y < height and 0 <= other_x < width:
                    edges[y, x] |= instances[y, x] != instances[other_y, other_x]
    return edges


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (7, 1), (2, 2), (9, 13)])
def test_the_boundary_map_agrees_with_a_double_loop(shape):
    rng = np.random.default_rng(0)
    for _ in range(20):
        instances = rng.choice([7, 26001, 26002], shape, p=[0.8, 0.1, 0.1]).astype(np.int32)
        edges = boundary_map(instances)
        assert edges.dtype == np.bool_
        np.testing.assert_array_equal(edges, by_double_loop(instances))


@pytest.mark.parametrize("name", WITH_EDGES)
def test_the_boundary_map_agrees_with_the_official_one(name):
    with np.load(ARRAYS / f"{name}.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(boundary_map(arrays["inst"]), arrays["edge"].astype(bool))


def test_tensors_and_batches_give_what_arrays_give():
    torch = pytest.importorskip("torch")
    instances = np.random.default_rng(1).integers(0, 3, (2, 1, 8, 9), np.int32)
    expected = np.stack([boundary_map(picture[0])[None] for picture in instances])
    np.testing.assert_array_equal(boundary_map(instances), expected)
    edges = boundary_map(torch.from_numpy(instances))
    assert edges.dtype == torch.bool
    np.testing.assert_array_equal(edges.numpy(), expected)


def test_the_instance_map_stays_as_it_is():
    instances = np.arange(6, dtype=np.int32).reshape(2, 3)
    instances.flags.writeable = False
    assert boundary_map(instances).all()
