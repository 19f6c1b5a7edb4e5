"""Generators and conditioning against the official code's numbers.

Arrays not read here: see the docstrings of the other golden modules.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.conditioning import build_conditioning
from model.scene.boundary import boundary_map
from tests import golden_data as data

CASES = {  # array set -> checkpoint
    "global_full": "global",
    "global_160x96": "global",
    "global_96x64": "global",
    "global_88x56_not_multiple": "global",
    "local_160x96": "local",
    "local_64x64": "local",
    "local_batch2": "local",
    "local2_128x64": "local2",
    "local2_96x64": "local2",
    "batchnorm_128x64": "batchnorm",
    "legacy_instance_128x64": "legacy_instance",
    "rgb_128x64": "rgb",
    "local_feat_sampled_192x96": "local_feat",
    "local_feat_sampled_96x64": "local_feat",
    "local_feat_encoded_128x64": "local_feat",
    "local_feat_loaded_full": "local_feat",
}


def conditioning(name: str, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    stored, config = data.arrays(name), data.conditioning_config(CASES[name])
    if config.rgb:
        return build_conditioning(config, data.signed(stored["A_u8"]), dtype=dtype)
    instances = data.batch_of(stored["inst"], 3) if "inst" in stored else None
    features = data.batch_of(stored["feat"], 4) if config.feature_channels else None
    labels = data.batch_of(stored["label"], 3)
    return build_conditioning(config, labels, instances, features, dtype=dtype)


def outputs(name: str, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, np.ndarray]:
    """Our picture and the official one, both (N, 3, H, W) or subsampled alike."""
    network = data.generator(CASES[name]).to(dtype)
    with torch.no_grad():
        picture = network(conditioning(name, dtype))
    stored = data.arrays(name)
    if "output_sub2" in stored:
        return picture[..., ::2, ::2], stored["output_sub2"][None]
    expected = stored["output"]
    return picture, expected if expected.ndim == 4 else expected[None]


def with_arrays(*needed: str) -> list[str]:
    return [name for name in CASES if all(key in data.arrays(name) for key in needed)]


@pytest.mark.parametrize("name", CASES)
def test_a_generator_draws_the_official_picture(name, golden):
    golden(f"generator {CASES[name]}", data.worst(*outputs(name)), data.PICTURE_LIMIT)


@pytest.mark.parametrize("name", [name for name in CASES if "err64" in data.meta()["cases"][name]])
def test_in_float64_only_the_official_rounding_is_left(name):
    picture, expected = outputs(name, torch.float64)
    rounding = data.meta()["cases"][name]["err64"]
    assert data.worst(picture, expected) == pytest.approx(rounding, rel=1e-3)


@pytest.mark.parametrize("name", with_arrays("input"))
def test_the_conditioning_is_the_official_input(name):
    before_features = data.arrays(name)["input"]
    built = conditioning(name)[0, : len(before_features)]
    assert np.array_equal(built.numpy(), before_features)


@pytest.mark.parametrize("name", with_arrays("edge"))
def test_the_boundary_map_is_the_official_edge_on_arrays_and_on_tensors(name):
    stored = data.arrays(name)
    assert np.array_equal(boundary_map(stored["inst"]), stored["edge"] != 0)
    on_tensor = boundary_map(torch.from_numpy(stored["inst"]))
    assert np.array_equal(on_tensor.numpy(), stored["edge"] != 0)


def test_running_statistics_draw_the_official_evaluation_picture(golden):
    network = data.generator("batchnorm").eval()
    with torch.no_grad():
        picture = network(conditioning("batchnorm_128x64"))
    expected = data.arrays("batchnorm_128x64")["output_eval_mode"][None]
    golden("generator batchnorm, eval", data.worst(picture, expected), data.PICTURE_LIMIT)


def test_an_old_file_container_draws_the_same_picture(golden):
    network = data.generator("legacy_batchnorm")
    with torch.no_grad():
        picture = network(conditioning("batchnorm_128x64"))
    expected = data.arrays("batchnorm_128x64")["output"][None]
    golden("generator legacy_batchnorm", data.worst(picture, expected), data.PICTURE_LIMIT)


@pytest.mark.parametrize("checkpoint", ["global", "local", "local_feat", "rgb", "local2"])
def test_parameters_are_counted_as_in_the_official_networks(checkpoint):
    stated = data.meta()["checkpoints"][checkpoint]["files"]["G"]
    own = list(data.generator(checkpoint).parameters())
    assert (len(own), sum(p.numel() for p in own)) == (stated["tensors"], stated["params"])
