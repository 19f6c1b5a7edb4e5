"""Clusters of features per label: one row per instance, then K-means (paper, section 3.4).

Works on features and maps that are already computed; runs no network and reads no files.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.scene.labels import label_of
from model.scene.reference import dense_instances
from model.styles.book import StyleBook
from model.styles.features import instance_means

CLUSTERS = 10
RESTARTS = 10
OFFICIAL_MINIMUM_WEIGHT = 0.5
LITTLE = 16  # one in so many pixels of an instance is next to nothing


@dataclass(frozen=True, slots=True, eq=False)
class InstanceRows:
    """One feature vector per instance of a picture, in ascending order of id.

    Attributes:
        ids: (n,) int32.
        features: (n, F) float32.
        pixels: (n,) int64.
        picture_pixels: of the whole picture.
    """

    ids: np.ndarray
    features: np.ndarray
    pixels: np.ndarray
    picture_pixels: int

    def official_weights(self) -> np.ndarray:
        """(n,) area in units of 1/32 of the picture, as the official code weighs instances."""
        return self.pixels / (self.picture_pixels // 32)


def mean_rows(
    features: Tensor, instance_map: np.ndarray, apart: np.ndarray | None = None
) -> InstanceRows:
    """Each instance's mean feature: what the generator was trained to paint it with.

    The official code takes the value at a pixel in the middle of the instance, but of the map
    that is already pooled, which is the same.

    features: (F, H, W) float, on any device; instance_map: (H, W) int; apart: (H, W) bool, parts
    that tell nothing of their instance, unless it shows next to nothing else.
    """
    ids, index = dense_instances(instance_map)
    pixels, counted = np.bincount(index.ravel()), index
    if apart is not None:
        own = np.bincount(index[~apart], minlength=len(ids))
        counted = np.where(apart & (own * LITTLE > pixels)[index], len(ids), index)
    on_device = torch.from_numpy(counted.astype(np.int64)).to(features.device)
    means = instance_means(features[None], on_device[None], len(ids) + 1)[0, : len(ids)]
    return InstanceRows(ids, means.cpu().numpy(), pixels, index.size)


def large_enough(
    rows: InstanceRows, *, minimum_pixels: int = 0, minimum_weight: float = 0.0
) -> InstanceRows:
    """The rows without instances that are too small.

    minimum_pixels: instances with fewer are left out; minimum_weight: so are those whose
    official weight is not above it.
    """
    kept = rows.pixels >= minimum_pixels
    if minimum_weight:
        kept &= rows.official_weights() > minimum_weight
    kept_rows = rows.ids[kept], rows.features[kept], rows.pixels[kept]
    return InstanceRows(*kept_rows, rows.picture_pixels)


def rows_by_label(
    pictures: Iterable[InstanceRows], unstyled: Collection[int] = ()
) -> dict[int, np.ndarray]:
    """Label id -> (n, F) features of its instances in all pictures; none for `unstyled` labels."""
    found: dict[int, list[np.ndarray]] = {}
    for rows in pictures:
        for label, features in zip(label_of(rows.ids), rows.features, strict=True):
            found.setdefault(int(label), []).append(features)
    return {label: np.stack(found[label]) for label in sorted(found) if label not in unstyled}


def weights_by_label(pictures: Iterable[InstanceRows]) -> dict[int, np.ndarray]:
    """Label id -> (n,) of the instances that `rows_by_label` gives the features of: how they weigh.

    By the root of their pixels, that is by their width: a lawn tells more of what lawns look like
    than the soil around a tree, but the house beside the eye not as much as all the others.
    """
    found: dict[int, list[float]] = {}
    for rows in pictures:
        for label, weight in zip(label_of(rows.ids), np.sqrt(rows.pixels), strict=True):
            found.setdefault(int(label), []).append(float(weight))
    return {label: np.array(found[label]) for label in sorted(found)}


def cluster(
    rows: np.ndarray, clusters: int = CLUSTERS, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """K-means of (n, F) rows: centers (k, F) float32 and sizes (k,), largest cluster first.

    weights: (n,), by which rows weigh and clusters are large; without them all weigh 1. k is
    `clusters`, or the number of different rows where that is smaller. The same rows always give the
    same clusters.
    """
    from sklearn.cluster import KMeans  # takes seconds, and painting does without
    from sklearn.exceptions import ConvergenceWarning

    count = min(len(rows), clusters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # of equal rows; clusters stay empty
        kmeans = KMeans(count, n_init=RESTARTS, random_state=0)  # pyright: ignore
        fitted = kmeans.fit(rows.astype(np.float64), sample_weight=weights)
    sizes = np.bincount(np.asarray(fitted.labels_), weights, minlength=count).astype(np.int64)
    order = np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]
    return np.asarray(fitted.cluster_centers_)[order].astype(np.float32), sizes[order]


def fit_book(
    rows: Iterable[tuple[int, np.ndarray]],
    clusters: int = CLUSTERS,
    weights: Mapping[int, np.ndarray] | None = None,
) -> StyleBook:
    """The style book of (label id, rows) pairs; works on one pair after the other.

    weights: of every label's rows, by which they weigh.
    """
    known = weights or {}
    fitted = {label: cluster(found, clusters, known.get(label)) for label, found in rows}
    return StyleBook(
        {label: centers for label, (centers, _) in fitted.items()},
        {label: sizes for label, (_, sizes) in fitted.items()},
    )
