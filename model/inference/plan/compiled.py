"""Compiled: what `kernels` does, for tensors, on as many threads as torch uses.

numba is optional (extra `fast`). Whoever wants the kernels gets None until they are loaded; loading
happens in a thread of its own once it is begun, or is waited for.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.inference.plan.normalize import EPSILON, Statistics
from model.inference.plan.rects import Margins
from model.scene.geometry import Rect

log = logging.getLogger(__name__)

KERNELS = "model.inference.plan.kernels"
_PERIOD = 1024  # elements after which scales repeat; they stay in the first-level cache
_BLOCK = 1 << 18  # elements that are added up in float32
_ALONE = 1 << 18  # elements below which one thread is faster than several
_RUN = 8  # pixels of one cell that are written at once
_NOTHING = np.empty(0, np.uint16)
Bits = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Border:
    """How a whole picture is continued for the layer that reads it next.

    rect: values and border together; margins: left, right, top and bottom pixels of it.
    """

    rect: Rect
    margins: Margins
    mode: Literal["reflect", "replicate"]


class _Loader:
    """Imports the kernels once."""

    def __init__(self) -> None:
        self._kernels: Kernels | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def get(self, *, begin: bool, wait: bool) -> Kernels | None:
        with self._lock:
            wait = wait or (self._thread is None and KERNELS in sys.modules)  # takes no time
            if self._thread is None and (begin or wait):
                self._thread = threading.Thread(target=self._import, name="kernels", daemon=True)
                self._thread.start()
        if self._thread is not None and wait:
            self._thread.join()
        return self._kernels

    def _import(self) -> None:
        if importlib.util.find_spec("numba") is None:
            return
        try:
            self._kernels = Kernels(importlib.import_module(KERNELS))
        except Exception:  # of another package: paint without
            log.exception("the compiled kernels cannot be used")


_loader = _Loader()


def kernels(*, wait: bool = False) -> Kernels | None:
    """The kernels if they are loaded by now.

    wait: until they are loaded, or found missing.
    """
    return _loader.get(begin=False, wait=wait)


def load_kernels() -> None:
    """Begin to load them, if that was not done yet: not while something is waited for."""
    _loader.get(begin=True, wait=False)


class Kernels:
    def __init__(self, module: ModuleType) -> None:
        self._module = module

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
        source, stride = _flat(x)
        if known is None:
            known = self._statistics(source, stride, x.shape)
        scale = 1 / np.sqrt(known.variance.numpy() + np.float32(EPSILON))
        shift = -known.mean.numpy() * scale
        period = max(1, _PERIOD // channels)
        left, right, top, bottom = border.margins if border else (0, 0, 0, 0)
        around = x.new_empty(count, height + top + bottom, width + left + right, channels)
        wide = around.shape[2] * channels
        corner = top * wide + left * channels
        added, added_stride = (_NOTHING, 0) if plus is None else _flat(plus.expand(x.shape))
        target, row = _bits(around.view(-1)), width * channels
        scales, shifts = np.tile(scale, period), np.tile(shift, period)
        reflect = border is not None and border.mode == "reflect"

        def rows(first: int, last: int) -> None:
            self._module.finish(
                source, stride, target, corner, wide, row, first, last,
                scales, shifts, relu, added, added_stride,
            )  # fmt: skip
            if left or right:
                self._module.extend(
                    target, corner, wide, row, channels, left, right, first, last, reflect
                )

        _spread(rows, count * height, row)
        if border:
            _extend_rows(around[0], top, bottom, reflect=reflect)
        values = around[:, top : top + height, left : left + width].permute(0, 3, 1, 2)
        return values, around.permute(0, 3, 1, 2), known

    def _statistics(self, source: Bits, stride: int, shape: torch.Size) -> Statistics:
        """Of one picture. Sums are taken around the means of one row, which lie close by."""
        _, channels, height, width = shape
        row = width * channels
        middle = source[height // 2 * stride :][:row].astype(np.uint32) << 16
        centre = middle.view(np.float32).reshape(width, channels).mean(axis=0)
        period = max(1, min(_PERIOD // channels, width))
        block = max(1, _BLOCK // row)
        sums = np.empty((-(-height // block), 2, period * channels), np.float32)
        pivot = np.tile(centre, period)

        def blocks(first: int, last: int) -> None:
            self._module.add_up(source, stride, row, height, block, first, last, pivot, sums)

        _spread(blocks, len(sums), block * row)
        total = sums.sum(axis=0, dtype=np.float64).reshape(2, period, channels).sum(axis=1)
        offset, square = total / (height * width)
        mean = torch.from_numpy((centre + offset).astype(np.float32))
        variance = np.maximum(square - offset * offset, 0).astype(np.float32)
        return Statistics(mean, torch.from_numpy(variance))

    def halved(self, planes: NDArray[np.int8]) -> Tensor:
        """(R, H, W) to (1, R, H / 2, W / 2) float32, as `halve` does."""
        count, height, width = planes.shape
        out = np.empty((1, count, height // 2, width // 2), np.float32)
        source, target = np.ascontiguousarray(planes).ravel(), out.ravel()

        def rows(first: int, last: int) -> None:
            self._module.halve(source, height, width, first, last, target)

        _spread(rows, count * (height // 2), 2 * width)
        return torch.from_numpy(out)

    def look_up(
        self, out: Tensor, around: NDArray[np.int32], mixed: NDArray[np.bool_], table: Tensor, *,
        add: bool,
    ) -> None:  # fmt: skip
        """Writes a stem into out (h, w, C) bfloat16, or adds it to what is there.

        around: (h + 6, w + 6) cells; mixed: (h, w), where a window holds several; table:
        (n, 49, C) float32, what a cell adds at each place of the window.
        """
        height, width, channels = out.shape
        uniform = table.sum(dim=1, keepdim=True).expand(-1, _RUN, -1).contiguous()
        look_up = self._module.lookup(channels)
        cells, windows = np.ascontiguousarray(around).ravel(), np.ascontiguousarray(mixed).ravel()
        target, wide = _bits(out.view(-1)), around.shape[1]
        everywhere, places = uniform.view(-1).numpy(), table.reshape(-1).numpy()

        def rows(first: int, last: int) -> None:
            look_up(cells, wide, windows, everywhere, _RUN, places, target, width, first, last, add)

        _spread(rows, height, width * channels)


def _extend_rows(around: Tensor, top: int, bottom: int, *, reflect: bool) -> None:
    """Continues (H, W, C) above and below, where its rows are not written yet."""
    last = around.shape[0] - bottom - 1
    for k in range(1, top + 1):
        around[top - k] = around[top + (k if reflect else 0)]
    for k in range(1, bottom + 1):
        around[last + k] = around[last - (k if reflect else 0)]


def _flat(x: Tensor) -> tuple[Bits, int]:
    """(N, C, H, W) as flat memory, and the stride of its rows of W * C elements."""
    rows = x.permute(0, 2, 3, 1)
    rows = rows.reshape(-1, rows.shape[2] * rows.shape[3])
    if rows.stride(1) != 1:
        rows = rows.contiguous()
    length = (len(rows) - 1) * rows.stride(0) + rows.shape[1]
    return _bits(rows.as_strided((length,), (1,))), rows.stride(0)


def _bits(flat: Tensor) -> Bits:
    return flat.view(torch.int16).numpy().view(np.uint16)


def _spread(work: Callable[[int, int], None], count: int, elements: int) -> None:
    """Calls work(first, last) for parts of range(count), each of so many elements, at once."""
    threads = min(torch.get_num_threads(), count) if count * elements > _ALONE else 1
    edges = [count * part // threads for part in range(threads + 1)]
    others = [_pool(threads).submit(work, *part) for part in pairwise(edges[1:])]
    try:
        work(edges[0], edges[1])
    finally:
        for other in others:
            other.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads - 1, "kernels")
