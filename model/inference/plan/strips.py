"""Strips: how the nodes of a frame are divided when memory is short. Arithmetic only, no torch.

Every node is computed strip by strip, its statistics are gathered on the way, and only when they
are complete is it normalised, again strip by strip. What the budget does not hold of the values
in between is set aside. A frame in one piece is the schedule of one strip a node.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.errors import ResourceError
from model.inference.plan.rects import aligned, clipped, scaled_up
from model.inference.plan.regions import STEM_MARGIN
from model.scene.geometry import Rect

if TYPE_CHECKING:
    from model.inference.plan.graph import Node

MAP_BYTES = 80  # that the maps of one pixel take while a stem is computed from them
WHOLE_MAP_BYTES = 25  # that the maps of a frame in one piece keep of one pixel
PICTURE_BYTES = 4  # of a pixel: the picture itself, and distances to boundaries
_HEAD_BYTES = 40  # of a pixel, while the last layer's numbers become the picture
_TINT_BYTES = 40  # of a pixel besides, where a tint takes part in that
_DISTANCE_BYTES = 9  # of a pixel, while distances to boundaries are measured
_LEAST_ROWS = 8  # of a node's grid in one strip
_FIXED = 64 << 20  # what the operations need besides
_WORKING_SHARE = 3  # one in so many bytes of the budget is for the strip in hand


@dataclass(frozen=True, slots=True)
class Schedule:
    """Attributes:
    rects: of every node, in its own pixels, from above to below.
    kept: whether a node's values stay in memory; else they are set aside.
    scarce: whether memory is.
    """

    rects: tuple[tuple[Rect, ...], ...]
    kept: tuple[bool, ...]
    scarce: bool = False


def readers(nodes: Sequence[Node]) -> list[Node | None]:
    """For every node, the one whose layer reads it."""
    found = {node.source: node for node in nodes if node.layer is not None}
    return [found.get(index) for index in range(len(nodes))]


def last_uses(nodes: Sequence[Node]) -> list[list[int]]:
    """For every node, the nodes whose values nobody reads after it."""
    last = {}
    for index, node in enumerate(nodes):
        for read in (node.source if node.layer else None, node.plus):
            if read is not None:
                last[read] = index
    return [[read for read, at in last.items() if at == index] for index in range(len(nodes))]


def in_one_piece(nodes: Sequence[Node], grid: tuple[int, int]) -> Schedule:
    return Schedule(tuple((bounds(grid, node.scale),) for node in nodes), (True,) * len(nodes))


def whole_bytes(nodes: Sequence[Node], grid: tuple[int, int], number_bytes: int) -> int:
    """About what painting a frame in one piece takes besides the weights."""
    height, width = grid
    live = most = 0.0
    for index, done in enumerate(last_uses(nodes)):
        most = max(most, live + _working(nodes, index, number_bytes))
        live += _held(nodes[index], number_bytes) - sum(_held(nodes[k], number_bytes) for k in done)
    return int((most + WHOLE_MAP_BYTES + PICTURE_BYTES) * height * width) + _FIXED


def divided(
    nodes: Sequence[Node], grid: tuple[int, int], number_bytes: int, budget: int
) -> Schedule:
    """Strips that take at most `budget` bytes.

    Raises:
        ResourceError: not even the thinnest strips fit.
    """
    least = least_bytes(nodes, grid, number_bytes)
    if budget < least:
        height, width = grid
        raise ResourceError(
            f"Painting {width}x{height} pixels takes at least {_mebibytes(least)} MiB of memory, "
            f"but the limit is {budget >> 20} MiB; raise the memory limit."
        )
    pixels = grid[0] * grid[1]
    spare = budget - _FIXED - PICTURE_BYTES * pixels
    working = max(spare // _WORKING_SHARE, _thinnest(nodes, grid, number_bytes))
    rects = tuple(
        _strips(bounds(grid, node.scale), int(working / _working(nodes, index, number_bytes)), node)
        for index, node in enumerate(nodes)
    )
    return Schedule(rects, _kept(nodes, number_bytes, (spare - working) / pixels), scarce=True)


def least_bytes(nodes: Sequence[Node], grid: tuple[int, int], number_bytes: int) -> int:
    """The smallest budget that `divided` takes."""
    pixels = grid[0] * grid[1]
    thinnest = max(_thinnest(nodes, grid, number_bytes), _DISTANCE_BYTES * pixels)
    return int(_FIXED + PICTURE_BYTES * pixels + thinnest)


def recorded_bytes(nodes: Sequence[Node], grid: tuple[int, int]) -> int:
    """What a recording holds: two bytes for every value of the recorded nodes."""
    pixels = grid[0] * grid[1]
    return sum(int(_held(node, 2) * pixels) for node in nodes if node.recorded)


def stem_maps(nodes: Sequence[Node], grid: tuple[int, int], scale: int, rect: Rect) -> Rect:
    """The part of the maps that a stem reads for a rectangle of its own grid."""
    coarsest = max(node.scale for node in nodes if node.layer is None)
    wide = scaled_up(rect.grown(STEM_MARGIN), scale)
    return clipped(aligned(wide, max(2, coarsest)), grid)


def bounds(grid: tuple[int, int], scale: int) -> Rect:
    """All of a node's own grid."""
    height, width = grid
    return Rect(0, 0, width // scale, height // scale)


def _held(node: Node, number_bytes: int) -> float:
    """Bytes of a node's values for one full-resolution pixel."""
    return node.channels * number_bytes / node.scale**2


def _working(nodes: Sequence[Node], index: int, number_bytes: int) -> float:
    """Bytes that computing and normalising a node takes for one full-resolution pixel."""
    node = nodes[index]
    out = _held(node, number_bytes)
    gathering = node.channels * 8 / node.scale**2  # the statistics are gathered in float32
    if node.layer is None:
        return MAP_BYTES + 2 * out + gathering
    source = 2 * _held(nodes[node.source], number_bytes)  # a window of it, and that padded
    if node.normalized:
        return source + 2 * out + gathering
    return source + _HEAD_BYTES + (MAP_BYTES + _TINT_BYTES if node.tinted else 0)


def _thinnest(nodes: Sequence[Node], grid: tuple[int, int], number_bytes: int) -> int:
    """Bytes at work for the least rows of whichever node takes most."""
    _, width = grid
    return max(
        int(_working(nodes, index, number_bytes) * width * _LEAST_ROWS * node.scale)
        for index, node in enumerate(nodes)
    )


def _strips(whole: Rect, pixels: int, node: Node) -> tuple[Rect, ...]:
    """As few equal strips as hold at most so many full-resolution pixels each, rows even."""
    across = whole.width * node.scale**2
    most = max(_LEAST_ROWS, pixels // across)
    count = -(-whole.height // most)
    rows = -(-whole.height // count)
    rows += rows % 2
    return tuple(
        Rect(0, start, whole.width, min(start + rows, whole.height))
        for start in range(0, whole.height, rows)
    )


def _kept(nodes: Sequence[Node], number_bytes: int, room: float) -> tuple[bool, ...]:
    """Which nodes' values fit, in the order in which they come; room: bytes for one pixel."""
    kept: list[bool] = []
    for index, done in enumerate(last_uses(nodes)):
        held = _held(nodes[index], number_bytes)
        kept.append(held <= room)
        room -= held if kept[-1] else 0
        room += sum(_held(nodes[k], number_bytes) for k in done if kept[k])
    return tuple(kept)


def _mebibytes(count: int) -> int:
    return -(-count // 2**20)
