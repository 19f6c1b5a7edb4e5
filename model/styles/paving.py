"""Cobbles: which styles of roads have stones, told from features by a linear map.

Works on features and modes that are already known; runs no network and reads no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from model.scene.labels import label_of
from model.styles.clusters import InstanceRows

COBBLED = "/cobblestone"  # ends the names of modes, "label/mode", of what is paved with stones
_LEAST = 3  # roads of each kind, to tell them apart


def known_roads(
    pictures: Iterable[tuple[InstanceRows, Mapping[int, str]]], roads: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Features (n, F) of the roads whose mode is known, and whether they are cobbled (n,).

    pictures: rows, and the modes of their instances by id; roads: their labels.
    """
    features, cobbled = [], []
    for rows, names in pictures:
        for instance_id, row in zip(rows.ids.tolist(), rows.features, strict=True):
            if instance_id in names and int(label_of(instance_id)) in roads:
                features.append(row)
                cobbled.append(names[instance_id].endswith(COBBLED))
    return np.array(features, np.float32), np.array(cobbled, bool)


def tell_cobbled(features: NDArray[np.float32], cobbled: NDArray[np.bool_]) -> tuple[float, ...]:
    """See `ConditioningConfig.cobbled`, fitted to (n, F) features; () where too few are known."""
    if min(cobbled.sum(), (~cobbled).sum()) < _LEAST:
        return ()
    from sklearn.linear_model import LogisticRegression  # takes seconds

    mean, scale = features.mean(0), features.std(0) + 1e-6
    fitted = LogisticRegression(C=100, max_iter=3000)
    fitted.fit((features - mean) / scale, cobbled)
    weights = np.asarray(fitted.coef_)[0] / scale
    least = float(np.asarray(fitted.intercept_)[0] - weights @ mean)
    return (*map(float, weights), least)
