"""The boundary map of an instance map, for arrays of numpy and of torch alike."""

from __future__ import annotations

from typing import Any


def boundary_map[ArrayLike: Any](instances: ArrayLike) -> ArrayLike:
    """True where a 4-neighbour has another instance id (section 3.3).

    Takes integer ids of shape (..., H, W), a numpy array or a torch tensor on any device, and
    returns booleans of the same shape and kind. Both pixels of a differing pair are marked; the
    border of the picture alone is no boundary.
    """
    edges = instances != instances  # all false, in the kind and place of the input
    across = instances[..., :, 1:] != instances[..., :, :-1]
    down = instances[..., 1:, :] != instances[..., :-1, :]
    edges[..., :, 1:] |= across
    edges[..., :, :-1] |= across
    edges[..., 1:, :] |= down
    edges[..., :-1, :] |= down
    return edges
