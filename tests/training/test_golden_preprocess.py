"""Reading and preparing training samples against the official code's tensors."""

from __future__ import annotations

import random

import numpy as np
import pytest

from model.errors import MapError
from model.scene.maps import read_instance_map, read_label_map, read_picture
from model.training.preprocess import (
    Draw,
    Preprocess,
    draw,
    prepare_features,
    prepare_map,
    prepare_picture,
    resized_size,
)
from tests import golden_data as data

CASES = data.meta()["preprocess"]
ROUNDING = data.meta()["make_power_2_rounding"]


def settings(case: dict) -> Preprocess:
    steps = case["n_downsample_global"]
    if case["netG"] == "local":
        steps += case["n_local_enhancers"]
    return Preprocess(
        mode=case["resize_or_crop"],
        load_size=case["loadSize"],
        fine_size=case["fineSize"],
        multiple=2**steps,
        flip=case["isTrain"],
    )


def drawn(case: dict) -> Draw:
    size = data.arrays("preprocess")["label"].shape
    return draw(settings(case), size, random.Random(case["python_random_seed"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['index']:02}")
def test_crop_and_flip_are_drawn_as_in_the_official_code(case):
    found = drawn(case)
    assert [found.x, found.y] == case["crop_pos"]
    assert found.flip == (case["flip"] and case["isTrain"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['index']:02}")
def test_a_prepared_sample_is_the_official_one(case, golden):
    stored, prefix = data.arrays("preprocess"), f"{case['index']:02}_"
    labels = prepare_map(stored["label"], settings(case), drawn(case))
    assert (labels.dtype, labels.shape[::-1]) == (np.uint8, tuple(case["out_size_wh"]))
    assert np.array_equal(labels, stored[prefix + "label"])
    instances = prepare_map(stored["inst"], settings(case), drawn(case))
    assert instances.dtype == np.int32
    assert np.array_equal(instances, stored[prefix + "inst"])
    if prefix + "image_u8" in stored:
        picture = prepare_picture(stored["image"], settings(case), drawn(case))
        difference = data.worst(picture, stored[prefix + "image_u8"])
        golden("preprocessed picture (levels)", difference, data.LEVEL_LIMIT)


def test_half_of_the_samples_are_mirrored_by_the_third_number_drawn():
    asked = Preprocess(mode="crop", fine_size=16)
    for seed in range(100):
        plain = random.Random(seed)
        x, y = plain.randint(0, 24), plain.randint(0, 4)
        assert draw(asked, (20, 40), random.Random(seed)) == Draw(x, y, plain.random() > 0.5)


@pytest.mark.parametrize(("height", "expected"), [(101, 68), (102, 68), (103, 69)])
def test_a_scaled_height_is_rounded_down(height, expected):
    asked = Preprocess(mode="scale_width", load_size=128)
    assert resized_size(asked, (height, 190)) == (expected, 128)


@pytest.mark.parametrize("multiple", ROUNDING)
def test_sides_are_rounded_to_a_multiple_as_in_the_official_code(multiple):
    for side, rounded in ROUNDING[multiple].items():
        asked = Preprocess(mode="none", multiple=int(multiple))
        if rounded:
            assert resized_size(asked, (int(side), 1024)) == (rounded, 1024)
        else:
            with pytest.raises(MapError, match="too small"):
                resized_size(asked, (int(side), 1024))


def test_feature_pictures_keep_their_exact_values():
    stored = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
    prepared = prepare_features(stored, Preprocess(mode="resize", load_size=32), Draw(0, 0, False))
    assert np.array_equal(prepared, stored.repeat(2, 0).repeat(2, 1))


def test_the_maps_of_a_file_are_the_official_tensors():
    stored = data.arrays("loader_test")
    path = data.DATASETS.parent / str(stored["path"])
    labels = read_label_map(path)
    instances = read_instance_map(
        data.STREETS / "test_inst" / path.name.replace("labelIds", "instanceIds")
    )
    assert np.array_equal(labels, stored["label"][0])
    assert np.array_equal(instances, stored["inst"][0])


def test_a_shrunk_training_sample_is_the_official_one():
    stored, name = data.arrays("precompute_features"), "street_000104"
    shrink, unchanged = Preprocess(mode="scale_width", load_size=128), Draw(0, 0, False)
    labels = read_label_map(data.STREETS / "train_label" / f"{name}_gtFine_labelIds.png")
    instances = read_instance_map(data.STREETS / "train_inst" / f"{name}_gtFine_instanceIds.png")
    picture = read_picture(data.STREETS / "train_img" / f"{name}_leftImg8bit.png")
    assert np.array_equal(prepare_map(labels, shrink, unchanged), stored["label"][0])
    assert np.array_equal(prepare_map(instances, shrink, unchanged), stored["inst"][0])
    prepared = data.signed(prepare_picture(picture, shrink, unchanged))[0]
    assert data.worst(prepared, stored["image"]) <= 1e-6


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="squeeze"):
        Preprocess(mode="squeeze")
