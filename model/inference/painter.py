"""Painters: what turns a frame into a picture, a fast Plan or the plain network."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.device import Target
from model.inference.frame import FrameSize
from model.inference.plan.plan import Finish, Painting, compile_plan, supports
from model.inference.plan.source_stems import Source
from model.inference.plan.stems import frame_conditioning
from model.networks.generator import Generator
from model.scene.geometry import Rect


class Painter(Protocol):
    def paint(self, source: Source, *, finish: Finish = ...) -> Painting: ...


class PlainPainter:
    """Conditioning tensor, then the network as it was trained: the reference for every plan."""

    def __init__(self, generator: nn.Module, config: ConditioningConfig, like: Tensor) -> None:
        self._generator = generator.to(like)
        self._config = config
        self._like = like

    def paint(self, source: Source, *, finish: Finish = lambda rows: rows) -> Painting:
        height, width = source.grid
        frame = source.part(Rect(0, 0, width, height))
        conditioning = frame_conditioning(self._config, frame, self._like)
        yield "maps"
        picture = self._generator(conditioning)
        yield "generator"
        return finish(picture[0].permute(1, 2, 0).float())


def make_painter(generator: Generator, config: ConditioningConfig, target: Target) -> Painter:
    """The fastest exact painter for a generator; it may take the generator's weights over."""
    like = torch.zeros((), dtype=target.dtype, device=target.device)
    if supports(generator, config):
        return compile_plan(generator, config, like, lookup=target.device.type == "cpu")
    return PlainPainter(generator, config, like)


def frame_size(generator: Generator) -> FrameSize:
    """The sizes that a generator takes."""
    return FrameSize(generator.config.multiple, generator.config.least_side)
