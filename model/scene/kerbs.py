"""Kerbs: what of a pavement in a label map is its kerb, told from the road below it.

Label maps show a kerb as part of the pavement. Its face stands upright, so whichever way it runs,
the pixels right above the road show it, as many of them as its height tells at that distance, and
then its top, which is seen as wide as that of a kerb along the street.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scene.geometry import Rect
from model.scene.rays import rays_of
from model.scene.street_grid import EYE_HEIGHT, LOWEST, SLAB_HEIGHT
from model.scene.surface_labels import SurfaceLabels, member

_TOP = 0.16  # metres that it is wide; it is as high as slabs lie
_NEAREST = 1.5  # metres to the side of the eye, from which on its top is seen that wide


@dataclass(frozen=True, slots=True, eq=False)
class Kerbs:
    """Attributes:
    top: the first row of the picture that may show some; mask: (h, W) bool from there on.
    """

    top: int
    mask: NDArray[np.bool_]

    def left_out[Number: np.integer](
        self, rect: Rect, labels: NDArray[Number], known: SurfaceLabels
    ) -> NDArray[Number]:
        """`labels` (h, w) of a rectangle, as `known` shows kerbs.

        That is `labels` itself where there are none.
        """
        first = max(self.top, rect.y0)
        if first >= rect.y1:
            return labels
        there = self.mask[first - self.top : rect.y1 - self.top, rect.x0 : rect.x1]
        # Something else may have been painted there since kerbs were looked for.
        there = there & member(labels[first - rect.y0 :], known.slabs)
        if not there.any():
            return labels
        shown = labels.copy()
        shown[first - rect.y0 :][there] = known.kerbs[0]
        return shown


def find_kerbs(labels: NDArray[np.integer], known: SurfaceLabels) -> Kerbs | None:
    """The kerbs of a whole (H, W) label map; None: there are none, or `known` does not show any."""
    height, width = labels.shape
    rays = rays_of(Rect(0, 0, width, height), (height, width))
    right, below = rays.right, -rays.up[:, 0]
    top = int(np.searchsorted(below, LOWEST))
    if not known.kerbs or top == height:
        return None
    below, seen = below[top:], labels[top:]
    pavement, road = member(seen, known.slabs), member(seen, known.stony)
    # Pixels right above a road, and how many rows from there on up show its kerb.
    foot, columns = np.nonzero(pavement[:-1] & road[1:])
    aside = np.maximum(np.abs(right[columns]) * EYE_HEIGHT / below[foot + 1], _NEAREST)
    reach = below[foot + 1] * (1 - SLAB_HEIGHT / EYE_HEIGHT) * (aside / (aside + _TOP))
    count = np.maximum(foot + 1 - np.searchsorted(below, reach), 0)
    above = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    mask = np.zeros(seen.shape, bool)
    mask[np.repeat(foot, count) - above, np.repeat(columns, count)] = True
    # Beyond the nearest foot that is seen of a side, where the picture or a bonnet cuts it off, its
    # kerb is taken to run on along the street.
    for side in (right > 0, right < 0):
        own = np.flatnonzero(side[columns])
        if not len(own):
            continue
        nearest = own[np.lexsort((np.abs(right[columns[own]]), foot[own]))[-1]]
        beyond = np.flatnonzero(side & (np.abs(right) > np.abs(right[columns[nearest]])))
        reach = np.abs(right[beyond]) * (EYE_HEIGHT - SLAB_HEIGHT)
        mask[:, beyond] |= reach <= (aside[nearest] + _TOP) * below[:, None]
    mask &= pavement
    return Kerbs(top, mask) if mask.any() else None
