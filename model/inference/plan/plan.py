"""Plan: a generator compiled into nodes that paint whole frames exactly, and parts of them.

One way to compute a node serves both: a whole frame is the largest part. A part takes what lies
around it, and the statistics of the normalisations, from the recording of a whole frame.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.inference.frame import Frame
from model.inference.plan.field import Field
from model.inference.plan.graph import Node, graph_of
from model.inference.plan.normalize import Statistics, activated, normalized
from model.inference.plan.regions import Halo, Regions, plan_regions
from model.inference.plan.stems import DenseFront, Front, LookupFront, Stem
from model.networks.global_generator import GlobalGenerator
from model.networks.local_enhancer import LocalEnhancer
from model.scene.geometry import Rect

Painting = Generator[str, None, Tensor]
"""Yields the name of every layer group done; returns the picture, (H, W, O) float32 in [-1, 1],
of the frame's padded size. Closing it early gives the work up."""

Repainting = Generator[str, None, Tensor]
"""As Painting, but returns (N, h, w, O): one picture of a rectangle for every frame given."""


@dataclass(slots=True, eq=False)
class Recording:
    """What a whole frame leaves behind for the repainting of parts of it.

    Attributes:
        grid: (height, width) of the frame, padded.
        statistics: of every node, None where nothing is normalised.
        values: of the nodes that are recorded, (1, C, h, w), by their index.
    """

    grid: tuple[int, int] = (0, 0)
    statistics: list[Statistics | None] = field(default_factory=list)
    values: dict[int, Tensor] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        return sum(values.nbytes for values in self.values.values())


class Plan:
    """A GlobalGenerator or a LocalEnhancer with any number of enhancers."""

    def __init__(self, front: Front, nodes: list[Node]) -> None:
        self._front = front
        self._nodes = nodes
        self._last_use = _last_uses(nodes)

    def paint(self, frame: Frame, recording: Recording | None = None) -> Painting:
        """The whole frame; an empty `recording` is filled, complete once this returns."""
        stems = [self._front.stems(frame)]
        yield "maps"
        fields: dict[int, Field] = {}
        for index, node in enumerate(self._nodes):
            rect = _bounds(frame.grid, node.scale)
            values, statistics = _computed(node, rect, fields, stems, None)
            fields[index] = Field((rect.height, rect.width), rect, values)
            if recording is not None:
                recording.statistics.append(statistics)
                if node.recorded:
                    recording.values[index] = values
            for done in self._last_use[index]:
                del fields[done]
            yield node.group
        if recording is not None:
            recording.grid = frame.grid
        return fields[len(self._nodes) - 1].fresh[0]

    def regions(self, grid: tuple[int, int], touched: Rect, wanted: Rect, halo: Halo) -> Regions:
        """What to compute again to see the effect of changed maps.

        touched: where label map, boundaries, features or reference changed; wanted: what of the
        picture is to be painted. Both in pixels of the padded frame, inside it.
        """
        return plan_regions(self._nodes, grid, touched, wanted, halo)

    def work(self, regions: Regions) -> float:
        """Multiplications that painting the regions takes."""
        return sum(
            rect.width * rect.height * (node.layer.work if node.layer else self._stem_work(node))
            for node, rect in zip(self._nodes, regions.rects, strict=True)
        )

    def frame_work(self, grid: tuple[int, int]) -> float:
        """Multiplications of a whole frame."""
        everything = Rect(0, 0, grid[1], grid[0])
        return self.work(self.regions(grid, everything, everything, Halo()))

    def _stem_work(self, node: Node) -> float:
        return self._front.work[node.source]

    def repaint(
        self, frames: Sequence[Frame], regions: Regions, recording: Recording, *, commit: bool
    ) -> Repainting:
        """Paints `regions.picture` of every frame, each of which covers `regions.maps`.

        commit: the one frame's values go into the recording, for the next part to build on;
        otherwise it stays as it is.
        """
        stems = [self._front.stems(frame) for frame in frames]
        yield "maps"
        fields: dict[int, Field] = {}
        for index, node in enumerate(self._nodes):
            rect, known = regions.rects[index], recording.statistics[index]
            values = torch.empty(len(frames), 0, 0, 0)
            if rect:
                values, _ = _computed(node, rect, fields, stems, known)
            bounds = _bounds(recording.grid, node.scale)
            size = bounds.height, bounds.width
            fields[index] = Field(size, rect, values, recording.values.get(index))
            yield node.group
        if commit:
            for part in fields.values():
                part.commit()
        return fields[len(self._nodes) - 1].fresh


def _computed(
    node: Node,
    rect: Rect,
    fields: dict[int, Field],
    stems: Sequence[list[Stem]],
    known: Statistics | None,
) -> tuple[Tensor, Statistics | None]:
    """The values of a node in a rectangle, (N, C, h, w) channels_last."""
    if node.layer is None:
        x = torch.cat([stem[node.source](rect) for stem in stems])
    else:
        x = node.layer(*fields[node.source].window(node.layer.reads(rect)))
    statistics = None
    if node.normalized:
        x = x.contiguous(memory_format=torch.channels_last)
        x, statistics = (activated if node.relu else normalized)(x, known)
    if node.plus is not None:
        x = x.add_(fields[node.plus].values(rect))
    return x, statistics


def _bounds(grid: tuple[int, int], scale: int) -> Rect:
    height, width = grid
    return Rect(0, 0, width // scale, height // scale)


def _last_uses(nodes: list[Node]) -> list[list[int]]:
    """For every node, the nodes whose values nobody reads after it."""
    last = {}
    for index, node in enumerate(nodes):
        for read in (node.source if node.layer else None, node.plus):
            if read is not None:
                last[read] = index
    return [[read for read, at in last.items() if at == index] for index in range(len(nodes))]


def supports(generator: nn.Module, config: ConditioningConfig) -> bool:
    """Can a plan stand in for this generator? Batch norm, pictures as input and odd sizes no."""
    if not isinstance(generator, GlobalGenerator | LocalEnhancer):
        return False
    even = generator.config.multiple % 2 == 0
    return even and generator.config.norm == "instance" and not config.rgb


def compile_plan(
    generator: GlobalGenerator | LocalEnhancer,
    config: ConditioningConfig,
    like: Tensor,
    *,
    lookup: bool,
) -> Plan:
    """Copies the weights into the fast form; the generator itself may be dropped afterwards.

    like: a tensor of the type and device to work in. lookup: stems by table lookup, on the CPU.
    """
    graph = graph_of(generator, like)
    front = (LookupFront if lookup else DenseFront)(graph.stems, config, like)
    return Plan(front, graph.nodes)
