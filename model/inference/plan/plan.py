"""Plan: a generator compiled into nodes that paint whole frames exactly, and parts of them.

One way to compute a node serves all: a whole frame is the largest part. A part takes what lies
around it, and the statistics of the normalisations, from the recording of a whole frame. A frame
that memory does not hold is computed strip by strip, its statistics gathered over all strips.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard, cast

import torch
from torch import Tensor, nn

from model.conditioning import ConditioningConfig
from model.inference.frame import Frame
from model.inference.plan.compiled import Border, Ending, Kernels, kernels
from model.inference.plan.field import Around, Field
from model.inference.plan.graph import Node, graph_of
from model.inference.plan.layers import Head
from model.inference.plan.moments import Moments
from model.inference.plan.normalize import Statistics, finished
from model.inference.plan.rects import outside
from model.inference.plan.regions import Halo, Regions, plan_regions
from model.inference.plan.source_stems import FrameStems, Source, SourceStems, Stems
from model.inference.plan.spill import Values, set_aside
from model.inference.plan.spread import threads_for
from model.inference.plan.stems import DenseFront, Front, LookupFront
from model.inference.plan.strips import (
    Schedule,
    bounds,
    divided,
    in_one_piece,
    last_uses,
    least_bytes,
    readers,
    recorded_bytes,
    whole_bytes,
)
from model.inference.process import give_back_memory
from model.networks.global_generator import GlobalGenerator
from model.networks.local_enhancer import LocalEnhancer
from model.scene.geometry import Rect

Painting = Generator[str, None, Tensor]
"""Yields the name of every layer group done; returns the picture, (H, W, O) float32 in [-1, 1],
of the frame's padded size, or what `finish` makes of it. Closing it early gives the work up."""

Repainting = Generator[str, None, Tensor]
"""As Painting, but returns (N, h, w, O): one picture of a rectangle for every frame given."""

Finish = Callable[[Tensor], Tensor]
"""What is made of some rows (h, W, O) float32 of the picture; may overwrite them."""


@dataclass(slots=True, eq=False)
class Recording:
    """What a whole frame leaves behind for the repainting of parts of it.

    Attributes:
        grid: (height, width) of the frame, padded.
        statistics: of every node, None where nothing is normalised.
        values: of the nodes that are recorded, (1, C, h, w), by their index.
        kernels: with which the frame was painted, so that parts are painted likewise.
    """

    grid: tuple[int, int] = (0, 0)
    statistics: list[Statistics | None] = field(default_factory=list)
    values: dict[int, Tensor] = field(default_factory=dict)
    kernels: Kernels | None = None

    @property
    def complete(self) -> bool:
        return self.grid != (0, 0)

    def clear(self) -> None:
        self.grid = (0, 0)
        self.statistics, self.values = [], {}

    @property
    def bytes(self) -> int:
        return sum(values.nbytes for values in self.values.values())

    def take_copy(self, other: Recording) -> None:
        """Becomes the same as another, in memory of its own."""
        self.statistics = [known and known.copied() for known in other.statistics]
        self.values = {index: values.clone() for index, values in other.values.items()}
        self.grid, self.kernels = other.grid, other.kernels


