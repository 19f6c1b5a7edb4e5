"""Fronts: from a frame to the outputs of the 7x7 stem convolutions at every scale.

`LookupFront` never builds the one-hot tensor: over a window of one single cell a stem's output is
one row of a table, elsewhere the sum of 49. `DenseFront` is the plain way, best on accelerators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from model.conditioning import ConditioningConfig, build_conditioning
from model.inference.frame import Frame
from model.inference.plan.cells import Cells, frame_cells, not_uniform, pooled, told_only
from model.inference.plan.compiled import RAW, Ending, Kernels
from model.inference.plan.layers import laid_out, reflected
from model.inference.plan.rects import Margins, clipped, outside, scaled_down
from model.inference.plan.regions import STEM_REACH
from model.inference.plan.tint import Tint
from model.networks.layers import halve
from model.scene.geometry import Rect
from model.scene.reference import REFERENCE_SCALE

_AROUND = STEM_REACH
SIDE = 2 * _AROUND + 1
_CHUNK = 1 << 13  # pixels looked up at once: index and sums stay in the processor's cache


class Stem(Protocol):
    """One stem over one frame; a FastStem where compiled kernels are used."""

    def __call__(self, rect: Rect) -> Tensor:
        """(1, C, h, w) channels_last, not yet normalised, of a rectangle of the stem's own grid.

        When the frame is part of a scene, the rectangle keeps `STEM_MARGIN` from its inner rims.
        """
        ...


class Front(Protocol):
    """Attributes:
    work: of every stem, finest first: multiplications for one output pixel.
    """

    work: list[float]

    def stems(self, frame: Frame, fast: Kernels | None = None) -> list[Stem]:
        """One stem for every scale, finest first; last, where there is a tint, what gives that."""
        ...


class DenseFront:
    """Stems as convolutions over the conditioning tensor."""

    def __init__(
        self,
        convolutions: list[nn.Conv2d],
        config: ConditioningConfig,
        like: Tensor,
        tint: Tint | None = None,
    ) -> None:
        self._config = config
        self._like = like
        self._tint = tint
        self._weights = [laid_out(conv.weight.detach(), like) for conv in convolutions]
        self.work = [float(conv.weight.numel()) for conv in convolutions]

    def stems(self, frame: Frame, fast: Kernels | None = None) -> list[Stem]:
        return self.stems_over(self.conditioning(frame), frame.rect, frame.grid)

    def conditioning(self, frame: Frame) -> Tensor:
        """(1, C, H, W) channels_last."""
        x = frame_conditioning(self._config, frame, self._like)
        return x.contiguous(memory_format=torch.channels_last)

    def stems_over(self, x: Tensor, rect: Rect, grid: tuple[int, int]) -> list[Stem]:
        """x: the conditioning of a rectangle of the grid."""
        stems: list[Stem] = []
        full = x
        for number, weight in enumerate(self._weights):
            x = halve(x) if number else x
            stems.append(partial(self._convolve, x, weight, _Place.of(rect, grid, number)))
        if self._tint is not None:
            stems.append(partial(self._tinted, self._tint, full, _Place.of(rect, grid, 0)))
        return stems

    @staticmethod
    def _tinted(tint: Tint, x: Tensor, place: _Place, rect: Rect) -> Tensor:
        (rows, columns), margins = place.window(rect.grown(1))
        return tint.of_conditioning(reflected(x[:, :, rows, columns], margins))

    @staticmethod
    def _convolve(x: Tensor, weight: Tensor, place: _Place, rect: Rect) -> Tensor:
        (rows, columns), margins = place.window(rect.grown(_AROUND))
        return functional.conv2d(reflected(x[:, :, rows, columns], margins), weight)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a map lies: its rectangle in a grid of (height, width)."""

    rect: Rect
    grid: tuple[int, int]

    @classmethod
    def of(cls, rect: Rect, grid: tuple[int, int], halvings: int) -> _Place:
        height, width = (side >> halvings for side in grid)
        return cls(scaled_down(rect, 1 << halvings), (height, width))

    def window(self, rect: Rect) -> tuple[tuple[slice, slice], Margins]:
        """Which part of the map to cut out for a rectangle, and what is missing around it."""
        inside = clipped(rect, self.grid)
        return inside.slices_in(self.rect), outside(rect, self.grid)


