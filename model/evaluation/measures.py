"""Measures of one picture or of two: arithmetic on arrays. Knows neither files nor checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.evaluation.extra import library
from model.scene.boundary import boundary_map

BORDER = 4  # pixels of what the judge sees, around a border between instances
BESIDE = (4, 16)  # pixels of the picture: what lies so far from a border is beside it
CELLS = (4, 8)  # rows and columns of parts that a frame's features are averaged over

Pixels = NDArray[np.uint8]


def confusion(prediction: Tensor, target: Tensor, labels: int) -> NDArray[np.int64]:
    """(K, K): pixels of true label (row) that the judge took for another (column).

    prediction, target: (h, w) int64; pixels with target -1 do not count.
    """
    functional = library("torchmetrics.functional.classification")
    matrix = functional.multiclass_confusion_matrix(
        prediction, target, labels, ignore_index=-1, validate_args=False
    )
    return matrix.cpu().numpy().astype(np.int64)


def label_scores(matrix: NDArray[np.int64]) -> tuple[NDArray, NDArray]:
    """IoU and accuracy of each label, float64, NaN for labels that do not occur."""
    hits, occurs = np.diag(matrix).astype(float), matrix.sum(axis=1)
    union = occurs + matrix.sum(axis=0) - hits
    there = occurs > 0
    return (
        np.divide(hits, union, out=np.full(len(hits), np.nan), where=there),
        np.divide(hits, occurs, out=np.full(len(hits), np.nan), where=there),
    )


def summary_scores(matrix: NDArray[np.int64]) -> tuple[float, float, float] | None:
    """Pixel accuracy, class accuracy and mIoU over the labels that occur; None without pixels."""
    if not matrix.sum():
        return None
    ious, accuracies = label_scores(matrix)
    pixel = np.diag(matrix).sum() / matrix.sum()
    return float(pixel), float(np.nanmean(accuracies)), float(np.nanmean(ious))


def common_iou(matrix: NDArray[np.int64], rare: float) -> float | None:
    """mIoU over the labels with at least this share of the pixels; None where there are none."""
    shares = matrix.sum(axis=1) / max(1, matrix.sum())
    found = label_scores(matrix)[0][(shares > 0) & (shares >= rare)]
    return float(found.mean()) if len(found) else None


def near_borders(instances: NDArray[np.int32], size: tuple[int, int]) -> NDArray[np.bool_]:
    """(h, w) bool: at most BORDER pixels from a border, in a map brought to (height, width)."""
    small = cv2.resize(instances, (size[1], size[0]), interpolation=cv2.INTER_NEAREST)
    return _distance(boundary_map(np.asarray(small))) <= BORDER


def hits(prediction: Tensor, target: Tensor, where: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(2,): right pixels and all pixels among those that count."""
    counted = (target >= 0) & torch.from_numpy(where).to(target.device)
    right = (prediction == target) & counted
    return np.array([int(right.sum()), int(counted.sum())])


def edge_sums(picture: Pixels, instances: NDArray[np.int32]) -> NDArray[np.float64]:
    """(4,): sum and number of gradients on borders between instances, and of those beside them.

    A gradient is that of the brightness, in levels per pixel: half the difference of the two
    neighbours, in both directions.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    down, across = np.gradient(grey)
    strength = np.hypot(down, across)
    border = boundary_map(instances)
    distance = _distance(border)
    beside = (distance > BESIDE[0]) & (distance <= BESIDE[1])
    return np.array(
        [strength[border].sum(), border.sum(), strength[beside].sum(), beside.sum()], float
    )


def _distance(marked: NDArray[Any]) -> NDArray[np.float32]:
    """Pixels of a bool map to the nearest marked one; infinite where nothing is marked."""
    if not marked.any():
        return np.full(marked.shape, np.inf, np.float32)
    return cv2.distanceTransform((~marked).astype(np.uint8), cv2.DIST_L2, 5).astype(np.float32)


def perceptual_distance(features: Sequence[Tensor], others: Sequence[Tensor]) -> float:
    """LPIPS without its learned weights (Zhang et al., CVPR 2018, eq. 1).

    features: (C, h, w) by layer. Of every layer the squared difference of feature vectors of
    length one, averaged over places; then the mean of the layers. 0 for equal features, at most
    4 (2 where features are not negative).
    """
    layers = [
        (_unit(ours) - _unit(theirs)).square().sum(0).mean()
        for ours, theirs in zip(features, others, strict=True)
    ]
    return float(torch.stack(layers).mean())


def _unit(features: Tensor) -> Tensor:
    return features / features.norm(dim=0, keepdim=True).clamp_min(1e-10)


def cell_features(features: Tensor) -> NDArray[np.float32]:
    """(cells, C): the means of (C, h, w) features over the CELLS of a frame."""
    means = torch.nn.functional.adaptive_avg_pool2d(features[None], CELLS)[0]
    return means.flatten(1).T.cpu().numpy().astype(np.float32)


def frechet_distance(rows: NDArray[np.float32], others: NDArray[np.float32]) -> float | None:
    """Between two sets of features (n, C): as FID (Heusel et al., NIPS 2017), other features."""
    if min(len(rows), len(others)) < 2:
        return None
    distance = library("torchmetrics.image.fid").FrechetInceptionDistance(_Given(rows.shape[1]))
    distance.update(torch.from_numpy(rows).double(), real=True)
    distance.update(torch.from_numpy(others).double(), real=False)
    return max(0.0, float(distance.compute()))


class _Given(torch.nn.Module):
    """Stands for a network whose features are known already."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.num_features = channels

    def forward(self, rows: Tensor) -> Tensor:
        return rows


def fidelity(picture: Pixels, truth: Pixels) -> tuple[float, float, float]:
    """L1 (levels), PSNR (dB) and SSIM (Wang et al., 2004) of a picture to the true one.

    PSNR is that of at least one differing level, so that equal pictures have one.
    """
    l1 = float(cv2.absdiff(picture, truth).mean())
    functional = library("torchmetrics.functional.image")
    ours, theirs = (
        torch.from_numpy(each).permute(2, 0, 1)[None].float() for each in (picture, truth)
    )
    squared = float((ours - theirs).square().mean())
    psnr = 10 * np.log10(255**2 / max(squared, 1 / ours.numel()))
    ssim = functional.structural_similarity_index_measure(ours, theirs, data_range=255.0)
    return l1, float(psnr), float(ssim)


def mean_colors(picture: Pixels, instances: NDArray[np.int32]) -> Pixels:
    """The picture with every instance in its mean colour."""
    ids, flat = np.unique(instances, return_inverse=True)
    flat = flat.reshape(-1)
    counts = np.bincount(flat, minlength=len(ids))
    means = [
        np.bincount(flat, picture[..., channel].reshape(-1), len(ids)) / counts
        for channel in range(3)
    ]
    return np.rint(np.stack(means, 1)).astype(np.uint8)[flat].reshape(picture.shape)
