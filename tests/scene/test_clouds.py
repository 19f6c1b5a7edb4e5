"""The field of clouds: noise as the shaders make it, seen by the one camera."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from model.scene.clouds import clouds, fractal, value_noise
from model.scene.street_grid import FOCAL, PITCH


def slow_hash(column: int, row: int) -> float:
    def pcg(value: int) -> int:
        state = (value * 747796405 + 2891336453) % 2**32
        word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737 % 2**32
        return (word >> 22) ^ word

    return (pcg((column % 2**32 + pcg(row % 2**32)) % 2**32) & 0xFFFFFF) / 16777216


def slow_noise(x: float, y: float) -> float:
    column, row = math.floor(x), math.floor(y)
    u, v = (f * f * (3 - 2 * f) for f in (x - column, y - row))
    low = (1 - u) * slow_hash(column, row) + u * slow_hash(column + 1, row)
    high = (1 - u) * slow_hash(column, row + 1) + u * slow_hash(column + 1, row + 1)
    return (1 - v) * low + v * high


def slow_fractal(x: float, y: float) -> float:
    total, amplitude = 0.0, 0.5
    for _ in range(4):
        total += amplitude * slow_noise(x, y)
        x, y = 1.6 * x - 1.2 * y + 7.3, 1.2 * x + 1.6 * y + 7.3
        amplitude *= 0.5
    return total / 0.9375


@pytest.mark.parametrize(("x", "y"), [(0.3, 0.6), (-4.2, 7.9), (123.4, -55.5)])
def test_noise_is_that_of_the_shaders(x: float, y: float) -> None:
    assert value_noise(np.array([x]), np.array([y]))[0] == pytest.approx(slow_noise(x, y))
    assert fractal(np.array([x]), np.array([y]))[0] == pytest.approx(slow_fractal(x, y))


@pytest.mark.parametrize("place", [(20, 30), (90, 400), (150, 777), (10, 1000)])
def test_a_pixel_of_the_sky_has_the_noise_of_its_direction(place: tuple[int, int]) -> None:
    height, width = 512, 1024
    row, column = place
    up = (height / 2 - row - 0.5) / (FOCAL * width)
    right = (column + 0.5 - width / 2) / (FOCAL * width)
    x, y, z = (
        right,
        math.cos(PITCH) + up * math.sin(PITCH),
        up * math.cos(PITCH) - math.sin(PITCH),
    )
    long = math.sqrt(x * x + y * y + z * z)
    over = z / long
    x, y = x / long / (over + 0.13) * 0.9, y / long / (over + 0.13) * 0.9
    shift = 0.35 * slow_noise(x * 1.7, y * 1.7), 0.35 * slow_noise(x * 1.7 + 9, y * 1.7 + 9)
    share = min(max((over + 0.02) / 0.18, 0), 1)
    expected = (slow_fractal(x + shift[0], y + shift[1]) * 2 - 1) * share**2 * (3 - 2 * share)
    assert clouds((height, width))[row, column] / 127 == pytest.approx(expected, abs=0.06)


def test_pictures_that_show_no_sky_have_none() -> None:
    assert clouds((4, 512)).shape == (0, 512)


@pytest.mark.parametrize(("size", "mebibytes"), [((8000, 30), 200), ((4096, 4096), 48)])
def test_clouds_of_tall_and_of_large_pictures_take_little_memory(
    size: tuple[int, int], mebibytes: int
) -> None:
    clouds.cache_clear()
    tracemalloc.start()
    try:
        field = clouds(size)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert field.shape[1] == size[1] and field.any()
    assert peak < mebibytes * 2**20
