from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from model.scene.geometry import Rect
from model.scene.instances import InstanceInfo, find_instances, free_instance_id
from model.scene.labels import Label


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (6, 8)])
def test_instances_agree_with_looking_for_each_id_alone(shape):
    rng = np.random.default_rng(0)
    for _ in range(20):
        instances = rng.choice([7, 26001, 26002, 24000], shape, p=[0.7, 0.1, 0.1, 0.1])
        instances = instances.astype(np.int32)
        expected = []
        for instance_id, label_id in ((7, 7), (24000, 24), (26001, 26), (26002, 26)):
            mask = instances == instance_id
            if mask.any():
                info = InstanceInfo(instance_id, label_id, Rect.around(mask), int(mask.sum()))
                expected.append(info)
        assert find_instances(instances) == expected


def test_free_ids_fill_gaps_first():
    car = Label(26, "car", (0, 0, 0), has_instances=True)
    assert free_instance_id(car, ()) == 26000
    assert free_instance_id(car, {26000, 26002}) == 26001


def test_uncounted_labels_have_their_own_id_only():
    assert free_instance_id(Label(7, "road", (0, 0, 0)), {7}) == 7


@pytest.mark.parametrize("label_id", [0, 66])
def test_labels_whose_instances_no_file_could_hold_have_no_free_id(label_id):
    label = Label(label_id, "odd", (0, 0, 0), has_instances=True)
    with pytest.raises(InputError, match="'odd'"):
        free_instance_id(label, ())


def test_ids_stop_where_16_bits_do():
    label = Label(65, "last", (0, 0, 0), has_instances=True)
    assert free_instance_id(label, range(65000, 65535)) == 65535
    with pytest.raises(InputError, match="'last'"):
        free_instance_id(label, range(65000, 65536))
