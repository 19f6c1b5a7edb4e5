"""Official checkpoint folders opened as a user opens them, against the official code's pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.checkpoint import (
    load_discriminator,
    load_encoder,
    load_generator,
    open_checkpoint,
    ready_to_train,
)
from model.conditioning import build_conditioning
from model.pixels import to_bytes
from tests import golden_data as data
from tests.networks.test_golden_generators import CASES, conditioning

FIRST_CASE = {checkpoint: name for name, checkpoint in reversed(CASES.items())}
SPLITS = {"legacy_instance": "35+1", "legacy_batchnorm": "35"}  # no opt.txt beside the weights


def opened(checkpoint: str):
    return open_checkpoint(data.CHECKPOINTS / checkpoint, SPLITS.get(checkpoint))


@pytest.mark.parametrize("checkpoint", [*FIRST_CASE, "legacy_batchnorm"])
def test_an_official_folder_draws_the_official_picture(checkpoint, golden):
    name = FIRST_CASE.get(checkpoint, "batchnorm_128x64")
    with torch.no_grad():
        picture = load_generator(opened(checkpoint))(conditioning(name))
    stored = data.arrays(name)
    expected = stored["output"] if "output" in stored else stored["output_sub2"]
    step = picture.shape[-1] // expected.shape[-1]
    difference = data.worst(
        picture[..., ::step, ::step], expected if expected.ndim == 4 else expected[None]
    )
    golden(f"opened checkpoint {checkpoint}", difference, data.PICTURE_LIMIT)


@pytest.mark.parametrize("checkpoint", FIRST_CASE)
def test_the_conditioning_is_recovered_from_the_folder(checkpoint):
    assert opened(checkpoint).conditioning == data.conditioning_config(checkpoint)


@pytest.mark.parametrize("checkpoint", ["global", "local_feat", "rgb", "batchnorm"])
def test_the_discriminator_is_recovered_from_the_folder(checkpoint):
    config = opened(checkpoint).discriminator_config
    own = data.discriminator(checkpoint).state_dict()
    found = ready_to_train(load_discriminator(opened(checkpoint))).state_dict()
    assert config.scales == data.DISCRIMINATORS[checkpoint].scales
    assert own.keys() == found.keys()
    assert all(torch.equal(own[name], found[name]) for name in own)


def test_the_encoder_is_recovered_from_the_folder(golden):
    stored = data.arrays("encoder_full")
    with torch.no_grad():
        raw = load_encoder(opened("local_feat"))(data.signed(stored["image_u8"]))
    difference = data.worst(raw[..., ::4, ::4], stored["raw_sub4"])
    golden("opened checkpoint local_feat, encoder", difference, data.PICTURE_LIMIT)


def test_pictures_become_bytes_as_in_the_official_code():
    stored = data.arrays("visual")
    values = torch.from_numpy(stored["tensor2im_in"])[None, :, None]
    three = to_bytes(values.repeat(1, 1, 3))[0].numpy()
    assert np.array_equal(three, stored["tensor2im_out"][:, None].repeat(3, 1))
    four = torch.cat([values, torch.full((1, 4097, 3), 0.5)], 2)
    first = stored["tensor2im_4ch_is_first_channel"]
    assert np.array_equal(to_bytes(four)[0].numpy(), first[:, None].repeat(3, 1))


@pytest.mark.parametrize("name", [n for n in CASES if "output_u8" in data.arrays(n)])
def test_the_official_picture_becomes_the_official_bytes(name):
    stored = data.arrays(name)
    picture = torch.from_numpy(stored["output"]).permute(1, 2, 0)
    assert np.array_equal(to_bytes(picture.clone()).numpy(), stored["output_u8"])


def test_precomputed_feature_pictures_are_the_official_bytes():
    stored = data.arrays("precompute_features")
    features = torch.from_numpy(stored["feat"]).permute(1, 2, 0)
    doubled = to_bytes(features.clone()).numpy().repeat(2, 0).repeat(2, 1)
    assert np.array_equal(doubled, stored["feat_png"])


def test_the_input_of_an_rgb_checkpoint_is_the_official_one():
    stored = data.arrays("rgb_128x64")
    built = build_conditioning(opened("rgb").conditioning, data.signed(stored["A_u8"]))
    assert np.array_equal(built[0].numpy(), stored["input"])
    shown = to_bytes(built[0].permute(1, 2, 0)).numpy()
    assert np.array_equal(shown, stored["label_vis"])
