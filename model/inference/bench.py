"""`bench engine`: how much faster the engine paints than the plain network, on this machine."""

from __future__ import annotations

import model.inference.process  # noqa: F401  must come before torch

# isort: split
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.conditioning import ConditioningConfig
from model.device import Target, choose_target
from model.inference.frame import Frame, make_frame
from model.inference.painter import Painter, PlainPainter, frame_size, make_painter
from model.networks.layers import initialize
from model.networks.local_enhancer import LocalEnhancer, LocalEnhancerConfig

ROUNDS = 3
SIZE = (512, 1024)
Row = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Design:
    name: str
    conditioning: ConditioningConfig
    generator: LocalEnhancerConfig
    goals: dict[str, float]  # precision -> ratio to the plain network in float32


BUNDLED = Design(
    "bundled",
    ConditioningConfig(feature_channels=3, spatial_reference=True),
    LocalEnhancerConfig(
        input_channels=45,
        base_channels=16,
        global_blocks=6,
        local_blocks=2,
        max_channels=256,
        upsample="resize",
        padding="reflect",
    ),
    {"float32": 1.5, "bfloat16": 3.2},
)
OFFICIAL = Design(
    "official",
    ConditioningConfig(),
    LocalEnhancerConfig(input_channels=36),
    {"float32": 1.2, "bfloat16": 2.8},
)


def rows(device: str = "auto") -> Iterator[Row]:
    """One row for every design and precision that pays here; random weights, one made-up scene.

    "ratio" of the medians, plain over engine; "spread" of the ratios of single rounds, highest
    minus lowest; "difference" as the mean of absolute differences, in levels of 255.
    """
    reference = choose_target(device, "float32")
    targets = [reference]
    fastest = choose_target(device)
    if fastest != reference:
        targets.append(fastest)
    for design in (BUNDLED, OFFICIAL):
        yield from _design_rows(design, reference, targets)


def _design_rows(design: Design, reference: Target, targets: list[Target]) -> Iterator[Row]:
    torch.manual_seed(0)
    generator = LocalEnhancer(design.generator)
    initialize(generator)
    frame = street_frame(generator, design.conditioning)
    painters: list[Painter] = [
        make_painter(generator, design.conditioning, target) for target in targets
    ]
    like = torch.zeros((), dtype=reference.dtype, device=reference.device)
    painters.insert(0, PlainPainter(generator, design.conditioning, like))
    pictures = [paint(painter, frame) for painter in painters]  # also warms up
    seconds = [[_timed(painter, frame) for painter in painters] for _ in range(ROUNDS)]
    plain, *others = zip(*seconds, strict=True)
    for target, picture, times in zip(targets, pictures[1:], others, strict=True):
        ratios = [slow / fast for slow, fast in zip(plain, times, strict=True)]
        yield {
            "name": f"{design.name} {SIZE[1]}x{SIZE[0]} {target.precision}",
            "ratio": statistics.median(plain) / statistics.median(times),
            "goal": design.goals.get(target.precision, 1.0),
            "spread": max(ratios) - min(ratios),
            "difference": float((picture - pictures[0]).abs().mean()) * 127.5,
        }


def street_frame(generator: LocalEnhancer, conditioning: ConditioningConfig) -> Frame:
    """Sky, buildings, road and some hundred cars: borders as dense as in a street."""
    height, width = SIZE
    labels = np.full(SIZE, 23, np.uint8)
    labels[height // 3 :], labels[height // 2 :] = 11, 7
    instances = labels.astype(np.int32)
    random = np.random.default_rng(0)
    for number in range(100):
        y, x = random.integers(0, height - 24), random.integers(0, width - 48)
        labels[y : y + 24, x : x + 48] = 26
        instances[y : y + 24, x : x + 48] = 26000 + number
    frame = make_frame(
        labels,
        instances,
        frame_size(generator),
        reference=conditioning.spatial_reference,
    )
    styles = random.uniform(-1, 1, (1000, 3))
    return frame.styled(lambda key: tuple(styles[key % 1000]), conditioning.feature_channels)


def paint(painter: Painter, frame: Frame) -> Tensor:
    """The whole picture, (H, W, O) float32 on the CPU."""
    painting = painter.paint(frame)
    with torch.inference_mode():
        while True:
            try:
                next(painting)
            except StopIteration as done:
                return done.value.cpu()


def _timed(painter: Painter, frame: Frame) -> float:
    started = time.perf_counter()
    paint(painter, frame)
    return time.perf_counter() - started
