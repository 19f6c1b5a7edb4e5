"""Painters: what turns a frame into a picture, a fast Plan or the plain network."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.device import Target
from model.inference.frame import FrameSize
from model.inference.plan.plan import Finish, Painting, Source, compile_plan, supports
from model.inference.plan.stems import frame_conditioning
from model.networks.global_generator import GlobalGenerator
from model.networks.local_enhancer import LocalEnhancer
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


def make_painter(generator: nn.Module, config: ConditioningConfig, target: Target) -> Painter:
    """The fastest exact painter for a generator; it may take the generator's weights over."""
    like = torch.zeros((), dtype=target.dtype, device=target.device)
    if isinstance(generator, GlobalGenerator | LocalEnhancer) and supports(generator, config):
        return compile_plan(generator, config, like, lookup=target.device.type == "cpu")
    return PlainPainter(generator, config, like)


def frame_size(generator: nn.Module) -> FrameSize:
    """The sizes at which a generator's bottom grid is at least 2x2 and every padding fits."""
    assert isinstance(generator, GlobalGenerator | LocalEnhancer)
    enhancers = getattr(generator.config, "enhancers", 0)
    return FrameSize(generator.config.multiple, max(2 * generator.config.multiple, 4 << enhancers))
