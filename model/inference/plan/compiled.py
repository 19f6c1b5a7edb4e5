"""Compiled: what `kernels.c` does, for tensors, on as many threads as torch uses.

Whoever wants the kernels gets None until they are there. What was compiled on this machine before
is there at once; else a compiler makes it, in a process of its own, once that is begun.
"""

from __future__ import annotations

import ctypes
import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.inference.plan.kernels import cached_library, made_library
from model.inference.plan.normalize import EPSILON, Statistics
from model.inference.plan.rects import Margins
from model.inference.plan.spread import spread
from model.scene.geometry import Rect
from model.scene.scene import InstanceMap, LabelMap

log = logging.getLogger(__name__)

_PERIOD = 1024  # elements after which scales repeat; they stay in the first-level cache
_BLOCK = 1 << 18  # elements that are added up in float32


@dataclass(frozen=True, slots=True)
class Border:
    """How a whole picture is continued for the layer that reads it next.

    rect: values and border together; margins: left, right, top and bottom pixels of it.
    """

    rect: Rect
    margins: Margins
    mode: Literal["reflect", "replicate"]


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """What follows a stem: a bias (C,) float32, ReLU, (1, C, h, w) that is added, a border."""

    bias: Tensor | None = None
    relu: bool = False
    plus: Tensor | None = None
    border: Border | None = None


RAW = Ending()


class Loader:
    """Makes or finds the kernels once."""

    def __init__(self) -> None:
        self._kernels: Kernels | None = None
        self._looked = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def get(self, *, make: bool, wait: bool) -> Kernels | None:
        with self._lock:
            if not self._looked:
                self._load(cached_library)
                self._looked = True
            if self._kernels is None and self._thread is None and make:
                self._thread = threading.Thread(target=self._make, name="kernels", daemon=True)
                self._thread.start()
        if wait and self._thread is not None:
            self._thread.join()
        return self._kernels

    def _make(self) -> None:
        self._load(made_library)

    def _load(self, library: Callable[[], ctypes.CDLL | None]) -> None:
        try:
            found = library()
        except (OSError, subprocess.SubprocessError):
            log.exception("the compiled kernels cannot be used")  # paint without
        else:
            self._kernels = None if found is None else Kernels(found)


_loader = Loader()


def kernels(*, wait: bool = False) -> Kernels | None:
    """The kernels if they are there by now.

    wait: until they are made, or found impossible.
    """
    return _loader.get(make=wait, wait=wait)


def make_kernels() -> None:
    """Begin to make them, if they are not there."""
    _loader.get(make=True, wait=False)