def frame_conditioning(config: ConditioningConfig, frame: Frame, like: Tensor) -> Tensor:
    """The conditioning (1, C, H, W) of a frame, of the type and on the device of `like`."""
    features = reference = None
    if config.feature_channels:
        index = on_device(frame.instance_index, like)
        features = on_device(frame.features, like)[index].permute(2, 0, 1)[None]
    if frame.reference is not None:
        reference = on_device(frame.reference, like)[None]
    labels, instances = (on_device(x, like)[None] for x in (frame.labels, frame.instances))
    if config.rgb:
        labels = labels.permute(0, 3, 1, 2).to(like.dtype) / 127.5 - 1
    return build_conditioning(config, labels, instances, features, reference, like.dtype)


def on_device(array: np.ndarray, like: Tensor) -> Tensor:
    """The array on the device of `like`, by way of pinned memory where that is faster."""
    tensor = torch.from_numpy(array)
    if like.device.type == "cuda":
        return tensor.pin_memory().to(like.device, non_blocking=True)
    return tensor.to(like.device)


class LookupFront:
    """Stems as table lookups over cells; the dense reference channels are convolved on top."""

    def __init__(
        self,
        convolutions: list[nn.Conv2d],
        config: ConditioningConfig,
        like: Tensor,
        tint: Tint | None = None,
    ) -> None:
        self._config = config
        self._tint = tint
        self._stems = [_LookupStem(conv, config, like) for conv in convolutions]
        dense = config.reference_channels
        self.work = [float(SIDE * SIDE * dense * conv.out_channels) for conv in convolutions]

    def stems(self, frame: Frame, fast: Kernels | None = None) -> list[Stem]:
        cells = frame_cells(self._config, frame, fast)
        dense = None
        if self._config.reference_channels:
            reference = told_only(self._config, cells, frame)
            assert reference is not None
            dense = torch.from_numpy(reference)[None]
        stems: list[Stem] = []
        full = cells
        for number, stem in enumerate(self._stems):
            if number:
                cells = pooled(cells, fast)
                dense = _halved(dense, fast)
            place = _Place.of(frame.rect, frame.grid, number)
            if fast is None:
                stems.append(partial(stem, cells, dense, place))
            else:
                stems.append(stem.fast(cells, dense, place.rect, fast))
        if self._tint is not None:
            stems.append(partial(self._tint.of_cells, full, frame.rect))
        return stems


def _halved(dense: Tensor | None, fast: Kernels | None) -> Tensor | None:
    if dense is None:
        return None
    if fast is not None and dense.dtype == torch.int8:
        return fast.halved(dense[0].numpy())
    return halve(dense.float())


@dataclass(frozen=True, slots=True, eq=False)
class FastStem:
    """A stem by compiled kernels, which also do what follows it.

    Attributes:
        around: cells of `rect`, with a rim of 3; table: what they add at each place of a window.
        dense: the other channels, (1, R, h + 6, w + 6), and their weights, or None.
    """

    around: NDArray[np.int32]
    table: Tensor
    dense: Tensor | None
    weight: Tensor | None
    rect: Rect
    kernels: Kernels

    def __call__(self, rect: Rect) -> Tensor:
        return self.finished(rect, RAW)[0]

    def finished(self, rect: Rect, ending: Ending) -> tuple[Tensor, Tensor]:
        """The values of a rectangle, and the same with a border; see `Stem.__call__`."""
        rows, columns = rect.grown(_AROUND).slices_in(self.rect.grown(_AROUND))
        dense = None
        if self.dense is not None and self.weight is not None:
            dense = functional.conv2d(self.dense[:, :, rows, columns], self.weight)
        return self.kernels.stem(self.around[rows, columns], self.table, dense, ending)


