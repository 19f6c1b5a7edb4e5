"""The leaf texture: a spray of small leaves with a mid-rib each, drawn once per renderer."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE, LEAVES = 256, 150


def leaf_texture() -> NDArray[np.uint8]:
    """(SIZE, SIZE, 4) uint8: brightness in rgb (multiplied by alpha), coverage in alpha."""
    rng = np.random.default_rng(5)
    picture = np.zeros((SIZE, SIZE, 4), np.float32)
    for _ in range(LEAVES):
        away, around = SIZE * 0.40 * np.sqrt(rng.random()), rng.random() * 7
        x, y = SIZE / 2 + away * np.cos(around), SIZE / 2 + away * np.sin(around)
        shade, angle = rng.uniform(0.35, 1.0), rng.uniform(0, 360)
        axes = (int(SIZE * rng.uniform(0.030, 0.055)), int(SIZE * rng.uniform(0.015, 0.026)))
        middle, color = (int(x), int(y)), (shade, shade, shade, 1.0)
        cv2.ellipse(picture, middle, axes, angle, 0, 360, color, -1, cv2.LINE_AA)
        tip = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * axes[0]
        ends = [(int(middle[0] + k * tip[0]), int(middle[1] + k * tip[1])) for k in (-1, 1)]
        rib = (shade * 0.7, shade * 0.7, shade * 0.7, 1.0)
        cv2.line(picture, ends[0], ends[1], rib, 1, cv2.LINE_AA)
    return np.clip(picture * 255, 0, 255).astype(np.uint8)
