"""Clouds: a field of noise over the sky, as the renderer of modular streets draws its clouds by.

The noise of the renderer's shaders `noise.glsl` and `sky.glsl`. There is one camera, so that every
picture shows the same field; a style says how much of it is cloud.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.street_grid import FOCAL, PITCH

_COLUMNS = 512  # that the field is computed for; finer detail than that it has not
_ROWS = 2048  # at most, of pictures much taller than wide
_OCTAVES = 4
_Floats = NDArray[np.floating]


@lru_cache(4)  # whole, at half size, and thumbnails
def clouds(size: tuple[int, int]) -> NDArray[np.int8]:
    """The density of clouds (rows above the horizon, width) int8 of a picture of (height, width).

    Divided by 127 it lies in [-1, 1], towards 0 down to the horizon.
    """
    height, width = size
    horizon = max(0, min(height, round(height / 2 - np.tan(PITCH) * FOCAL * width)))
    if not horizon:
        return np.zeros((0, width), np.int8)
    rows = max(1, min(_ROWS, horizon * _COLUMNS // width))
    field = _field((np.arange(rows)[:, None] + 0.5) / rows * horizon, size)
    field = cv2.resize(field.astype(np.float32), (width, horizon), interpolation=cv2.INTER_LINEAR)
    np.clip(field, -1, 1, out=field)  # in place, as there may be millions
    field *= 127
    return np.rint(field, out=field).astype(np.int8)


def _field(rows: _Floats, size: tuple[int, int]) -> _Floats:
    """The density (n, columns) in [-1, 1] at these rows (n, 1), in pixels of a picture."""
    height, width = size
    right = ((np.arange(_COLUMNS) + 0.5) / _COLUMNS - 0.5) / FOCAL
    up = (height / 2 - rows) / (FOCAL * width)
    sine, cosine = np.sin(PITCH), np.cos(PITCH)
    x, y, z = np.broadcast_arrays(right, up * sine + cosine, up * cosine - sine)
    direction = np.stack([x, y, z]) / np.sqrt(x * x + y * y + z * z)
    over = np.maximum(direction[2], 0)
    x, y = direction[:2] / (over + 0.13) * 0.9
    x, y = (
        x + 0.35 * value_noise(x * 1.7, y * 1.7),
        y + 0.35 * value_noise(x * 1.7 + 9, y * 1.7 + 9),
    )
    share = np.clip((over + 0.02) / 0.18, 0, 1)
    return (fractal(x, y) * 2 - 1) * share * share * (3 - 2 * share)


def fractal(x: _Floats, y: _Floats) -> _Floats:
    """Noise of four octaves in [0, 1], at points whose coordinates have one shape."""
    total, amplitude = np.zeros_like(x), 0.5
    for _ in range(_OCTAVES):
        total = total + amplitude * value_noise(x, y)
        x, y, amplitude = 1.6 * x - 1.2 * y + 7.3, 1.2 * x + 1.6 * y + 7.3, amplitude / 2
    return total / 0.9375


def value_noise(x: _Floats, y: _Floats) -> _Floats:
    """Smooth between random values at whole numbers, in [0, 1]; as `fractal`."""
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    across, along = (f * f * (3 - 2 * f) for f in (x - column, y - row))
    low, high = (
        _hash(column, row + step) * (1 - across) + _hash(column + 1, row + step) * across
        for step in (0, 1)
    )
    return low * (1 - along) + high * along


def _hash(column: NDArray[np.int64], row: NDArray[np.int64]) -> _Floats:
    """PCG-RXS-M-XS (O'Neill 2014) of a cell, in [0, 1)."""
    mixed = _pcg(column.astype(np.uint32) + _pcg(row.astype(np.uint32)))
    return (mixed & np.uint32(0xFFFFFF)) / 2**24


def _pcg(value: NDArray[np.uint32]) -> NDArray[np.uint32]:
    state = value * np.uint32(747796405) + np.uint32(2891336453)
    word = ((state >> ((state >> np.uint32(28)) + np.uint32(4))) ^ state) * np.uint32(277803737)
    return (word >> np.uint32(22)) ^ word