class Plan:
    """A GlobalGenerator or a LocalEnhancer with any number of enhancers."""

    def __init__(self, front: Front, nodes: list[Node], like: Tensor) -> None:
        self._front = front
        self._nodes = nodes
        self._like = like
        self._last_use = last_uses(nodes)
        self._readers = readers(nodes)
        self.use_kernels = like.dtype == torch.bfloat16 and like.device.type == "cpu"

    @property
    def compiled(self) -> bool:
        """Whether the next whole frame is painted with compiled kernels: once they are loaded."""
        return self._kernels() is not None

    def _kernels(self) -> Kernels | None:
        return kernels() if self.use_kernels else None

    def paint(
        self,
        source: Source,
        recording: Recording | None = None,
        *,
        budget: int | None = None,
        finish: Finish = lambda rows: rows,
    ) -> Painting:
        """The whole frame; an empty `recording` is filled, complete once this returns.

        budget: paint strip by strip in so many bytes besides the weights: the same numbers up to
        rounding, and no recording. None: in one piece.

        Raises:
            ResourceError: the budget is too small, or the disk cannot take what it does not hold.
        """
        fast = self._kernels()
        stems = SourceStems(self._front, self._nodes, source, fast)
        schedule = self.schedule(source.grid, budget)
        stems.prepare(self._nodes[0], schedule.rects[0][0])
        yield "maps"
        return (yield from self._painted(stems, source.grid, schedule, recording, fast, finish))

    def conditioning(self, frame: Frame) -> Tensor:
        """All that the pass over a frame depends on, (1, C, H, W); only where stems are dense."""
        return self._dense.conditioning(frame)

    def paint_conditioning(self, x: Tensor, recording: Recording | None = None) -> Painting:
        """As `paint` in one piece, of a whole frame's `conditioning`; by the same steps."""
        height, width = x.shape[2:]
        grid = height, width
        stems = FrameStems([self._dense.stems_over(x, bounds(grid, 1), grid)])
        schedule = self.schedule(grid, None)
        return self._painted(stems, grid, schedule, recording, None, lambda rows: rows)

    @property
    def _dense(self) -> DenseFront:
        assert isinstance(self._front, DenseFront)
        return self._front

    def _painted(
        self,
        stems: Stems,
        grid: tuple[int, int],
        schedule: Schedule,
        recording: Recording | None,
        fast: Kernels | None,
        finish: Finish,
    ) -> Painting:
        fields: dict[int, Field] = {}
        *nodes, head = self._nodes
        for index, node in enumerate(nodes):
            whole, rects = bounds(grid, node.scale), schedule.rects[index]
            size = whole.height, whole.width
            if rects == (whole,) and schedule.kept[index]:
                border = self._border(index, grid)
                values, around, statistics = _computed(
                    node, whole, fields, stems, None, fast, border
                )
                if recording is not None:
                    recording.statistics.append(statistics)
                    if node.recorded:
                        recording.values[index] = _compact(values)
            else:
                around = None
                values = self._room(node, size, kept=schedule.kept[index])
                yield from _in_strips(node, rects, values, fields, stems, fast)
            fields[index] = Field(size, whole, values, around=around)
            for done in self._last_use[index]:
                del fields[done]
            if schedule.scarce:
                give_back_memory()
            yield node.group
        if recording is not None:
            recording.statistics.append(None)
            recording.grid = grid
            recording.kernels = fast
        return (yield from _joined(head, schedule.rects[-1], fields, stems, finish))

    def schedule(self, grid: tuple[int, int], budget: int | None) -> Schedule:
        """How a frame is divided; see `paint`."""
        if budget is None:
            return in_one_piece(self._nodes, grid)
        return divided(self._nodes, grid, self._like.element_size(), budget)

    def whole_bytes(self, grid: tuple[int, int]) -> int:
        """About what painting a frame in one piece takes besides the weights."""
        return whole_bytes(self._nodes, grid, self._like.element_size())

    def least_bytes(self, grid: tuple[int, int]) -> int:
        """The smallest budget for painting in strips."""
        return least_bytes(self._nodes, grid, self._like.element_size())

    def recording_bytes(self, grid: tuple[int, int]) -> int:
        """What the recording of a frame holds."""
        return recorded_bytes(self._nodes, grid)

    def _border(self, index: int, grid: tuple[int, int]) -> Border | None:
        """What the layer that reads a node reads around the whole of it."""
        reader, whole = self._readers[index], bounds(grid, self._nodes[index].scale)
        if reader is None or reader.layer is None or reader.layer.continues is None:
            return None
        reads = reader.layer.reads(bounds(grid, reader.scale))
        margins = outside(reads, (whole.height, whole.width))
        return Border(reads, margins, reader.layer.continues)

    def _room(self, node: Node, size: tuple[int, int], *, kept: bool) -> Values:
        if not kept:
            return set_aside(node.channels, size, self._like)
        shape = 1, node.channels, *size
        return torch.empty(
            shape,
            dtype=self._like.dtype,
            device=self._like.device,
            memory_format=torch.channels_last,
        )

    def regions(self, grid: tuple[int, int], touched: Rect, wanted: Rect, halo: Halo) -> Regions:
        """What to compute again to see the effect of changed maps.

        touched: where label map, boundaries, features or reference changed; wanted: what of the
        picture is to be painted. Both in pixels of the padded frame, inside it.
        """
        return plan_regions(self._nodes, grid, touched, wanted, halo)

    def work(self, regions: Regions) -> float:
        """Multiplications that painting the regions takes."""
        return sum(map(self._work, self._nodes, regions.rects))

    def frame_work(self, grid: tuple[int, int], budget: int | None = None) -> float:
        """Multiplications of a whole frame."""
        schedule = self.schedule(grid, budget)
        return sum(
            self._work(node, rect)
            for node, rects in zip(self._nodes, schedule.rects, strict=True)
            for rect in rects
        )

    def _work(self, node: Node, rect: Rect) -> float:
        work = node.layer.work if node.layer else self._front.work[node.source]
        return rect.width * rect.height * work

    def repaint(
        self, frames: Sequence[Frame], regions: Regions, recording: Recording, *, commit: bool
    ) -> Repainting:
        """Paints `regions.picture` of every frame, each of which covers `regions.maps`.

        commit: the one frame's values go into the recording, for the next part to build on;
        otherwise it stays as it is.
        """
        with threads_for(len(frames) * self.work(regions), self._like):
            return (yield from self._repaint(frames, regions, recording, commit=commit))

    def _repaint(
        self, frames: Sequence[Frame], regions: Regions, recording: Recording, *, commit: bool
    ) -> Repainting:
        fast = recording.kernels
        stems = FrameStems([self._front.stems(frame, fast) for frame in frames])
        yield "maps"
        fields: dict[int, Field] = {}
        values = torch.empty(0)
        for index, node in enumerate(self._nodes):
            rect, known = regions.rects[index], recording.statistics[index]
            values = torch.empty(len(frames), 0, 0, 0)
            if rect:
                values, _, _ = _computed(node, rect, fields, stems, known, fast)
            whole = bounds(recording.grid, node.scale)
            size = whole.height, whole.width
            fields[index] = Field(size, rect, values, recording.values.get(index))
            yield node.group
        if commit:
            for part in fields.values():
                part.commit()
        return values


