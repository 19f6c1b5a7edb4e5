"""Grain of roads of modular streets as the surface coordinates draw it: nothing else in a map tells
where asphalt is a little darker. Works on finished pictures; draws no OpenGL."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.scene.reference import REFERENCE_SCALE
from model.scene.street_grid import GRAIN
from model.scene.surface import surface_coordinates
from model.scene.surface_labels import SurfaceLabels
from model.streets.labels import LabelId

ROADS = SurfaceLabels(ground=(LabelId.ROAD, LabelId.PARKING, LabelId.RAIL_TRACK))
DARKER = 0.25  # where grain is full, in powers of two


def with_told_grain(picture: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture (H, W, 3) with roads as dark as the grain of their channels; labels: (H, W)."""
    shown = surface_coordinates(labels, ROADS)[7]
    grain = np.maximum(-shown.astype(np.float32), 0) / np.float32(GRAIN * REFERENCE_SCALE)
    darker = np.exp2(-np.float32(DARKER) * grain)[..., None]
    return np.rint(picture * darker).astype(np.uint8)
