"""What painting takes above the loaded weights: the process's highest use of memory. Linux only.

Each function is to run in a process of its own.
"""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import ctypes
from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from model.inference.bench import Design
    from model.inference.frame import Frame
    from model.inference.painter import Painter

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def plain_bytes(design: Design, size: tuple[int, int]) -> int:
    """Of the plain network in float32; 0 where the system does not tell."""
    from model.inference import bench

    bench.SIZE = size
    generator, conditioning = design.make()
    frame = bench.street_frame(generator, conditioning)
    painter = bench.PlainPainter(generator, conditioning, torch.zeros(()))
    return _grown(painter, frame)


def plan_bytes(design: Design, size: tuple[int, int], precision: str) -> int:
    """Of the engine's plan, which has taken the weights over."""
    from model.inference import bench

    bench.SIZE = size
    generator, conditioning = design.make()
    frame = bench.street_frame(generator, conditioning)
    target = bench.Target(torch.device("cpu"), precision)
    painter = bench.make_painter(generator, conditioning, target)
    del generator
    return _grown(painter, frame)


def _grown(painter: Painter, frame: Frame) -> int:
    from model.inference.bench import paint

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # what was freed before must not serve painting unseen
        trim(0)
    before = reset_peak()
    paint(painter, frame)
    return peak() - before if before else 0


def reset_peak() -> int:
    """Bytes in use now, from where `peak` counts again; 0 where the system does not tell."""
    if not _STATUS.exists():
        return 0
    _RESET.write_text("5")
    return _kibibytes("VmRSS") * 1024


def peak() -> int:
    """The most bytes in use since `reset_peak`."""
    return _kibibytes("VmHWM") * 1024


def _kibibytes(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
