"""Cells: a conditioning tensor as a table of its distinct pixels. No torch.

One-hot labels, boundary and features are the same over whole instances, so a frame of millions
of pixels holds a few hundred distinct vectors; an averaged (pooled) one a few thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from model.conditioning import ConditioningConfig, is_told
from model.inference.frame import Frame
from model.scene.boundary import boundary_map
from model.scene.reference import dense_instances

if TYPE_CHECKING:
    from model.inference.plan.compiled import Kernels

RIM = 3  # half the stems' windows
_LABELS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """around: (H + 6, W + 6) int32 rows of `vectors`, with a rim of 3 by reflection; vectors:
    (n, C) float32; labels, owners: (n,) of a frame's, their label and position of the instance."""

    around: NDArray[np.int32]
    vectors: NDArray[np.float32]
    labels: NDArray[np.int32] | None = None
    owners: NDArray[np.int32] | None = None

    @property
    def index(self) -> NDArray[np.int32]:
        """Without the rim, (H, W)."""
        return self.around[RIM:-RIM, RIM:-RIM]


def frame_cells(config: ConditioningConfig, frame: Frame, fast: Kernels | None = None) -> Cells:
    """One-hot label | boundary | features of every pixel, at full size."""
    distinct, around = (_found if fast is None else partial(_found_fast, fast))(config, frame)
    vectors = np.zeros((len(distinct), config.map_channels + config.feature_channels), np.float32)
    labels, owners = distinct % _LABELS, distinct // (2 * _LABELS)
    vectors[np.arange(len(distinct)), labels] = 1
    if config.boundary:
        vectors[:, config.label_channels] = distinct // _LABELS % 2
    if config.feature_channels:
        styled = ~np.isin(labels, config.unstyled)
        vectors[:, config.map_channels :] = frame.features[owners] * styled[:, None]
    return Cells(around, vectors, labels, owners)


def told_only(config: ConditioningConfig, cells: Cells, frame: Frame) -> NDArray[np.int8] | None:
    """The reference of a frame, without what its styles do not have.

    cells: of `frame_cells`.
    """
    reference = frame.reference
    if reference is None:
        return None
    assert cells.labels is not None and cells.owners is not None
    for drawing, members, told in config.drawn:
        plain = ~is_told(told, frame.features.T)[cells.owners]  # of things whose parts have none
        plain &= np.isin(cells.labels, members)
        if not plain.any():
            continue
        if reference is frame.reference:
            reference = reference.copy()
        without = drawing.without(reference)
        np.copyto(reference[drawing.channel], without, where=plain[cells.index])
    return reference


def _found(config: ConditioningConfig, frame: Frame) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """As `Kernels.numbered_cells`."""
    key = frame.labels.astype(np.int32)
    if config.boundary:
        key += _LABELS * boundary_map(frame.instances)
    if config.feature_channels:
        key += 2 * _LABELS * frame.instance_index
    distinct, index = dense_instances(key)
    return distinct, np.pad(index, RIM, "reflect")


def _found_fast(
    fast: Kernels, config: ConditioningConfig, frame: Frame
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    styled = config.feature_channels > 0
    return fast.numbered_cells(
        frame.labels,
        frame.instances,
        frame.instance_index if styled else None,
        len(frame.instance_ids) if styled else 1,
        boundary=config.boundary,
    )


def pooled(cells: Cells, fast: Kernels | None = None) -> Cells:
    """One step of the input pyramid: 3x3 average with stride 2, borders not counted.

    The sides must be even.
    """
    if fast is None:
        mixed = not_uniform(cells.index, 3, cv2.BORDER_REPLICATE)[::2, ::2]
    else:
        mixed = fast.mixed_windows(cells.around)
    outside = len(cells.vectors)
    rows, columns = np.nonzero(mixed)
    y, x = 2 * rows + RIM - 1, 2 * columns + RIM - 1
    windows = np.stack([cells.around[y + dy, x + dx] for dy in range(3) for dx in range(3)], axis=1)
    windows[rows == 0, :3] = outside
    windows[columns == 0, ::3] = outside
    windows.sort(axis=1)  # the average does not care for order
    distinct, which = _distinct_rows(windows)
    index = cells.index[::2, ::2].copy()
    index[rows, columns] = outside + which
    vectors = np.concatenate([cells.vectors, _averages(cells.vectors, distinct)])
    return Cells(np.pad(index, RIM, "reflect"), vectors)


def not_uniform(index: NDArray[np.int32], side: int, border: int) -> NDArray[np.bool_]:
    """(H, W): does the side x side window around a pixel hold more than one cell?

    border: an OpenCV border type, what the window sees outside.
    """
    image = index.astype(np.uint16 if int(index.max()) < 1 << 16 else np.float32)
    window = np.ones((side, side), np.uint8)
    highest = cv2.dilate(image, window, borderType=border)
    return highest != cv2.erode(image, window, borderType=border)


def _distinct_rows(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Distinct rows of (n, k), and for each row which of them it is."""
    as_bytes = rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    _, first, which = np.unique(as_bytes, return_index=True, return_inverse=True)
    return rows[first], which


def _averages(vectors: NDArray[np.float32], windows: NDArray[np.int32]) -> NDArray[np.float32]:
    """Mean vector of each window (n, 9); entries past the table lie outside the picture."""
    known = np.concatenate([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    inside = (windows < len(vectors)).sum(axis=1, keepdims=True)
    return known[windows].sum(axis=1) / inside.astype(np.float32)
