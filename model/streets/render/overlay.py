"""What a car camera sees besides the street: the own bonnet, and the frame that rectifying the
picture leaves. Works on finished pictures; draws no OpenGL."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.streets.camera import Bonnet, Border
from model.streets.labels import LabelId
from model.streets.render.annotation import REFERENCE_WIDTH

Picture = NDArray[np.uint8]
Layers = tuple[Picture, NDArray[np.uint8], NDArray[np.int32]]

# Width of the frame outside the region of interest, as a share of the picture's width.
ROI_WIDTH = 5 / 2048


def bonnet_mask(size: tuple[int, int], bonnet: Bonnet) -> NDArray[np.bool_]:
    """(height, width) bool: below a flattened arch over the picture's whole width."""
    height, width = size
    x = np.linspace(-1, 1, width)
    arch = 1 - 0.45 * np.abs(x) ** bonnet.roundness + bonnet.tilt * x
    top = height * (1 - bonnet.height * arch)
    return np.arange(height)[:, None] >= top[None]


def apply_bonnet(
    picture: Picture, labels: NDArray[np.uint8], instances: NDArray[np.int32], bonnet: Bonnet
) -> Layers:
    """Paints the bonnet: its lacquer mirrors the blurred street and sky above it."""
    mask = bonnet_mask(labels.shape, bonnet)
    first = int(mask.any(1).argmax())
    result, below = picture.copy(), mask[first:]
    height, width = below.shape
    depth = np.clip(below.cumsum(0, np.float32) / height, 0, 1)
    reflected = _reflection(picture, depth)
    base = np.array(bonnet.color, np.float32) ** (1 / 2.2)
    depth = depth[..., None]
    lacquer = base * (0.55 + 0.25 * depth) + reflected * (0.62 - 0.42 * depth)
    # The far edge bends away and catches the dark gap before the road.
    edge = np.exp(-((depth * height / max(1.0, 0.004 * width)) ** 2))
    lacquer = np.clip(lacquer * (1 - 0.45 * edge), 0, 1) * 255
    softness = max(0.4, 0.5 * width / 1024)
    amount = cv2.GaussianBlur(below.astype(np.float32), (0, 0), softness)[..., None]
    result[first:] = (picture[first:] * (1 - amount) + lacquer * amount).astype(np.uint8)
    if bonnet.ornament:
        mask = mask | _put_ornament(result, bonnet)
    return result, *_relabelled(labels, instances, mask, LabelId.EGO_VEHICLE)


def _put_ornament(picture: Picture, bonnet: Bonnet) -> NDArray[np.bool_]:
    """Paints a ring on a short stem at the bonnet's far edge; returns its filled outline."""
    height, width = picture.shape[:2]
    radius = 0.0135 * width
    x = width * (0.5 + 0.1 * bonnet.tilt / 0.015 * 0.2)
    foot = height * (1 - bonnet.height)
    center = np.array([x, foot - 1.35 * radius])
    row, column = np.mgrid[:height, :width]
    away = np.hypot(column - center[0], row - center[1])
    stem = (np.abs(column - x) < 0.13 * radius) & (row > center[1]) & (row < foot + 2)
    ring = (np.abs(away - 0.88 * radius) < 0.13 * radius) | stem
    shine = np.clip(0.62 - 0.35 * (row - center[1] + 0.5 * (column - x)) / radius, 0.12, 0.95)
    softness = max(0.4, 0.5 * width / REFERENCE_WIDTH)
    amount = cv2.GaussianBlur(ring.astype(np.float32), (0, 0), softness)[..., None]
    metal = (shine[..., None] * [232, 236, 242]).astype(np.float32)
    picture[:] = (picture * (1 - amount) + metal * amount).astype(np.uint8)
    return (away < 1.04 * radius) | stem


def _reflection(picture: Picture, depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a surface curving away from the camera mirrors, (h, w, 3) in 0..1: rows from the
    horizon (at depth 0) up to the sky (at depth 1), smeared along the bonnet."""
    small = cv2.resize(picture, (48, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small / 255, (0, 0), sigmaX=4.0, sigmaY=2.0)
    columns = np.broadcast_to(np.linspace(0, 47, depth.shape[1], dtype=np.float32), depth.shape)
    rows = (36 * (1 - depth)).astype(np.float32)
    smeared = cv2.remap(small, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR)
    return np.asarray(smeared, np.float32)


def apply_border(
    picture: Picture, labels: NDArray[np.uint8], instances: NDArray[np.int32], border: Border
) -> Layers:
    """Marks what rectifying leaves round the valid quadrilateral, darkened to black towards the
    edge, and the thin frame outside the region of interest round everything."""
    size = labels.shape
    invalid = ~_valid(size, border)
    result = picture.copy()
    depth = cv2.distanceTransform(invalid.astype(np.uint8), cv2.DIST_L2, 3)
    fade = np.clip(1 - depth / max(1.0, 0.003 * size[1]), 0.06, 1)[..., None]
    result[invalid] = (picture * fade).astype(np.uint8)[invalid]
    labels, instances = _relabelled(labels, instances, invalid, LabelId.RECTIFICATION_BORDER)
    frame = _frame(size, max(1, round(size[1] * ROI_WIDTH)))
    return result, *_relabelled(labels, instances, frame, LabelId.OUT_OF_ROI)


def _valid(size: tuple[int, int], border: Border) -> NDArray[np.bool_]:
    """(height, width) bool: inside the quadrilateral of valid pixels."""
    height, width = size
    x, y = np.linspace(0, 1, width)[None], np.linspace(0, 1, height)[:, None]
    column, row = np.arange(width)[None], np.arange(height)[:, None]

    def inset(ends: tuple[float, float], along: NDArray[np.float64]) -> NDArray[np.float64]:
        return width * (ends[0] + (ends[1] - ends[0]) * along)

    inside = (column >= inset(border.left, y)) & (column < width - inset(border.right, y))
    return inside & (row >= inset(border.top, x)) & (row < height - inset(border.bottom, x))


def _frame(size: tuple[int, int], width: int) -> NDArray[np.bool_]:
    mask = np.ones(size, bool)
    mask[width : size[0] - width, width : size[1] - width] = False
    return mask


def _relabelled(
    labels: NDArray[np.uint8], instances: NDArray[np.int32], mask: NDArray[np.bool_], label: LabelId
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    return (
        np.where(mask, np.uint8(label), labels),
        np.where(mask, np.int32(label), instances),
    )
