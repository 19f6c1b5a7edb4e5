"""Packed tensors come back to the last bit and take fewer bytes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from model.training.packing import pack, unpack


def saved(value: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def back(value: Any) -> Any:
    return unpack(torch.load(io.BytesIO(saved(pack(value))), weights_only=True))


def content(tensor: Tensor) -> bytes:
    return tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def every_bit_pattern(dtype: torch.dtype) -> Tensor:
    """Numbers of any bits, NaNs with payloads, infinities and subnormals among them."""
    raw = np.random.default_rng(1).integers(0, 256, (64, 5, 3, 3, 8), np.uint8)
    return torch.from_numpy(raw).view(dtype).flatten(-2)


DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64, torch.int64, torch.uint8)


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_bits_come_back(dtype: torch.dtype) -> None:
    tensor = every_bit_pattern(dtype)
    found = back(tensor)
    assert found.dtype == dtype and found.shape == tensor.shape
    assert content(found) == content(tensor)
    if dtype.is_floating_point:
        assert found.isnan().any()


def test_strides_come_back_because_fused_optimizers_walk_memory() -> None:
    weights = torch.randn(32, 16, 3, 3).to(memory_format=torch.channels_last)
    found = back({"w": weights, "t": weights[0, 0].expand(500, 3, 3), "part": weights[::2, 1:]})
    assert found["w"].stride() == weights.stride() and torch.equal(found["w"], weights)
    assert torch.equal(found["t"], weights[0, 0].expand(500, 3, 3))
    assert torch.equal(found["part"], weights[::2, 1:])


def test_nests_and_small_values_stay_as_they_are() -> None:
    value = {"a": [1, None, (torch.ones(3), "x")], 0: {"b": 0.5}, "none": torch.zeros(0, 5000)}
    found = back(value)
    assert found["a"][:2] == [1, None] and found[0] == {"b": 0.5}
    assert isinstance(found["a"][2], tuple) and torch.equal(found["a"][2][0], torch.ones(3))
    assert found["none"].shape == (0, 5000)
    assert unpack(value) is not value and torch.equal(unpack(value)["a"][2][0], torch.ones(3))


def test_weights_shrink_by_an_eighth_and_rounded_ones_by_more_than_half() -> None:
    weights = torch.randn(200_000, generator=torch.Generator().manual_seed(1)) * 0.02
    assert len(saved(pack(weights))) < 0.88 * weights.nbytes
    assert len(saved(pack(weights.bfloat16().float()))) < 0.4 * weights.nbytes
    noise = torch.randint(0, 256, (200_000,), dtype=torch.uint8)
    assert len(saved(pack(noise))) < len(saved(noise)) + 1000


def test_a_plane_that_only_begins_well_stays_as_it_is() -> None:
    noise = torch.randint(0, 256, (400_000,), dtype=torch.uint8)
    noise[:70_000:3] = 0
    assert torch.equal(back(noise), noise)


def test_planes_of_a_wrong_length_are_refused() -> None:
    packed = pack(torch.zeros(5000))
    for shape in ((5001,), (4999, 2)):
        with pytest.raises(ValueError, match="5000 bytes in place of"):
            unpack(packed | {"shape": shape})
    broken = packed["planes"][0].clone()
    broken[2:] = 255
    with pytest.raises(ValueError, match="decompressing"):
        unpack(packed | {"planes": [broken] * 4})
    with pytest.raises(RuntimeError):
        unpack(packed | {"stride": (2,)})
