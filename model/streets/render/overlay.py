"""What a car camera sees besides the street: the own bonnet, and the frame that rectifying the
picture leaves. Works on finished pictures; draws no OpenGL."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.streets.camera import Bonnet
from model.streets.labels import LabelId

Picture = NDArray[np.uint8]
Layers = tuple[Picture, NDArray[np.uint8], NDArray[np.int32]]

# Widths of the frame, as shares of the picture's width.
RECTIFICATION_WIDTH, ROI_WIDTH = 0.0024, 0.0078


def bonnet_mask(size: tuple[int, int], bonnet: Bonnet) -> NDArray[np.bool_]:
    """(height, width) bool: below a flattened arch over the picture's whole width."""
    height, width = size
    x = np.linspace(-1, 1, width)
    arch = 1 - 0.55 * np.abs(x) ** bonnet.roundness + bonnet.tilt * x
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
    return result, *_relabelled(labels, instances, mask, LabelId.EGO_VEHICLE)


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
    picture: Picture, labels: NDArray[np.uint8], instances: NDArray[np.int32]
) -> Layers:
    """Marks the frame outside the region of interest (the street goes on below it) and the thin
    border of invalid pixels round it, which repeats the outermost valid ones, darkened."""
    height, width = labels.shape
    thin, wide = max(1, round(width * RECTIFICATION_WIDTH)), max(2, round(width * ROI_WIDTH))
    inside = picture[thin : height - thin, thin : width - thin]
    smeared = cv2.copyMakeBorder(inside, thin, thin, thin, thin, cv2.BORDER_REPLICATE)
    border = _frame(labels.shape, thin)
    result = np.where(border[..., None], smeared // 2, picture).astype(np.uint8)
    own = labels == LabelId.EGO_VEHICLE
    outside = _frame(labels.shape, wide) & ~own
    labels, instances = _relabelled(labels, instances, outside, LabelId.OUT_OF_ROI)
    return result, *_relabelled(labels, instances, border, LabelId.RECTIFICATION_BORDER)


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