class _LookupStem:
    """One 7x7 stem convolution over cells, without its bias."""

    def __init__(self, conv: nn.Conv2d, config: ConditioningConfig, like: Tensor) -> None:
        weight = conv.weight.detach().float()
        known = config.map_channels + config.feature_channels
        self._channels = weight.shape[0]
        self._taps = weight[:, :known].permute(1, 2, 3, 0).reshape(known, -1)
        self._dense = None
        if config.reference_channels:
            self._dense = laid_out(weight[:, known:] / REFERENCE_SCALE, like)
        self._dtype = like.dtype

    def fast(self, cells: Cells, dense: Tensor | None, rect: Rect, kernels: Kernels) -> FastStem:
        """dense: (1, R, h, w) of the cells' rectangle."""
        dense = None if dense is None else kernels.laid_out(dense)
        return FastStem(cells.around, self._table(cells), dense, self._dense, rect, kernels)

    def _table(self, cells: Cells) -> Tensor:
        """(n, 49, C) float32, what a cell adds at each place of the window."""
        table = torch.from_numpy(cells.vectors) @ self._taps
        return table.view(-1, SIDE * SIDE, self._channels)

    def __call__(self, cells: Cells, dense: Tensor | None, place: _Place, rect: Rect) -> Tensor:
        table = self._table(cells)
        around = cells.around[rect.grown(_AROUND).slices_in(place.rect.grown(_AROUND))]
        own = around[_AROUND:-_AROUND, _AROUND:-_AROUND]
        uniform = table.sum(dim=1).to(self._dtype)
        out = uniform.index_select(0, torch.from_numpy(own.ravel()))
        self._correct(out, around, table.view(-1, self._channels))
        out = out.view(1, rect.height, rect.width, self._channels).permute(0, 3, 1, 2)
        convolved = self._convolved(dense, place, rect)
        return out if convolved is None else out.add_(convolved)

    def _convolved(self, dense: Tensor | None, place: _Place, rect: Rect) -> Tensor | None:
        """What the dense channels add, (1, C, h, w) channels_last."""
        if dense is None or self._dense is None:
            return None
        (rows, columns), margins = place.window(rect.grown(_AROUND))
        x = dense[:, :, rows, columns].to(self._dtype).contiguous(memory_format=torch.channels_last)
        return functional.conv2d(reflected(x, margins), self._dense)

    def _correct(self, out: Tensor, around: NDArray[np.int32], table: Tensor) -> None:
        """Writes the pixels whose window holds several cells into `out` (h * w, C).

        around: (h + 6, w + 6), the cells that they see.
        """
        ragged = np.flatnonzero(_mixed(around))
        width = around.shape[1] - 2 * _AROUND
        first_row = torch.from_numpy(around.ravel()) * (SIDE * SIDE)
        taps = torch.arange(SIDE * SIDE, dtype=torch.int32)
        offsets = taps // SIDE * (width + 2 * _AROUND) + taps % SIDE
        corners = ragged // width * (width + 2 * _AROUND) + ragged % width
        for start in range(0, len(ragged), _CHUNK):
            corner = torch.from_numpy(corners[start : start + _CHUNK].astype(np.int32))
            windows = first_row[corner[:, None] + offsets] + taps
            sums = functional.embedding_bag(windows, table, mode="sum")
            pixels = torch.from_numpy(ragged[start : start + _CHUNK])
            out.index_copy_(0, pixels, sums.to(out.dtype))


def _mixed(around: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(h, w): which windows of (h + 6, w + 6) hold several cells."""
    mixed = not_uniform(around, SIDE, cv2.BORDER_REFLECT_101)
    return mixed[_AROUND:-_AROUND, _AROUND:-_AROUND]
