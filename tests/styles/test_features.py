"""Instance-wise average pooling against golden numbers and a plain loop over ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import load_encoder, open_checkpoint
from model.scene.reference import dense_instances
from model.styles.features import instance_means, paint_means
from tests.golden_data import pooled

GOLDEN = Path(__file__).parent.parent / "golden"


def dense(instances):
    return torch.from_numpy(np.stack([dense_instances(m)[1] for m in instances])).long()


def pool_slowly(features, instances):
    pooled = torch.empty_like(features)
    for n, instance_map in enumerate(torch.from_numpy(instances)):
        for instance in instance_map.unique():
            here = instance_map == instance
            pooled[n][:, here] = features[n][:, here].mean(1, keepdim=True)
    return pooled


def random_case(seed=0, n=3, channels=4, height=20, width=31):
    rng = np.random.default_rng(seed)
    instances = rng.choice([3, 7, 26001, 26002, 65000], (n, height, width)).astype(np.int32)
    instances[1] = 11
    return torch.randn(n, channels, height, width), instances


def test_every_pixel_gets_its_instances_mean_picture_by_picture():
    features, instances = random_case()
    found = pooled(features, dense(instances))
    assert found.shape == features.shape
    assert torch.allclose(found, pool_slowly(features, instances), atol=1e-6)


def test_means_are_the_values_written_back():
    features, instances = random_case()
    index = dense(instances)
    means = instance_means(features, index, 6)
    assert means.shape == (3, 6, 4) and (means[:, 5] == 0).all()
    painted = paint_means(means, index)
    for n, y, x in ((0, 3, 4), (1, 0, 0), (2, 19, 30)):
        assert torch.equal(painted[n, :, y, x], means[n, index[n, y, x]])


def test_the_mean_of_a_whole_picture_is_as_precise_as_of_a_few_pixels():
    features = torch.full((1, 2, 512, 1024), 0.1)
    found = pooled(features, torch.zeros(1, 512, 1024, dtype=torch.long))
    assert torch.allclose(found, features, atol=1e-7)


def test_half_precision_is_averaged_in_single():
    features = torch.full((1, 2, 200, 200), 0.1).half()
    found = pooled(features, torch.zeros(1, 200, 200, dtype=torch.long))
    assert found.dtype == torch.float32 and torch.allclose(found, features.float(), atol=1e-7)


def test_gradients_are_shared_evenly_within_an_instance():
    features = torch.zeros(1, 1, 2, 4, requires_grad=True)
    index = torch.tensor([[[0, 0, 1, 1], [0, 0, 1, 1]]])
    weight = torch.zeros(1, 1, 2, 4)
    weight[0, 0, 0, 0] = 8
    (pooled(features, index) * weight).sum().backward()
    assert torch.equal(features.grad[0, 0, :, :2], torch.full((2, 2), 2.0))
    assert (features.grad[0, 0, :, 2:] == 0).all()


@pytest.mark.parametrize("case", ["encoder_full", "encoder_batch2", "encoder_label_feat"])
def test_pooled_features_of_the_golden_encoder(case, golden):
    arrays = np.load(GOLDEN / "arrays" / f"{case}.npz")
    encoder = load_encoder(open_checkpoint(GOLDEN / "checkpoints" / "local_feat"))
    picture = (torch.from_numpy(arrays["image_u8"]).float() / 255 - 0.5) / 0.5
    with torch.inference_mode():
        raw = encoder(picture)
        found = pooled(raw, dense(arrays["inst"][:, 0]))
    golden("encoder", np.abs(raw.numpy()[..., ::4, ::4] - arrays["raw_sub4"]).max(), 5e-5)
    golden("pooled features", np.abs(found.numpy() - arrays["feat"]).max(), 5e-5)
