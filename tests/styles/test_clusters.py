"""Rows per instance and K-means, against golden numbers and plain loops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import load_encoder, open_checkpoint
from model.styles.clusters import (
    cluster,
    fit_book,
    large_enough,
    mean_rows,
    rows_by_label,
    weights_by_label,
)

GOLDEN = Path(__file__).parent.parent / "golden"


def inertia(rows, centers):
    return (((rows[:, None] - centers[None]) ** 2).sum(2).min(1)).sum()


def random_case():
    rng = np.random.default_rng(5)
    instances = rng.choice([3, 7, 26001, 26002], (18, 23)).astype(np.int32)
    instances[0, 0] = 33005
    return torch.randn(3, 18, 23), instances


def test_rows_are_means_in_order_of_id():
    features, instances = random_case()
    means = mean_rows(features, instances)
    assert means.ids.tolist() == sorted(np.unique(instances).tolist())
    for row, instance in enumerate(means.ids):
        here = instances == instance
        assert means.pixels[row] == here.sum()
        assert np.allclose(means.features[row], features.numpy()[:, here].mean(1), atol=1e-6)


def test_golden_rows_of_one_picture(golden):
    arrays = np.load(GOLDEN / "arrays" / "encode_features_one.npz")
    encoder = load_encoder(open_checkpoint(GOLDEN / "checkpoints" / "local_feat"))
    picture = torch.from_numpy(arrays["image_u8"]).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.inference_mode():
        rows = mean_rows(encoder(picture)[0], arrays["inst"])
    labels = np.where(rows.ids < 1000, rows.ids, rows.ids // 1000)
    found = np.column_stack([rows.features, rows.official_weights()])
    expected = {int(n[6:]): arrays[n] for n in arrays.files if n.startswith("label_")}
    assert sorted(expected) == np.unique(labels).tolist()
    for label, official in expected.items():
        golden("encode_features", np.abs(found[labels == label] - official).max(), 5e-5)


def test_large_instances_only_by_label_over_all_pictures():
    features, instances = random_case()
    pictures = [mean_rows(features, instances), mean_rows(2 * features, instances)]
    everything = rows_by_label(pictures)
    assert {label: len(rows) for label, rows in everything.items()} == {3: 2, 7: 2, 26: 4, 33: 2}
    large = [large_enough(rows, minimum_pixels=2) for rows in pictures]
    assert list(rows_by_label(large)) == [3, 7, 26]
    assert list(rows_by_label(pictures, unstyled=(7, 26))) == [3, 33]
    assert np.array_equal(everything[7][1], pictures[1].features[1])


def test_large_instances_weigh_more():
    """Two patches of soil and a lawn of a hundred times their size, in each of twenty pictures."""
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(0, 0.1, (40, 3)), rng.normal(5, 0.1, (20, 3))])
    known = np.repeat([10.0, 100.0], [40, 20])
    for weights, first in ((None, 0), (known, 5)):
        centers, sizes = cluster(rows, 2, weights)
        assert np.abs(centers[0] - first).max() < 0.2
        assert sizes.tolist() == ([40, 20] if weights is None else [2000, 400])
    pictures = [mean_rows(*random_case()), mean_rows(*random_case())]
    found, sized = rows_by_label(pictures), weights_by_label(pictures)
    assert {label: len(each) for label, each in found.items()} == {
        label: len(each) for label, each in sized.items()
    }
    cars = pictures[0].pixels[pictures[0].ids >= 26000][:2]
    assert (sized[26] ** 2).round().tolist() == [*cars] * 2
    book = fit_book(((7, rows),), 2, {7: known})
    assert book.sizes[7].tolist() == [2000, 400]


def test_the_official_area_rule_is_strict():
    instances = np.full((32, 64), 7, np.int32)
    instances[:4, :8] = 24001  # weight exactly 0.5
    instances[8:12, :9] = 24002
    rows = [mean_rows(torch.rand(3, 32, 64), instances)]
    weights = rows[0].official_weights()
    assert weights.tolist() == [(2048 - 68) / 64, 0.5, 36 / 64]
    kept = rows_by_label([large_enough(rows[0], minimum_weight=0.5)])
    assert {label: len(found) for label, found in kept.items()} == {7: 1, 24: 1}
    assert np.array_equal(kept[24][0], rows[0].features[2])


def test_golden_synthetic_clusters_are_found():
    arrays = np.load(GOLDEN / "arrays" / "kmeans_synthetic.npz")
    for label in arrays["labels"]:
        table = arrays[f"feat_{label:02}"]
        centers, sizes = cluster(table[table[:, -1] > 0.5, :-1], 10)
        expected = arrays[f"centers_sorted_{label:02}"]
        ordered = centers[np.lexsort(centers.T[::-1])]
        assert np.abs(ordered - expected).max() < 1e-5
        assert sizes.sum() == (table[:, -1] > 0.5).sum()
    small = arrays["feat_24"]
    assert not (small[:, -1] > 0.5).any() and 24 not in arrays["labels"]


def test_golden_encoder_clusters_are_as_tight_as_the_official_ones():
    arrays = np.load(GOLDEN / "arrays" / "kmeans_encoder.npz")
    for label, official in zip(arrays["labels"], arrays["inertia_ninit10"], strict=True):
        table = arrays[f"feat_{label:02}"]
        rows = table[table[:, -1] > 0.5, :-1]
        centers, sizes = cluster(rows, 10)
        assert len(centers) == min(len(rows), 10) and sizes.sum() == len(rows)
        assert inertia(rows, centers) <= official * 1.01 + 1e-9


def test_clusters_come_largest_first_and_the_same_every_time():
    rng = np.random.default_rng(0)
    groups = [(3, -0.8), (40, 0.0), (12, 0.9)]
    rows = np.concatenate([rng.normal(at, 0.01, (n, 3)) for n, at in groups])
    centers, sizes = cluster(rows, 3)
    assert sizes.tolist() == [40, 12, 3]
    assert np.abs(centers - np.array([[0.0], [0.9], [-0.8]])).max() < 0.05
    again, _ = cluster(rows, 3)
    assert np.array_equal(centers, again) and centers.dtype == np.float32


@pytest.mark.parametrize("count", [1, 2, 5])
def test_fewer_different_rows_than_clusters_give_fewer_clusters(count):
    rows = np.repeat(np.arange(count, dtype=np.float32)[:, None], 3, axis=1)
    centers, sizes = cluster(np.concatenate([rows, rows, rows[:1]]), 10)
    assert len(centers) == count and sizes.tolist() == [3] + [2] * (count - 1)


def test_a_book_has_the_clusters_of_every_label():
    rng = np.random.default_rng(1)
    book = fit_book([(26, rng.normal(size=(30, 3))), (7, rng.normal(size=(4, 3)))], 10)
    assert list(book.centers) == [7, 26] and (book.count(7), book.count(26)) == (4, 10)
