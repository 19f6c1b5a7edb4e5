"""Leaves of modular streets as the surface coordinates draw them: what a map cannot tell of a crown
lies still in the picture. Works on finished pictures; draws no OpenGL."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.scene.reference import REFERENCE_SCALE
from model.scene.street_grid import LEAVES_WIDTH, leaf_places, leaves_noise
from model.scene.surface_labels import SurfaceLabels
from model.scene.trunks import without_trunks
from model.streets.labels import LabelId

Picture = NDArray[np.uint8]
Ids = NDArray[np.int32]
_Floats = NDArray[np.float32]

OWN = 0.5  # of what the mesh shows of leaves and twigs
COARSE, FINE = 0.5, 0.4  # brightness by the noise, in powers of two
BRIGHTEST, DARKER = 0.3, 0.25  # of them; twigs before a pale sky shall not become paler than it
GAP = 0.2  # of fine and coarse noise, from which on the gaps of a crown stay open
_NEAR, _FAR = 15, 61  # pixels at LEAVES_WIDTH over which leaves are averaged, the far ones where
_RARELY = 1e-3  # there are no near ones


def with_told_leaves(picture: Picture, seen: Ids, annotated: Ids) -> Picture:
    """The picture (H, W, 3) uint8 with crowns as light and dark as the noise of their channels.

    seen: (H, W) ids as they were drawn, with sky between the leaves; annotated: those of the
    map, whose crowns are closed. Where noise is dark their gaps are filled with leaves, too.
    """
    crown, leaves = _crowns(annotated), seen == LabelId.VEGETATION
    if not (crown & leaves).any():
        return picture
    scale = picture.shape[1] / LEAVES_WIDTH
    fine, coarse = _noise(crown.shape)
    colors = picture.astype(np.float32)
    solid = cv2.erode(leaves.astype(np.uint8), np.ones((3, 3), np.uint8))
    mean = _mean_color(colors, solid.astype(np.float32), scale)
    own = mean + np.float32(OWN) * np.where(solid[..., None] > 0, colors - mean, np.float32(0))
    brightness = np.minimum(COARSE * coarse + FINE * fine, BRIGHTEST) - DARKER
    drawn = own * np.exp2(brightness)[..., None]
    covered = crown & (leaves | (coarse + fine < GAP))
    share = cv2.GaussianBlur(covered.astype(np.float32), (0, 0), max(0.6 * scale, 0.1))[..., None]
    return np.clip(colors + (drawn - colors) * share, 0, 255).astype(np.uint8)


def _crowns(annotated: Ids) -> NDArray[np.bool_]:
    """Trees without their trunks, as the channels have them."""
    trees = (annotated == LabelId.VEGETATION).astype(np.uint8)
    return without_trunks(trees, SurfaceLabels(trees=(1,))) == 1


def _noise(size: tuple[int, int]) -> tuple[_Floats, _Floats]:
    """(H, W) in [-1, 1], fine and coarse, as the channels have them."""
    height, width = size
    places = np.ix_(leaf_places(0, height, width), leaf_places(0, width, width))
    fine, coarse = (noise[places].astype(np.float32) / REFERENCE_SCALE for noise in leaves_noise())
    return fine, coarse


def _mean_color(colors: _Floats, solid: _Floats, scale: float) -> _Floats:
    """(H, W, 3): of the leaves around each pixel; its own where there are only thin twigs."""
    total, weight = colors * np.float32(1e-7), np.full(solid.shape, 1e-7, np.float32)
    for size, share in ((_NEAR, 1.0), (_FAR, _RARELY)):
        side = (round(size * scale) | 1,) * 2
        total += np.float32(share) * cv2.blur(colors * solid[..., None], side)
        weight += np.float32(share) * cv2.blur(solid, side)
    return total / weight[..., None]
