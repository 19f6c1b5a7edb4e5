"""Which styles have what is drawn in some alone (`model.scene.told`): linear maps of features.

Works on features and modes that are already known; runs no network and reads no files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model.scene.labels import label_of
from model.scene.surface_labels import SurfaceLabels
from model.scene.told import DRAWINGS_TOLD
from model.styles.clusters import InstanceRows

_LEAST = 3  # instances of each kind, to tell them apart
_Pictures = Sequence[tuple[InstanceRows, Mapping[int, str]]]


def tell_all(pictures: _Pictures, surface: SurfaceLabels) -> dict[str, tuple[float, ...]]:
    """See `ConditioningConfig.told`, of what enough instances are known to have and to lack.

    pictures: rows, and the modes of their instances by id, "label/mode".
    """
    told = {}
    for drawing in DRAWINGS_TOLD:
        known = known_modes(pictures, drawing.labels(surface), drawing.modes)
        told[drawing.name] = tell_apart(*known)
    return {name: numbers for name, numbers in told.items() if numbers}


def known_modes(
    pictures: _Pictures, labels: Collection[int], modes: tuple[str, ...]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Features (n, F) of instances whose mode is known, and whether it is one of some, (n,).

    labels: of the instances; modes: ends of the names of modes.
    """
    features, found = [], []
    for rows, names in pictures:
        for instance_id, row in zip(rows.ids.tolist(), rows.features, strict=True):
            if instance_id in names and int(label_of(instance_id)) in labels:
                features.append(row)
                found.append(names[instance_id].endswith(modes))
    return np.array(features, np.float32), np.array(found, bool)


def tell_apart(features: NDArray[np.float32], had: NDArray[np.bool_]) -> tuple[float, ...]:
    """Numbers that tell which of (n, F) features had something; () where too few are known."""
    if min(had.sum(), (~had).sum()) < _LEAST:
        return ()
    from sklearn.linear_model import LogisticRegression  # takes seconds

    mean, scale = features.mean(0), features.std(0) + 1e-6
    fitted = LogisticRegression(C=100, max_iter=3000)
    fitted.fit((features - mean) / scale, had)
    weights = np.asarray(fitted.coef_)[0] / scale
    least = float(np.asarray(fitted.intercept_)[0] - weights @ mean)
    return (*map(float, weights), least)