class _Stem(ctypes.Structure):
    """`Stem` of kernels.c."""

    _fields_ = (
        ("cells", ctypes.c_void_p),
        ("cells_stride", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("table", ctypes.c_void_p),
        ("uniform", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("dense", ctypes.c_void_p),
        ("dense_step", ctypes.c_int64),
        ("relu", ctypes.c_int64),
        ("plus", ctypes.c_void_p),
        ("plus_stride", ctypes.c_int64),
        ("plus_step", ctypes.c_int64),
        ("out", ctypes.c_void_p),
        ("out_stride", ctypes.c_int64),
        ("left", ctypes.c_int64),
        ("right", ctypes.c_int64),
        ("reflect", ctypes.c_int64),
    )


_ARGUMENTS = {  # p: pointer, i: 64-bit integer, f: float
    "add_up": "piiiiiipip",
    "finish": "pipiiiiippiipiiiii",
    "halve": "piiiip",
    "lay_out_bytes": "piiiiiiip",
    "lay_out_floats": "piiiiiiip",
    "mark_cells": "pipipiiiiiiipip",
    "number_cells": "piiiip",
    "mixed_windows": "piiiip",
    "stem": "piii",
    "distance_levels": "pfiiip",
    "reference_rows": "pii",
    "surface_rows": "pii",
}


class Kernels:
    """Arguments that are whole pictures lie in channels_last, bfloat16.

    Attributes:
        library: what was compiled.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library
        kinds = {"p": ctypes.c_void_p, "i": ctypes.c_int64, "f": ctypes.c_float}
        for name, letters in _ARGUMENTS.items():
            getattr(library, name).argtypes = [kinds[letter] for letter in letters]

    def finished(
        self,
        x: Tensor,
        known: Statistics | None,
        *,
        relu: bool,
        plus: Tensor | None = None,
        border: Border | None = None,
    ) -> tuple[Tensor, Tensor, Statistics]:
        """Instance normalisation as in `normalize.finished`, rounded once, in the end.

        Returns the values, a part of the values with their border (one picture), and that.
        """
        count, channels, height, width = x.shape
        x, stride = _rows(x)
        if known is None:
            known = self._statistics(x, stride)
        scales, shifts, zeros = _scaling(known)
        added, added_stride = (zeros, 0) if plus is None else _rows(plus.expand(x.shape))
        room = _Room(x, x.shape, border)
        work = partial(
            self.library.finish, x.data_ptr(), stride, room.corner, room.stride, width * channels,
            channels,
        )  # fmt: skip
        after = (
            scales.data_ptr(), shifts.data_ptr(), len(scales), relu, added.data_ptr(),
            added_stride, int(plus is not None), *room.sides,
        )  # fmt: skip
        spread(lambda first, last: work(first, last, *after), count * height, width * channels)
        return *room.filled(), known

    def _statistics(self, x: Tensor, stride: int) -> Statistics:
        """Of one picture. Sums are taken around the means of one row, which lie close by."""
        _, channels, height, width = x.shape
        row = width * channels
        centre = x[0, :, height // 2].float().mean(dim=1)
        period = max(1, min(_PERIOD // channels, width))
        block = max(1, _BLOCK // row)
        sums = torch.empty(-(-height // block), 2, period, channels)
        pivot = centre.repeat(period)
        spread(
            lambda first, last: self.library.add_up(
                x.data_ptr(), stride, row, height, block, first, last,
                pivot.data_ptr(), len(pivot), sums.data_ptr(),
            ),
            len(sums), block * row,
        )  # fmt: skip
        offset, square = sums.double().sum(dim=(0, 2)) / (height * width)
        variance = (square - offset.square()).clamp_(min=0)
        return Statistics((centre + offset).float(), variance.float())

    def halved(self, planes: NDArray[np.int8]) -> Tensor:
        """(R, H, W) to (1, R, H / 2, W / 2) float32, as `halve` does."""
        count, height, width = planes.shape
        source, out = np.ascontiguousarray(planes), torch.empty(1, count, height // 2, width // 2)
        spread(
            lambda first, last: _checked(
                self.library.halve(
                    source.ctypes.data, height, width, first, last, out.data_ptr()
                )
            ),
            count * (height // 2), 2 * width,
        )  # fmt: skip
        return out

    def laid_out(self, planes: Tensor) -> Tensor:
        """(1, R, H, W) int8 or float32 to (1, R, H + 6, W + 6) bfloat16 channels_last, reflected
        around; rows have to be contiguous."""
        _, count, height, width = planes.shape
        out = torch.empty(1, height + 6, width + 6, count, dtype=torch.bfloat16)
        whole = planes.dtype == torch.int8
        work = self.library.lay_out_bytes if whole else self.library.lay_out_floats
        _, plane, stride, _ = planes.stride()
        place = planes.data_ptr(), count, plane, stride, height, width
        spread(
            lambda first, last: work(*place, first, last, out.data_ptr()),
            height + 6, count * width,
        )  # fmt: skip
        return out.permute(0, 3, 1, 2)

    def numbered_cells(
        self,
        labels: LabelMap,
        instances: InstanceMap,
        numbers: NDArray[np.int32] | None,
        count: int,
        *,
        boundary: bool,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """What tells pixels (H, W) from each other, label + 256 * boundary + 512 * number, in
        ascending order; and which of these every pixel is, (H + 6, W + 6), reflected around.

        numbers: of the instances, below `count`; None to leave them out.
        """
        height, width = labels.shape
        labels, instances = np.ascontiguousarray(labels), np.ascontiguousarray(instances)
        index = instances if numbers is None else np.ascontiguousarray(numbers)
        around = np.empty((height + 6, width + 6), np.int32)
        inside, stride = around[3:, 3:].ctypes.data, width + 6
        occurs = np.zeros(512 * count, np.uint8)
        maps = (
            labels.ctypes.data, width, instances.ctypes.data, width, index.ctypes.data, width,
            numbers is not None, height, width,
        )  # fmt: skip
        after = boundary, inside, stride, occurs.ctypes.data
        mark, number = self.library.mark_cells, self.library.number_cells
        spread(lambda first, last: mark(*maps, first, last, *after), height, width)
        positions = np.cumsum(occurs, dtype=np.int32) - 1
        spread(
            lambda first, last: number(
                inside, stride, width, first, last, positions.ctypes.data
            ),
            height, width,
        )  # fmt: skip
        _reflect_rows(around)
        return np.flatnonzero(occurs).astype(np.int32), around

    def mixed_windows(self, around: NDArray[np.int32]) -> NDArray[np.bool_]:
        """(H / 2, W / 2): which 3x3 windows, two apart, of (H + 6, W + 6) hold several cells."""
        height, width = around.shape[0] - 6, around.shape[1] - 6
        mixed = np.empty((height // 2, width // 2), np.bool_)
        inside, stride = around[3:, 3:].ctypes.data, around.strides[0] // around.itemsize
        work = self.library.mixed_windows
        spread(
            lambda first, last: work(inside, stride, width, first, last, mixed.ctypes.data),
            height // 2, width,
        )  # fmt: skip
        return mixed

    def stem(
        self,
        around: NDArray[np.int32],
        table: Tensor,
        dense: Tensor | None,
        ending: Ending = RAW,
    ) -> tuple[Tensor, Tensor]:
        """A stem (1, C, h, w), and the same with its border.

        around: (h + 6, w + 6) cells, rows contiguous; table: (n, 49, C) float32, what a cell adds
        at each place of the window; dense: (1, C, h, w), what else is added.
        """
        height, width, channels = around.shape[0] - 6, around.shape[1] - 6, table.shape[2]
        table, zeros = table.contiguous(), torch.zeros(channels, dtype=torch.bfloat16)
        bias = torch.zeros(channels) if ending.bias is None else ending.bias.contiguous()
        uniform = table.sum(dim=1) + bias
        rest = zeros if dense is None else dense.contiguous(memory_format=torch.channels_last)
        plus, plus_stride = (zeros, 0) if ending.plus is None else _rows(ending.plus)
        room = _Room(zeros, (1, channels, height, width), ending.border)
        stem = _Stem(
            around.ctypes.data, around.strides[0] // around.itemsize, width, table.data_ptr(),
            uniform.data_ptr(), bias.data_ptr(), rest.data_ptr(), dense is not None, ending.relu,
            plus.data_ptr(), plus_stride, ending.plus is not None, room.corner, room.stride,
            *room.sides,
        )  # fmt: skip
        work = partial(self.library.stem, ctypes.addressof(stem), channels)
        spread(lambda first, last: _checked(work(first, last)), height, width * channels)
        return room.filled()


@lru_cache(maxsize=256)  # a preview has many small nodes, whose statistics stay
def _scaling(known: Statistics) -> tuple[Tensor, Tensor, Tensor]:
    """What channels are multiplied by, what is added then, and zeros; repeated for long loops."""
    scale = (known.variance + EPSILON).rsqrt()
    period = max(1, _PERIOD // len(scale))
    shifts = (-known.mean * scale).repeat(period)
    return scale.repeat(period), shifts, torch.zeros(len(shifts), dtype=torch.bfloat16)


class _Room:
    """Where values go, with room for a border around them."""

    def __init__(self, like: Tensor, shape: Sequence[int], border: Border | None) -> None:
        count, channels, height, width = shape
        left, right, self._top, self._bottom = border.margins if border else (0, 0, 0, 0)
        self._reflect = border is not None and border.mode == "reflect"
        self._around = like.new_empty(
            count, height + self._top + self._bottom, width + left + right, channels
        )
        self._inside = self._around[:, self._top :, left:][:, :height, :width]
        self.corner = self._inside.data_ptr()
        self.stride = self._inside.stride(1)
        self.sides = left, right, int(self._reflect)

    def filled(self) -> tuple[Tensor, Tensor]:
        """The values, and the values with their border, whose rows within are written by now."""
        if self._top or self._bottom:
            _extend_rows(self._around[0], self._top, self._bottom, reflect=self._reflect)
        return self._inside.permute(0, 3, 1, 2), self._around.permute(0, 3, 1, 2)


def _extend_rows(around: Tensor, top: int, bottom: int, *, reflect: bool) -> None:
    """Continues (H, W, C) above and below, where its rows are not written yet."""
    last = around.shape[0] - bottom - 1
    for k in range(1, top + 1):
        around[top - k] = around[top + (k if reflect else 0)]
    for k in range(1, bottom + 1):
        around[last + k] = around[last - (k if reflect else 0)]


def _reflect_rows(around: NDArray[np.int32]) -> None:
    """The three outermost rows above and below."""
    around[2::-1] = around[4:7]
    around[-3:] = around[-5:-8:-1]


def _rows(x: Tensor) -> tuple[Tensor, int]:
    """(N, C, H, W) so that its rows of W * C elements are equally far apart, and how far."""
    if len(x) > 1 or not x.permute(0, 2, 3, 1)[0, 0].is_contiguous():
        x = x.contiguous(memory_format=torch.channels_last)
    return x, x.stride(2)


def _checked(failed: int) -> None:
    if failed:
        raise MemoryError("no memory for a row")
