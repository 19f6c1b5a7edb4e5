"""The camera's side of a picture: metering, bloom, grain strength, optical softness."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.streets.light import Light
from model.streets.rng import stream

TARGET_BRIGHTNESS = 0.25
REFERENCE_WIDTH = 1024


def bloom(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Light that spills from bright pixels, (h, w, 3) float32, from the shrunken picture."""
    bright = np.clip(small - 0.9, 0, 6)
    width = small.shape[1]
    near = cv2.GaussianBlur(bright, (0, 0), max(width / 100, 0.5))
    far = cv2.GaussianBlur(bright, (0, 0), max(width / 20, 0.5))
    return np.ascontiguousarray(near * 0.5 + far * 0.3, np.float32)


def camera_uniforms(
    small: NDArray[np.float32], light: Light, seed: int, index: int
) -> dict[str, object]:
    """Values for finish.glsl: exposure meters the shrunken picture's log-average."""
    brightness = float(np.exp(np.log(small.mean(2) + 0.02).mean()))
    metered = np.clip((TARGET_BRIGHTNESS / brightness) ** 0.6, 0.6, 1.8)
    rng = stream(seed, "post", index)
    return {
        "exposure": float(light.sky.exposure * light.exposure_gain * metered),
        "bloom_strength": 0.10,
        "white_balance": light.white_balance,
        "saturation": 0.93,
        "grain": float(rng.uniform(0.004, 0.008)),
        "grain_seed": int(rng.integers(1 << 20)),
    }


def softened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Optical blur of a lens: 0.45 pixels at 1024 pixels width, in proportion otherwise."""
    sigma = 0.45 * picture.shape[1] / REFERENCE_WIDTH
    return cv2.GaussianBlur(np.ascontiguousarray(picture), (0, 0), sigma).astype(np.uint8)
