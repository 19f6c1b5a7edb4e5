"""Sun and sky of a scene: plain numbers for the shaders, drawn from the sky mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.streets.rng import stream

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Sky:
    """Colours are linear radiance; cloud_cover 0..1; fog_distance in metres; elevation in rad."""

    sun: Color
    zenith: Color
    horizon: Color
    ambient: Color
    cloud_dark: Color
    cloud_light: Color
    cloud_cover: float
    sun_glow: float
    exposure: float
    fog_distance: float
    elevation: tuple[float, float]
    dusk: float = 0.0


SKIES: Mapping[str, Sky] = {
    "clear": Sky(
        sun=(3.0, 2.75, 2.35), zenith=(0.12, 0.25, 0.62), horizon=(0.56, 0.70, 0.88),
        ambient=(0.74, 0.80, 0.88), cloud_dark=(0.62, 0.66, 0.72), cloud_light=(1.05, 1.05, 1.05),
        cloud_cover=0.12, sun_glow=0.5, exposure=0.70, fog_distance=1800.0, elevation=(0.45, 1.1),
    ),
    "cloudy": Sky(
        sun=(1.7, 1.58, 1.42), zenith=(0.24, 0.36, 0.60), horizon=(0.72, 0.78, 0.84),
        ambient=(0.72, 0.76, 0.80), cloud_dark=(0.46, 0.49, 0.54), cloud_light=(1.1, 1.1, 1.08),
        cloud_cover=0.60, sun_glow=0.45, exposure=0.88, fog_distance=1500.0, elevation=(0.5, 1.1),
    ),
    "overcast": Sky(
        sun=(0.28, 0.28, 0.28), zenith=(0.58, 0.61, 0.66), horizon=(0.80, 0.82, 0.85),
        ambient=(0.86, 0.88, 0.90), cloud_dark=(0.66, 0.69, 0.73), cloud_light=(0.95, 0.96, 0.98),
        cloud_cover=0.85, sun_glow=0.10, exposure=0.95, fog_distance=1100.0, elevation=(0.7, 1.2),
    ),
    "dusk": Sky(
        sun=(1.5, 0.72, 0.30), zenith=(0.12, 0.15, 0.27), horizon=(0.66, 0.45, 0.34),
        ambient=(0.40, 0.34, 0.36), cloud_dark=(0.20, 0.17, 0.22), cloud_light=(0.85, 0.48, 0.34),
        cloud_cover=0.50, sun_glow=0.8, exposure=1.35, fog_distance=1000.0, elevation=(0.06, 0.2),
        dusk=1.0,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Light:
    """A sky, the unit vector towards the sun, and the camera's exposure and white balance."""

    sky: Sky
    sun_direction: tuple[float, float, float]
    exposure_gain: float
    white_balance: Color

    @property
    def ground_color(self) -> Color:
        """Light that the street throws upward, for surfaces and reflections that look down."""
        sky, height = self.sky, max(self.sun_direction[2], 0.05)
        received = np.array(sky.sun) * height * 0.75
        received = received + 0.5 * np.array(sky.zenith) + 0.5 * np.array(sky.ambient)
        red, green, blue = received * 0.20
        return float(red), float(green), float(blue)


def sample(seed: int, sky_mode: str) -> Light:
    """The light of a scene; sun azimuth and camera response do not depend on the sky mode,
    except that a low sun is moved out of the picture's middle (or, at dusk, into it)."""
    rng = stream(seed, "light")
    azimuth, height = rng.uniform(-np.pi, np.pi), rng.random()
    gain, warmth = rng.uniform(0.92, 1.08), rng.normal() * 0.02
    sky = SKIES[sky_mode]
    low, high = sky.elevation
    elevation = low + height * (high - low)
    if sky.dusk:
        azimuth *= 0.25
    elif abs(azimuth) < 0.5 and elevation < 0.6:
        azimuth = 1.2
    sun = (
        float(np.sin(azimuth) * np.cos(elevation)),
        float(np.cos(azimuth) * np.cos(elevation)),
        float(np.sin(elevation)),
    )
    balance = (0.985 * (1 + float(warmth)), 1.01, 0.985 * (1 - float(warmth)))
    return Light(sky, sun, float(gain), balance)
