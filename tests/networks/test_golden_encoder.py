"""Encoder, pooling and feature files against the official code's numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.official.unpickle import read_label_arrays
from model.scene.labels import label_of
from model.scene.maps import read_picture
from model.scene.reference import dense_instances
from tests import golden_data as data

CASES = ["encoder_full", "encoder_batch2", "encoder_label_feat"]
SAMPLED = ["local_feat_sampled_192x96", "local_feat_sampled_96x64"]


def encoded(picture: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return data.encoder()(picture)


def dense(instances: np.ndarray) -> torch.Tensor:
    """(N, H, W) ids to consecutive numbers per picture."""
    return torch.stack([torch.from_numpy(dense_instances(ids)[1]).long() for ids in instances])


@pytest.mark.parametrize("name", CASES)
def test_the_encoder_gives_the_official_features(name, golden):
    stored = data.arrays(name)
    raw = encoded(data.signed(stored["image_u8"]))[..., ::4, ::4]
    golden("encoder", data.worst(raw, stored["raw_sub4"]), data.PICTURE_LIMIT)


@pytest.mark.parametrize("name", CASES)
def test_features_are_averaged_per_instance_and_picture(name, golden):
    stored = data.arrays(name)
    raw = encoded(data.signed(stored["image_u8"]))
    pooled = data.pooled(raw, dense(stored["inst"][:, 0]))
    golden("pooled features", data.worst(pooled, stored["feat"]), data.PICTURE_LIMIT)


def test_the_features_a_generator_was_fed_come_from_its_picture(golden):
    stored = data.arrays("local_feat_encoded_128x64")
    pooled = data.pooled(encoded(data.signed(stored["image_u8"])), dense(stored["inst"][None]))
    golden("pooled features", data.worst(pooled[0], stored["feat"]), data.PICTURE_LIMIT)


def test_features_of_a_shrunk_training_picture_are_the_official_ones(golden):
    stored = data.arrays("precompute_features")
    picture = torch.from_numpy(stored["image"])[None]
    pooled = data.pooled(encoded(picture), dense(stored["inst"]))
    golden("pooled features", data.worst(pooled[0], stored["feat"]), data.PICTURE_LIMIT)


def test_a_stored_feature_picture_reads_as_the_official_features():
    stored = data.arrays("local_feat_loaded_full")
    path = data.STREETS / "train_feat" / "street_000105_gtFine_labelIds.png"
    assert data.worst(data.signed(read_picture(path))[0], stored["feat"]) <= 1e-7


@pytest.mark.parametrize("name", SAMPLED)
@pytest.mark.parametrize("ending", ["", "_numpy1", "_python2"])
def test_published_clusters_drawn_by_the_official_rule_give_the_official_features(name, ending):
    file = data.CHECKPOINTS / "local_feat" / f"features_clustered_010{ending}.npy"
    clusters = read_label_arrays(file)
    stored, rng = data.arrays(name), np.random.RandomState(data.meta()["cases"][name]["np_seed"])
    drawn, defined = np.zeros_like(stored["feat"]), np.zeros_like(stored["feat_defined"])
    for instance in np.unique(stored["inst"]):
        label = int(label_of(int(instance)))
        if label in clusters:
            row = clusters[label][rng.randint(0, len(clusters[label]))]
            drawn[:, stored["inst"] == instance] = row[:, None]
            defined |= stored["inst"] == instance
    assert np.array_equal(defined, stored["feat_defined"])
    assert data.worst(drawn, stored["feat"]) <= 1e-6
