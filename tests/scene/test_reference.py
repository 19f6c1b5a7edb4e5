from __future__ import annotations

import numpy as np
import pytest

from model.scene.reference import dense_instances, instance_boxes, spatial_reference


@pytest.fixture
def instances() -> np.ndarray:
    rng = np.random.default_rng(3)
    blocks = rng.choice([7, 11, 23, 26000, 26001, 24003], (6, 10))
    return np.kron(blocks, np.ones((8, 8), int)).astype(np.int32)


def test_boxes_are_those_of_the_plainest_search(instances: np.ndarray) -> None:
    index, boxes = instance_boxes(instances)
    for number, instance_id in enumerate(np.unique(instances)):
        rows, columns = np.nonzero(instances == instance_id)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert boxes[number].tolist() == box
        assert (index[instances == instance_id] == number).all()


@pytest.mark.parametrize("huge", [0, 2**30])
def test_dense_numbers_give_the_ids_back(instances: np.ndarray, huge: int) -> None:
    shifted = instances.copy()
    shifted[0, 0] += huge
    ids, index = dense_instances(shifted)
    np.testing.assert_array_equal(ids, np.unique(shifted))
    np.testing.assert_array_equal(ids[index], shifted)


def test_channels_are_what_they_are_named(instances: np.ndarray) -> None:
    height, width = instances.shape
    channels = spatial_reference(instances) / 127
    for y, x in [(0, 0), (5, 70), (height - 1, width - 1), (20, 33)]:
        same = instances == instances[y, x]
        rows, columns = np.nonzero(same)
        top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
        expected = [
            (y + 0.5) / height * 2 - 1,
            (x + 0.5 - left) / (right - left) * 2 - 1,
            (y + 0.5 - top) / (bottom - top) * 2 - 1,
        ]
        np.testing.assert_allclose(channels[:3, y, x], expected, atol=0.5 / 127 + 1e-6)
        size = max(np.log2((bottom - top) / height) / 3 + 1, -1)
        assert channels[4, y, x] == pytest.approx(size, abs=0.5 / 127 + 1e-6)


def test_distance_is_that_to_the_nearest_boundary_pixel_and_saturates() -> None:
    instances = np.full((64, 64), 7, np.int32)
    instances[:, 40:] = 11
    row = spatial_reference(instances)[3, 30] / 127
    for x in range(64):
        distance = min(abs(x - 39), abs(x - 40))
        assert row[x] == pytest.approx((distance - 2) / (distance + 2), abs=0.02)
