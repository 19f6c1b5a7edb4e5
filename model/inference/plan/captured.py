"""Captured: whole frames of a plan as one recorded graph of kernels that is replayed, for CUDA.

How a graph is made is left to a `Capture` of `model.cuda_graphs`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import torch
from torch import Tensor

from model.cuda_graphs import Capture
from model.inference.plan.plan import Finish, Painting, Plan, Recording
from model.inference.plan.source_stems import Source
from model.scene.geometry import Rect

log = logging.getLogger(__name__)

_MOST = 3  # graphs at a time, each of which holds a frame's memory: the scene's, and smaller ones


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """What a pass over a whole frame writes; recording: None where none was wanted."""

    picture: Tensor
    recording: Recording | None


class Captured:
    """A Painter of whole frames in one piece.

    The first frame of a kind (size, recorded or not) is painted plainly, as many kinds come only
    once; the second is captured. Whatever goes wrong with a graph, the frame is painted plainly,
    and so are all later ones.
    """

    def __init__(self, plan: Plan, capture: Capture) -> None:
        self._plan = plan
        self._capture = capture
        self._known: dict[tuple[int, int, bool], _Graph | None] = {}
        self._works = True

    def paint(
        self,
        source: Source,
        recording: Recording | None = None,
        *,
        finish: Finish = lambda rows: rows,
    ) -> Painting:
        """As `Plan.paint`; a replay is one step, within which it cannot be given up."""
        height, width = source.grid
        x = self._plan.conditioning(source.part(Rect(0, 0, width, height)))
        yield "maps"
        painted = self._replayed((height, width, recording is not None), x)
        if painted is None:
            return finish((yield from self._plan.paint_conditioning(x, recording)))
        if recording is not None and painted.recording is not None:
            recording.take_copy(painted.recording)
        yield "graph"
        return finish(painted.picture.clone())

    def give_up(self) -> bool:
        """Frees what the graphs hold and makes no more of them; was there any?"""
        held = any(self._known.values())
        self._known, self._works = {}, False
        return held

    def _replayed(self, kind: tuple[int, int, bool], x: Tensor) -> Painted | None:
        """What a graph of this kind makes of the conditioning; None if it is to be done plainly."""
        if not self._works:
            return None
        seen = kind in self._known
        graph = self._known.pop(kind, None)
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]  # the one that was not used for longest
        try:
            if seen:
                graph = graph or _Graph(self._plan, x, self._capture, records=kind[2])
                graph.replay(x)
        except Exception:  # of whatever class: painting goes on without
            log.warning("frames cannot be replayed as graphs, so they are not", exc_info=True)
            self.give_up()
            return None
        self._known[kind] = graph
        return graph and graph.painted


class _Graph:
    """A captured pass and the memory that it reads."""

    def __init__(self, plan: Plan, x: Tensor, capture: Capture, *, records: bool) -> None:
        self._x = x.clone(memory_format=torch.preserve_format)
        x = self._x

        def work() -> Painted:
            recording = Recording() if records else None
            steps = plan.paint_conditioning(x, recording)
            while True:
                try:
                    next(steps)
                except StopIteration as done:
                    return Painted(done.value, recording)

        self.painted, self._replay = capture(work)

    def replay(self, x: Tensor) -> None:
        self._x.copy_(x)
        self._replay()
