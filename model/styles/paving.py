"""Paving: which styles of ground have stones or slabs, told from features by a linear map.

Works on features and modes that are already known; runs no network and reads no files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from model.scene.labels import label_of
from model.styles.clusters import InstanceRows

# Ends of the names of modes, "label/mode": of what is paved with stones, and with slabs. Small ones
# that pavements are paved with are painted as slabs as well: better than none.
COBBLED, SLABBED = ("/cobblestone",), ("/slabs", "/paving")
_LEAST = 3  # instances of each kind, to tell them apart


def known_ground(
    pictures: Iterable[tuple[InstanceRows, Mapping[int, str]]],
    labels: Collection[int],
    paved: tuple[str, ...],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Features (n, F) of the ground whose mode is known, and whether it is paved so (n,).

    pictures: rows, and the modes of their instances by id; labels: of the ground; paved: `COBBLED`
    or `SLABBED`.
    """
    features, found = [], []
    for rows, names in pictures:
        for instance_id, row in zip(rows.ids.tolist(), rows.features, strict=True):
            if instance_id in names and int(label_of(instance_id)) in labels:
                features.append(row)
                found.append(names[instance_id].endswith(paved))
    return np.array(features, np.float32), np.array(found, bool)


def tell_paved(features: NDArray[np.float32], paved: NDArray[np.bool_]) -> tuple[float, ...]:
    """See `ConditioningConfig.cobbled`, fitted to (n, F) features; () where too few are known."""
    if min(paved.sum(), (~paved).sum()) < _LEAST:
        return ()
    from sklearn.linear_model import LogisticRegression  # takes seconds

    mean, scale = features.mean(0), features.std(0) + 1e-6
    fitted = LogisticRegression(C=100, max_iter=3000)
    fitted.fit((features - mean) / scale, paved)
    weights = np.asarray(fitted.coef_)[0] / scale
    least = float(np.asarray(fitted.intercept_)[0] - weights @ mean)
    return (*map(float, weights), least)
