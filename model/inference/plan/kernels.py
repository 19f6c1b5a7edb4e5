"""Kernels: compiled loops over bfloat16 pixels. numba and numpy; no torch.

Importing this module compiles them, which takes seconds, or loads them from the user's cache.
There is no bfloat16 in numba: numbers are widened from and rounded to their upper 16 bits, uint16.
Arrays are flat, with strides counted in elements; a row is width * channels elements. Every
kernel does a range of rows or blocks without the interpreter's lock, so threads share the work.
"""

from __future__ import annotations

import model.inference.process  # noqa: F401  says where the cache is

# isort: split
from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

SIDE = 7  # of the stems' windows
_AROUND = SIDE // 2
_OPTIONS = {"nogil": True, "fastmath": {"contract"}}  # contract: fused multiply and add
_SIXTEEN, _HALF, _ONE = np.uint32(16), np.uint32(0x7FFF), np.uint32(1)
_ZERO = np.float32(0)
_BITS, _NUMBERS, _CELLS = "uint16[::1]", "float32[::1]", "int32[::1]"


def _compiled(signature: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Compile now, or take from the cache; without a cache where its folder cannot be written."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        try:
            return numba.njit(signature, cache=True, **_OPTIONS)(function)
        except (RuntimeError, OSError):  # no folder to cache in
            return numba.njit(signature, **_OPTIONS)(function)

    return decorate


def _float_of(_: Any, bits: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.bitcast(values[0], ir.FloatType())

    return types.float32(types.uint32), generate


def _bits_of(_: Any, number: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.bitcast(values[0], ir.IntType(32))

    return types.uint32(types.float32), generate


_as_float: Any = intrinsic(_float_of)
_as_bits: Any = intrinsic(_bits_of)


@numba.njit(inline="always")
def _wide(bits):
    return _as_float(np.uint32(bits) << _SIXTEEN)


@numba.njit(inline="always")
def _rounded(number):
    """To the nearest bfloat16, ties to even."""
    bits = _as_bits(number)
    return np.uint16((bits + _HALF + ((bits >> _SIXTEEN) & _ONE)) >> _SIXTEEN)


@_compiled(
    f"void({_BITS}, int64, int64, int64, int64, int64, int64, {_NUMBERS}, float32[:, :, ::1])"
)
def add_up(x, stride, row, rows, block, first, last, pivot, sums):
    """Sums of x - pivot and of its squares, for blocks of `block` rows, first to last.

    pivot: (p,) for p elements in turn, a multiple of the channels; sums: (blocks, 2, p).
    """
    period = len(pivot)
    for number in range(first, last):
        plain, squares = sums[number, 0], sums[number, 1]
        plain[:] = 0
        squares[:] = 0
        for y in range(number * block, min((number + 1) * block, rows)):
            for start in range(0, row, period):
                count = min(period, row - start)
                here = x[y * stride + start : y * stride + start + count]
                for k in range(count):
                    value = _wide(here[k]) - pivot[k]
                    plain[k] += value
                    squares[k] += value * value


@_compiled(
    f"void({_BITS}, int64, {_BITS}, int64, int64, int64, int64, int64,"
    f"{_NUMBERS}, {_NUMBERS}, boolean, {_BITS}, int64)"
)
def finish(
    x, x_stride, y, corner, y_stride, row, first, last, scale, shift, relu, plus, plus_stride
):
    """y = relu(x * scale + shift) + plus, for rows first to last; each row of y starts
    y_stride after the one before, the first at `corner`. x and y must be different memory.

    scale, shift: for their length of elements in turn. plus: of length 0 when nothing is added.
    """
    period = len(scale)
    for r in range(first, last):
        for start in range(0, row, period):
            count = min(period, row - start)
            at = corner + r * y_stride + start
            a, b = x[r * x_stride + start : r * x_stride + start + count], y[at : at + count]
            if len(plus):
                c = plus[r * plus_stride + start : r * plus_stride + start + count]
                if relu:
                    for k in range(count):
                        value = _wide(a[k]) * scale[k] + shift[k]
                        b[k] = _rounded(max(value, _ZERO) + _wide(c[k]))
                else:
                    for k in range(count):
                        b[k] = _rounded(_wide(a[k]) * scale[k] + shift[k] + _wide(c[k]))
            elif relu:
                for k in range(count):
                    b[k] = _rounded(max(_wide(a[k]) * scale[k] + shift[k], _ZERO))
            else:
                for k in range(count):
                    b[k] = _rounded(_wide(a[k]) * scale[k] + shift[k])


@_compiled(f"void({_BITS}, int64, int64, int64, int64, int64, int64, int64, int64, boolean)")
def extend(y, corner, stride, row, channels, left, right, first, last, reflect):
    """Continues rows first to last to the left and right, by reflection or the outermost pixel."""
    for r in range(first, last):
        start = corner + r * stride
        for k in range(1, left + 1):
            to, source = start - k * channels, start + (k * channels if reflect else 0)
            y[to : to + channels] = y[source : source + channels]
        end = start + row - channels
        for k in range(1, right + 1):
            to, source = end + k * channels, end - (k * channels if reflect else 0)
            y[to : to + channels] = y[source : source + channels]


@_compiled("void(int8[::1], int64, int64, int64, int64, float32[::1])")
def halve(x, height, width, first, last, out):
    """3x3 averages with stride 2, borders not counted, of planes (n, height, width) to planes of
    half the sides; rows first to last of all output rows.
    """
    half = width // 2
    column = np.zeros(width, np.int32)
    for row in range(first, last):
        top = row // (height // 2) * height
        y = top + row % (height // 2) * 2
        column[:] = 0
        rows = 0
        for source in range(max(y - 1, top), y + 2):
            rows += 1
            here = x[source * width : (source + 1) * width]
            for k in range(width):
                column[k] += here[k]
        line = out[row * half : (row + 1) * half]
        line[0] = np.float32(column[0] + column[1]) / np.float32(2 * rows)
        count = np.float32(3 * rows)
        for k in range(1, half):
            line[k] = np.float32(column[2 * k - 1] + column[2 * k] + column[2 * k + 1]) / count


@cache
def lookup(channels: int) -> Callable[..., None]:
    """`look_up` for a number of channels, which short loops over them want to know beforehand."""

    @_compiled(
        f"void({_CELLS}, int64, boolean[::1], {_NUMBERS}, int64, {_NUMBERS}, {_BITS},"
        "int64, int64, int64, boolean)"
    )
    def look_up(around, wide, mixed, uniform, period, table, out, width, first, last, add):
        """A stem over rows first to last of out (height, width, channels).

        around: cells, `wide` in a row, the picture's with a rim of 3. mixed: which windows hold
        several. table: what a cell adds at each of the 49 places; uniform: the sums of those for
        each cell, `period` times over. add: to what is in `out`, else instead of it.
        """
        window = np.empty(channels, np.float32)
        for y in range(first, last):
            x = 0
            while x < width:
                corner, pixel, count = y * wide + x, y * width + x, 1
                if mixed[pixel]:
                    window[:] = 0
                    for tap in range(SIDE * SIDE):
                        cell = around[corner + tap // SIDE * wide + tap % SIDE]
                        start = (cell * SIDE * SIDE + tap) * channels
                        part = table[start : start + channels]
                        for k in range(channels):
                            window[k] += part[k]
                    values = window
                else:  # and as many of the same to the right as `uniform` has
                    centre = corner + _AROUND * (wide + 1)
                    cell = around[centre]
                    limit = min(period, width - x)
                    while count < limit and around[centre + count] == cell:
                        if mixed[pixel + count]:
                            break
                        count += 1
                    start = cell * period * channels
                    values = uniform[start : start + period * channels]
                pixels = out[pixel * channels : (pixel + count) * channels]
                if add:
                    for k in range(count * channels):
                        pixels[k] = _rounded(values[k] + _wide(pixels[k]))
                else:
                    for k in range(count * channels):
                        pixels[k] = _rounded(values[k])
                x += count

    return look_up
