"""Which device and which precision to work in, chosen by name or by itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch.nn import functional

from model.errors import InputError

DEVICES = ("auto", "cuda", "mps", "cpu")
PRECISIONS = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
AUTO = "auto"
_WORTH_ROUNDING = 1.2  # how much faster bfloat16 must be
_TURNS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how precisely the arithmetic is done."""

    device: torch.device
    precision: str

    @property
    def dtype(self) -> torch.dtype:
        return PRECISIONS[self.precision]


def choose_target(device: str = AUTO, precision: str = AUTO) -> Target:
    """device: one of DEVICES, also "cuda:1"; precision: a key of PRECISIONS or "auto".

    "auto" takes CUDA, else Apple's GPU, else the CPU; and bfloat16 where a measurement says that
    it pays, else float32.

    Raises:
        InputError: the device is not there, or cannot work in that precision.
    """
    chosen = _device(device)
    if precision == AUTO:
        return Target(chosen, "bfloat16" if _bfloat16_pays(str(chosen)) else "float32")
    if precision not in PRECISIONS:
        raise InputError(
            f"There is no precision {precision!r}; choose auto, {', '.join(PRECISIONS)}."
        )
    if precision == "float16" and chosen.type == "cpu":
        raise InputError("The CPU cannot paint in float16; choose --precision auto.")
    return Target(chosen, precision)


def configure(target: Target) -> None:
    """Process-wide settings: convolutions on CUDA find their fastest way, float32 is float32."""
    if target.device.type == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = False


def _device(name: str) -> torch.device:
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == AUTO:
        return torch.device(next((kind for kind, found in there.items() if found), "cpu"))
    kind, _, number = name.partition(":")
    if kind not in DEVICES[1:] or (number and not number.isdecimal()):
        raise InputError(f"There is no device {name!r}; choose {', '.join(DEVICES)}.")
    if not there.get(kind, True) or int(number or 0) >= _count(kind):
        raise InputError(
            f"The device {name} was asked for, but this machine has none that PyTorch can use; "
            "choose --device auto."
        )
    return torch.device(name)


def _count(kind: str) -> int:
    return torch.cuda.device_count() if kind == "cuda" else 1


@cache
def _bfloat16_pays(device_name: str) -> bool:
    device = torch.device(device_name)
    if device.type == "mps":  # its support differs by system release
        return False
    with torch.inference_mode():
        full, half = _Probe(device, torch.float32), _Probe(device, torch.bfloat16)
        # In turns, and the best of many: other programs may hold the cores for a while.
        seconds = [(full.seconds(), half.seconds()) for _ in range(_TURNS)]
    fastest = [min(column) for column in zip(*seconds, strict=True)]
    return fastest[0] > _WORTH_ROUNDING * fastest[1]


class _Probe:
    """A convolution of the kind that generators are made of; for GPUs larger, as asking one for
    a small one takes longer than computing it, in any precision."""

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        like = torch.zeros((), dtype=dtype, device=device)
        layout = torch.channels_last
        height = 64 if device.type == "cpu" else 512
        self._x = torch.ones(1, 64, height, 2 * height).to(like).contiguous(memory_format=layout)
        self._weight = torch.ones(64, 64, 3, 3).to(like).contiguous(memory_format=layout)

    def seconds(self) -> float:
        clock = _clock(self._x.device)
        started = clock()
        functional.conv2d(self._x, self._weight, padding=1)
        if self._x.device.type == "cuda":
            torch.cuda.synchronize(self._x.device)
        return clock() - started


def _clock(device: torch.device) -> Callable[[], float]:
    """The processor time of this thread's share of the work, which no other program lengthens;
    ordinary time where that is not told, or not finely enough."""
    return (
        time.thread_time if device.type == "cpu" and sys.platform == "linux" else time.perf_counter
    )
