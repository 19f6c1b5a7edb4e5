"""What the stems of a pass put out: of a whole scene, part by part, or of several frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import torch
from torch import Tensor

from model.inference.frame import Frame, StyleLookup
from model.inference.plan.compiled import Ending, Kernels
from model.inference.plan.graph import Node
from model.inference.plan.stems import FastStem, Front, Stem
from model.inference.plan.strips import stem_maps
from model.scene.geometry import Rect


class Source(Protocol):
    """The maps of a whole scene: a `Frame`, or `SceneMaps`, which make one of every part."""

    @property
    def size(self) -> tuple[int, int]: ...

    @property
    def grid(self) -> tuple[int, int]: ...

    def part(self, rect: Rect) -> Frame: ...

    def styled(self, style_of: StyleLookup, channels: int) -> Self: ...


class Stems(Protocol):
    def __call__(self, node: Node, rect: Rect) -> Tensor:
        """The outputs (N, C, h, w) of a stem's node in a rectangle, not yet normalised."""
        ...

    def finished(self, node: Node, rect: Rect, ending: Ending) -> tuple[Tensor, Tensor]:
        """By compiled kernels, with what follows: the outputs, and with their border."""
        ...

    def tint(self, node: Node, rect: Rect) -> Tensor:
        """(N, 3, h, w) float32, the colours that finish a rectangle of the last node."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FrameStems:
    """Of several frames of one part."""

    frames: Sequence[Sequence[Stem]]

    def __call__(self, node: Node, rect: Rect) -> Tensor:
        return self._joined(node.source, rect)

    def tint(self, node: Node, rect: Rect) -> Tensor:
        return self._joined(-1, rect)

    def _joined(self, source: int, rect: Rect) -> Tensor:
        parts = [stems[source](rect) for stems in self.frames]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def finished(self, node: Node, rect: Rect, ending: Ending) -> tuple[Tensor, Tensor]:
        """Without a border when there are several frames."""
        if len(self.frames) == 1:
            return _fast(self.frames[0][node.source]).finished(rect, ending)
        count = len(self.frames)
        plus = ending.plus
        added = [None] * count if plus is None else plus.expand(count, -1, -1, -1).split(1)
        parts = [
            _fast(stems[node.source]).finished(rect, replace(ending, plus=plus))[0]
            for stems, plus in zip(self.frames, added, strict=True)
        ]
        values = torch.cat(parts)
        return values, values


class SourceStems:
    """Of a whole scene, whose maps are made ready part by part; all at once if it is a frame."""

    def __init__(
        self, front: Front, nodes: Sequence[Node], source: Source, fast: Kernels | None
    ) -> None:
        self._front = front
        self._fast = fast
        self._nodes = nodes
        self._source = source
        self._frame: Frame | None = None
        self._stems: Sequence[Stem] = ()

    def prepare(self, node: Node, rect: Rect) -> None:
        maps = stem_maps(self._nodes, self._source.grid, node.scale, rect)
        frame = self._source.part(maps)
        if frame is not self._frame:
            self._stems = ()  # their memory is needed for the next
            self._frame, self._stems = frame, self._front.stems(frame, self._fast)

    def __call__(self, node: Node, rect: Rect) -> Tensor:
        self.prepare(node, rect)
        return self._stems[node.source](rect)

    def tint(self, node: Node, rect: Rect) -> Tensor:
        self.prepare(node, rect)
        return self._stems[-1](rect)

    def finished(self, node: Node, rect: Rect, ending: Ending) -> tuple[Tensor, Tensor]:
        self.prepare(node, rect)
        return _fast(self._stems[node.source]).finished(rect, ending)


def _fast(stem: Stem) -> FastStem:
    assert isinstance(stem, FastStem)
    return stem
