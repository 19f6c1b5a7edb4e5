"""Discriminators against the official code's numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from model.conditioning import ConditioningConfig, condition_maps
from model.networks.discriminator import DiscriminatorConfig, MultiscaleDiscriminator
from tests import golden_data as data

CASES = {  # array set -> checkpoint
    "disc_num3": "local_feat",
    "disc_num3_160x96": "local_feat",
    "disc_num2": "global",
    "disc_no_interm": "d_no_interm",
}


def maps(name: str) -> list[list[torch.Tensor]]:
    stored = data.arrays(name)
    labels, instances = data.batch_of(stored["label"], 3), data.batch_of(stored["inst"], 3)
    seen = condition_maps(ConditioningConfig(), labels, instances)
    with torch.no_grad():
        return data.discriminator(CASES[name])(
            torch.cat([seen, data.signed(stored["image_u8"])], 1)
        )


@pytest.mark.parametrize("name", CASES)
def test_a_discriminator_scores_as_the_official_one_finest_scale_first(name, golden):
    stored = data.arrays(name)
    for scale, found in enumerate(maps(name)):
        difference = data.worst(found[-1], stored[f"final_{scale}"])
        golden(f"discriminator {CASES[name]}", difference, data.PICTURE_LIMIT)


@pytest.mark.parametrize("name", CASES)
def test_every_map_for_feature_matching_is_the_official_one(name, golden):
    stored, found = data.arrays(name), maps(name)
    shapes = np.array([[list(m.shape) for m in scale] for scale in found])
    assert np.array_equal(shapes, stored["shape"])
    mean = np.array([[m.double().mean().item() for m in scale] for scale in found])
    spread = np.array([[m.double().std(correction=0).item() for m in scale] for scale in found])
    difference = max(data.worst(mean, stored["mean"]), data.worst(spread, stored["std"]))
    golden(f"discriminator {CASES[name]}", difference, data.PICTURE_LIMIT)


@pytest.mark.parametrize("checkpoint", ["rgb", "batchnorm"])
def test_discriminators_of_every_form_take_the_official_weights(checkpoint):
    network = data.discriminator(checkpoint)
    with torch.no_grad():
        found = network(torch.zeros(1, network.config.input_channels, 64, 64))
    assert len(found) == network.config.scales


def test_widths_stop_growing_at_512():
    with torch.device("meta"):
        network = MultiscaleDiscriminator(DiscriminatorConfig(input_channels=39, layers=5))
    widths = [layer.out_channels for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    assert widths == 2 * [64, 128, 256, 512, 512, 512, 1]
