"""Regions: what of every node a repainted part takes, by the reach of its layers. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.inference.plan.rects import (
    aligned,
    clipped,
    scaled_down,
    scaled_up,
)
from model.scene.geometry import EMPTY, Rect

if TYPE_CHECKING:
    from model.inference.plan.graph import Node

STEM_REACH = 3  # of the 7x7 stem convolutions
STEM_MARGIN = STEM_REACH + 2  # and one pixel each for boundaries and for halving
_COARSE = 4  # full-resolution pixels per pixel, from which a scale counts as coarse
_QUANTUM = 16  # touched rectangles are widened to this grid: few sizes mean few set-ups of kernels


@dataclass(frozen=True, slots=True)
class Halo:
    """How far from the touched pixels a preview computes anew, in full-resolution pixels.

    Attributes:
        coarse: at a quarter of the resolution and below.
        fine: above that; what a preview shows is wider than what was touched by as much.
    """

    coarse: int = 64
    fine: int = 16

    def at(self, scale: int) -> int:
        return self.coarse if scale >= _COARSE else self.fine


@dataclass(frozen=True, slots=True)
class Regions:
    """Attributes:
    touched: where the maps changed.
    maps: the part of the maps that stems and tint read, with a margin.
    rects: for every node what is computed of it, in its own pixels.
    """

    touched: Rect
    maps: Rect
    rects: tuple[Rect, ...]

    @property
    def picture(self) -> Rect:
        """What is painted: all that was wanted, and so much more that its sides are even."""
        return self.rects[-1]


def plan_regions(
    nodes: Sequence[Node], grid: tuple[int, int], touched: Rect, wanted: Rect, halo: Halo
) -> Regions:
    """See `Plan.regions`."""
    touched = clipped(aligned(touched, _QUANTUM), grid)
    changed = _changed(nodes, grid, touched, halo)
    needed = [EMPTY] * len(nodes)
    needed[-1] = wanted
    maps = EMPTY
    for index in range(len(nodes) - 1, -1, -1):
        node = nodes[index]
        rect = needed[index]
        if node.recorded:  # around what changed there is a recording
            rect = rect.intersection(changed[index])
        if node.layer is None:
            maps = maps.union(scaled_up(rect.grown(STEM_MARGIN), node.scale))
        elif rect:
            rect = node.layer.whole(rect)
            reads = clipped(node.layer.reads(rect), _size(grid, nodes[node.source].scale))
            needed[node.source] = needed[node.source].union(reads)
            if node.tinted:
                maps = maps.union(rect.grown(STEM_MARGIN))
        if node.plus is not None:
            needed[node.plus] = needed[node.plus].union(rect)
        needed[index] = rect
    coarsest_stem = max(node.scale for node in nodes if node.layer is None)
    maps = clipped(aligned(maps, max(2, coarsest_stem)), grid)
    return Regions(touched, maps, tuple(needed))


def _changed(nodes: Sequence[Node], grid: tuple[int, int], touched: Rect, halo: Halo) -> list[Rect]:
    """Where the values of every node change, as far as the halo goes."""
    changed: list[Rect] = []
    for node in nodes:
        if node.layer is None:
            rect = scaled_down(touched.grown(node.scale - 1), node.scale).grown(STEM_REACH)
        else:
            rect = node.layer.reaches(changed[node.source])
        if node.plus is not None:
            rect = rect.union(changed[node.plus])
        limit = scaled_down(touched.grown(halo.at(node.scale)), node.scale)
        changed.append(clipped(rect.intersection(limit), _size(grid, node.scale)))
    return changed


def _size(grid: tuple[int, int], scale: int) -> tuple[int, int]:
    height, width = grid
    return height // scale, width // scale
