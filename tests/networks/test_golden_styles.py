"""Feature rows and K-means clusters against the official code's.

`ui_ops.npz`, the official editor's state after some edits, is not compared: it fuses painted
objects into one instance, keeps an object's features when it is relabelled, and remembers one
cluster per label, none of which we do. What it shares with us (boundary map, generator, drawing
from clusters) is compared elsewhere with arrays free of these defects.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.official.unpickle import read_label_arrays
from model.scene.labels import label_of
from model.scene.maps import read_instance_map, read_picture
from model.styles.clusters import (
    OFFICIAL_MINIMUM_WEIGHT,
    cluster,
    fit_book,
    large_enough,
    mean_rows,
    rows_by_label,
)
from tests import golden_data as data

LOCAL_FEAT = data.CHECKPOINTS / "local_feat"
INERTIA_LIMIT = 0.05  # K-means with ten restarts: a few per cent above the best known


def encoded(picture: np.ndarray) -> torch.Tensor:
    with torch.no_grad():
        return data.encoder()(data.signed(picture))


def official_rows(picture: np.ndarray, instances: np.ndarray) -> dict[int, np.ndarray]:
    """Label id -> (n, F + 1) rows of features and weight, as encode_features writes them.

    The official encoder pools its output, and one pixel of each instance is read from that: the
    instance's mean.
    """
    rows = mean_rows(encoded(picture)[0], instances)
    table = np.column_stack([rows.features, rows.official_weights()])
    labels = label_of(rows.ids)
    return {int(label): table[labels == label] for label in np.unique(labels)}


def inertia(rows: np.ndarray, centers: np.ndarray) -> float:
    distances = ((rows[:, None].astype(np.float64) - centers[None]) ** 2).sum(2)
    return float(distances.min(1).sum())


def large(rows: np.ndarray) -> np.ndarray:
    """The features of those rows that the official clustering uses."""
    return rows[rows[:, -1] > OFFICIAL_MINIMUM_WEIGHT, :-1]


def test_the_rows_of_one_picture_are_the_official_ones(golden):
    stored = data.arrays("encode_features_one")
    found = official_rows(stored["image_u8"], stored["inst"])
    expected = {int(key[6:]): rows for key, rows in stored.items() if key.startswith("label_")}
    assert found.keys() == expected.keys()
    for label, rows in expected.items():
        golden("encoded features", data.worst(found[label], rows), data.PICTURE_LIMIT)


def test_the_rows_of_a_whole_data_set_are_the_official_file(golden):
    found: dict[int, list[np.ndarray]] = {}
    for scene, (x, y, width, height) in data.meta()["encode_boxes"]:
        picture = read_picture(data.STREETS / "train_img" / f"{scene}_leftImg8bit.png")
        instances = read_instance_map(
            data.STREETS / "train_inst" / f"{scene}_gtFine_instanceIds.png"
        )
        box = np.s_[y : y + height, x : x + width]
        for label, rows in official_rows(picture[box], instances[box]).items():
            found.setdefault(label, []).append(rows)
    official = read_label_arrays(LOCAL_FEAT / "features.npy")
    assert sorted(found) == [label for label, rows in official.items() if len(rows)]
    for label, rows in found.items():
        difference = data.worst(np.concatenate(rows), official[label])
        golden("encoded features", difference, data.PICTURE_LIMIT)


def test_clusters_fit_as_well_as_the_official_ones(golden):
    stored = data.arrays("kmeans_encoder")
    best = dict(zip(stored["labels"].tolist(), stored["inertia_ninit10"], strict=True))
    for label, expected in best.items():
        rows = large(stored[f"feat_{label:02}"])
        centers, sizes = cluster(rows)
        assert len(centers) == len(stored[f"centers_{label:02}"])
        assert sizes.sum() == len(rows)
        excess = inertia(rows, centers) / expected - 1 if expected > 1e-12 else 0.0
        golden("K-means, excess inertia", max(excess, 0.0), INERTIA_LIMIT)


def test_labels_without_large_instances_have_no_clusters():
    stored = data.arrays("kmeans_encoder")
    with_rows = {int(key[5:]) for key in stored if key.startswith("feat_")}
    with_large_rows = {label for label in with_rows if len(large(stored[f"feat_{label:02}"]))}
    assert with_large_rows == set(stored["labels"].tolist())
    assert read_label_arrays(LOCAL_FEAT / "features_clustered_010.npy").keys() == with_large_rows


def test_well_separated_clusters_are_found_exactly(golden):
    stored = data.arrays("kmeans_synthetic")
    for label, expected in zip(stored["labels"].tolist(), stored["inertia"], strict=True):
        rows = large(stored[f"feat_{label:02}"])
        centers, _ = cluster(rows)
        ordered = centers[np.lexsort(centers.T[::-1])]
        golden(
            "K-means, separated centres",
            data.worst(ordered, stored[f"centers_sorted_{label:02}"]),
            1e-5,
        )
        assert inertia(rows, centers) == pytest.approx(expected, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("folder", ["local_feat", "synthetic_features"])
def test_published_feature_files_hold_the_stored_rows_and_centres(folder):
    stored = data.arrays("kmeans_encoder" if folder == "local_feat" else "kmeans_synthetic")
    rows = read_label_arrays(data.CHECKPOINTS / folder / "features.npy")
    for key in (key for key in stored if key.startswith("feat_")):
        assert np.array_equal(rows[int(key[5:])], stored[key])
    clusters = read_label_arrays(data.CHECKPOINTS / folder / "features_clustered_010.npy")
    for label in stored["labels"].tolist():
        centers = clusters[label]
        if folder == "local_feat":
            assert np.array_equal(centers, stored[f"centers_{label:02}"])
        else:
            ordered = centers[np.lexsort(centers.T[::-1])]
            assert data.worst(ordered, stored[f"centers_sorted_{label:02}"]) <= 1e-9


def test_the_published_rows_make_a_style_book_of_the_official_labels():
    rows = read_label_arrays(data.CHECKPOINTS / "synthetic_features" / "features.npy")
    book = fit_book((label, large(table)) for label, table in rows.items() if len(large(table)))
    assert sorted(book.centers) == data.arrays("kmeans_synthetic")["labels"].tolist()


def test_small_instances_are_left_out_by_the_official_weight():
    stored = data.arrays("encode_features_one")
    rows = mean_rows(encoded(stored["image_u8"])[0], stored["inst"])
    kept = rows_by_label([large_enough(rows, minimum_weight=OFFICIAL_MINIMUM_WEIGHT)])
    heavy = {
        int(key[6:]): large(table)
        for key, table in stored.items()
        if key.startswith("label_") and len(large(table))
    }
    assert {label: len(table) for label, table in kept.items()} == {
        label: len(table) for label, table in heavy.items()
    }
