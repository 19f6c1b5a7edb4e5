"""Camera and map projections as row-major (4, 4) matrices in OpenGL's clip conventions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float64]


def perspective(field_of_view: float, aspect: float, near: float, far: float) -> Matrix:
    """Horizontal field of view in radians; aspect = width / height."""
    half = np.tan(field_of_view / 2)
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[1, 1] = 1 / half, aspect / half
    matrix[2, 2], matrix[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
    matrix[3, 2] = -1
    return matrix


def looking(eye: ArrayLike, forward: ArrayLike, up: ArrayLike) -> Matrix:
    """World to camera; the camera looks along -z of its own axes."""
    ahead = np.asarray(forward, float) / np.linalg.norm(forward)
    right = np.cross(ahead, np.asarray(up, float))
    right = right / np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = [right, np.cross(right, ahead), -ahead]
    matrix[:3, 3] = -matrix[:3, :3] @ np.asarray(eye, float)
    return matrix


def orthographic(half_width: float, half_height: float, near: float, far: float) -> Matrix:
    """A box centred on the view axis."""
    matrix = np.eye(4)
    matrix[0, 0], matrix[1, 1], matrix[2, 2] = 1 / half_width, 1 / half_height, -2 / (far - near)
    matrix[2, 3] = -(far + near) / (far - near)
    return matrix
