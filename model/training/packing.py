"""Tensors of a run's state in fewer bytes, without loss; knows nothing of what they mean.

The bytes of a tensor's numbers are split into planes: all lowest bytes, ..., all highest ones.
That of signs and exponents shrinks to about half, and what was rounded to fewer bits to nothing.
"""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np
import torch
from torch import Tensor

SMALLEST_BYTES = 1024  # smaller tensors stay as they are
_SAMPLE_BYTES = 2**16
_WORTH = 0.9  # planes that keep more of their size than this stay as they are
_KEYS = {"planes", "dtype", "shape", "stride"}


def pack(value: Any) -> Any:  # noqa: ANN401 - any nesting of dicts, lists and tuples
    """The same nesting with every large tensor packed; `torch.save` takes it."""
    if isinstance(value, Tensor) and value.nbytes >= SMALLEST_BYTES:
        dense = value.detach().to("cpu", copy=True)  # strides without gaps
        numbers = dense.as_strided((dense.numel(),), (1,)).view(torch.uint8).numpy()
        planes = numbers.reshape(-1, value.element_size()).T
        return {
            "planes": [_shrunk(np.ascontiguousarray(plane)) for plane in planes],
            "dtype": value.dtype,
            "shape": tuple(dense.shape),
            "stride": dense.stride(),
        }
    return _over_items(pack, value)


def unpack(value: Any) -> Any:  # noqa: ANN401 - any nesting of dicts, lists and tuples
    """What `pack` was given, to the last bit; what was never packed stays as it is.

    Raises ValueError or RuntimeError for content that `pack` did not make.
    """
    if isinstance(value, dict) and value.keys() == _KEYS:
        count = int(np.prod(value["shape"]))
        planes = np.stack([_restored(plane, count) for plane in value["planes"]], axis=-1)
        numbers = torch.from_numpy(planes.reshape(-1)).view(value["dtype"])
        return numbers.as_strided(value["shape"], value["stride"])
    return _over_items(unpack, value)


def declared_bytes(value: Any) -> int:  # noqa: ANN401 - any nesting of dicts, lists and tuples
    """How much `unpack` would make of it, without unpacking anything."""
    if isinstance(value, Tensor):
        return value.nbytes
    if isinstance(value, dict) and value.keys() == _KEYS:
        sides = [int(side) for side in value["shape"]]
        if min(sides, default=0) < 0:
            raise ValueError(f"a tensor of shape {sides}")
        return math.prod(sides) * len(value["planes"])
    items = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        return sum(map(declared_bytes, items))
    return 0


def _over_items(change: Any, value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(change(item) for item in value)
    return value


def _shrunk(plane: np.ndarray) -> Tensor:
    """A plane compressed where that is worth the time, else as it is; told by the length."""
    sample = plane[:_SAMPLE_BYTES]
    if len(zlib.compress(sample, 1)) < _WORTH * len(sample):
        packed = bytearray(zlib.compress(plane, 1))
        if len(packed) < len(plane):
            return torch.frombuffer(packed, dtype=torch.uint8)
    return torch.from_numpy(plane)


def _restored(stored: Tensor, count: int) -> np.ndarray:
    if len(stored) == count:
        return stored.numpy()
    try:
        unpacked = zlib.decompressobj().decompress(stored.numpy(), count)
    except zlib.error as error:
        raise ValueError(f"{error}") from error
    plane = np.frombuffer(unpacked, np.uint8)
    if len(plane) != count:
        raise ValueError(f"{len(plane)} bytes in place of {count}")
    return plane