def _in_strips(
    node: Node,
    rects: Sequence[Rect],
    values: Values,
    fields: dict[int, Field],
    stems: Stems,
    fast: Kernels | None,
) -> Generator[str]:
    """Computes a node into `values`, strip by strip."""
    moments = Moments()
    for rect in rects:
        x = _convolved(node, rect, fields, stems)
        if node.fixed is None:
            moments.add(x)
        values[(..., *rect.slices)] = x
        yield node.group
    known = node.fixed or moments.statistics()
    for rect in rects:
        where = (..., *rect.slices)
        raw = values[where].clone()  # what follows may work in place
        values[where], _, _ = _finished(node, raw, rect, fields, known, fast)
        yield node.group


def _joined(
    head: Node, rects: Sequence[Rect], fields: dict[int, Field], stems: Stems, finish: Finish
) -> Painting:
    """The picture, made of its strips."""
    strips = (finish(_convolved(head, rect, fields, stems)[0]) for rect in rects)
    picture = next(strips)
    yield head.group
    if len(rects) > 1:
        first, picture = picture, picture.new_empty((rects[-1].y1, *picture.shape[1:]))
        picture[rects[0].y0 : rects[0].y1] = first
    for rect, rows in zip(rects[1:], strips, strict=True):
        picture[rect.y0 : rect.y1] = rows
        yield head.group
    return picture


def _compact(values: Tensor) -> Tensor:
    """As they are recorded: in two bytes, of which float16 keeps three digits of float32."""
    return values.half() if values.dtype == torch.float32 else values


def _computed(
    node: Node,
    rect: Rect,
    fields: dict[int, Field],
    stems: Stems,
    known: Statistics | None,
    fast: Kernels | None,
    border: Border | None = None,
) -> tuple[Tensor, Around, Statistics | None]:
    """The values of a node in a rectangle, (N, C, h, w) channels_last, with border if wanted."""
    if fast is not None and node.layer is None and node.fixed is not None:
        plus = None if node.plus is None else fields[node.plus].values(rect)
        ending = Ending(-node.fixed.mean, node.relu, plus, border)
        x, around = stems.finished(node, rect, ending)
        return x, (border.rect, around) if border else None, node.fixed
    x = _convolved(node, rect, fields, stems)
    return _finished(node, x, rect, fields, known, fast, border)


def _convolved(node: Node, rect: Rect, fields: dict[int, Field], stems: Stems) -> Tensor:
    if node.layer is None:
        return stems(node, rect)
    x = node.layer(*fields[node.source].window(node.layer.reads(rect)))
    if node.tinted:
        return cast(Head, node.layer).finished(x, stems.tint(node, rect))
    return x


def _finished(
    node: Node,
    x: Tensor,
    rect: Rect,
    fields: dict[int, Field],
    known: Statistics | None,
    fast: Kernels | None,
    border: Border | None = None,
) -> tuple[Tensor, Around, Statistics | None]:
    """What follows the convolution; may reuse x's memory."""
    if not node.normalized:
        return x, None, None
    known = node.fixed or known
    plus = None if node.plus is None else fields[node.plus].values(rect)
    if fast is None:
        x = x.contiguous(memory_format=torch.channels_last)
        x, statistics = finished(x, known, relu=node.relu, plus=plus)
        return x, None, statistics
    x, around, statistics = fast.finished(x, known, relu=node.relu, plus=plus, border=border)
    return x, (border.rect, around) if border else None, statistics


def supports(
    generator: nn.Module, config: ConditioningConfig
) -> TypeGuard[GlobalGenerator | LocalEnhancer]:
    """Can a plan stand in for this generator? Batch norm, pictures as input and odd sizes no."""
    if not isinstance(generator, GlobalGenerator | LocalEnhancer):
        return False
    even = generator.config.multiple % 2 == 0
    return even and generator.config.norm != "batch" and not config.rgb


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
    front = (LookupFront if lookup else DenseFront)(graph.stems, config, like, graph.tint)
    return Plan(front, graph.nodes, like)
